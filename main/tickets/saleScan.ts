import type { KioskId } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import { PAYMENT_KINDS, type PaymentKind } from '../../shared/money';
import type { SaleStatus } from '../../shared/service';
import type { Row, Rows } from './rows';
import { ROW, type Status, statusIn } from './saleRow';

/** What a sale has to be like to be found; what is left out may be anything. */
export interface SaleCriteria {
  readonly status?: SaleStatus | undefined;
  readonly kiosk?: KioskId | undefined;
  readonly clerk?: string | undefined;
  readonly payment?: PaymentKind | undefined;
  readonly shift?: number | undefined;
  /** ms since 1970: from (counted in) to (not). */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Place of the event among all events of the site. */
  readonly event?: number | undefined;
  /** Number of a ticket, of that event if one is given. */
  readonly ticket?: number | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** A line of a sale without its ranges: event (2), category (2), price (4) and how many ranges (2). */
const LINE_BYTES = 10;
/** First number (4) and how many (2). */
const RANGE_BYTES = 6;

/** Looks at sales as they lie in the table, without making objects of them: 100,000 in some 10 ms. */
export class SaleMatcher {
  private readonly status: Status | null;
  private readonly payment: number;
  private readonly clerk: Uint8Array | null;

  constructor(private readonly criteria: SaleCriteria) {
    this.status = criteria.status ?? null;
    this.payment = criteria.payment === undefined ? -1 : PAYMENT_KINDS.indexOf(criteria.payment);
    this.clerk = criteria.clerk === undefined ? null : encoder.encode(criteria.clerk);
  }

  matches({ view, at }: Row): boolean {
    const { kiosk, shift, from, to, event, ticket } = this.criteria;
    const status = statusIn(view.getUint8(at + ROW.status));
    if (status === 'never' || (this.status !== null && status !== this.status)) return false;
    if (kiosk !== undefined && view.getUint8(at + ROW.kiosk) !== kiosk) return false;
    if (this.payment !== -1 && view.getUint8(at + ROW.payment) !== this.payment) return false;
    if (shift !== undefined && view.getUint32(at + ROW.shift) !== shift) return false;
    if (from !== undefined || to !== undefined) {
      const time = view.getFloat64(at + ROW.at);
      if (time < (from ?? 0) || time >= (to ?? Number.POSITIVE_INFINITY)) return false;
    }
    if (this.clerk === null && event === undefined && ticket === undefined) return true;
    const clerkAt = at + ROW.id + 1 + view.getUint8(at + ROW.id);
    if (this.clerk !== null && !isText(view, clerkAt, this.clerk)) return false;
    return (event === undefined && ticket === undefined) || hasTicket(view, linesAt(view, clerkAt), event, ticket);
  }
}

function isText(view: DataView, at: number, text: Uint8Array): boolean {
  if (view.getUint16(at) !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) if (view.getUint8(at + 2 + index) !== text[index]) return false;
  return true;
}

/** Where the lines of a sale begin: after the clerk, and the claims of its tickets. */
function linesAt(view: DataView, clerkAt: number): number {
  const claimsAt = clerkAt + 2 + view.getUint16(clerkAt);
  return claimsAt + 2 + view.getUint16(claimsAt);
}

function hasTicket(view: DataView, linesStart: number, event: number | undefined, ticket: number | undefined): boolean {
  let at = linesStart + 1;
  for (let line = view.getUint8(linesStart); line > 0; line -= 1) {
    const ranges = view.getUint16(at + LINE_BYTES - 2);
    const wanted = event === undefined || view.getUint16(at) === event;
    at += LINE_BYTES;
    if (wanted && ticket === undefined) return true;
    for (let range = 0; range < ranges; range += 1, at += RANGE_BYTES) {
      const first = view.getUint32(at);
      if (wanted && ticket !== undefined && ticket >= first && ticket < first + view.getUint16(at + 4)) return true;
    }
  }
  return false;
}

/** What a report counts of a sale. */
export interface SaleFacts {
  readonly kiosk: KioskId;
  readonly clerk: string;
  readonly at: number;
  readonly payment: PaymentKind;
  readonly lines: readonly {
    /** Places of the event and of its category. */
    readonly event: number;
    readonly category: number;
    readonly tickets: number;
    readonly cents: number;
  }[];
}

/** Null for a request that was never sold. */
export function factsOf(rows: Rows, row: number): SaleFacts | null {
  const { view, at } = rows.read(row);
  if (statusIn(view.getUint8(at + ROW.status)) === 'never') return null;
  const payment = PAYMENT_KINDS[view.getUint8(at + ROW.payment)];
  invariant(payment !== undefined, 'a sale was paid in no known way');
  const clerkAt = at + ROW.id + 1 + view.getUint8(at + ROW.id);
  const clerk = decoder.decode(new Uint8Array(view.buffer, view.byteOffset + clerkAt + 2, view.getUint16(clerkAt)));
  const linesStart = linesAt(view, clerkAt);
  let next = linesStart + 1;
  const lines = Array.from({ length: view.getUint8(linesStart) }, () => {
    const [event, category, price, ranges] = [
      view.getUint16(next),
      view.getUint16(next + 2),
      view.getUint32(next + 4),
      view.getUint16(next + 8),
    ];
    next += LINE_BYTES;
    let tickets = 0;
    for (let range = 0; range < ranges; range += 1, next += RANGE_BYTES) tickets += view.getUint16(next + 4);
    return { event, category, tickets, cents: price * tickets };
  });
  return { kiosk: view.getUint8(at + ROW.kiosk), clerk, at: view.getFloat64(at + ROW.at), payment, lines };
}
