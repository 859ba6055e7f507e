import { placesOf } from '../../shared/money';

/** Most digits of an amount that a drawer can hold, in cents: 9,999,999.99. */
const DIGITS_MAX = 9;
const BASE = 10;

/** The least that a till of this currency counts, in cents (hundredths): a yen is 100 of them, and nobody types its hundredths. */
export function leastOf(currency: string): number {
  return placesOf(currency) === 0 ? 100 : 1;
}

/** Types one more digit of an amount, as on a till: 1, 2, 5, 0 is 12.50. One too many is ignored. @param least what the last digit counts */
export function typeCents(cents: number, digit: number, least: number): number {
  const next = (Math.floor(cents / least) * BASE + digit) * least;
  return String(next).length > DIGITS_MAX ? cents : next;
}

export function eraseCents(cents: number, least: number): number {
  return Math.floor(cents / least / BASE) * least;
}

/** Notes that customers pay with, in cents, by currency; other currencies have much the same. */
const NOTES: Readonly<Record<string, readonly number[]>> = {
  USD: [500, 1000, 2000, 5000, 10_000],
  EUR: [500, 1000, 2000, 5000, 10_000, 20_000],
  GBP: [500, 1000, 2000, 5000],
  CHF: [1000, 2000, 5000, 10_000, 20_000],
  JPY: [100_000, 200_000, 500_000, 1_000_000],
};
const OTHER_NOTES = [500, 1000, 2000, 5000, 10_000];

/**
 * Amounts above the total that a customer is likely to put down: what it comes to when paid with notes of one
 * kind, the smallest first. 24.00 may be paid with 25, 30, 40 or 50.
 */
export function likelyCash(total: number, currency: string, most: number): readonly number[] {
  if (total <= 0) return [];
  const sums = (NOTES[currency] ?? OTHER_NOTES).map((note) => Math.ceil(total / note) * note).filter((sum) => sum > total);
  return [...new Set(sums)].sort((a, b) => a - b).slice(0, most);
}
