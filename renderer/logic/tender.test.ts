import { describe, expect, it } from 'vitest';
import { changeDue, EXACT_CASH, isShort, paymentOf } from './tender';

describe('what a customer puts down', () => {
  it('gives change above the total, and none for exact cash, too little, or a card', () => {
    expect(changeDue({ kind: 'cash', given: 3000 }, 2400)).toBe(600);
    expect(changeDue({ kind: 'cash', given: 2400 }, 2400)).toBeNull();
    expect(changeDue({ kind: 'cash', given: 2000 }, 2400)).toBeNull();
    expect(changeDue(EXACT_CASH, 2400)).toBeNull();
    expect(changeDue({ kind: 'card' }, 2400)).toBeNull();
  });

  it('is short where the cart costs more than it', () => {
    expect(isShort({ kind: 'cash', given: 2000 }, 2400)).toBe(true);
    expect(isShort({ kind: 'cash', given: 2400 }, 2400)).toBe(false);
    expect(isShort(EXACT_CASH, 2400)).toBe(false);
    expect(isShort({ kind: 'card' }, 2400)).toBe(false);
  });

  it('is told to the log as it is; what costs nothing is free', () => {
    expect(paymentOf(EXACT_CASH, 2400)).toEqual({ kind: 'cash' });
    expect(paymentOf({ kind: 'cash', given: 3000 }, 2400)).toEqual({ kind: 'cash', given: 3000 });
    expect(paymentOf({ kind: 'card' }, 2400)).toEqual({ kind: 'card' });
    expect(paymentOf({ kind: 'card' }, 0)).toEqual({ kind: 'free' });
  });
});
