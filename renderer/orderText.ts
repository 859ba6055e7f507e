import type { EventState } from '../shared/answers';
import { ticketRanges } from '../shared/text';
import { messages } from './messages';

/** Letters of scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name inside a line: one that is written from right to left must not turn the figures beside it round. */
function apart(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** One line of an order in words: "2 × Match, Adult". */
export function lineText(n: number, event: string, category: string): string {
  return messages.open.line(n, apart(event), apart(category));
}

/** Lines of an order in words: "2 × Match, Adult + 1 × Match, Child". */
export function orderText(
  items: readonly { readonly event: string; readonly category: string; readonly n: number }[],
  events: readonly EventState[],
): string {
  return messages.open.what(
    items.map(({ event: id, category, n }) => {
      const event = events.find((other) => other.id === id);
      return lineText(n, event?.name ?? id, event?.categories.find((other) => other.id === category)?.name ?? category);
    }),
  );
}

/** What a sale is of, in words. */
export function soldText(
  items: readonly { readonly eventName: string; readonly categoryName: string; readonly tickets: readonly number[] }[],
): string {
  return messages.open.what(items.map(({ eventName, categoryName, tickets }) => lineText(tickets.length, eventName, categoryName)));
}

/** A sale by its name and the numbers of its tickets; of several events, each of which begins with number 1, by how many. */
export function saleText(sale: string, items: readonly { readonly event: string }[], tickets: readonly number[]): string {
  return severalEvents(items) ? messages.print.sale(sale, tickets.length) : messages.open.sale(sale, ticketRanges(tickets), tickets.length);
}

/** Whether these are of more than one event. */
export function severalEvents(items: readonly { readonly event: string }[]): boolean {
  return items.some(({ event }) => event !== items[0]?.event);
}
