import type { Figures } from '../../shared/desk';

const MS_PER_HOUR = 3_600_000;
const MS_PER_SECOND = 1_000;
/** A chart of fewer hours than this says nothing: empty ones are put around them. */
const SHOWN_HOURS_MIN = 6;
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
  const rows: { readonly at: number; readonly tickets: number; readonly cents: number }[] = [];
  const empty = (at: number) => ({ at, tickets: 0, cents: 0 });
  for (const { from, tickets, backTickets, cents, backCents } of hours) {
    const last = rows.at(-1)?.at ?? from;
    if (from - last <= FILLED_HOURS_MAX * MS_PER_HOUR) for (let at = last + MS_PER_HOUR; at < from; at += MS_PER_HOUR) rows.push(empty(at));
    rows.push({ at: from, tickets: tickets - backTickets, cents: cents - backCents });
  }
  while (rows.length > 0 && rows.length < SHOWN_HOURS_MIN) {
    rows.unshift(empty(rows[0]!.at - MS_PER_HOUR));
    if (rows.length < SHOWN_HOURS_MIN) rows.push(empty(rows.at(-1)!.at + MS_PER_HOUR));
  }
  return {
    from: rows.map(({ at }) => at / MS_PER_SECOND),
    tickets: rows.map(({ tickets }) => tickets),
    cents: rows.map(({ cents }) => cents),
  };
}
