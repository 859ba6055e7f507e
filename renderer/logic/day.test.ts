import { describe, expect, it } from 'vitest';
import { dateInput, dayOf, dayOn, isoAtSite, localInput } from './day';

const ZONE = 'America/Los_Angeles';
const at = (iso: string) => Date.parse(iso);

describe('a day of the site', () => {
  it('is its own, not the one of Greenwich', () => {
    const day = dayOf(at('2026-11-29T03:30:00Z'), ZONE, 0);
    expect(day).toEqual({ from: at('2026-11-28T00:00:00-08:00'), to: at('2026-11-29T00:00:00-08:00') });
    expect(dayOf(at('2026-11-29T03:30:00Z'), ZONE, 1).to).toBe(day.from);
  });

  it('has 25 hours when the clocks go back, and 23 when they go forward', () => {
    const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 3_600_000;
    expect(hours(dayOf(at('2026-11-01T20:00:00Z'), ZONE, 0))).toBe(25);
    expect(hours(dayOf(at('2026-03-08T20:00:00Z'), ZONE, 0))).toBe(23);
  });
});

describe('a date field', () => {
  it('means that day at the site, and nothing while it is half typed', () => {
    expect(dayOn('2026-11-01', ZONE)).toEqual({ from: at('2026-11-01T00:00:00-07:00'), to: at('2026-11-02T00:00:00-08:00') });
    for (const half of ['', '2026-11', '2026-13-01', 'today']) expect(dayOn(half, ZONE)).toBeNull();
    expect(dateInput(at('2026-11-29T03:30:00Z'), ZONE)).toBe('2026-11-28');
    expect(dayOn(dateInput(at('2026-11-29T03:30:00Z'), ZONE), ZONE)).toEqual(dayOf(at('2026-11-29T03:30:00Z'), ZONE, 0));
  });
});

describe('a day whose midnight the clocks skip', () => {
  it('begins when the one before it ends, an hour late by the clock on the wall', () => {
    const day = dayOf(at('2026-09-06T15:00:00Z'), 'America/Santiago', 0);
    expect(day).toEqual({ from: at('2026-09-06T01:00:00-03:00'), to: at('2026-09-07T00:00:00-03:00') });
    expect(dayOf(at('2026-09-06T15:00:00Z'), 'America/Santiago', 1)).toEqual({ from: at('2026-09-05T00:00:00-04:00'), to: day.from });
  });
});

describe('a date and time field', () => {
  it('shows and gives the time at the site, with the offset that holds there then', () => {
    expect(localInput('2026-11-29T03:00:00Z', ZONE)).toBe('2026-11-28T19:00');
    expect(isoAtSite('2026-11-28T19:00', ZONE)).toBe('2026-11-28T19:00:00-08:00');
    expect(isoAtSite('2026-07-01T19:00', ZONE)).toBe('2026-07-01T19:00:00-07:00');
    expect(isoAtSite('2026-07-01T19:00', 'Asia/Kolkata')).toBe('2026-07-01T19:00:00+05:30');
    // Skipped by the clocks: an hour later than it says.
    expect(at(isoAtSite('2026-03-08T02:30', ZONE))).toBe(at('2026-03-08T03:30:00-07:00'));
    expect(isoAtSite('2026-07-01T19:00', 'UTC')).toBe('2026-07-01T19:00:00+00:00');
  });
});
