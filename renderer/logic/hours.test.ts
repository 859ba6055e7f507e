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
    const bars = barsOf([hour(10, 3), hour(12, 5, 2), hour(15, 1)]);
    expect(bars.from).toEqual([10, 11, 12, 13, 14, 15].map((n) => n * 3_600));
    expect(bars.tickets).toEqual([3, 0, 3, 0, 0, 1]);
    expect(bars.cents).toEqual([300, 0, 300, 0, 0, 100]);
  });

  it('stand among empty ones where there are few', () => {
    const bars = barsOf([hour(10, 3)]);
    expect(bars.from).toEqual([7, 8, 9, 10, 11, 12].map((n) => n * 3_600));
    expect(bars.tickets).toEqual([0, 0, 0, 3, 0, 0]);
  });

  it('leave the gaps between the days of a season', () => {
    const days = [hour(10, 1), hour(500, 1), hour(1000, 1), hour(1500, 1), hour(2000, 1), hour(2500, 1)];
    expect(barsOf(days).tickets).toEqual([1, 1, 1, 1, 1, 1]);
    expect(barsOf([])).toEqual({ from: [], tickets: [], cents: [] });
  });
});
