import { describe, expect, it } from 'vitest';
import { check } from './checker';
import { formatVerdict } from './report';
import { simulate } from './testing/simulate';

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
