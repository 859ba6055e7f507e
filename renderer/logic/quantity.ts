import { MAX_TICKETS_PER_BUY } from '../../shared/values';

export const QUICK_QUANTITIES = [1, 2, 3, 4, 5, 6, 8, 10] as const;

/** Appends a typed digit; what would go over the maximum starts anew with that digit, as a till does. */
export function typeDigit(quantity: number, digit: number): number {
  const next = quantity * 10 + digit;
  return next <= MAX_TICKETS_PER_BUY ? next : digit;
}

export function eraseDigit(quantity: number): number {
  return Math.floor(quantity / 10);
}
