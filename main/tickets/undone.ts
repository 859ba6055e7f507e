import type { KioskId, Slot } from '../../shared/ballot';
import { RowReader, Rows, RowWriter } from './rows';

/** How a sale ended: who took it back, when and why. */
export interface Undone {
  /** Row of the sale. */
  readonly sale: number;
  /** cancelled: given up before anybody had a ticket. */
  readonly status: 'cancelled' | 'void';
  /** Its shift was closed already, and its Z report counts it: named beside the report, since no other one will. */
  readonly afterClose: boolean;
  readonly slot: Slot;
  /** ms since 1970, by the clock of the kiosk that asked for it. */
  readonly at: number;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** Whose PIN allowed it; null where the clerk needed none. */
  readonly approver: string | null;
  readonly reason: string | null;
}

/** What a row begins with, behind its sale. An earlier version takes all but VOID for CANCELLED. */
const CANCELLED = 0;
const VOID = 1;
const CANCELLED_AFTER_CLOSE = 2;

/** Sales that were voided or given up, in the order in which they were. */
export class UndoneSales {
  private readonly bySale = new Map<number, number>();
  private readonly writer = new RowWriter();

  constructor(private readonly rows = new Rows()) {
    for (let row = rows.first; row < rows.count; row += 1) this.bySale.set(new RowReader(rows.read(row)).u32(), row);
  }

  /** Rows of the sales that were given up after their shift was closed. */
  *afterClose(): Iterable<number> {
    for (const [sale, row] of this.bySale) {
      const reader = new RowReader(this.rows.read(row));
      reader.u32();
      if (reader.u8() === CANCELLED_AFTER_CLOSE) yield sale;
    }
  }

  get count(): number {
    return this.rows.count;
  }

  add({ sale, status, afterClose, slot, at, kiosk, clerk, approver, reason }: Undone): void {
    const { writer } = this;
    writer
      .begin()
      .u32(sale)
      .u8(status === 'void' ? VOID : afterClose ? CANCELLED_AFTER_CLOSE : CANCELLED)
      .whole(slot)
      .whole(at)
      .u8(kiosk)
      .text(clerk)
      .text(approver ?? '')
      .text(reason ?? '');
    this.bySale.set(sale, writer.addTo(this.rows));
  }

  ofSale(sale: number): Undone | null {
    const row = this.bySale.get(sale);
    return row === undefined ? null : this.read(row);
  }

  /** By its place in the order of undoing, from 0. */
  read(row: number): Undone {
    const reader = new RowReader(this.rows.read(row));
    const sale = reader.u32();
    const end = reader.u8();
    const status = end === VOID ? 'void' : 'cancelled';
    const afterClose = end === CANCELLED_AFTER_CLOSE;
    const [slot, at, kiosk] = [reader.whole(), reader.whole(), reader.u8()];
    return {
      sale,
      status,
      afterClose,
      slot,
      at,
      kiosk,
      clerk: reader.text(),
      approver: reader.text() || null,
      reason: reader.text() || null,
    };
  }

  freeze(): readonly Uint8Array[] {
    return this.rows.freeze();
  }
}
