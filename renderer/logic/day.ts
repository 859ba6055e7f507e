const MS_PER_DAY = 86_400_000;

/** A formatter is costly to make, and a season's hours are many. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** Wall-clock parts of a moment in a time zone, as if it were UTC: what a clock on the wall there shows. */
function wallClock(at: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * The moment (ms since 1970) at which a clock on the wall shows `wall`, itself written as UTC. Where the clocks skip it,
 * as they skip midnight itself in Santiago, that long after the skip began.
 */
function momentOf(wall: number, timeZone: string): number {
  const guess = (at: number) => wall - (wallClock(at, timeZone) - at);
  // The offset at a first guess may be that of the other side of a clock change: the second one is right.
  const first = guess(wall);
  const second = guess(first);
  return wallClock(second, timeZone) === wall ? second : Math.max(first, second);
}

/** From a day's midnight (counted in) to the next (not). ms since 1970. */
export interface Day {
  readonly from: number;
  readonly to: number;
}

/** @param midnight as a clock on the wall shows it, written as UTC */
function dayFrom(midnight: number, timeZone: string): Day {
  return { from: momentOf(midnight, timeZone), to: momentOf(midnight + MS_PER_DAY, timeZone) };
}

/** A day of the site, so many days ago. */
export function dayOf(now: number, timeZone: string, daysAgo: number): Day {
  return dayFrom(Math.floor(wallClock(now, timeZone) / MS_PER_DAY) * MS_PER_DAY - daysAgo * MS_PER_DAY, timeZone);
}

/** The day of a date field (`2026-11-28`) at the site; null while no whole date stands there. */
export function dayOn(date: string, timeZone: string): Day | null {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(midnight) ? null : dayFrom(midnight, timeZone);
}

/** What a date field shows for the day of a moment. */
export function dateInput(at: number, timeZone: string): string {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 10);
}

/** What a date and time field shows (`2026-11-28T19:00`) for a moment with an offset. */
export function localInput(iso: string, timeZone: string): string {
  return new Date(wallClock(Date.parse(iso), timeZone)).toISOString().slice(0, 16);
}

/** A date and time field's value at the site, as ISO 8601 with the offset that holds there then. */
export function isoAtSite(local: string, timeZone: string): string {
  const wall = Date.parse(`${local}:00Z`);
  const at = momentOf(wall, timeZone);
  const minutes = Math.round((wall - at) / 60_000);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${local}:00${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
