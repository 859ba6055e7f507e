import { type Said, saidOf } from '../../shared/said';
import { messages, type RefusalOnScreen } from '../messages';

/** What did not go, as a screen keeps it. */
export interface Fault {
  /** Short, the same in every language: what a clerk says on the phone. Null for a slip of her own hand, which she mends herself. */
  readonly code: string | null;
  /** Why, and what to do about it: in the language of when it is drawn. */
  readonly words: () => string;
}

export function faultOfSaid(said: Said): Fault {
  return { code: said.code, words: () => messages.said(said) };
}

/** What kept a request from an answer. */
export function faultOf(error: unknown): Fault {
  return faultOfSaid(saidOf(error));
}

export function refusalFault(refusal: RefusalOnScreen): Fault {
  return { code: refusal.said?.code ?? null, words: () => messages.refusal(refusal) };
}

/** A mistake in what was typed, which no other can help with. */
export function slip(words: () => string): Fault {
  return { code: null, words };
}
