import type { Admission, CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { say, UNDONE_OF, type Words } from '../../shared/said';
import type { ChangeCommand, Command } from '../../shared/values';
import type { Pool } from './pool';
import { type Sale, saleId } from './sales';

/** Names listed in a sentence before it says how many more there are. */
const NAMES_MAX = 12;

/** Names for a sentence, cut where there are too many to read, and how many were cut off. */
function listed(names: readonly string[]): [names: readonly string[], more: number] {
  return [names.slice(0, NAMES_MAX), Math.max(0, names.length - NAMES_MAX)];
}

export function unknownEvent(event: string, known: readonly string[]): Words {
  return known.length === 0 ? say('no_events') : say('unknown_event', event, ...listed(known));
}

export function unknownCategory({ spec, categories }: Pool, category: string): Words {
  return say('unknown_category', spec.id, category, ...listed(categories.map(({ id }) => id)));
}

/** The pool has fewer left than were asked for. */
export function tooMany({ left, spec }: Pool, asked: number): CommandResult {
  return left === 0
    ? { ok: false, op: 'buy', reason: 'sold_out', ...say('sold_out', spec.name), remaining: 0 }
    : { ok: false, op: 'buy', reason: 'not_enough', ...say('not_enough', spec.name, left, asked), remaining: left };
}

/** Nothing of the event is sold at the moment. */
export function closed({ spec }: Pool): CommandResult {
  return { ok: false, op: 'buy', reason: 'closed', ...say('closed', spec.name) };
}

export function expired({ op }: Command): CommandResult {
  return { ok: false, op, reason: 'expired', ...say('expired', UNDONE_OF[op]) };
}

export function reused({ op, requestId }: Command): CommandResult {
  return { ok: false, op, reason: 'id_reused', ...say('id_reused', requestId) };
}

/** The buy, or whatever else it was, was given up before or after it was sold (rule 10). */
export function cancelledBuy({ op, requestId }: Command): CommandResult {
  return { ok: false, op, reason: 'cancelled', ...say('given_up', requestId) };
}

export function withdrawn(): CommandResult {
  return { ok: false, op: 'change', reason: 'withdrawn', ...say('withdrawn') };
}

export function unknownSale(op: 'void' | 'print' | 'confirm' | 'admit', sale: string): CommandResult {
  return { ok: false, op, reason: 'unknown_sale', ...say('unknown_sale', sale) };
}

/** Its tickets are back in the pool. */
export function notLive(op: 'cancel' | 'void' | 'print' | 'admit', sale: Sale): CommandResult {
  if (sale.status === 'void') return { ok: false, op, reason: 'already_void', ...say('already_void', saleId(sale)) };
  return { ok: false, op, reason: 'cancelled', ...say('sale_given_up', saleId(sale)) };
}

/** What nobody claimed for a printer is on no paper. */
export function notClaimed(sale: Sale): CommandResult {
  return { ok: false, op: 'confirm', reason: 'not_allowed', ...say('not_claimed', saleId(sale)) };
}

/** The customer may have the tickets in hand. */
export function printed(sale: Sale): CommandResult {
  return { ok: false, op: 'cancel', reason: 'printed', ...say('printed', saleId(sale)) };
}

/** Somebody is in with it. */
export function alreadyUsed(event: string, number: number, first: Admission): CommandResult {
  return { ok: false, op: 'admit', reason: 'already_used', ...say('used_before', number, event, first.kiosk), first };
}

/** What has happened otherwise than as a sale can't be given up; nor can the giving up itself. */
export function notCancellable(target: string): CommandResult {
  return { ok: false, op: 'cancel', reason: 'not_allowed', ...say('not_cancellable', target) };
}

/** A change that the leader found to alter nothing, or not allowed: the log carries its answer. */
export function unchanged(slot: Slot, command: ChangeCommand): CommandResult {
  const { kiosk, kind } = command.change;
  const refused = (reason: 'change_pending' | 'unknown_kiosk' | 'not_allowed', words: Words): CommandResult => ({
    ok: false,
    op: 'change',
    reason,
    ...words,
  });
  switch (command.outcome) {
    case 'already':
    case 'done':
      return { ok: true, op: 'change', slot };
    case 'change_pending':
      return refused('change_pending', say('change_pending'));
    case 'unknown_kiosk':
      return refused('unknown_kiosk', say('no_member', kiosk));
    case 'withdrawn':
      return withdrawn();
    case 'not_allowed':
      return refused('not_allowed', say('change_not_allowed', kind, kiosk));
    case undefined:
      return refused('not_allowed', say('change_alone'));
  }
}
