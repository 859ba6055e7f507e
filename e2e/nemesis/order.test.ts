import { describe, expect, it } from 'vitest';
import { Random } from '../../main/simulator/random';
import { misplacedReads, type Read, type Span, type Write, writesOutOfOrder } from './order';
import { explainable } from './testing/search';

const SEEDS = 4_000;

function write(position: number, start: number, end: number): Write<string> {
  return { position, start, end, about: `write ${position}` };
}

function read(spans: readonly Span[], start: number, end: number, mayBeOld = false): Read<string> {
  return { spans, start, end, mayBeOld, about: `read ${JSON.stringify(spans)}` };
}

/** Mostly right: everything happens at a moment near its own time. */
function randomOrder(random: Random): { readonly reads: readonly Read<string>[]; readonly writes: readonly Write<string>[] } {
  const count = random.int(1, 5);
  const near = (time: number) => [time - random.int(0, 12), time + random.int(0, 12)] as const;
  const slip = () => (random.chance(0.1) ? random.int(-15, 15) : 0);
  const writes = Array.from({ length: count }, (_, index) => {
    const [start, end] = near(10 * (index + 1) + slip());
    return write(index + 1, start, random.chance(0.2) ? Number.POSITIVE_INFINITY : end);
  });
  const reads = Array.from({ length: random.int(1, 6) }, () => {
    const position = random.int(0, count);
    const [start, end] = near(10 * position + 5 + slip());
    const spans: Span[] = [[position, Math.min(count, position + random.int(0, 1))]];
    if (random.chance(0.3) && position >= 3) spans.unshift([0, random.int(0, position - 2)]);
    return read(random.chance(0.05) ? [] : spans, start, end);
  });
  return { reads, writes };
}

describe('the order that real time allows', () => {
  it(`is found as an exhaustive search finds it, in ${SEEDS} histories`, () => {
    let wrong = 0;
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const { reads, writes } = randomOrder(new Random(seed));
      const right = explainable(reads, writes);
      const found = writesOutOfOrder(writes).length === 0 && misplacedReads(reads, writes).length === 0;
      expect(found, `seed ${seed}: ${JSON.stringify({ reads, writes })}`).toBe(right);
      if (!right) wrong += 1;
    }
    // A test of one verdict alone would test nothing.
    expect(wrong).toBeGreaterThan(SEEDS / 10);
    expect(wrong).toBeLessThan((9 * SEEDS) / 10);
  });

  it('sees an inversion across a write between', () => {
    const inverted = writesOutOfOrder([write(1, 100, 110), write(2, 0, 200), write(3, 50, 60)]);
    expect(inverted).toEqual([{ first: write(1, 100, 110), second: write(3, 50, 60) }]);
  });

  it('tells what a read misses, what it knows too early, and what it forgets', () => {
    const writes = [write(1, 0, 10), write(2, 20, 90)];
    const seen = read([[2, 2]], 30, 40);
    expect(misplacedReads([read([[0, 0]], 12, 15)], writes)).toMatchObject([{ kind: 'stale', missed: writes[0] }]);
    expect(misplacedReads([read([[2, 2]], 12, 15)], writes)).toMatchObject([{ kind: 'future', known: writes[1] }]);
    expect(misplacedReads([seen, read([[1, 1]], 50, 60)], writes)).toMatchObject([{ kind: 'went-back', seen, position: 2 }]);
    expect(misplacedReads([read([], 12, 15)], writes)).toMatchObject([{ kind: 'impossible' }]);
  });

  it('lets an unconfirmed read be old, but not know the future', () => {
    const writes = [write(1, 0, 10), write(2, 20, 30)];
    const old = read([[0, 0]], 50, 60, true);
    expect(misplacedReads([old, read([[2, 2]], 70, 80)], writes)).toEqual([]);
    expect(misplacedReads([read([[2, 2]], 12, 15, true)], writes)).toMatchObject([{ kind: 'future' }]);
    // What it saw binds nobody.
    const early = read([[2, 2]], 22, 23, true);
    expect(misplacedReads([early, read([[1, 1]], 24, 25)], writes)).toEqual([]);
  });
});
