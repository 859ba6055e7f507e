import type { CommandResult, SoldItem } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import type { SaleView } from '../../shared/service';
import type { CategorySpec } from '../../shared/site';
import type { RequestId } from '../../shared/values';
import type { Pool } from './pool';

/** One line of a sale: n tickets, numbered from `first` on. */
export interface SaleItem {
  readonly pool: Pool;
  readonly category: CategorySpec;
  readonly n: number;
  readonly first: number;
}

/**
 * A committed sale as it is kept for the season: what can't be worked out from the rest. A site has a million
 * of them, so ticket numbers, totals and names are made anew for whoever asks.
 */
export interface Sale {
  readonly requestId: RequestId;
  readonly slot: Slot;
  /** Position of its command in the batch, from 1. */
  readonly index: number;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by the clock of the kiosk that sold it. */
  readonly at: number;
  /** Left of the first item's event right after it. */
  readonly remaining: number;
  readonly items: readonly SaleItem[];
}

/** The name of a sale: slot and index, for example 2.1. */
export function saleId({ slot, index }: Sale): string {
  return `${slot}.${index}`;
}

/** The first answer to the buy, whenever it is asked for. */
export function saleResult(sale: Sale): CommandResult {
  return {
    ok: true,
    op: 'buy',
    sale: saleId(sale),
    items: sale.items.map(
      (item): SoldItem => ({ event: item.pool.spec.id, category: item.category.id, n: item.n, tickets: numbers(item) }),
    ),
    total: total(sale),
    remaining: sale.remaining,
    slot: sale.slot,
  };
}

/** All that a printer needs to know of a sale. */
export function saleView(sale: Sale): SaleView {
  const { requestId, slot, kiosk, clerk, at } = sale;
  const items = sale.items.map((item) => ({
    event: item.pool.spec.id,
    eventName: item.pool.spec.name,
    starts: item.pool.spec.starts ?? null,
    category: item.category.id,
    categoryName: item.category.name,
    price: item.category.price,
    tickets: numbers(item),
  }));
  return { sale: saleId(sale), requestId, slot, kiosk, clerk, at, total: total(sale), items };
}

/** Cents. */
function total({ items }: Sale): number {
  return items.reduce((sum, { category, n }) => sum + category.price * n, 0);
}

function numbers({ first, n }: SaleItem): number[] {
  return Array.from({ length: n }, (_, index) => first + index);
}

/** All sales in the order of the log. Looked up by halving, so that the index costs a sale eight bytes. */
export class Sales {
  private readonly list: Sale[] = [];

  add(sale: Sale): void {
    const newest = this.list.at(-1);
    invariant(newest === undefined || order(newest, sale.slot, sale.index) < 0, `sale ${saleId(sale)} comes out of order`);
    this.list.push(sale);
  }

  /** The sale of that name, or null. */
  find(id: string): Sale | null {
    const [, slot, index] = /^([1-9]\d{0,15})\.([1-9]\d{0,15})$/.exec(id) ?? [];
    if (slot === undefined || index === undefined) return null;
    let low = 0;
    let high = this.list.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const sale = this.list[middle]!;
      const compared = order(sale, Number(slot), Number(index));
      if (compared === 0) return sale;
      if (compared < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }
}

function order(sale: Sale, slot: Slot, index: number): number {
  return sale.slot - slot || sale.index - index;
}
