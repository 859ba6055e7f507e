import { describe, expect, it } from 'vitest';
import type { EventState } from '../../shared/answers';
import { type Cart, countOf, countOfLine, countsByEvent, cutTo, totalOf, withLine } from './cart';

const cart: Cart = [
  { event: 'match', category: 'adult', n: 2 },
  { event: 'final', category: 'adult', n: 1 },
  { event: 'match', category: 'child', n: 3 },
];
const events: readonly EventState[] = [
  {
    id: 'match',
    name: 'Match',
    capacity: 10,
    sold: 0,
    remaining: 10,
    open: true,
    categories: [
      { id: 'adult', name: 'Adult', price: 1200 },
      { id: 'child', name: 'Child', price: 0 },
    ],
  },
];

describe('a cart', () => {
  it('has one line for each category, in the order of choosing', () => {
    let made: Cart = [];
    for (const [category, n] of [
      ['adult', 2],
      ['child', 1],
      ['adult', 4],
    ] as const)
      made = withLine(made, 'match', category, n);
    expect(made).toEqual([
      { event: 'match', category: 'adult', n: 4 },
      { event: 'match', category: 'child', n: 1 },
    ]);
    expect(countOfLine(made, 'match', 'adult')).toBe(4);
    expect(countOfLine(made, 'final', 'adult')).toBe(0);
  });

  it('loses a line whose number becomes none', () => {
    expect(withLine(cart, 'final', 'adult', 0)).toHaveLength(2);
    expect(withLine([], 'final', 'adult', 0)).toEqual([]);
  });

  it('counts tickets in all, and by event whose categories share a pool', () => {
    expect(countOf(cart)).toBe(6);
    expect([...countsByEvent(cart)]).toEqual([
      ['match', 5],
      ['final', 1],
    ]);
  });

  it('costs what its categories cost; what is not for sale any more costs nothing, and is refused by the log', () => {
    expect(totalOf(cart, events)).toBe(2400);
  });

  it('is cut to what is left of one event, the last line first, and of no other', () => {
    expect(cutTo(cart, 'match', 3)).toEqual([
      { event: 'match', category: 'adult', n: 2 },
      { event: 'final', category: 'adult', n: 1 },
      { event: 'match', category: 'child', n: 1 },
    ]);
    expect(cutTo(cart, 'match', 1)).toEqual([
      { event: 'match', category: 'adult', n: 1 },
      { event: 'final', category: 'adult', n: 1 },
    ]);
    expect(cutTo(cart, 'match', 0)).toEqual([{ event: 'final', category: 'adult', n: 1 }]);
  });
});
