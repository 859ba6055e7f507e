import type { EventSpec } from '../../shared/site';
import type { BuyCommand, ChangeCommand, Command, Founding, Value } from '../../shared/values';

/** A pool with two categories, adult (12.00) and child (5.00). */
export function event(id: string, capacity: number): EventSpec {
  return {
    id,
    name: `Event ${id}`,
    capacity,
    categories: [
      { id: 'adult', name: 'Adult', price: 1_200 },
      { id: 'child', name: 'Child', price: 500 },
    ],
  };
}

export function founding(...events: EventSpec[]): Founding {
  const member = { kiosk: 1, incarnation: 'incarnation1', name: 'One', host: '127.0.0.1', port: 7401, priority: 0 };
  return { kind: 'founding', uid: 'uid00000', members: [member], events };
}

type Who = Partial<Pick<BuyCommand, 'kiosk' | 'clerk' | 'issued' | 'at'>>;

/** `items` as the client's text has them: `2 match/adult + 1 match/child`. */
export function buy(requestId: string, items: string, who: Who = {}): BuyCommand {
  return {
    op: 'buy',
    requestId,
    kiosk: 1,
    clerk: 'operator',
    issued: 0,
    at: 0,
    ...who,
    items: items.split(' + ').map((text) => {
      const [n = '', what = ''] = text.split(' ');
      const [name = '', category = 'adult'] = what.split('/');
      return { event: name, category, n: Number(n) };
    }),
  };
}

export function change(requestId: string, kind: 'add' | 'remove', kiosk: number, rest: Partial<ChangeCommand> = {}): ChangeCommand {
  return { op: 'change', requestId, kiosk: 1, clerk: 'operator', issued: 0, at: 0, change: { kind, kiosk }, ...rest };
}

export function batch(...commands: Command[]): Value {
  return { kind: 'batch', commands };
}
