import type { Answer, CommandResult, Refusal } from '../../shared/answers';
import { say, type Words } from '../../shared/said';
import type { Command } from '../../shared/values';

/** Makes refusals of one request. */
export function refusing(op: string, requestId: string) {
  return (reason: Refusal['reason'], words: Words): Refusal => ({ ok: false, op, requestId, reason, ...words });
}

/** The log's answer to whatever is no change of the members. */
export function resultAnswer(op: Exclude<Command['op'], 'change'>, requestId: string, result: CommandResult): Answer {
  if (!result.ok) {
    const { reason, message, said, remaining, first } = result;
    return {
      ok: false,
      op,
      requestId,
      reason,
      message,
      said,
      ...(remaining === undefined ? {} : { remaining }),
      ...(first === undefined ? {} : { first }),
    };
  }
  switch (result.op) {
    case 'buy': {
      // Field by field: a copy of the rest is made key by key, and takes as long as the sale itself.
      const { sale, items, total, payment, shift, remaining, slot, voided } = result;
      const event = items[0]!.event;
      const tickets = items.length === 1 ? items[0]!.tickets : items.flatMap((item) => item.tickets);
      const answer = { ok: true, op: 'buy', sale, items, total, payment, shift, remaining, slot, requestId, event, tickets } as const;
      return voided === undefined ? answer : { ...answer, voided };
    }
    case 'cancel': {
      const { target, sale, items, slot } = result;
      return { ok: true, op: 'cancel', requestId, target, sale, tickets: items.flatMap((item) => item.tickets), items, slot };
    }
    case 'void': {
      const { duplicate: _, ...told } = result;
      return { ...told, requestId, tickets: told.items.flatMap((item) => item.tickets) };
    }
    case 'print':
      return { ok: true, op: 'print', requestId, sale: result.sale, copies: result.copies, slot: result.slot };
    case 'confirm':
    case 'admit':
    case 'event':
    case 'clerk':
    case 'shift': {
      const { duplicate: _, ...told } = result;
      return { ...told, requestId };
    }
    case 'change':
      return refusing(op, requestId)('id_reused', say('id_reused', requestId));
  }
}
