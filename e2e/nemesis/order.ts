/**
 * Real time against the order of the log. With the log as the order of all writes, a history is linearizable exactly
 * if the writes' times allow that order and every read finds a position between what it must have seen and
 * what it can't have seen; this is found in O(N log N) (Wing and Gong's condition with a known order of writes).
 */

/** A write at its place in the log. It may have been asked for several times. */
export interface Write<T> {
  readonly position: number;
  /** First asked for. */
  readonly start: number;
  /** First answered; Infinity if never. */
  readonly end: number;
  readonly about: T;
}

/** Positions from the first to the last, both included. */
export type Span = readonly [first: number, last: number];

/** Something whose answer is true at certain positions of the log. */
export interface Read<T> {
  /** Ascending, not touching; empty if the log was never so. */
  readonly spans: readonly Span[];
  readonly start: number;
  readonly end: number;
  /** An unconfirmed read may be old; it can't know the future. */
  readonly mayBeOld: boolean;
  readonly about: T;
}

export interface OutOfOrder<T> {
  /** Earlier in the log. */
  readonly first: Write<T>;
  /** Later in the log, and answered before `first` was asked for. */
  readonly second: Write<T>;
}

/** Writes that are in the log the other way round than they happened. */
export function writesOutOfOrder<T>(writes: readonly Write<T>[]): readonly OutOfOrder<T>[] {
  const found: OutOfOrder<T>[] = [];
  let latest: Write<T> | null = null;
  for (const write of [...writes].sort((a, b) => a.position - b.position)) {
    if (latest !== null && latest.start > write.end) found.push({ first: latest, second: write });
    if (latest === null || write.start > latest.start) latest = write;
  }
  return found;
}

export type Misplaced<T> =
  | { readonly kind: 'impossible'; readonly read: Read<T> }
  /** It misses a write that was answered before it began. */
  | { readonly kind: 'stale'; readonly read: Read<T>; readonly missed: Write<T> }
  /** It misses what an earlier read had seen. */
  | { readonly kind: 'went-back'; readonly read: Read<T>; readonly seen: Read<T>; readonly position: number }
  /** It knows of a write that was asked for only after it had ended. */
  | { readonly kind: 'future'; readonly read: Read<T>; readonly known: Write<T> };

/** Reads that fit nowhere. */
export function misplacedReads<T>(reads: readonly Read<T>[], writes: readonly Write<T>[]): readonly Misplaced<T>[] {
  const answered = new AnsweredBefore(writes);
  const asked = new AskedAfter(writes);
  const byEnd = reads.filter(({ mayBeOld }) => !mayBeOld).sort((a, b) => a.end - b.end);
  const places = new Map<Read<T>, number>();
  const found: Misplaced<T>[] = [];
  let next = 0;
  let seen: Read<T> | null = null;
  for (const read of [...reads].sort((a, b) => a.start - b.start)) {
    // Whatever ended before this began, began before it too: its place is known.
    for (; next < byEnd.length && byEnd[next]!.end < read.start; next += 1) {
      const place = places.get(byEnd[next]!);
      if (place !== undefined && (seen === null || place > places.get(seen)!)) seen = byEnd[next]!;
    }
    const missed = read.mayBeOld ? null : answered.highest(read.start);
    const earlier = read.mayBeOld || seen === null ? 0 : places.get(seen)!;
    const known = asked.lowest(read.end);
    const place = lowestIn(read.spans, Math.max(missed?.position ?? 0, earlier));
    if (read.spans.length === 0) found.push({ kind: 'impossible', read });
    else if (place === null) {
      if (missed !== null && lowestIn(read.spans, missed.position) === null) found.push({ kind: 'stale', read, missed });
      else found.push({ kind: 'went-back', read, seen: seen!, position: earlier });
    } else if (known !== null && place >= known.position) found.push({ kind: 'future', read, known });
    else if (!read.mayBeOld) places.set(read, place);
  }
  return found;
}

function lowestIn(spans: readonly Span[], from: number): number | null {
  const span = spans.find(([, last]) => last >= from);
  return span === undefined ? null : Math.max(span[0], from);
}

/** Which write of those answered before some time is the last in the log. */
class AnsweredBefore<T> {
  private readonly writes: readonly Write<T>[];
  /** By number of writes answered so far, the one with the highest position. */
  private readonly best: readonly Write<T>[];

  constructor(writes: readonly Write<T>[]) {
    this.writes = writes.filter(({ end }) => end < Number.POSITIVE_INFINITY).sort((a, b) => a.end - b.end);
    this.best = runningBest(this.writes, (write, best) => write.position > best.position);
  }

  highest(time: number): Write<T> | null {
    const count = firstIndex(this.writes.length, (index) => this.writes[index]!.end >= time);
    return this.best[count - 1] ?? null;
  }
}

/** Which write of those asked for after some time is the first in the log. */
class AskedAfter<T> {
  private readonly writes: readonly Write<T>[];
  private readonly best: readonly Write<T>[];

  constructor(writes: readonly Write<T>[]) {
    this.writes = [...writes].sort((a, b) => b.start - a.start);
    this.best = runningBest(this.writes, (write, best) => write.position < best.position);
  }

  lowest(time: number): Write<T> | null {
    const count = firstIndex(this.writes.length, (index) => this.writes[index]!.start <= time);
    return this.best[count - 1] ?? null;
  }
}

function runningBest<T>(writes: readonly Write<T>[], better: (write: Write<T>, best: Write<T>) => boolean): readonly Write<T>[] {
  let best: Write<T> | null = null;
  return writes.map((write) => {
    if (best === null || better(write, best)) best = write;
    return best;
  });
}

/** The first index from 0 for which it holds; `length` if for none. It must hold for all after the first. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
