import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { Request } from '../../shared/requests';
import type { Change } from '../../shared/values';
import type { RefusalOnScreen } from '../messages';

export type ChangeRequest = Extract<Request, { op: 'add_kiosk' | 'change' }>;
/** Under its own request id, by which it can be taken back. */
export type IssuedChange = ChangeRequest & { readonly id: string };

/** The last change of the members that this window asked for. */
export type ChangeState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'working';
      readonly request: IssuedChange;
      readonly progress: ProgressAnswer | null;
      /** The clerk has taken it back, and the log has not answered. */
      readonly takingBack: boolean;
    }
  | { readonly kind: 'done'; readonly request: IssuedChange; readonly members: readonly KioskId[] }
  | { readonly kind: 'taken_back'; readonly kiosk: KioskId }
  | { readonly kind: 'refused'; readonly request: IssuedChange | null; readonly refusal: RefusalOnScreen; readonly stillTrying: boolean };

/** Which change it is, whichever of its two words was used. */
export function kindOf(request: ChangeRequest): Change['kind'] {
  return request.op === 'add_kiosk' ? 'add' : request.change;
}

/** News of how far a change has come: only of the one that is under way. */
export function withProgress(state: ChangeState, progress: ProgressAnswer): ChangeState {
  return state.kind === 'working' && state.request.id === progress.requestId ? { ...state, progress } : state;
}

/** Whether an answer to the request is still news. */
function isAbout(state: ChangeState, request: IssuedChange): boolean {
  return state.kind === 'working' && state.request.id === request.id;
}

/** What became of a change. One whose waiting has ended may still be tried by the site. */
export function afterAnswer(state: ChangeState, request: IssuedChange, answer: Answer): ChangeState {
  if (!isAbout(state, request)) return state;
  if (answer.ok) return { kind: 'done', request, members: 'members' in answer ? answer.members : [] };
  if (answer.reason === 'withdrawn' || answer.reason === 'cancelled') return { kind: 'taken_back', kiosk: request.kiosk };
  return { kind: 'refused', request, refusal: answer, stillTrying: answer.reason === 'timeout' && kindOf(request) === 'add' };
}

/** What came of taking a change back. */
export function afterTakingBack(state: ChangeState, request: IssuedChange, answer: Answer): ChangeState {
  if (!isAbout(state, request)) return state;
  if (answer.ok) return { kind: 'taken_back', kiosk: request.kiosk };
  return { kind: 'refused', request, refusal: answer, stillTrying: answer.reason === 'no_majority' };
}

/** The request did not get through. */
export function afterFailure(state: ChangeState, request: IssuedChange, refusal: RefusalOnScreen, stillTrying: boolean): ChangeState {
  return isAbout(state, request) ? { kind: 'refused', request, refusal, stillTrying } : state;
}

const STEPS = ['contacting', 'catching_up', 'voting', 'member'] as const;

export interface ChangeStep {
  readonly step: (typeof STEPS)[number];
  readonly stage: 'done' | 'now' | 'later';
  /** Of the step that is under way, where that can be told. */
  readonly percent: number | null;
}

/** The way of a kiosk into the members, and how far it has come. */
export function stepsOf(progress: ProgressAnswer | null): readonly ChangeStep[] {
  const now = STEPS.indexOf(progress?.progress ?? 'contacting');
  return STEPS.map((step, index) => {
    const stage = index < now ? 'done' : index === now ? 'now' : 'later';
    return { step, stage, percent: stage === 'now' && step === 'catching_up' ? (progress?.percent ?? 0) : null };
  });
}
