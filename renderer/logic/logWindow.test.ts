import { describe, expect, it } from 'vitest';
import { anchorFor, logWindow, ROWS_MAX } from './logWindow';

const ROW_PX = 72;
const BROWSER_MAX_PX = 2 ** 25;

describe('the stretch of the log that is listed', () => {
  it('is the whole log while a browser can scroll it', () => {
    expect(logWindow(1, 100_000, null)).toEqual({ newest: 100_000, oldest: 1 });
    expect(logWindow(500, 1_000, null)).toEqual({ newest: 1_000, oldest: 500 });
    expect(logWindow(1, 0, null)).toEqual({ newest: 0, oldest: 1 });
    expect(ROWS_MAX * ROW_PX).toBeLessThan(BROWSER_MAX_PX);
  });

  it('is cut off below in a log of a million entries', () => {
    const { newest, oldest } = logWindow(1, 1_000_000, null);
    expect(newest).toBe(1_000_000);
    expect(newest - oldest + 1).toBe(ROWS_MAX);
  });

  it('moves to a slot outside of it, and stays for one inside', () => {
    expect(anchorFor(999_000, 1, 1_000_000, null)).toBeNull();
    for (const slot of [1, 2, 300_000, 500_000]) {
      const anchor = anchorFor(slot, 1, 1_000_000, null);
      const { newest, oldest } = logWindow(1, 1_000_000, anchor);
      expect(slot >= oldest && slot <= newest).toBe(true);
    }
    const low = anchorFor(1, 1, 1_000_000, null);
    expect(anchorFor(1_000_000, 1, 1_000_000, low)).toBeNull();
  });
});
