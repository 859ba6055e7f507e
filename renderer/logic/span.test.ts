import { describe, expect, it } from 'vitest';
import { dayOf } from './day';
import { spanChosen, timeOf } from './span';

const ZONE = 'America/Los_Angeles';
const NOW = Date.parse('2026-11-29T03:30:00Z');

describe('the time that is looked at', () => {
  it('is a day of the site, or all of it', () => {
    const of = (span: Parameters<typeof spanChosen>[0]) => timeOf(spanChosen(span, NOW, ZONE), NOW, ZONE);
    expect(of('today')).toEqual(dayOf(NOW, ZONE, 0));
    expect(of('yesterday')).toEqual(dayOf(NOW, ZONE, 1));
    expect(of('all')).toEqual({});
    // Begins with today, by the calendar of the site.
    expect(of('day')).toEqual(dayOf(NOW, ZONE, 0));
    expect(timeOf({ span: 'day', date: '2026-11-01' }, NOW, ZONE)).toEqual(dayOf(Date.parse('2026-11-01T20:00:00Z'), ZONE, 0));
  });

  it('holds nothing while its date is half typed: neither all sales nor those of another day', () => {
    expect(timeOf({ span: 'day', date: '' }, NOW, ZONE)).toEqual({ from: 0, to: 0 });
  });
});
