import { describe, expect, it } from 'vitest';
import { barsOf } from './hours';

const HOUR = 3_600_000;
const hour = (n: number, tickets: number, backTickets = 0) => ({
  from: n * HOUR,
  sales: 1,
  tickets,
  cents: tickets * 100,
  backSales: 0,
  backTickets,
  backCents: backTickets * 100,
});

describe('bars by the hour', () => {
  it('take off what was given back, and fill short gaps with nothing sold', () => {
    expect(barsOf([hour(10, 3), hour(12, 5, 2)])).toEqual({
      from: [36_000, 39_600, 43_200],
      tickets: [3, 0, 3],
      cents: [300, 0, 300],
    });
  });

  it('leave the gaps between the days of a season', () => {
    expect(barsOf([hour(10, 1), hour(500, 1)]).tickets).toEqual([1, 1]);
    expect(barsOf([])).toEqual({ from: [], tickets: [], cents: [] });
  });
});
