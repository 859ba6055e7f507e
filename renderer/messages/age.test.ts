import { expect, it } from 'vitest';
import { age } from './age';

it('tells seconds, then minutes, then hours', () => {
  expect([0, 119, 120, 7_199, 7_200, 100_000].map(age)).toEqual(['0 s', '119 s', '2 min', '119 min', '2 h', '27 h']);
});
