import { describe, expect, it } from 'vitest';
import { slugOf } from './slug';

describe('an id for a name', () => {
  it('is its plain letters and digits', () => {
    expect(slugOf('Änne Müller-Groß', [], 'clerk')).toBe('anne-muller-gross');
    expect(slugOf('  UCSB v. UCLA (2026) ', [], 'event')).toBe('ucsb-v-ucla-2026');
  });

  it('has a number where it is taken, and a word of ours where nothing plain is left', () => {
    expect(slugOf('Ann', ['ann', 'ann-2'], 'clerk')).toBe('ann-3');
    expect(slugOf('李', [], 'clerk')).toBe('clerk');
    expect(slugOf('李', ['clerk'], 'clerk')).toBe('clerk-2');
  });
});
