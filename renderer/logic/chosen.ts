import type { SaleView } from '../../shared/service';

/** A sale whose details are looked at, and what stood in the search field when it was chosen. */
export interface Chosen {
  readonly sale: SaleView;
  readonly text: string;
}

/** The sale that is chosen by itself: what was typed or scanned names this one only. @param found null while it is still looked for */
export function onlyOne(found: readonly SaleView[] | null, text: string): SaleView | null {
  return found?.length === 1 && text !== '' ? found[0]! : null;
}

/**
 * The sale whose details stand beside the list, to be printed or voided: never that of another ticket than the one that
 * was scanned last. One that no longer fits, for example because it was just voided, stays until something else is typed.
 */
export function shownSale(chosen: Chosen | null, found: readonly SaleView[] | null, text: string): SaleView | null {
  // What was printed or voided since is in the newer list.
  const newer = found?.find(({ sale }) => sale === chosen?.sale.sale);
  if (newer !== undefined) return newer;
  return chosen !== null && chosen.text === text ? chosen.sale : null;
}
