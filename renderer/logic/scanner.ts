import { MAX_TICKETS_PER_BUY } from '../../shared/constants';

/** A scanner types a key every few milliseconds; a hand that meant something pauses longer. */
const PAUSE_MS = 300;
/** No order is longer; the shortest code of a shop's goods has eight. */
const DIGITS_MAX = String(MAX_TICKETS_PER_BUY).length;

/** Who types: a scanner does as a keyboard does, and ends with Enter. */
export interface Typing {
  readonly at: number;
  /** Of a code or an order, so far, without a pause. */
  readonly digits: number;
  readonly scanner: boolean;
}

export const NOBODY: Typing = { at: Number.NEGATIVE_INFINITY, digits: 0, scanner: false };

/**
 * After one more key. A letter, or more digits than an order has, come from a scanner, and so does all that follows
 * without a pause.
 * @param at ms
 */
export function typed(before: Typing, key: string, at: number): Typing {
  const goesOn = at - before.at < PAUSE_MS;
  const isDigit = /^\d$/.test(key);
  const isLetter = /^[a-z]$/i.test(key);
  const digits = isDigit || isLetter ? (goesOn ? before.digits : 0) + Number(isDigit) : 0;
  return { at, digits, scanner: (goesOn && before.scanner) || isLetter || digits > DIGITS_MAX };
}
