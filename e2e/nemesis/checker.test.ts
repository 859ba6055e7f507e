import { describe, expect, it } from 'vitest';
import { check } from './checker';
import { formatVerdict } from './report';
import { BAD } from './testing/bad';
import { simulate } from './testing/simulate';
import { wholeStory } from './testing/story';

const NOTHING = { sold: 0, confirmedShows: 0 };
const SEEDS = 60;

describe('right histories', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))('of random clients pass: seed %i', (seed) => {
    const evidence = simulate(seed, {
      clients: 2 + (seed % 6),
      attempts: 60 + (seed % 4) * 60,
      capacities: seed % 3 === 0 ? { match: 500 } : { match: 25, final: 60 },
      unknown: (seed % 4) * 0.1,
      shows: 0.25,
      undoing: (seed % 3) * 0.2,
      changes: 0.03,
    });
    const verdict = check(evidence, NOTHING);
    expect(formatVerdict(verdict), formatVerdict(verdict)).not.toContain('VIOLATION');
  });
});

describe('a wrong history', () => {
  it('is made from a right one', () => {
    const verdict = check(wholeStory().evidence(), NOTHING);
    expect(verdict.violations).toEqual([]);
    expect(verdict.figures).toMatchObject({ sold: 5, cancelled: 2, voided: 1, printed: 2, changed: 1, unknown: 2, unknownInLog: 1 });
  });

  const cases = Object.entries(BAD).flatMap(([code, histories]) => Object.entries(histories).map(([name, make]) => ({ code, name, make })));
  it.each(cases)('is caught: $code, $name', ({ code, make }) => {
    const verdict = check(make(), NOTHING);
    expect(
      verdict.violations.map((violation) => violation.code),
      formatVerdict(verdict),
    ).toContain(code);
  });
});

describe('a history of next to nothing', () => {
  it('proves nothing', () => {
    const evidence = wholeStory().evidence();
    expect(check(evidence, { sold: 6, confirmedShows: 4 }).tooLittle).toEqual([
      'only 5 requests were sold, and 6 are the least',
      'only 3 confirmed shows, and 4 are the least',
      'no two attempts ever overlapped',
    ]);
    const without = { ...evidence, dumps: evidence.dumps.map((dump) => ({ ...dump, complete: false })) };
    expect(check(without, NOTHING).tooLittle).toContain('no log was read to its end');
    expect(check({ history: [], dumps: [], events: [] }, { sold: 1, confirmedShows: 0 })).toMatchObject({ violations: [] });
  });
});
