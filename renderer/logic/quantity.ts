import { MAX_TICKETS_PER_BUY } from '../../shared/constants';

export const QUICK_QUANTITIES = [1, 2, 3, 4, 5, 6, 8, 10] as const;

/** Room for every number up to the maximum and for the mistake just above it, which the screen then names. */
const DIGITS_MAX = String(MAX_TICKETS_PER_BUY).length;

/** How many tickets, as it is being entered; 0 is "not chosen yet". */
export interface Quantity {
  readonly value: number;
  /** Digits are being typed: the next one is appended. After a quick button the next digit begins anew, so that 4 and then 2 is never 42. */
  readonly typing: boolean;
}

export const NO_QUANTITY: Quantity = { value: 0, typing: false };

export function quickQuantity(value: number): Quantity {
  return { value, typing: false };
}

/** Appends a typed digit; one too many is ignored, never turned into another number. */
export function typeDigit({ value, typing }: Quantity, digit: number): Quantity {
  if (!typing) return { value: digit, typing: true };
  const next = value * 10 + digit;
  return String(next).length > DIGITS_MAX ? { value, typing } : { value: next, typing };
}

/** Takes the last typed digit back; a quick button's number goes as a whole. */
export function eraseDigit({ value, typing }: Quantity): Quantity {
  return typing ? { value: Math.floor(value / 10), typing } : NO_QUANTITY;
}
