import { useEffect, useState } from 'react';
import type { PrintQueueView } from '../../shared/printing';
import { bridge, unwrap } from '../bridge';

/** The kiosk's print queue as main has it; null until it is heard for the first time. */
export function usePrintQueue(): PrintQueueView | null {
  const [queue, setQueue] = useState<PrintQueueView | null>(null);
  useEffect(() => {
    const take = (next: PrintQueueView) => setQueue((old) => (old !== null && old.version > next.version ? old : next));
    const unsubscribe = bridge.onPrintQueue(take);
    // A page that hears nothing at first is told at the next change.
    unwrap(bridge.printQueue()).then(take, () => undefined);
    return unsubscribe;
  }, []);
  return queue;
}
