const MS_PER_DAY = 86_400_000;

/** Wall-clock parts of a moment in a time zone, as if it were UTC: what a clock on the wall there shows. */
function wallClock(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
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

/** A day of the site, so many days ago: from its midnight (counted in) to the next (not). ms since 1970. */
export function dayOf(now: number, timeZone: string, daysAgo: number): { readonly from: number; readonly to: number } {
  const midnight = Math.floor(wallClock(now, timeZone) / MS_PER_DAY) * MS_PER_DAY - daysAgo * MS_PER_DAY;
  return { from: momentOf(midnight, timeZone), to: momentOf(midnight + MS_PER_DAY, timeZone) };
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
