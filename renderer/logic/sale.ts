import type { Answer, BuyAnswer, Refusal } from '../../shared/answers';

/** One line of the sale as the clerk chose it. */
export interface Wanted {
  readonly event: string;
  readonly category: string;
  readonly n: number;
}

/** A sale that was asked for; its request id stays the same however often it is asked again (rule 9). */
export interface Pending {
  readonly id: string;
  readonly wanted: Wanted;
}

export type SaleState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'selling'; readonly pending: Pending }
  /** It may be sold: the kiosk asks again until the log answers. Never "failed" (S19). */
  | { readonly kind: 'checking'; readonly pending: Pending }
  | { readonly kind: 'sold'; readonly answer: BuyAnswer; readonly pending: Pending }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly pending: Pending };

/** What an answer, or a lost one (null), makes of a sale on its way. */
export function afterAnswer(state: SaleState, answer: Answer | null): SaleState {
  if (state.kind !== 'selling' && state.kind !== 'checking') return state;
  const { pending } = state;
  if (answer === null) return { kind: 'checking', pending };
  if (answer.ok) return answer.op === 'buy' ? { kind: 'sold', answer, pending } : state;
  if (answer.reason === 'timeout') return { kind: 'checking', pending };
  // A kiosk whose disk failed knows nothing of what it sent before.
  if (state.kind === 'checking' && (answer.reason === 'faulty' || answer.reason === 'unreachable' || answer.reason === 'no_majority'))
    return { kind: 'checking', pending };
  return { kind: 'refused', refusal: answer, pending };
}

/** The smaller sale to offer where fewer are left than asked for; null where none. */
export function offerOf(state: SaleState): Wanted | null {
  if (state.kind !== 'refused' || state.refusal.reason !== 'not_enough') return null;
  const { remaining } = state.refusal;
  return remaining === undefined || remaining < 1 ? null : { ...state.pending.wanted, n: remaining };
}

/** Whether a new sale may begin: not while the last one's end is unknown. */
export function mayBegin(state: SaleState): boolean {
  return state.kind !== 'selling' && state.kind !== 'checking';
}
