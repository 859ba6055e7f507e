import { useEffect, useRef, useState } from 'react';
import type { AskedSale, OpenSalesView } from '../../shared/ipc';
import type { ElsewhereSale } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import type { SaleState } from '../logic/sale';

export interface OpenSales {
  readonly asked: readonly AskedSale[];
  readonly unprinted: readonly SaleView[];
  readonly elsewhere: readonly ElsewhereSale[];
}

/** What is left to see to its end at this kiosk, without the sale that the result panel shows. */
export function useOpenSales(sale: SaleState, printing: string | null): OpenSales {
  const [open, setOpen] = useState<OpenSalesView | null>(null);
  const shown = useRef(new Set<string>());
  if ('pending' in sale) shown.current.add(sale.pending.id);

  useEffect(() => {
    const take = (next: OpenSalesView) => setOpen((old) => (old !== null && old.version > next.version ? old : next));
    const unsubscribe = bridge.onOpenSales(take);
    // A page that hears nothing at first is told at the next change.
    unwrap(bridge.openSales()).then(take, () => undefined);
    return unsubscribe;
  }, []);

  // What the result panel has told the clerk needs no telling again.
  useEffect(() => {
    for (const { requestId, state } of open?.asked ?? [])
      if (state.kind !== 'checking' && state.kind !== 'giving_up' && shown.current.has(requestId)) void bridge.seen(requestId);
  }, [open]);

  const asked = (open?.asked ?? []).filter(({ requestId }) => !shown.current.has(requestId));
  const told = new Set(asked.map(({ requestId }) => requestId));
  const unprinted = (open?.unprinted ?? []).filter((other) => other.sale !== printing && !told.has(other.requestId));
  return { asked, unprinted, elsewhere: (open?.elsewhere ?? []).filter((other) => other.sale.sale !== printing) };
}
