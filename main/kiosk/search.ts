import { setImmediate } from 'node:timers/promises';
import type { CodeCheck } from '../../shared/codes';
import type { SearchPage, SearchQuery } from '../../shared/desk';
import type { SaleView } from '../../shared/service';
import { saleIdSchema } from '../../shared/values';
import { SaleMatcher, type Tickets } from '../tickets';

/** Rows looked at before others have their turn: a millisecond or two. */
const SLICE_ROWS = 5_000;
const NUMBER = /^\d{1,7}$/;

export interface SearchParts {
  readonly tickets: () => Tickets;
  readonly readCode: (text: string) => CodeCheck;
}

/** Finds sales, newest first. What a clerk types is a sale, a ticket's number, its code, or a request id. */
export async function searchSales(query: SearchQuery, { tickets: current, readCode }: SearchParts): Promise<SearchPage> {
  const begun = performance.now();
  const tickets = current();
  const done = (sales: readonly SaleView[], next: number | null): SearchPage => ({ sales, next, tookMs: performance.now() - begun });
  const { text = '', event, before, limit, ...rest } = query;
  const eventIndex = event === undefined ? undefined : tickets.eventIndex(event);
  if (event !== undefined && eventIndex === undefined) return done([], null);
  if (text !== '' && !NUMBER.test(text)) {
    const sale = named(text, tickets, readCode);
    return done(sale !== null && fits(sale, query) ? [sale] : [], null);
  }
  const matcher = new SaleMatcher({ ...rest, event: eventIndex, ...(text === '' ? {} : { ticket: Number(text) }) });
  const found: SaleView[] = [];
  let next: number | null = before ?? tickets.sales.count;
  while (next !== null && found.length < limit) {
    const page = tickets.sales.search(matcher, next, limit - found.length, SLICE_ROWS);
    found.push(...page.sales.map((sale) => tickets.view(sale)));
    next = page.next;
    if (next !== null && found.length < limit) await setImmediate();
  }
  return done(found, next);
}

/** The one sale that a text names. */
function named(text: string, tickets: Tickets, readCode: (text: string) => CodeCheck): SaleView | null {
  if (saleIdSchema.safeParse(text).success) return tickets.sale(text);
  const ofRequest = tickets.saleOf(text);
  if (ofRequest !== null) return ofRequest;
  const code = readCode(text);
  return code.ok ? tickets.sale(code.sale) : null;
}

function fits(sale: SaleView, { event, from, to, kiosk, clerk, payment, status, shift }: SearchQuery): boolean {
  return (
    (event === undefined || sale.items.some((item) => item.event === event)) &&
    (from === undefined || sale.at >= from) &&
    (to === undefined || sale.at < to) &&
    (kiosk === undefined || sale.kiosk === kiosk) &&
    (clerk === undefined || sale.clerk === clerk) &&
    (payment === undefined || sale.payment.kind === payment) &&
    (status === undefined || sale.status === status) &&
    (shift === undefined || sale.shift === shift)
  );
}
