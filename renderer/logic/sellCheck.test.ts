import { describe, expect, it } from 'vitest';
import type { EventState } from '../../shared/answers';
import type { ClerkView } from '../../shared/clerks';
import { MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY } from '../../shared/constants';
import type { ShiftView } from '../../shared/shifts';
import type { SaleState } from './sale';
import { obstacleTo, type SellSituation } from './sellCheck';
import { standingOf } from './standing';
import { canBeSold, stockOf } from './stock';
import { EXACT_CASH } from './tender';

const event: EventState = { id: 'demo', name: 'Demo', capacity: 100, categories: [], sold: 0, remaining: 100, open: true };
const SET_UP: SellSituation['desk'] = { state: 'set_up', clerk: null, shift: null };
const idle: SaleState = { kind: 'idle' };
const pending = {
  id: 'w1-x',
  order: { items: [{ event: 'demo', category: 'adult', n: 1 }], payment: { kind: 'cash' as const }, expects: 100 },
};

describe('stock', () => {
  it.each([
    [0, 100, 'sold_out'],
    [1, 100, 'low'],
    [9, 20, 'low'],
    [10, 100, 'plenty'],
    [99, 1000, 'low'],
    [100, 1000, 'plenty'],
    [5, 5, 'low'],
  ])('%i of %i is %s', (remaining, capacity, stock) => {
    expect(stockOf({ remaining, capacity, open: true })).toBe(stock);
  });

  it('is closed whatever is left', () => {
    expect(stockOf({ remaining: 50, capacity: 100, open: false })).toBe('closed');
    expect(canBeSold({ ...event, open: false })).toBe(false);
    expect(canBeSold({ ...event, remaining: 0 })).toBe(false);
    expect(canBeSold({ ...event, remaining: 1 })).toBe(true);
  });
});

describe('Sell', () => {
  const price = { id: 'adult', name: 'Adult', price: 100 };
  const demo: EventState = { ...event, categories: [price, { ...price, id: 'child' }] };
  const cup: EventState = { ...demo, id: 'cup' };
  const line = (n: number, of = 'demo', category = 'adult') => ({ event: of, category, n });
  const check = (part: Partial<SellSituation>) =>
    obstacleTo({
      standing: 'selling',
      events: [demo, cup],
      event: demo,
      cart: [line(1)],
      sale: idle,
      desk: SET_UP,
      tender: EXACT_CASH,
      ...part,
    });

  it('may be pressed from 1 to the maximum over all lines, and names what is wrong with any other number', () => {
    expect(check({ cart: [] })).toBe('no_quantity');
    expect(check({})).toBeNull();
    expect(check({ cart: [line(60), line(MAX_TICKETS_PER_BUY - 60, 'demo', 'child')] })).toBeNull();
    expect(check({ cart: [line(60), line(MAX_TICKETS_PER_BUY - 59, 'cup')] })).toBe('too_many');
  });

  it('may be pressed for more than this kiosk knows to be left: the log offers the rest', () => {
    const short = { ...demo, remaining: 2 };
    expect(check({ events: [short], event: short, cart: [line(5)] })).toBeNull();
  });

  it('takes at most so many lines, and none whose category is gone', () => {
    const many = { ...demo, categories: Array.from({ length: MAX_ITEMS_PER_BUY + 1 }, (_, n) => ({ ...price, id: `c${n}` })) };
    const cart = many.categories.map(({ id }) => line(1, 'demo', id));
    expect(check({ events: [many], event: many, cart })).toBe('too_many_lines');
    expect(check({ events: [many], event: many, cart: cart.slice(1) })).toBeNull();
    expect(check({ cart: [line(1, 'demo', 'senior')] })).toBe('not_for_sale');
  });

  it('waits for a majority, for open events and for the end of the last sale', () => {
    expect(check({ standing: 'starting' })).toBe('starting');
    expect(check({ standing: 'waiting' })).toBe('waiting');
    expect(check({ standing: 'cut_off' })).toBe('cut_off');
    expect(check({ standing: standingOf({ role: 'removed', connection: 'waiting' }) })).toBe('removed');
    expect(check({ standing: standingOf({ role: 'faulty', connection: 'cut_off' }) })).toBe('faulty');
    expect(check({ standing: standingOf({ role: 'learner', connection: 'selling' }) })).toBeNull();
    const out = { ...cup, remaining: 0 };
    expect(check({ event: out, cart: [] })).toBe('sold_out');
    // Another event is chosen, but one that is sold out is in the cart.
    expect(check({ events: [demo, out], cart: [line(1), line(1, 'cup')] })).toBe('sold_out');
    expect(check({ events: [{ ...demo, open: false }] })).toBe('closed');
    expect(check({ sale: { kind: 'selling', pending } })).toBe('selling');
    expect(check({ standing: 'cut_off', sale: { kind: 'checking', pending } })).toBe('checking');
  });

  it('is for clerks who may sell and have counted their drawer', () => {
    const clerk: ClerkView = { id: 'ann', name: 'Ann', permissions: ['sell'], active: true };
    const signedIn = { state: 'signed_in', clerk, shift: null } as const;
    expect(check({ desk: signedIn })).toBe('no_shift');
    expect(check({ desk: { ...signedIn, shift: {} as ShiftView } })).toBeNull();
    expect(check({ desk: { ...signedIn, clerk: { ...clerk, permissions: ['admit'] } } })).toBe('not_permitted');
    expect(check({ desk: { state: 'signed_out', clerk: null, shift: null } })).toBe('not_permitted');
  });

  it('waits for enough cash', () => {
    expect(check({ cart: [line(3)], tender: { kind: 'cash', given: 299 } })).toBe('short_cash');
    expect(check({ cart: [line(3)], tender: { kind: 'cash', given: 300 } })).toBeNull();
    expect(check({ cart: [line(3)], tender: { kind: 'card' } })).toBeNull();
  });
});
