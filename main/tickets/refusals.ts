import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { ChangeCommand, Command } from '../../shared/values';
import type { Pool } from './pool';

/** Names listed in a sentence before it says how many more there are. */
const NAMES_MAX = 12;

/** Names for a sentence, cut where there are too many to read. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return more <= 0 ? names.join(', ') : `${names.slice(0, NAMES_MAX).join(', ')} and ${more} more`;
}

export function unknownEvent(event: string, known: readonly string[]): string {
  return known.length === 0 ? 'this site has no events yet' : `there is no event "${event}"; events: ${listed(known)}`;
}

export function unknownCategory({ spec }: Pool, category: string): string {
  return `event ${spec.id} has no category "${category}"; categories: ${listed(spec.categories.map(({ id }) => id))}`;
}

/** The pool has fewer left than were asked for. */
export function tooMany({ left, spec }: Pool, asked: number): CommandResult {
  return left === 0
    ? { ok: false, op: 'buy', reason: 'sold_out', message: `${spec.name} is sold out`, remaining: 0 }
    : { ok: false, op: 'buy', reason: 'not_enough', message: `only ${left} of ${spec.name} left, ${asked} asked for`, remaining: left };
}

export function expired(command: Command): CommandResult {
  return {
    ok: false,
    op: command.op,
    reason: 'expired',
    message: `this request came too late to be carried out; ${command.op === 'buy' ? 'nothing was sold' : 'nothing was changed'} by it, make it anew`,
  };
}

/** A change that the leader found to alter nothing, or not allowed: the log carries its answer. */
export function unchanged(slot: Slot, command: ChangeCommand): CommandResult {
  const { kiosk, kind } = command.change;
  const refused = (reason: 'change_pending' | 'unknown_kiosk' | 'not_allowed', message: string): CommandResult => ({
    ok: false,
    op: 'change',
    reason,
    message,
  });
  switch (command.outcome) {
    case 'already':
      return { ok: true, op: 'change', slot };
    case 'change_pending':
      return refused('change_pending', 'another change of the members is not yet in force; try again when it is');
    case 'unknown_kiosk':
      return refused('unknown_kiosk', `kiosk ${kiosk} is not a member of this site`);
    case 'not_allowed':
      return refused(
        'not_allowed',
        kind === 'remove'
          ? `kiosk ${kiosk} is the last member and can't be removed`
          : `kiosk ${kiosk} can't be added: the site has as many member kiosks as it can have`,
      );
    case undefined:
      return refused('not_allowed', 'a change of the members has an entry of its own');
  }
}
