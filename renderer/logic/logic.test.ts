import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/answers';
import { eraseDigit, typeDigit } from './quantity';
import { afterAnswer, mayBegin, offerOf, type Pending, type SaleState } from './sale';
import { stockOf } from './stock';

const pending: Pending = { id: 'w1-x', wanted: { event: 'demo', category: 'adult', n: 5 } };
const selling: SaleState = { kind: 'selling', pending };
const sold: Answer = {
  ok: true,
  op: 'buy',
  requestId: 'w1-x',
  sale: '2.1',
  event: 'demo',
  tickets: [1],
  items: [],
  total: 0,
  remaining: 9,
  slot: 2,
};

function refusal(reason: 'timeout' | 'no_majority' | 'not_enough' | 'faulty', remaining?: number): Answer {
  return { ok: false, op: 'buy', requestId: 'w1-x', reason, message: '', ...(remaining === undefined ? {} : { remaining }) };
}

describe('a sale', () => {
  it('is sold or refused by a definite answer', () => {
    expect(afterAnswer(selling, sold)).toMatchObject({ kind: 'sold' });
    expect(afterAnswer(selling, refusal('no_majority'))).toMatchObject({ kind: 'refused' });
  });

  it('is never called failed while it may still be sold (S19)', () => {
    const checking = afterAnswer(selling, refusal('timeout'));
    expect(checking.kind).toBe('checking');
    for (const answer of [refusal('timeout'), refusal('no_majority'), refusal('faulty'), null])
      expect(afterAnswer(checking, answer).kind).toBe('checking');
    expect(mayBegin(checking)).toBe(false);
    expect(afterAnswer(checking, sold).kind).toBe('sold');
    expect(afterAnswer(selling, null).kind).toBe('checking');
  });

  it('offers what is left', () => {
    expect(offerOf(afterAnswer(selling, refusal('not_enough', 3)))).toEqual({ event: 'demo', category: 'adult', n: 3 });
    expect(offerOf(afterAnswer(selling, refusal('no_majority')))).toBeNull();
  });
});

describe('the keypad', () => {
  it('takes whole numbers up to the maximum', () => {
    expect(typeDigit(0, 7)).toBe(7);
    expect(typeDigit(10, 0)).toBe(100);
    expect(typeDigit(12, 3)).toBe(3);
    expect(typeDigit(0, 0)).toBe(0);
    expect(eraseDigit(12)).toBe(1);
    expect(eraseDigit(1)).toBe(0);
  });
});

describe('stock', () => {
  it('is low under ten, or under a tenth', () => {
    expect(stockOf({ remaining: 0, capacity: 100 })).toBe('sold_out');
    expect(stockOf({ remaining: 9, capacity: 20 })).toBe('low');
    expect(stockOf({ remaining: 99, capacity: 1000 })).toBe('low');
    expect(stockOf({ remaining: 100, capacity: 1000 })).toBe('plenty');
  });
});
