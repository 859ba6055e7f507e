import type { CommandResult, Counted } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import type { PaymentKind } from '../../shared/money';
import { say } from '../../shared/said';
import type { ShiftTotals, ShiftView, Sums } from '../../shared/shifts';
import type { OpenShift } from '../../shared/snapshot';
import type { Command, ShiftCommand } from '../../shared/values';
import { RowReader, Rows, RowWriter } from './rows';

const NONE: Sums = { sales: 0, tickets: 0, cents: 0 };
type SumsByKind = Readonly<Record<PaymentKind, Sums>>;
const NO_SUMS: SumsByKind = { cash: NONE, card: NONE, free: NONE };
const NO_TOTALS: ShiftTotals = { sold: NO_SUMS, back: NO_SUMS, cashIn: 0, cashOut: 0 };

/** A closed shift as its row has it: what came afterwards is no part of it. */
type KeptShift = Omit<ShiftView, 'closed'> & { readonly closed: Omit<NonNullable<ShiftView['closed']>, 'givenUpSince'> };

/**
 * The drawers: each clerk has at most one open shift at a kiosk. What a shift is worth is counted as its sales are
 * applied, so a closed one never changes: a sale that names it afterwards is refused, and one that is given up
 * afterwards is named beside its report. The Z number of a closed shift is its row's number, so there can be no gap.
 */
export class Shifts {
  private readonly open: Map<number, OpenShift>;
  private readonly writer = new RowWriter();
  /** Row of each closed shift. */
  private readonly rowOf = new Map<number, number>();
  /** Of closed shifts: sales that they count, and that were given up since. */
  private readonly givenUpSince = new Map<number, SumsByKind>();

  constructor(
    open: readonly OpenShift[] = [],
    private last = 0,
    private readonly closed = new Rows(),
  ) {
    this.open = new Map(open.map((shift) => [shift.shift, shift]));
    for (let row = 0; row < closed.count; row += 1) this.rowOf.set(this.closedAt(row).shift, row);
  }

  /** Number of the newest. */
  get newest(): number {
    return this.last;
  }

  get openShifts(): readonly OpenShift[] {
    return [...this.open.values()];
  }

  freeze(): readonly Uint8Array[] {
    return this.closed.freeze();
  }

  isOpen(shift: number): boolean {
    return this.open.has(shift);
  }

  /** The open shift of a clerk at a kiosk. */
  openOf(kiosk: KioskId, clerk: string): ShiftView | null {
    for (const shift of this.open.values()) if (shift.kiosk === kiosk && shift.clerk === clerk) return viewOf(shift);
    return null;
  }

  view(shift: number): ShiftView | null {
    const open = this.open.get(shift);
    if (open !== undefined) return viewOf(open);
    const row = this.rowOf.get(shift);
    return row === undefined ? null : this.closedAt(row);
  }

  /** Newest first, those below `before`. */
  list(before: number | null, limit: number): readonly ShiftView[] {
    const views: ShiftView[] = [];
    for (let shift = Math.min(this.last, (before ?? this.last + 1) - 1); shift >= 1 && views.length < limit; shift -= 1)
      views.push(this.view(shift)!);
    return views;
  }

  /** A sale went through the drawer, or was paid back from it. */
  count(shift: number, side: 'sold' | 'back', payment: PaymentKind, tickets: number, cents: number): void {
    const open = this.open.get(shift);
    if (open === undefined) return;
    const sums = open.totals[side];
    const after = plus(sums[payment], tickets, cents);
    this.open.set(shift, { ...open, totals: { ...open.totals, [side]: { ...sums, [payment]: after } } });
  }

  /** A sale that was given up before anybody had its tickets: as if it had never been; but a report that is written stays. */
  uncount(shift: number, payment: PaymentKind, tickets: number, cents: number): void {
    const open = this.open.get(shift);
    if (open === undefined) {
      const since = this.givenUpSince.get(shift) ?? NO_SUMS;
      this.givenUpSince.set(shift, { ...since, [payment]: plus(since[payment], tickets, cents) });
      return;
    }
    const { sold } = open.totals;
    const before = sold[payment];
    const after = { sales: before.sales - 1, tickets: before.tickets - tickets, cents: before.cents - cents };
    this.open.set(shift, { ...open, totals: { ...open.totals, sold: { ...sold, [payment]: after } } });
  }

  apply(slot: Slot, { action, kiosk, clerk, at }: ShiftCommand): CommandResult {
    if (action.kind === 'open') return this.begin(slot, kiosk, clerk, at, action.float);
    const shift = this.open.get(action.shift);
    if (shift === undefined) return notOpen('shift', action.shift, this.view(action.shift));
    if (action.kind === 'close') return this.close(slot, shift, { clerk, at, counted: action.counted });
    const side = action.kind === 'in' ? 'cashIn' : 'cashOut';
    const moved = { ...shift, totals: { ...shift.totals, [side]: shift.totals[side] + action.cents } };
    const { expected } = viewOf(moved);
    if (action.kind === 'out' && expected < 0) return { ok: false, op: 'shift', reason: 'not_allowed', ...say('drawer_short') };
    this.open.set(shift.shift, moved);
    return { ok: true, op: 'shift', shift: shift.shift, expected, slot };
  }

  private begin(slot: Slot, kiosk: KioskId, clerk: string, at: number, float: number): CommandResult {
    const running = this.openOf(kiosk, clerk);
    if (running !== null) {
      return { ok: false, op: 'shift', reason: 'not_allowed', ...say('shift_elsewhere', clerk, running.shift, kiosk) };
    }
    this.last += 1;
    this.open.set(this.last, { shift: this.last, kiosk, clerk, openedAt: at, openedSlot: slot, float, totals: NO_TOTALS });
    return { ok: true, op: 'shift', shift: this.last, expected: float, slot };
  }

  private close(
    slot: Slot,
    shift: OpenShift,
    by: { readonly clerk: string; readonly at: number; readonly counted: number },
  ): CommandResult {
    const { expected, ...view } = viewOf(shift);
    const closed: Counted = { z: this.closed.count + 1, expected, counted: by.counted, difference: by.counted - expected };
    const { z, counted, difference } = closed;
    const kept: KeptShift = { ...view, expected, closed: { z, at: by.at, slot, clerk: by.clerk, counted, difference } };
    this.rowOf.set(shift.shift, this.writer.begin().text(JSON.stringify(kept)).addTo(this.closed));
    this.open.delete(shift.shift);
    return { ok: true, op: 'shift', shift: shift.shift, expected, closed, slot };
  }

  private closedAt(row: number): ShiftView {
    const kept = JSON.parse(new RowReader(this.closed.read(row)).text()) as KeptShift;
    return { ...kept, closed: { ...kept.closed, givenUpSince: this.givenUpSince.get(kept.shift) ?? null } };
  }
}

function plus(sums: Sums, tickets: number, cents: number): Sums {
  return { sales: sums.sales + 1, tickets: sums.tickets + tickets, cents: sums.cents + cents };
}

/** The shift is closed, or never was. */
export function notOpen(op: Command['op'], shift: number, view: ShiftView | null): CommandResult {
  const words = view?.closed == null ? say('unknown_shift', shift) : say('shift_closed', shift, view.closed.z);
  return { ok: false, op, reason: 'no_shift', ...words };
}

function viewOf(shift: OpenShift): ShiftView {
  const { sold, back, cashIn, cashOut } = shift.totals;
  return { ...shift, expected: shift.float + sold.cash.cents - back.cash.cents + cashIn - cashOut, closed: null };
}
