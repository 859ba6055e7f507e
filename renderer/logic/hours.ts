import type { Figures } from '../../shared/desk';
import { dayOf } from './day';

const MS_PER_HOUR = 3_600_000;
const MS_PER_SECOND = 1_000;
/** A chart of fewer bars than this says nothing: empty ones are put around them. */
const SHOWN_MIN = 6;
/** A chart of more hours than this has a bar a day: those of a season's hours would be thinner than a line. */
const HOURLY_MAX = 96;

export interface Bars {
  readonly unit: 'hour' | 'day';
  /** Beginning of each hour or day, in seconds since 1970. */
  readonly from: number[];
  readonly tickets: number[];
  /** Cents. */
  readonly cents: number[];
}

interface Bar {
  readonly at: number;
  tickets: number;
  cents: number;
}

type Hour = Figures & { readonly from: number };

/** Hours as a chart draws them: what was given back is taken off, and an hour or day without sales between two with some is 0, not missing. */
export function barsOf(hours: readonly Hour[], timeZone: string): Bars {
  const span = hours.length === 0 ? 0 : (hours.at(-1)!.from - hours[0]!.from) / MS_PER_HOUR;
  const unit = span > HOURLY_MAX ? 'day' : 'hour';
  // The neighbours of a day are as far as the clocks make it.
  const startOf = (at: number) => (unit === 'hour' ? at : dayOf(at, timeZone, 0).from);
  const before = (at: number) => (unit === 'hour' ? at - MS_PER_HOUR : dayOf(at, timeZone, 1).from);
  const after = (at: number) => (unit === 'hour' ? at + MS_PER_HOUR : dayOf(at, timeZone, 0).to);
  const bars: Bar[] = [];
  for (const { from, tickets, backTickets, cents, backCents } of hours) {
    const at = startOf(from);
    for (let last = bars.at(-1); last !== undefined && last.at < at; last = bars.at(-1)) bars.push(empty(Math.min(after(last.at), at)));
    if (bars.length === 0) bars.push(empty(at));
    const bar = bars.at(-1)!;
    bar.tickets += tickets - backTickets;
    bar.cents += cents - backCents;
  }
  while (bars.length > 0 && bars.length < SHOWN_MIN) {
    bars.unshift(empty(before(bars[0]!.at)));
    if (bars.length < SHOWN_MIN) bars.push(empty(after(bars.at(-1)!.at)));
  }
  return {
    unit,
    from: bars.map(({ at }) => at / MS_PER_SECOND),
    tickets: bars.map(({ tickets }) => tickets),
    cents: bars.map(({ cents }) => cents),
  };
}

function empty(at: number): Bar {
  return { at, tickets: 0, cents: 0 };
}

/**
 * What stands under the bars. An hour alone says nothing where there are several days: the first of each has its date.
 * @param ticks seconds since 1970
 */
export function tickTexts(ticks: readonly number[], unit: Bars['unit'], timeZone: string, locale: string): string[] {
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
  const hour = new Intl.DateTimeFormat(locale, { timeZone, hour: 'numeric' });
  const dates = ticks.map((tick) => day.format(tick * MS_PER_SECOND));
  const severalDays = new Set(dates).size > 1;
  return ticks.map((tick, index) => {
    const date = dates[index]!;
    if (unit === 'day') return date === dates[index - 1] ? '' : date;
    const text = hour.format(tick * MS_PER_SECOND);
    return severalDays && date !== dates[index - 1] ? `${text}\n${date}` : text;
  });
}
