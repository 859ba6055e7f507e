import type { KioskId, Slot } from './ballot';
import type { PaymentKind } from './money';

/** Sales, or sales that were undone, of one kind. */
export interface Sums {
  readonly sales: number;
  readonly tickets: number;
  readonly cents: number;
}

/** What a drawer saw of sales and movements since it was opened. Cents. */
export interface ShiftTotals {
  readonly sold: Readonly<Record<PaymentKind, Sums>>;
  /** Money given back in this shift, for voided sales of whatever shift. */
  readonly back: Readonly<Record<PaymentKind, Sums>>;
  readonly cashIn: number;
  readonly cashOut: number;
}

/** One clerk's drawer at one kiosk, from its opening on: an X report while it is open, a Z report once it is closed. */
export interface ShiftView {
  readonly shift: number;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by the clock of the kiosk that opened it. */
  readonly openedAt: number;
  readonly openedSlot: Slot;
  /** Cash in the drawer at the beginning. */
  readonly float: number;
  readonly totals: ShiftTotals;
  /** Cash that has to be in the drawer. */
  readonly expected: number;
  readonly closed: {
    /** Number of the Z report: 1, 2, 3 ... over the whole site, without a gap. */
    readonly z: number;
    readonly at: number;
    readonly slot: Slot;
    /** Who closed it. */
    readonly clerk: string;
    readonly counted: number;
    /** counted - expected: below 0, money is missing. */
    readonly difference: number;
    /** Sales that are counted above and were given up since: without them less was expected. Null for none. */
    readonly givenUpSince: Readonly<Record<PaymentKind, Sums>> | null;
  } | null;
}
