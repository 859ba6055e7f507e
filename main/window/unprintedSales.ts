import type { LogEntryView } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import type { KioskService, SaleView } from '../../shared/service';

/** Log entries read at once. */
const PAGE_SLOTS = 500;
/** After a start the log is read backwards over so many commands, and no further: an unprinted sale is a recent one. */
const LOOK_BACK_COMMANDS = 20_000;
const LOOK_BACK_SLOTS = 10_000;
/** Sales kept in each list; a kiosk that never prints needs no longer one. */
const SALES_MAX = 100;

/**
 * Committed sales with tickets that are not known to be on paper, found in the log itself: so they are offered again
 * after a restart, whatever was on the screen before it, and at another kiosk if theirs stays dead (S23).
 */
export class UnprintedSales {
  private readonly candidates = new Set<string>();
  /** All of [low, high] has been read; nothing while low > high. */
  private low: Slot = 0;
  private high: Slot = 0;
  private firstSlot: Slot = 1;
  private slotsLeft = LOOK_BACK_SLOTS;
  private commandsLeft = LOOK_BACK_COMMANDS;
  private applied: Slot = 0;
  private reading = false;

  /** @param onChange the list may be another one now */
  constructor(
    private readonly service: Pick<KioskService, 'log' | 'sale'>,
    private readonly kiosk: KioskId,
    private readonly onChange: () => void,
    private readonly log: (line: string) => void,
  ) {}

  /** The log is applied up to here. */
  follow(applied: Slot): void {
    this.applied = applied;
    void this.read();
  }

  /** Those of this kiosk, newest first. */
  list(): readonly SaleView[] {
    return this.open()
      .filter(({ kiosk }) => kiosk === this.kiosk)
      .slice(0, SALES_MAX);
  }

  /** Those of all other kiosks, newest first. */
  elsewhere(): readonly SaleView[] {
    return this.open()
      .filter(({ kiosk }) => kiosk !== this.kiosk)
      .slice(0, SALES_MAX);
  }

  private open(): readonly SaleView[] {
    const open: SaleView[] = [];
    for (const id of this.candidates) {
      const sale = this.service.sale(id);
      if (sale !== null && sale.status === 'live' && isUnprinted(sale)) open.push(sale);
      // Neither a confirmation nor the end of a sale is ever taken back.
      else this.candidates.delete(id);
    }
    return open.sort((a, b) => b.slot - a.slot);
  }

  private async read(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      for (let range = this.nextRange(); range !== null; range = this.nextRange()) await this.readRange(range);
    } catch (error) {
      this.log(`sales that are not printed could not be looked up: ${(error as Error).message}`);
    } finally {
      this.reading = false;
    }
  }

  private nextRange(): { readonly from: Slot; readonly to: Slot } | null {
    if (this.low === 0 && this.applied > 0) {
      this.low = this.applied + 1;
      this.high = this.applied;
    }
    if (this.applied > this.high) return { from: this.high + 1, to: Math.min(this.applied, this.high + PAGE_SLOTS) };
    const more = this.slotsLeft > 0 && this.commandsLeft > 0;
    return more && this.low > this.firstSlot ? { from: Math.max(this.firstSlot, this.low - PAGE_SLOTS), to: this.low - 1 } : null;
  }

  private async readRange({ from, to }: { readonly from: Slot; readonly to: Slot }): Promise<void> {
    const page = await this.service.log(from, to - from + 1);
    this.firstSlot = page.firstSlot;
    const back = to < this.low;
    for (const entry of page.entries) this.take(entry);
    if (back) {
      this.low = from;
      this.slotsLeft -= to - from + 1;
      this.commandsLeft -= page.entries.reduce((sum, { commands }) => sum + commands.length, 0);
    } else this.high = to;
    this.onChange();
  }

  private take({ commands }: LogEntryView): void {
    for (const { op, result } of commands) {
      if (op !== 'buy' || !result.ok || result.sale === undefined) continue;
      this.candidates.add(result.sale);
    }
    if (this.candidates.size <= 2 * SALES_MAX) return;
    const kept = [...this.list(), ...this.elsewhere()];
    this.candidates.clear();
    for (const { sale } of kept) this.candidates.add(sale);
  }
}

/** A ticket of it was never claimed for a printer, or nobody knows what became of it. */
export function isUnprinted({ items }: SaleView): boolean {
  return items.some(({ printed, confirmed }) => printed.includes(0) || confirmed.includes(false));
}
