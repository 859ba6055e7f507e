import { fractionOf } from '../shared/money';
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

/** Cents in the site's currency; `short` leaves whole amounts without cents, for buttons and axes. */
export function money(cents: number, currency: string, short = false): string {
  const whole = short && cents % CENTS === 0 ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : fractionOf(cents, currency);
  return numbers({ style: 'currency', currency, ...whole }).format(cents / CENTS);
}

/** An amount for a button that may be narrower than it: the currency's name may stand on a line of its own. */
export function narrowMoney(cents: number, currency: string, short = false): string {
  return money(cents, currency, short).replaceAll('\u00a0', ' ');
}

/** Whether amounts are typed with a comma in the language of the messages. */
export function decimalComma(): boolean {
  return numbers({}).format(1.5).includes(',');
}

/** A count. */
export function number(value: number): string {
  return numbers({}).format(value);
}

const MS_PER_HOUR = 3_600_000;

/** The hour that begins then, with its day; with its offset too where the clocks went back and show it twice. */
export function hourText(from: number, timeZone: string): string {
  const parts = { timeZone, weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric' } as const;
  const plain = dates(parts);
  const text = plain.format(from);
  const twice = [from - MS_PER_HOUR, from + MS_PER_HOUR].some((other) => plain.format(other) === text);
  return twice ? dates({ ...parts, timeZoneName: 'short' }).format(from) : text;
}

/** A day with its year. @param at ms since 1970 */
export function dayText(at: number, timeZone: string): string {
  return dates({ timeZone, dateStyle: 'long' }).format(new Date(at));
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
