import { useCallback, useEffect, useRef, useState } from 'react';
import type { Order, PendingSale } from '../../shared/till';
import { bridge, unwrap } from '../bridge';
import { afterAnswer, afterGivingUp, giveUp as givenUp, mayBegin, pendingOf, resumed, type SaleState, soldOf } from '../logic/sale';
import { keepTill, rememberedTill } from '../tillMemory';

/** While a sale's end is unknown the kiosk is asked again at this pace, each time with the same request id. */
const ASK_AGAIN_MS = 1_000;

export interface Sale {
  readonly state: SaleState;
  begin(order: Order): void;
  /** Gives the sale on its way up; what is true is told as soon as the log has answered (rule 10). */
  giveUp(): void;
  dismiss(): void;
}

/** The one sale at a time of this window. A page that is loaded anew finds the sale that was on its way, and asks on. */
export function useSale(kiosk: number): Sale {
  const [state, setState] = useState(() => resumed(rememberedTill().pending));
  const busy = useRef(!mayBegin(state));

  // The last sale stays on the screen over a reload, too.
  useEffect(() => {
    const { last } = rememberedTill();
    if (last === null) return;
    unwrap(bridge.sale(last)).then(
      (sale) =>
        setState((old) => (old.kind === 'idle' && sale?.status === 'live' ? { kind: 'sold', sold: soldOf(sale), fresh: false } : old)),
      () => undefined,
    );
  }, []);

  const ask = useCallback(async ({ id, order }: PendingSale) => {
    const answer = await unwrap(bridge.execute({ op: 'buy', id, ...order })).catch(() => null);
    setState((old) => afterAnswer(old, id, answer));
  }, []);

  const askToGiveUp = useCallback(async (id: string, cancel: string) => {
    const answer = await unwrap(bridge.execute({ op: 'cancel', id: cancel, target: id })).catch(() => null);
    setState((old) => afterGivingUp(old, cancel, answer));
  }, []);

  useEffect(() => {
    keepTill({ pending: pendingOf(state), ...(state.kind === 'sold' ? { last: state.sold.sale } : {}) });
    busy.current = !mayBegin(state);
    if (state.kind !== 'checking' && state.kind !== 'giving_up') return undefined;
    // A new state object for each unanswered try begins the wait anew.
    const again = () => (state.kind === 'checking' ? ask(state.pending) : askToGiveUp(state.pending.id, state.cancel));
    const timer = setTimeout(() => void again(), ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [state, ask, askToGiveUp]);

  const begin = useCallback(
    (order: Order) => {
      // A second touch before the screen has changed sells nothing.
      if (busy.current) return;
      busy.current = true;
      const pending: PendingSale = { id: `w${kiosk}-${crypto.randomUUID()}`, order };
      // Kept before it is asked: a page that dies in between must not forget what it may have sold.
      keepTill({ pending, last: null });
      setState({ kind: 'selling', pending });
      void ask(pending);
    },
    [kiosk, ask],
  );

  const giveUp = useCallback(() => {
    if (state.kind !== 'checking') return;
    const { pending } = state;
    const cancel = `w${kiosk}-${crypto.randomUUID()}`;
    keepTill({ pending: { ...pending, cancel } });
    setState((old) => givenUp(old, cancel));
    void askToGiveUp(pending.id, cancel);
  }, [kiosk, state, askToGiveUp]);

  const dismiss = useCallback(() => setState((old) => (mayBegin(old) ? { kind: 'idle' } : old)), []);
  return { state, begin, giveUp, dismiss };
}
