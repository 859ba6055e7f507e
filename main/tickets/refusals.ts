import type { Admission, CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { ChangeCommand, Command } from '../../shared/values';
import type { Pool } from './pool';
import { type Sale, saleId } from './sales';

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

export function unknownCategory({ spec, categories }: Pool, category: string): string {
  return `event ${spec.id} has no category "${category}"; categories: ${listed(categories.map(({ id }) => id))}`;
}

/** The pool has fewer left than were asked for. */
export function tooMany({ left, spec }: Pool, asked: number): CommandResult {
  return left === 0
    ? { ok: false, op: 'buy', reason: 'sold_out', message: `${spec.name} is sold out`, remaining: 0 }
    : { ok: false, op: 'buy', reason: 'not_enough', message: `only ${left} of ${spec.name} left, ${asked} asked for`, remaining: left };
}

/** Nothing of the event is sold at the moment. */
export function closed({ spec }: Pool): CommandResult {
  return { ok: false, op: 'buy', reason: 'closed', message: `${spec.name} is closed; choose another event, or have a manager open it` };
}

const NOTHING_DONE: Readonly<Record<Command['op'], string>> = {
  buy: 'nothing was sold',
  cancel: 'nothing was given up',
  void: 'nothing was undone',
  print: 'nothing was printed',
  confirm: 'nothing was noted as printed',
  admit: 'nobody was let in',
  event: 'nothing was changed',
  clerk: 'nothing was changed',
  shift: 'nothing was changed',
  change: 'nothing was changed',
};

export function expired({ op }: Command): CommandResult {
  return {
    ok: false,
    op,
    reason: 'expired',
    message: `this request came too late to be carried out; ${NOTHING_DONE[op]} by it, make it anew`,
  };
}

export function reused({ op, requestId }: Command): CommandResult {
  return {
    ok: false,
    op,
    reason: 'id_reused',
    message: `request id ${requestId} was used before for something else; give this request an id of its own`,
  };
}

/** The buy, or whatever else it was, was given up before or after it was sold (rule 10). */
export function cancelledBuy({ op, requestId }: Command): CommandResult {
  return { ok: false, op, reason: 'cancelled', message: `request ${requestId} was given up; nothing is sold by it` };
}

export function withdrawn(): CommandResult {
  return { ok: false, op: 'change', reason: 'withdrawn', message: 'this change was taken back; nothing was changed by it' };
}

export function unknownSale(op: 'void' | 'print' | 'confirm' | 'admit', sale: string): CommandResult {
  return { ok: false, op, reason: 'unknown_sale', message: `there is no sale ${sale}` };
}

/** Its tickets are back in the pool. */
export function notLive(op: 'cancel' | 'void' | 'print' | 'admit', sale: Sale): CommandResult {
  if (sale.status === 'void') return { ok: false, op, reason: 'already_void', message: `sale ${saleId(sale)} was voided before` };
  return { ok: false, op, reason: 'cancelled', message: `sale ${saleId(sale)} was given up; it has no tickets` };
}

/** What nobody claimed for a printer is on no paper. */
export function notClaimed(sale: Sale): CommandResult {
  const message = `not all of these tickets of sale ${saleId(sale)} were claimed for a printer, so they are not printed: print them`;
  return { ok: false, op: 'confirm', reason: 'not_allowed', message };
}

/** The customer may have the tickets in hand. */
export function printed(sale: Sale): CommandResult {
  const id = saleId(sale);
  return {
    ok: false,
    op: 'cancel',
    reason: 'printed',
    message: `tickets or a receipt of sale ${id} were printed, so it can only be voided: void ${id}`,
  };
}

/** Somebody is in with it. */
export function alreadyUsed(event: string, number: number, first: Admission): CommandResult {
  return {
    ok: false,
    op: 'admit',
    reason: 'already_used',
    message: `ticket ${number} of ${event} was used before, at kiosk ${first.kiosk}; let nobody else in with it`,
    first,
  };
}

/** What has happened otherwise than as a sale can't be given up; nor can the giving up itself. */
export function notCancellable(target: string): CommandResult {
  return {
    ok: false,
    op: 'cancel',
    reason: 'not_allowed',
    message: `request ${target} can't be given up: it is no sale, and it has been carried out`,
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
    case 'done':
      return { ok: true, op: 'change', slot };
    case 'change_pending':
      return refused('change_pending', 'another change of the members is not yet in force; try again when it is');
    case 'unknown_kiosk':
      return refused('unknown_kiosk', `kiosk ${kiosk} is not a member of this site`);
    case 'withdrawn':
      return withdrawn();
    case 'not_allowed':
      return refused('not_allowed', NOT_ALLOWED[kind](kiosk));
    case undefined:
      return refused('not_allowed', 'a change of the members has an entry of its own');
  }
}

const NOT_ALLOWED: Readonly<Record<ChangeCommand['change']['kind'], (kiosk: number) => string>> = {
  add: (kiosk) =>
    `kiosk ${kiosk} can't be added: the site has as many member kiosks as it can have, or kiosk ${kiosk} is a member that lost its data (then: change readmit ${kiosk})`,
  remove: (kiosk) => `kiosk ${kiosk} is the last member and can't be removed`,
  readmit: (kiosk) => `kiosk ${kiosk} can't be readmitted`,
  leader: (kiosk) => `kiosk ${kiosk} can't lead now: it is not reached, or far behind`,
  address: (kiosk) => `kiosk ${kiosk} can't be given this address`,
};
