import { useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';

const ASK_AGAIN_MS = 1_000;

export interface ViewState {
  /** Null until the first one is there. */
  readonly view: KioskView | null;
  /** Why there is none yet, in main's words; it is asked again meanwhile. */
  readonly error: Fault | null;
}

/** The kiosk's state as main tells it. An older version never replaces a newer one. */
export function useKioskView(first: KioskView | null): ViewState {
  const [state, setState] = useState<ViewState>({ view: first, error: null });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const take = (next: KioskView) =>
      setState((old) => (old.view !== null && old.view.version > next.version ? old : { view: next, error: null }));
    const ask = () =>
      unwrap(bridge.view()).then(take, (error: unknown) => {
        if (stopped) return;
        setState((old) => (old.view === null ? { view: null, error: faultOf(error) } : old));
        timer = setTimeout(ask, ASK_AGAIN_MS);
      });
    const unsubscribe = bridge.onChanged(take);
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
    };
  }, []);
  return state;
}
