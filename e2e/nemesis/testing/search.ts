import type { Read, Write } from '../order';

interface Operation {
  readonly start: number;
  readonly end: number;
  /** A write's place in the log; null for a read. */
  readonly position: number | null;
  /** Whether a read is true after so many writes. */
  readonly holds: (position: number) => boolean;
}

/**
 * Tries every order of the operations that real time allows and in which the writes stand as in the log (Wing and Gong,
 * with Lowe's memory of dead ends): slow and obviously right. True if one order explains every answer.
 * @param writes at the positions from 1 on, none left out
 */
export function explainable<T>(reads: readonly Read<T>[], writes: readonly Write<T>[]): boolean {
  const operations: Operation[] = [
    ...writes.map(({ start, end, position }) => ({ start, end, position, holds: () => true })),
    ...reads.map(({ start, end, spans }) => ({
      start,
      end,
      position: null,
      holds: (position: number) => spans.some(([first, last]) => first <= position && position <= last),
    })),
  ];
  const deadEnds = new Set<string>();
  const go = (done: ReadonlySet<Operation>, written: number): boolean => {
    if (done.size === operations.length) return true;
    const key = operations.map((operation) => (done.has(operation) ? 1 : 0)).join('');
    if (deadEnds.has(key)) return false;
    const open = operations.filter((operation) => !done.has(operation));
    const firstEnd = Math.min(...open.map(({ end }) => end));
    for (const operation of open) {
      const { start, position, holds } = operation;
      const fits = position === null ? holds(written) : position === written + 1;
      if (start > firstEnd || !fits) continue;
      if (go(new Set(done).add(operation), position ?? written)) return true;
    }
    deadEnds.add(key);
    return false;
  };
  return go(new Set(), 0);
}
