import { expect, it } from 'vitest';
import { stillMs } from './idle';

const SINCE = { wall: 1_000_000, steady: 500 };

it('a time without a touch counts the sleep of the machine, and does not end because its clock is set back', () => {
  expect(stillMs(SINCE, { wall: 1_003_000, steady: 3_500 })).toBe(3_000);
  expect(stillMs(SINCE, { wall: 1_600_000, steady: 600 })).toBe(600_000);
  expect(stillMs(SINCE, { wall: 0, steady: 300_500 })).toBe(300_000);
});
