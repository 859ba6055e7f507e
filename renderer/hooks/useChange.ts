import { useCallback, useEffect, useState } from 'react';
import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { Request } from '../../shared/requests';
import type { Change } from '../../shared/values';
import { bridge, errorText, unwrap } from '../bridge';
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

export interface ChangeWork {
  readonly state: ChangeState;
  run(request: ChangeRequest): void;
  /** Takes the change back that is under way, or that the site goes on trying. */
  takeBack(): void;
  /** Takes back a change that an earlier life of this window asked for. */
  takeBackOther(requestId: string): void;
  /** A mistake in what was typed, in words. */
  refuse(message: string): void;
}

/** Which change it is, whichever of its two words was used. */
export function kindOf(request: ChangeRequest): Change['kind'] {
  return request.op === 'add_kiosk' ? 'add' : request.change;
}

/** Changes of the members, one at a time; their progress is kept while other screens are looked at. */
export function useChange(kiosk: KioskId): ChangeWork {
  const [state, setState] = useState<ChangeState>({ kind: 'none' });
  useEffect(
    () =>
      bridge.onProgress((progress) =>
        setState((old) => (old.kind === 'working' && old.request.id === progress.requestId ? { ...old, progress } : old)),
      ),
    [],
  );

  const run = useCallback(
    (wanted: ChangeRequest) => {
      const request: IssuedChange = { ...wanted, id: `w${kiosk}-${crypto.randomUUID()}` };
      setState({ kind: 'working', request, progress: null, takingBack: false });
      unwrap(bridge.execute(request)).then(
        (answer) => setState((old) => (isAbout(old, request) ? afterAnswer(request, answer) : old)),
        (error: unknown) =>
          setState((old) =>
            isAbout(old, request) ? { kind: 'refused', request, refusal: mistake(errorText(error)), stillTrying: false } : old,
          ),
      );
    },
    [kiosk],
  );

  const takeBack = useCallback(() => {
    if ((state.kind !== 'working' && state.kind !== 'refused') || state.request === null) return;
    const { request } = state;
    setState({ kind: 'working', request, progress: null, takingBack: true });
    unwrap(bridge.execute({ op: 'cancel', target: request.id })).then(
      (answer) =>
        setState((old) => {
          if (!isAbout(old, request)) return old;
          if (answer.ok) return { kind: 'taken_back', kiosk: request.kiosk };
          return { kind: 'refused', request, refusal: answer, stillTrying: answer.reason === 'no_majority' };
        }),
      (error: unknown) =>
        setState((old) =>
          isAbout(old, request) ? { kind: 'refused', request, refusal: mistake(errorText(error)), stillTrying: true } : old,
        ),
    );
  }, [state]);

  const refuse = useCallback((refusal: RefusalOnScreen) => setState({ kind: 'refused', request: null, refusal, stillTrying: false }), []);
  const takeBackOther = useCallback(
    (requestId: string) => {
      unwrap(bridge.execute({ op: 'cancel', target: requestId })).then(
        (answer) => {
          if (!answer.ok) refuse(answer);
        },
        (error: unknown) => refuse(mistake(errorText(error))),
      );
    },
    [refuse],
  );
  return { state, run, takeBack, takeBackOther, refuse: (message) => refuse(mistake(message)) };
}

function mistake(message: string): RefusalOnScreen {
  return { reason: 'bad_request', message };
}

/** Whether an answer to the request is still news. */
function isAbout(state: ChangeState, request: IssuedChange): boolean {
  return state.kind === 'working' && state.request.id === request.id;
}

function afterAnswer(request: IssuedChange, answer: Answer): ChangeState {
  if (answer.ok) return { kind: 'done', request, members: 'members' in answer ? answer.members : [] };
  if (answer.reason === 'withdrawn' || answer.reason === 'cancelled') return { kind: 'taken_back', kiosk: request.kiosk };
  return { kind: 'refused', request, refusal: answer, stillTrying: answer.reason === 'timeout' && kindOf(request) === 'add' };
}
