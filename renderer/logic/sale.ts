import { z } from 'zod';
import type { Answer, BuyAnswer, Refusal } from '../../shared/answers';
import { nameIdSchema } from '../../shared/site';
import { MAX_TICKETS_PER_BUY, requestIdSchema } from '../../shared/values';

const pendingSchema = z.strictObject({
  id: requestIdSchema,
  wanted: z.strictObject({ event: nameIdSchema, category: nameIdSchema, n: z.int().min(1).max(MAX_TICKETS_PER_BUY) }),
  /** The request that gives it up, once the clerk has done so (rule 10). */
  cancel: requestIdSchema.optional(),
});
/** A sale that was asked for; its request id stays the same however often it is asked again (rule 9). */
export type Pending = Readonly<z.infer<typeof pendingSchema>>;
/** One line of the sale as the clerk chose it. */
export type Wanted = Pending['wanted'];

export type SaleState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'selling'; readonly pending: Pending }
  /** It may be sold: the kiosk asks again until the log answers. Never "failed" (S19). */
  | { readonly kind: 'checking'; readonly pending: Pending }
  /** The clerk gave it up; it may still be sold until the log has answered. */
  | { readonly kind: 'giving_up'; readonly pending: Pending; readonly cancel: string }
  /** The log says that nothing is sold by it, and nothing will be. */
  | { readonly kind: 'given_up'; readonly pending: Pending }
  | { readonly kind: 'sold'; readonly answer: BuyAnswer; readonly pending: Pending }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly pending: Pending };

/** The sale that an earlier life of this page left behind; null for none, or for text that is no sale. */
export function readPending(text: string | null): Pending | null {
  if (text === null) return null;
  try {
    return pendingSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What to keep for a reloaded page: the sale whose end is not known yet. */
export function pendingOf(state: SaleState): Pending | null {
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
export function resumed(pending: Pending | null): SaleState {
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
  if (answer.ok) return answer.op === 'buy' ? { kind: 'sold', answer, pending } : { kind: 'checking', pending };
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

/** The smaller sale to offer where fewer are left than asked for; null where none. */
export function offerOf(state: SaleState): Wanted | null {
  if (state.kind !== 'refused' || state.refusal.reason !== 'not_enough') return null;
  const { remaining } = state.refusal;
  return remaining === undefined || remaining < 1 ? null : { ...state.pending.wanted, n: remaining };
}

/** Whether a new sale may begin: not while the last one's end is unknown. */
export function mayBegin(state: SaleState): boolean {
  return pendingOf(state) === null;
}
