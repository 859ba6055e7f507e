import { describe, expect, it } from 'vitest';
import type { LogEntryView } from '../../shared/answers';
import { afterRange, concerns, nextRange, type Range, type Scan, startScan } from './logFilter';

/** Odd slots sell match, even ones final; slot 1 opens both. */
function entry(slot: number): LogEntryView {
  const base = { slot, ballot: '1.0.1' };
  if (slot === 1)
    return {
      ...base,
      kind: 'founding',
      commands: [],
      members: [1],
      events: [
        { id: 'match', capacity: 9 },
        { id: 'final', capacity: 9 },
      ],
    };
  const event = slot % 2 === 1 ? 'match' : 'final';
  const command = { requestId: `r${slot}`, kiosk: 1, op: 'buy' as const, n: 1, event, clerk: 'operator', at: 0, result: { ok: true } };
  return { ...base, kind: 'batch', commands: [command] };
}

function entries({ from, to }: Range): LogEntryView[] {
  return Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
}

/** Reads on until there is enough; returns the scan and how many pages that took. */
function readAll(scan: Scan, applied: number, firstSlot: number, page: number, rows: number, until: number): [Scan, number] {
  let pages = 0;
  for (let range = nextRange(scan, applied, firstSlot, page, rows, until); range !== null; pages += 1) {
    expect(range.to - range.from + 1).toBeLessThanOrEqual(page);
    scan = afterRange(scan, range, entries(range));
    range = nextRange(scan, applied, firstSlot, page, rows, until);
  }
  return [scan, pages];
}

describe('the log filtered by event', () => {
  it('reads no further than enough matches, newest first', () => {
    const [scan, pages] = readAll(startScan('match', 100), 100, 1, 10, 7, 100);
    expect(pages).toBe(2);
    expect(scan.matches).toEqual([99, 97, 95, 93, 91, 89, 87, 85, 83, 81]);
  });

  it('reads down to a slot that is jumped to, and to the first slot but not below', () => {
    expect(readAll(startScan('match', 100), 100, 1, 10, 1, 42)[0].low).toBe(41);
    const [scan] = readAll(startScan('final', 100), 100, 1, 30, 1_000, 100);
    expect(scan.low).toBe(1);
    expect(scan.matches).toHaveLength(51);
    expect(scan.matches.at(-1)).toBe(1);
    expect(readAll(startScan('final', 100), 100, 61, 30, 1_000, 1)[0].low).toBe(61);
  });

  it('puts what is committed meanwhile at the head, once', () => {
    const [before] = readAll(startScan('match', 20), 20, 1, 10, 3, 20);
    const [after] = readAll(before, 45, 1, 10, 3, 45);
    expect(after.matches.slice(0, 4)).toEqual([45, 43, 41, 39]);
    expect(new Set(after.matches).size).toBe(after.matches.length);
    expect(after.matches).toEqual([...after.matches].sort((a, b) => b - a));
    expect(after.high).toBe(45);
  });

  it('takes a page that came twice only once', () => {
    const scan = startScan('match', 20);
    const range = nextRange(scan, 20, 1, 10, 3, 20)!;
    const once = afterRange(scan, range, entries(range));
    expect(afterRange(once, range, entries(range))).toEqual(once);
  });

  it('has nothing to read in an empty log, and begins with its first entry', () => {
    const scan = startScan('match', 0);
    expect(nextRange(scan, 0, 1, 10, 3, 0)).toBeNull();
    expect(readAll(scan, 1, 1, 10, 3, 1)[0].matches).toEqual([1]);
  });

  it('finds an event in any line of a buy', () => {
    const items = [
      { event: 'match', category: 'adult', n: 1 },
      { event: 'final', category: 'adult', n: 1 },
    ];
    const cart: LogEntryView = { ...entry(3), commands: [{ ...entry(3).commands[0]!, items }] };
    expect(concerns(cart, 'final')).toBe(true);
    expect(concerns(entry(3), 'final')).toBe(false);
  });

  it('finds what was given back', () => {
    const sold = [{ event: 'final', category: 'adult', n: 1, tickets: [4] }];
    const base = { requestId: 'c', kiosk: 1, clerk: 'operator', at: 0 };
    const undone: LogEntryView = {
      slot: 9,
      ballot: '1.0.1',
      kind: 'batch',
      commands: [{ ...base, op: 'void', sale: '3.1', result: { ok: true, sale: '3.1', items: sold } }],
    };
    expect(concerns(undone, 'final')).toBe(true);
    expect(concerns(undone, 'match')).toBe(false);
  });
});
