import { type Day, dateInput, dayOf, dayOn } from './day';

/** Which time is looked at. */
export const SPANS = ['today', 'yesterday', 'day', 'all'] as const;
export type Span = (typeof SPANS)[number];

/** A span, with the date of the field that belongs to `day`. */
export interface SpanChoice {
  readonly span: Span;
  readonly date: string;
}

/** The choice after another span is touched: a day begins with today's date, which the clerk changes. */
export function spanChosen(span: Span, now: number, timeZone: string): SpanChoice {
  return { span, date: span === 'day' ? dateInput(now, timeZone) : '' };
}

/** Its limits; none for all of the time, and while no date is whole nothing fits. */
export function timeOf({ span, date }: SpanChoice, now: number, timeZone: string): Partial<Day> {
  if (span === 'all') return {};
  if (span === 'day') return dayOn(date, timeZone) ?? { from: 0, to: 0 };
  return dayOf(now, timeZone, span === 'today' ? 0 : 1);
}
