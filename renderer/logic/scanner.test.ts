import { describe, expect, it } from 'vitest';
import { NOBODY, type Typing, typed } from './scanner';

/** Whether each of these keys, so many milliseconds apart, is taken for a scanner's. */
function scanned(keys: readonly string[], apartMs: number): boolean[] {
  let typing: Typing = NOBODY;
  return keys.map((key, index) => {
    typing = typed(typing, key, index * apartMs);
    return typing.scanner;
  });
}

describe('a scanner', () => {
  it('is known by the first letter, and until a pause', () => {
    expect(scanned([...'QK21A4', 'Enter'], 5)).toEqual(Array(7).fill(true));
    expect(scanned(['Q', '2', 'Enter'], 300)).toEqual([true, false, false]);
  });

  it('is known by more digits than an order has: the Enter after them sells nothing', () => {
    expect(scanned([...'0012345678905', 'Enter'], 5)).toEqual([false, false, false, ...Array(11).fill(true)]);
    expect(scanned([...'00123457', 'Enter'], 100).at(-1)).toBe(true);
  });

  it('has typed the digits before a letter, too; they are taken back', () => {
    expect(typed(typed(NOBODY, '4', 0), 'A', 5)).toEqual({ at: 5, digits: 1, scanner: true });
    expect(typed(typed(NOBODY, '4', 0), 'A', 300)).toEqual({ at: 300, digits: 0, scanner: true });
  });

  it('is no hand that types an order, changes it and sells', () => {
    expect(scanned(['1', '0', '0', 'Enter'], 60)).toEqual([false, false, false, false]);
    expect(scanned(['1', '2', 'Backspace', '0', 'ArrowDown', '1', '0', '0', 'Enter'], 60)).toEqual(Array(9).fill(false));
    expect(scanned([...'1234', 'Enter'], 300)).toEqual(Array(5).fill(false));
  });
});
