import type { Figures } from '../../shared/desk';

const MS_PER_HOUR = 3_600_000;
const MS_PER_SECOND = 1_000;
/** Longer gaps than this stay gaps: a season has few hours with sales in many without. */
const FILLED_HOURS_MAX = 48;

export interface Bars {
  /** Beginning of each hour, in seconds since 1970. */
  readonly from: number[];
  readonly tickets: number[];
  /** Cents. */
  readonly cents: number[];
}

/** Hours as a chart draws them: what was given back is taken off, and an hour without sales between two with some is 0, not missing. */
export function barsOf(hours: readonly (Figures & { readonly from: number })[]): Bars {
  const bars: Bars = { from: [], tickets: [], cents: [] };
  let last: number | null = null;
  const add = (at: number, tickets: number, cents: number) => {
    bars.from.push(at / MS_PER_SECOND);
    bars.tickets.push(tickets);
    bars.cents.push(cents);
  };
  for (const { from, tickets, backTickets, cents, backCents } of hours) {
    if (last !== null && from - last <= FILLED_HOURS_MAX * MS_PER_HOUR)
      for (let at = last + MS_PER_HOUR; at < from; at += MS_PER_HOUR) add(at, 0, 0);
    add(from, tickets - backTickets, cents - backCents);
    last = from;
  }
  return bars;
}
