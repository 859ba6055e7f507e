import { describe, expect, it } from 'vitest';
import { eraseCents, leastOf, likelyCash, typeCents } from './amount';

describe('an amount typed as on a till', () => {
  it('grows from the right, and shrinks again', () => {
    const typed = (digits: readonly number[], least: number) => digits.reduce((cents, digit) => typeCents(cents, digit, least), 0);
    expect(typed([1, 2, 5, 0], leastOf('USD'))).toBe(1250);
    expect(eraseCents(1250, 1)).toBe(125);
    expect(eraseCents(0, 1)).toBe(0);
    // 1,250 yen.
    expect(typed([1, 2, 5, 0], leastOf('JPY'))).toBe(125_000);
    expect(eraseCents(125_000, leastOf('JPY'))).toBe(12_500);
    expect(eraseCents(100, leastOf('JPY'))).toBe(0);
  });

  it('takes no more digits than a drawer can hold', () => {
    const full = 999_999_999;
    expect(typeCents(full, 1, 1)).toBe(full);
    expect(typeCents(99_999_999, 9, 1)).toBe(full);
    expect(typeCents(999_999_900, 1, 100)).toBe(999_999_900);
  });
});

describe('cash that a customer is likely to put down', () => {
  it('is what notes of one kind come to, smallest first, never the total itself and nothing twice', () => {
    expect(likelyCash(2400, 'USD', 4)).toEqual([2500, 3000, 4000, 5000]);
    expect(likelyCash(2000, 'USD', 4)).toEqual([5000, 10_000]);
    expect(likelyCash(12_050, 'EUR', 4)).toEqual([12_500, 13_000, 14_000, 15_000]);
    expect(likelyCash(300, 'XTS', 2)).toEqual([500, 1000]);
    expect(likelyCash(120_000, 'JPY', 4)).toEqual([200_000, 500_000, 1_000_000]);
  });

  it('is nothing for what is free', () => {
    expect(likelyCash(0, 'USD', 4)).toEqual([]);
  });
});
