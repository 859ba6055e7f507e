import type { SaleView } from '../../shared/service';
import type { PrintJob } from './records';

/** A ticket, of a sale that is known. */
export type TicketName = { readonly event: string; readonly number: number };

export function same(a: TicketName, b: TicketName): boolean {
  return a.event === b.event && a.number === b.number;
}

export function holds(tickets: readonly TicketName[], ticket: TicketName): boolean {
  return tickets.some((other) => same(other, ticket));
}

export function markOf(sale: SaleView, { event, number }: TicketName): { readonly claims: number; readonly confirmed: boolean } | null {
  for (const item of sale.items) {
    const place = item.event === event ? item.tickets.indexOf(number) : -1;
    if (place >= 0) return { claims: item.printed[place]!, confirmed: item.confirmed[place]! };
  }
  return null;
}

/** Somebody has claimed it after this job did, and has it on paper. */
export function isPrintedSince(sale: SaleView, ticket: PrintJob['tickets'][number]): boolean {
  const mark = markOf(sale, ticket);
  return mark === null || (mark.confirmed && mark.claims > (ticket.copy ?? -1) + 1);
}
