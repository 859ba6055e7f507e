import { useCallback, useEffect, useRef, useState } from 'react';
import { bridge, unwrap } from '../bridge';
import {
  afterAnswer,
  afterGivingUp,
  giveUp as givenUp,
  mayBegin,
  type Pending,
  pendingOf,
  readPending,
  resumed,
  type SaleState,
  type Wanted,
} from '../logic/sale';

/** While a sale's end is unknown the kiosk is asked again at this pace, each time with the same request id. */
const ASK_AGAIN_MS = 1_000;
const STORED = 'quorum-kiosk-pending';

const firstState = () => resumed(readPending(sessionStorage.getItem(STORED)));

function store(pending: Pending | null): void {
  if (pending === null) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(pending));
}

export interface Sale {
  readonly state: SaleState;
  begin(wanted: Wanted): void;
  /** Gives the sale on its way up; what is true is told as soon as the log has answered (rule 10). */
  giveUp(): void;
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

  const askToGiveUp = useCallback(async (id: string, cancel: string) => {
    const answer = await unwrap(bridge.execute({ op: 'cancel', id: cancel, target: id })).catch(() => null);
    setState((old) => afterGivingUp(old, cancel, answer));
  }, []);

  useEffect(() => {
    store(pendingOf(state));
    busy.current = !mayBegin(state);
    if (state.kind !== 'checking' && state.kind !== 'giving_up') return undefined;
    // A new state object for each unanswered try begins the wait anew.
    const again = () => (state.kind === 'checking' ? ask(state.pending) : askToGiveUp(state.pending.id, state.cancel));
    const timer = setTimeout(() => void again(), ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [state, ask, askToGiveUp]);

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

  const giveUp = useCallback(() => {
    if (state.kind !== 'checking') return;
    const { pending } = state;
    const cancel = `w${kiosk}-${crypto.randomUUID()}`;
    store({ ...pending, cancel });
    setState((old) => givenUp(old, cancel));
    void askToGiveUp(pending.id, cancel);
  }, [kiosk, state, askToGiveUp]);

  const dismiss = useCallback(() => setState((old) => (mayBegin(old) ? { kind: 'idle' } : old)), []);
  return { state, begin, giveUp, dismiss };
}
