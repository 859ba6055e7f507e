import { messages } from './messages';

/** Money, dates and numbers by the browser's own tables, in the language of the messages. Formatters are costly to make and kept. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${messages.locale}n${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.NumberFormat(messages.locale, options);
  made.set(key, format);
  return format as Intl.NumberFormat;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${messages.locale}d${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(messages.locale, options);
  made.set(key, format);
  return format as Intl.DateTimeFormat;
}

const CENTS = 100;

/** Cents in the site's currency. */
export function money(cents: number, currency: string): string {
  return numbers({ style: 'currency', currency }).format(cents / CENTS);
}

/** When an event begins, in the site's time zone, in the parts that its tile shows. */
export interface EventDate {
  readonly month: string;
  readonly day: string;
  /** Weekday and time; the year too where it is not the present one. */
  readonly when: string;
}

export function eventDate(starts: string, timeZone: string, now: Date): EventDate {
  const at = new Date(starts);
  const year = (date: Date) => dates({ timeZone, year: 'numeric' }).format(date);
  const when = dates({ timeZone, weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(at);
  return {
    month: dates({ timeZone, month: 'short' }).format(at),
    day: dates({ timeZone, day: 'numeric' }).format(at),
    when: year(at) === year(now) ? when : `${when} · ${year(at)}`,
  };
}

/** The whole date, for those who can't see how a tile lays it out. */
export function fullDate(starts: string, timeZone: string): string {
  return dates({ timeZone, dateStyle: 'full', timeStyle: 'short' }).format(new Date(starts));
}

export function clockTime(at: Date, timeZone: string): string {
  return dates({ timeZone, hour: 'numeric', minute: '2-digit' }).format(at);
}

/** A sentence of the kiosk's, which begins small after its colon, to stand by itself. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** When an entry was issued; with its day, as a log outlives one. */
export function logTime(at: number, timeZone: string): string {
  return dates({ timeZone, day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(new Date(at));
}
