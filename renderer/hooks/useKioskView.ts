import { useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';

/** The kiosk's state as main tells it; null until the first one is there. An older version never replaces a newer one. */
export function useKioskView(): KioskView | null {
  const [view, setView] = useState<KioskView | null>(null);
  useEffect(() => {
    const take = (next: KioskView) => setView((old) => (old !== null && old.version > next.version ? old : next));
    const stop = bridge.onChanged(take);
    unwrap(bridge.view()).then(take, () => undefined);
    return stop;
  }, []);
  return view;
}
