import { describe, expect, it } from 'vitest';
import { clockTime, eventDate, hourText, money } from './format';

const ZONE = 'America/Los_Angeles';

describe('format', () => {
  it('shows money in the currency of the site', () => {
    expect(money(2400, 'USD')).toBe('$24.00');
    expect(money(5, 'EUR')).toBe('€0.05');
    expect(money(123_456_789, 'USD')).toBe('$1,234,567.89');
  });

  it('rounds nothing where the currency has no cents', () => {
    expect(money(120_000, 'JPY')).toBe('¥1,200');
    expect(money(1250, 'JPY')).toBe('¥12.50');
    expect(money(1250, 'JPY', true)).toBe('¥12.50');
    expect(money(-5, 'JPY')).toBe('-¥0.05');
  });

  it('has three places where the currency has them, whatever the amount', () => {
    expect([1200, 1250, 5, 0, -1250].map((cents) => money(cents, 'BHD'))).toEqual(
      ['12.000', '12.500', '0.050', '0.000', '12.500'].map((text, at) => `${at === 4 ? '-' : ''}BHD\u00a0${text}`),
    );
    expect([1200, 1250].map((cents) => money(cents, 'BHD', true))).toEqual(['BHD\u00a012', 'BHD\u00a012.500']);
  });

  it('tells the two hours apart that a clock shows when it goes back, and no others', () => {
    const at = (utc: string) => hourText(Date.parse(utc), ZONE);
    expect(at('2026-11-01T08:00:00Z')).toMatch(/1\sAM PDT$/);
    expect(at('2026-11-01T09:00:00Z')).toMatch(/1\sAM PST$/);
    expect(at('2026-11-01T10:00:00Z')).toMatch(/2\sAM$/);
  });

  it("shows an event in the site's time zone, with the year where it is another one", () => {
    const now = new Date('2026-11-24T12:00:00Z');
    expect(eventDate('2026-11-29T03:00:00Z', ZONE, now)).toMatchObject({ month: 'Nov', day: '28' });
    expect(eventDate('2026-11-29T03:00:00Z', ZONE, now).when).toMatch(/^Sat 7:00\sPM$/);
    expect(eventDate('2027-02-19T21:00:00Z', ZONE, now).when).toMatch(/2027$/);
    // New Year's Eve at the stadium is next year already in London.
    expect(eventDate('2027-01-01T03:00:00Z', ZONE, now).when).not.toContain('2027');
  });

  it("shows the site's clock", () => {
    expect(clockTime(new Date('2026-11-24T12:05:00Z'), ZONE)).toMatch(/^4:05\sAM$/);
  });
});
