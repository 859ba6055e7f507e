import type { Answer, BuyAnswer, EventState, Refusal } from '../../shared/answers';
import type { SaleView } from '../../shared/service';
import type { PendingSale } from '../../shared/till';
import { type Cart, countsByEvent, cutTo } from './cart';

/** What a screen tells of a sale that stands in the log. */
export type Sold = Pick<BuyAnswer, 'sale' | 'tickets' | 'items' | 'total' | 'payment'>;

export type SaleState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'selling'; readonly pending: PendingSale }
  /** It may be sold: the kiosk asks again until the log answers. Never "failed" (S19). */
  | { readonly kind: 'checking'; readonly pending: PendingSale }
  /** The clerk gave it up; it may still be sold until the log has answered. */
  | { readonly kind: 'giving_up'; readonly pending: PendingSale; readonly cancel: string }
  /** The log says that nothing is sold by it, and nothing will be. */
  | { readonly kind: 'given_up'; readonly pending: PendingSale }
  /** fresh: just now, so its tickets are to be printed next; not so where a reloaded page found it. */
  | { readonly kind: 'sold'; readonly sold: Sold; readonly fresh: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly pending: PendingSale };

/** What to keep for a reloaded page: the sale whose end is not known yet. */
export function pendingOf(state: SaleState): PendingSale | null {
  switch (state.kind) {
    case 'selling':
    case 'checking':
      return state.pending;
    case 'giving_up':
      return { ...state.pending, cancel: state.cancel };
    case 'idle':
    case 'given_up':
    case 'sold':
    case 'refused':
      return null;
  }
}

/** Where a page goes on that finds a sale which an earlier life of it left behind. */
export function resumed(pending: PendingSale | null): SaleState {
  if (pending === null) return { kind: 'idle' };
  const { cancel, ...sale } = pending;
  return cancel === undefined ? { kind: 'checking', pending: sale } : { kind: 'giving_up', pending: sale, cancel };
}

/** What an answer to request `id`, or a lost one (null), makes of the sale on its way. */
export function afterAnswer(state: SaleState, id: string, answer: Answer | null): SaleState {
  if ((state.kind !== 'selling' && state.kind !== 'checking') || state.pending.id !== id) return state;
  const { pending } = state;
  if (answer === null) return { kind: 'checking', pending };
  // Another command's answer says nothing of this sale.
  if (answer.ok) return answer.op === 'buy' ? { kind: 'sold', sold: answer, fresh: true } : { kind: 'checking', pending };
  if (!isDefinite(answer, state.kind === 'checking')) return { kind: 'checking', pending };
  return answer.reason === 'cancelled' ? { kind: 'given_up', pending } : { kind: 'refused', refusal: answer, pending };
}

/** The clerk gives the sale on its way up, by a request `cancel`. */
export function giveUp(state: SaleState, cancel: string): SaleState {
  return state.kind === 'checking' ? { kind: 'giving_up', pending: state.pending, cancel } : state;
}

/** What an answer to the giving up, or a lost one (null), makes of it. */
export function afterGivingUp(state: SaleState, cancel: string, answer: Answer | null): SaleState {
  if (state.kind !== 'giving_up' || state.cancel !== cancel) return state;
  const { pending } = state;
  if (answer?.ok === true && answer.op === 'cancel') return { kind: 'given_up', pending };
  // What could not be given up is sold, or refused: the sale itself says which.
  if (answer?.ok === false && isDefinite(answer, true)) return { kind: 'checking', pending };
  return { kind: 'giving_up', pending, cancel };
}

/**
 * Whether a refusal settles the sale. One from before the log says only that *this* try went nowhere:
 * after an earlier try with an unknown end it settles nothing.
 */
function isDefinite({ reason }: Refusal, triedBefore: boolean): boolean {
  switch (reason) {
    case 'timeout':
      return false;
    case 'no_majority':
    case 'faulty':
    case 'unreachable':
    case 'bad_request':
      return !triedBefore;
    default:
      return true;
  }
}

/**
 * The smaller cart to offer where fewer are left than asked for; null where none. The refusal counts the pool
 * of the first event that fell short; where several events are bought, this kiosk's own counts tell which.
 */
export function offerOf(state: SaleState, events: readonly Pick<EventState, 'id' | 'remaining'>[]): Cart | null {
  if (state.kind !== 'refused' || state.refusal.reason !== 'not_enough') return null;
  const { refusal, pending } = state;
  const counts = countsByEvent(pending.order.items);
  let cart: Cart = pending.order.items;
  for (const [event, n] of counts) {
    const left = counts.size === 1 ? refusal.remaining : events.find(({ id }) => id === event)?.remaining;
    if (left !== undefined && left < n) cart = cutTo(cart, event, left);
  }
  return cart.length === 0 || cart === pending.order.items ? null : cart;
}

/** A sale out of the log, as the screen tells it. */
export function soldOf({ sale, items, total, payment }: SaleView): Sold {
  return {
    sale,
    total,
    payment,
    tickets: items.flatMap(({ tickets }) => tickets),
    items: items.map(({ event, category, tickets }) => ({ event, category, n: tickets.length, tickets })),
  };
}

/** Whether a new sale may begin: not while the last one's end is unknown. */
export function mayBegin(state: SaleState): boolean {
  return pendingOf(state) === null;
}
