import { z } from 'zod';
import type { Answer, BuyAnswer, Refusal } from '../../shared/answers';
import { nameIdSchema } from '../../shared/site';
import { MAX_TICKETS_PER_BUY, requestIdSchema } from '../../shared/values';

const pendingSchema = z.strictObject({
  id: requestIdSchema,
  wanted: z.strictObject({ event: nameIdSchema, category: nameIdSchema, n: z.int().min(1).max(MAX_TICKETS_PER_BUY) }),
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
  return state.kind === 'selling' || state.kind === 'checking' ? state.pending : null;
}

/** What an answer to request `id`, or a lost one (null), makes of the sale on its way. */
export function afterAnswer(state: SaleState, id: string, answer: Answer | null): SaleState {
  const pending = pendingOf(state);
  if (pending === null || pending.id !== id) return state;
  if (answer === null) return { kind: 'checking', pending };
  // Another command's answer says nothing of this sale.
  if (answer.ok) return answer.op === 'buy' ? { kind: 'sold', answer, pending } : { kind: 'checking', pending };
  return isDefinite(answer, state.kind === 'checking') ? { kind: 'refused', refusal: answer, pending } : { kind: 'checking', pending };
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
