import { describe, expect, it } from 'vitest';
import { eraseCents, likelyCash, typeCents } from './amount';

describe('an amount typed as on a till', () => {
  it('grows from the right, and shrinks again', () => {
    expect([1, 2, 5, 0].reduce(typeCents, 0)).toBe(1250);
    expect(eraseCents(1250)).toBe(125);
    expect(eraseCents(0)).toBe(0);
  });

  it('takes no more digits than a drawer can hold', () => {
    const full = 999_999_999;
    expect(typeCents(full, 1)).toBe(full);
    expect(typeCents(99_999_999, 9)).toBe(full);
  });
});

describe('cash that a customer is likely to put down', () => {
  it('is what notes of one kind come to, smallest first, never the total itself and nothing twice', () => {
    expect(likelyCash(2400, 'USD', 4)).toEqual([2500, 3000, 4000, 5000]);
    expect(likelyCash(2000, 'USD', 4)).toEqual([5000, 10_000]);
    expect(likelyCash(12_050, 'EUR', 4)).toEqual([12_500, 13_000, 14_000, 15_000]);
    expect(likelyCash(300, 'XTS', 2)).toEqual([500, 1000]);
  });

  it('is nothing for what is free', () => {
    expect(likelyCash(0, 'USD', 4)).toEqual([]);
  });
});
