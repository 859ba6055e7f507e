import type { CommandResult } from '../../shared/answers';
import type { Paid } from '../../shared/payment';
import { say, type Words } from '../../shared/said';
import type { BuyCommand } from '../../shared/values';

/** How a buy of this total is paid, or why it can't be. */
export function settle(command: BuyCommand, total: number): Paid | Extract<CommandResult, { ok: false }> {
  const { payment, expects } = command;
  if (expects !== undefined && expects !== total) return refused('price_changed', say('price_changed', total, expects));
  if (payment === undefined) return { kind: total === 0 ? 'free' : 'cash', given: total, change: 0 };
  switch (payment.kind) {
    case 'cash': {
      const given = payment.given ?? total;
      if (given < total) return refused('not_paid', say('not_paid', total, given));
      return { kind: 'cash', given, change: given - total };
    }
    case 'card':
      return { kind: 'card', given: total, change: 0 };
    case 'free':
      if (total > 0) return refused('not_paid', say('not_free', total));
      return { kind: 'free', given: 0, change: 0 };
  }
}

function refused(reason: 'not_paid' | 'price_changed', words: Words): Extract<CommandResult, { ok: false }> {
  return { ok: false, op: 'buy', reason, ...words };
}
