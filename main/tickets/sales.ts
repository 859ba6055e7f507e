import type { CommandResult, SoldItem } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import { PAYMENT_KINDS } from '../../shared/money';
import type { Paid } from '../../shared/payment';
import type { SaleStatus, SaleView } from '../../shared/service';
import type { CategorySpec } from '../../shared/site';
import type { BuyItem, RequestId } from '../../shared/values';
import { numbersOf, type Pool, rangesOf } from './pool';
import { RequestIndex } from './requestIndex';
import { RowReader, Rows, RowWriter } from './rows';
import { packStatus, RECEIPTS_MAX, ROW, receiptsIn, type Status, statusIn } from './saleRow';
import { factsOf, type SaleFacts, type SaleMatcher } from './saleScan';
import type { Undone } from './undone';

/** Further claims of a ticket are all counted as this one. */
const CLAIMS_MAX = 127;
/** Set in a ticket's byte of claims once it is known to be on paper. */
const CONFIRMED = 128;

/** One line of a sale: tickets of one category. */
export interface SaleItem {
  readonly pool: Pool;
  /** Its place among all categories that the pool ever had. */
  readonly categoryIndex: number;
  /** Cents for one ticket, when it was sold. */
  readonly price: number;
  /** Numbers, ascending. */
  readonly tickets: readonly number[];
}

/** What a buy that is sold leaves in the table for the season. */
export interface NewSale {
  readonly requestId: RequestId;
  readonly slot: Slot;
  /** Position of its command in the batch, from 1. */
  readonly index: number;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by the clock of the kiosk that sold it. */
  readonly at: number;
  readonly payment: Paid;
  /** The shift whose drawer the money went into; null for none. */
  readonly shift: number | null;
  /** Left of the first item's event right after it. */
  readonly remaining: number;
  readonly items: readonly SaleItem[];
}

export interface Sale extends NewSale {
  readonly row: number;
  readonly status: Status;
  /** Print claims of its receipt. */
  readonly receipts: number;
  /** Print claims of each ticket, in the order of the items. */
  readonly claims: readonly number[];
  /** Whether each ticket is known to be on paper, in the same order. */
  readonly confirmed: readonly boolean[];
  /** Where the claims begin within the row. */
  readonly claimsAt: number;
}

/** All sales in the order of the log, and the requests that were cancelled before they were sold. */
export class Sales {
  private readonly index = new RequestIndex();
  private readonly writer = new RowWriter();

  constructor(
    private readonly pools: readonly Pool[],
    private readonly rows = new Rows(),
  ) {
    for (let row = rows.first; row < rows.count; row += 1) {
      const { view, at } = rows.read(row);
      this.index.addBytes(view, at + ROW.id + 1, view.getUint8(at + ROW.id), row);
    }
  }

  add(sale: NewSale): void {
    this.write(sale, 'live');
  }

  /** The request is refused from now on. */
  addCancelled(requestId: RequestId, slot: Slot, index: number, kiosk: KioskId, clerk: string, at: number): void {
    this.write({ requestId, slot, index, kiosk, clerk, at, payment: NOTHING_PAID, shift: null, remaining: 0, items: [] }, 'never');
  }

  ofRequest(id: RequestId): Sale | null {
    const row = this.index.find(id, (candidate) => new RowReader(this.rows.read(candidate)).skip(ROW.id).isAscii(id));
    return row === null ? null : this.read(row);
  }

  /** The sale of that name, or null; found by halving, since the rows are in the order of the log. */
  find(id: string): Sale | null {
    const [, slotText, indexText] = /^([1-9]\d{0,15})\.([1-9]\d{0,15})$/.exec(id) ?? [];
    if (slotText === undefined || indexText === undefined) return null;
    const [slot, index] = [Number(slotText), Number(indexText)];
    let low = this.rows.first;
    let high = this.rows.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const reader = new RowReader(this.rows.read(middle));
      const compared = reader.whole() - slot || reader.u16() - index;
      if (compared === 0) {
        const sale = this.read(middle);
        return sale.status === 'never' ? null : sale;
      }
      if (compared < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  /** By its row. */
  at(row: number): Sale {
    return this.read(row);
  }

  setStatus(sale: Sale, status: SaleStatus): void {
    this.rows.set(sale.row, ROW.status, packStatus(status, sale.receipts));
  }

  /** Claims the sale's receipt; returns how often it was claimed before. */
  claimReceipt({ row, status, receipts }: Sale): number {
    this.rows.set(row, ROW.status, packStatus(status, Math.min(RECEIPTS_MAX, receipts + 1)));
    return receipts;
  }

  /** Claims a ticket by its place in the sale, from 0; returns how often it was claimed before. */
  claim(sale: Sale, place: number): number {
    const before = sale.claims[place]!;
    const confirmed = sale.confirmed[place] ? CONFIRMED : 0;
    this.rows.set(sale.row, sale.claimsAt + place, confirmed | Math.min(CLAIMS_MAX, before + 1));
    return before;
  }

  /** The ticket at this place in the sale, from 0, is on paper. */
  confirm(sale: Sale, place: number): void {
    this.rows.set(sale.row, sale.claimsAt + place, CONFIRMED | sale.claims[place]!);
  }

  /** Rows so far: sales, and requests that were cancelled before. */
  get count(): number {
    return this.rows.count;
  }

  /**
   * Sales that match, newest first, among the rows below `before`; looks at no more than `rowsMax` of them.
   * @returns at which row the next look begins; null where none is left
   */
  search(
    matcher: SaleMatcher,
    before: number,
    limit: number,
    rowsMax: number,
  ): { readonly sales: readonly Sale[]; readonly next: number | null } {
    const sales: Sale[] = [];
    let row = Math.min(before, this.rows.count);
    const end = Math.max(this.rows.first, row - rowsMax);
    while (row > end && sales.length < limit) {
      row -= 1;
      if (matcher.matches(this.rows.read(row))) sales.push(this.read(row));
    }
    return { sales, next: row > this.rows.first ? row : null };
  }

  /** What a report counts of a row; null for a request that was never sold. */
  facts(row: number): SaleFacts | null {
    return factsOf(this.rows, row);
  }

  /** Number of the oldest row that is kept. */
  get first(): number {
    return this.rows.first;
  }

  freeze(): readonly Uint8Array[] {
    return this.rows.freeze();
  }

  private write(sale: NewSale, status: Status): void {
    const numbers = sale.items.reduce((sum, { tickets }) => sum + tickets.length, 0);
    const { writer } = this;
    writer.begin().whole(sale.slot).u16(sale.index).u8(sale.kiosk).u8(packStatus(status, 0)).whole(sale.at).u32(sale.remaining);
    writer
      .u8(PAYMENT_KINDS.indexOf(sale.payment.kind))
      .u32(sale.payment.given)
      .u32(sale.shift ?? 0);
    writer.ascii(sale.requestId).text(sale.clerk).u16(numbers).zeros(numbers).u8(sale.items.length);
    for (const { pool, categoryIndex, price, tickets } of sale.items) {
      const ranges = rangesOf(tickets);
      writer.u16(this.pools.indexOf(pool)).u16(categoryIndex).u32(price).u16(ranges.length);
      for (const [first, count] of ranges) writer.u32(first).u16(count);
    }
    this.index.add(sale.requestId, writer.addTo(this.rows));
  }

  private read(row: number): Sale {
    const reader = new RowReader(this.rows.read(row));
    const slot = reader.whole();
    const index = reader.u16();
    const kiosk = reader.u8();
    const state = reader.u8();
    const status = statusIn(state);
    const receipts = receiptsIn(state);
    const at = reader.whole();
    const remaining = reader.u32();
    const kind = PAYMENT_KINDS[reader.u8()];
    invariant(kind !== undefined, `sale ${slot}.${index} was paid in no known way`);
    const given = reader.u32();
    const shift = reader.u32() || null;
    const requestId = reader.ascii();
    const clerk = reader.text();
    const numbers = reader.u16();
    const claimsAt = reader.offset;
    const marks = Array.from({ length: numbers }, () => reader.u8());
    const claims = marks.map((mark) => mark & CLAIMS_MAX);
    const confirmed = marks.map((mark) => (mark & CONFIRMED) !== 0);
    const items = Array.from({ length: reader.u8() }, (): SaleItem => {
      const pool = this.pools[reader.u16()];
      const categoryIndex = reader.u16();
      invariant(pool?.spec.categories[categoryIndex] !== undefined, `sale ${slot}.${index} is of an event that is not here`);
      const price = reader.u32();
      const tickets = Array.from({ length: reader.u16() }, () => numbersOf([reader.u32(), reader.u16()])).flat();
      return { pool, categoryIndex, price, tickets };
    });
    const payment = { kind, given, change: given - itemsTotal(items) };
    return {
      row,
      requestId,
      slot,
      index,
      kiosk,
      clerk,
      at,
      payment,
      shift,
      remaining,
      status,
      receipts,
      claims,
      confirmed,
      claimsAt,
      items,
    };
  }
}

const NOTHING_PAID: Paid = { kind: 'free', given: 0, change: 0 };

/** The category of a line, as it is named now. */
export function categoryOf({ pool, categoryIndex }: SaleItem): CategorySpec {
  return pool.spec.categories[categoryIndex]!;
}

/** The name of a sale: slot and index, for example 2.1. */
export function saleId({ slot, index }: NewSale): string {
  return `${slot}.${index}`;
}

export function soldItems({ items }: NewSale): SoldItem[] {
  return items.map((item) => ({
    event: item.pool.spec.id,
    category: categoryOf(item).id,
    n: item.tickets.length,
    tickets: item.tickets,
  }));
}

/** How many. */
export function ticketsOf({ items }: NewSale): number {
  return items.reduce((sum, { tickets }) => sum + tickets.length, 0);
}

/** Cents. */
export function totalOf({ items }: NewSale): number {
  return itemsTotal(items);
}

function itemsTotal(items: readonly SaleItem[]): number {
  return items.reduce((sum, { price, tickets }) => sum + price * tickets.length, 0);
}

/** The first answer to the buy, whenever it is asked for; marked once the sale is void. */
export function saleResult(sale: NewSale & { readonly status?: Status }): CommandResult {
  return {
    ok: true,
    op: 'buy',
    sale: saleId(sale),
    items: soldItems(sale),
    total: totalOf(sale),
    payment: sale.payment,
    shift: sale.shift,
    remaining: sale.remaining,
    slot: sale.slot,
    ...(sale.status === 'void' ? { voided: true } : {}),
  };
}

export function sameItems({ items }: Sale, asked: readonly BuyItem[]): boolean {
  return (
    asked.length === items.length &&
    items.every((sold, index) => {
      const item = asked[index]!;
      return item.event === sold.pool.spec.id && item.category === categoryOf(sold).id && item.n === sold.tickets.length;
    })
  );
}

/** All that a printer and a screen need to know of a sale. */
export function saleView(sale: Sale, undone: Undone | null): SaleView {
  const { requestId, slot, kiosk, clerk, at, status, payment, shift, claims, receipts } = sale;
  invariant(status !== 'never', `request ${requestId} was never sold`);
  let place = 0;
  const items = sale.items.map((item) => {
    const { pool, price, tickets } = item;
    const category = categoryOf(item);
    const printed = claims.slice(place, place + tickets.length);
    const confirmed = sale.confirmed.slice(place, place + tickets.length);
    place += tickets.length;
    return {
      event: pool.spec.id,
      eventName: pool.spec.name,
      starts: pool.spec.starts ?? null,
      category: category.id,
      categoryName: category.name,
      price,
      tickets,
      printed,
      confirmed,
    };
  });
  return {
    sale: saleId(sale),
    requestId,
    slot,
    kiosk,
    clerk,
    at,
    status,
    total: totalOf(sale),
    payment,
    shift,
    receipts,
    undone:
      undone === null
        ? null
        : {
            at: undone.at,
            slot: undone.slot,
            kiosk: undone.kiosk,
            clerk: undone.clerk,
            approver: undone.approver,
            reason: undone.reason,
          },
    items,
  };
}
