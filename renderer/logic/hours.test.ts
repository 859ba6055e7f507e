import { describe, expect, it } from 'vitest';
import { barsOf, tickTexts } from './hours';

const HOUR = 3_600_000;
const ZONE = 'America/Los_Angeles';
const hour = (n: number, tickets: number, backTickets = 0) => ({
  from: n * HOUR,
  sales: 1,
  tickets,
  cents: tickets * 100,
  backSales: 0,
  backTickets,
  backCents: backTickets * 100,
});
const sold = (iso: string, tickets: number) => hour(Date.parse(iso) / HOUR, tickets);
const seconds = (iso: string) => Date.parse(iso) / 1_000;

describe('bars by the hour', () => {
  it('take off what was given back, and fill gaps with nothing sold', () => {
    const bars = barsOf([hour(10, 3), hour(12, 5, 2), hour(15, 1)], 'UTC');
    expect(bars.unit).toBe('hour');
    expect(bars.from).toEqual([10, 11, 12, 13, 14, 15].map((n) => n * 3_600));
    expect(bars.tickets).toEqual([3, 0, 3, 0, 0, 1]);
    expect(bars.cents).toEqual([300, 0, 300, 0, 0, 100]);
  });

  it('stand among empty ones where there are few', () => {
    const bars = barsOf([hour(10, 3)], 'UTC');
    expect(bars.from).toEqual([7, 8, 9, 10, 11, 12].map((n) => n * 3_600));
    expect(bars.tickets).toEqual([0, 0, 0, 3, 0, 0]);
    expect(barsOf([], 'UTC')).toEqual({ unit: 'hour', from: [], tickets: [], cents: [] });
  });
});

describe('bars of a season', () => {
  it('are days of the site, however long the clocks make them', () => {
    const bars = barsOf(
      [
        sold('2026-10-30T23:00:00-07:00', 1),
        sold('2026-10-31T23:00:00-07:00', 2),
        // The night the clocks go back: the day has 25 hours.
        sold('2026-11-01T00:00:00-07:00', 3),
        sold('2026-11-01T23:00:00-08:00', 4),
        sold('2026-11-04T10:00:00-08:00', 5),
      ],
      ZONE,
    );
    expect(bars.unit).toBe('day');
    expect(bars.from).toEqual(
      ['10-30T00:00:00-07', '10-31T00:00:00-07', '11-01T00:00:00-07', '11-02T00:00:00-08', '11-03T00:00:00-08', '11-04T00:00:00-08'].map(
        (at) => seconds(`2026-${at}:00`),
      ),
    );
    expect(bars.tickets).toEqual([1, 2, 7, 0, 0, 5]);
  });

  it('are few enough to be seen, and lose nothing', () => {
    const hours = Array.from({ length: 900 }, (_, at) => hour(5 * at, 1));
    const bars = barsOf(hours, ZONE);
    expect(bars.from.length).toBeLessThan(200);
    expect(bars.tickets.reduce((sum, n) => sum + n, 0)).toBe(900);
    expect(bars.cents.reduce((sum, n) => sum + n, 0)).toBe(90_000);
  });
});

describe('what stands under the bars', () => {
  const texts = (unit: 'hour' | 'day', ...ticks: string[]) =>
    tickTexts(ticks.map(seconds), unit, ZONE, 'en-US').map((text) => text.replace(/\s/g, ' '));

  it('is the hour, with the date where another day begins', () => {
    expect(texts('hour', '2026-11-28T18:00:00-08:00', '2026-11-28T20:00:00-08:00')).toEqual(['6 PM', '8 PM']);
    expect(texts('hour', '2026-11-28T18:00:00-08:00', '2026-11-29T00:00:00-08:00', '2026-11-29T06:00:00-08:00')).toEqual([
      '6 PM Nov 28',
      '12 AM Nov 29',
      '6 AM',
    ]);
  });

  it('is the date where each bar is a day, each once', () => {
    expect(texts('day', '2026-10-31T00:00:00-07:00', '2026-11-01T00:00:00-07:00', '2026-11-01T23:00:00-08:00')).toEqual([
      'Oct 31',
      'Nov 1',
      '',
    ]);
  });
});
