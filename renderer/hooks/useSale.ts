import { useCallback, useEffect, useRef, useState } from 'react';
import { bridge, unwrap } from '../bridge';
import { afterAnswer, mayBegin, type Pending, pendingOf, readPending, type SaleState, type Wanted } from '../logic/sale';

/** While a sale's end is unknown the kiosk is asked again at this pace, each time with the same request id. */
const ASK_AGAIN_MS = 1_000;
const STORED = 'quorum-kiosk-pending';

function firstState(): SaleState {
  const pending = readPending(sessionStorage.getItem(STORED));
  return pending === null ? { kind: 'idle' } : { kind: 'checking', pending };
}

function store(pending: Pending | null): void {
  if (pending === null) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(pending));
}

export interface Sale {
  readonly state: SaleState;
  begin(wanted: Wanted): void;
  dismiss(): void;
}

/** The one sale at a time of this window. A reloaded page finds the sale that was on its way, and asks on. */
export function useSale(kiosk: number): Sale {
  const [state, setState] = useState(firstState);
  const busy = useRef(!mayBegin(state));

  const ask = useCallback(async ({ id, wanted }: Pending) => {
    const answer = await unwrap(bridge.execute({ op: 'buy', id, items: [wanted] })).catch(() => null);
    setState((old) => afterAnswer(old, id, answer));
  }, []);

  useEffect(() => {
    store(pendingOf(state));
    busy.current = !mayBegin(state);
    if (state.kind !== 'checking') return undefined;
    // A new state object for each unanswered try begins the wait anew.
    const timer = setTimeout(() => void ask(state.pending), ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [state, ask]);

  const begin = useCallback(
    (wanted: Wanted) => {
      // A second touch before the screen has changed sells nothing.
      if (busy.current) return;
      busy.current = true;
      const pending: Pending = { id: `w${kiosk}-${crypto.randomUUID()}`, wanted };
      // Kept before it is asked: a page that dies in between must not forget what it may have sold.
      store(pending);
      setState({ kind: 'selling', pending });
      void ask(pending);
    },
    [kiosk, ask],
  );

  const dismiss = useCallback(() => setState((old) => (mayBegin(old) ? { kind: 'idle' } : old)), []);
  return { state, begin, dismiss };
}
