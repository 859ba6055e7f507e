import { useCallback, useEffect, useState } from 'react';
import type { KioskId } from '../../shared/ballot';
import { saidOf, wordsOf } from '../../shared/said';
import { bridge, unwrap } from '../bridge';
import {
  afterAnswer,
  afterFailure,
  afterTakingBack,
  type ChangeRequest,
  type ChangeState,
  type IssuedChange,
  withProgress,
} from '../logic/change';
import type { RefusalOnScreen } from '../messages';

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

/** Changes of the members, one at a time; their progress is kept while other screens are looked at. */
export function useChange(kiosk: KioskId): ChangeWork {
  const [state, setState] = useState<ChangeState>({ kind: 'none' });
  useEffect(() => bridge.onProgress((progress) => setState((old) => withProgress(old, progress))), []);

  const run = useCallback(
    (wanted: ChangeRequest) => {
      const request: IssuedChange = { ...wanted, id: `w${kiosk}-${crypto.randomUUID()}` };
      setState({ kind: 'working', request, progress: null, takingBack: false });
      unwrap(bridge.execute(request)).then(
        (answer) => setState((old) => afterAnswer(old, request, answer)),
        (error: unknown) => setState((old) => afterFailure(old, request, unanswered(error), false)),
      );
    },
    [kiosk],
  );

  const takeBack = useCallback(() => {
    if ((state.kind !== 'working' && state.kind !== 'refused') || state.request === null) return;
    const { request } = state;
    setState({ kind: 'working', request, progress: null, takingBack: true });
    unwrap(bridge.execute({ op: 'cancel', target: request.id })).then(
      (answer) => setState((old) => afterTakingBack(old, request, answer)),
      (error: unknown) => setState((old) => afterFailure(old, request, unanswered(error), true)),
    );
  }, [state]);

  const refuse = useCallback((refusal: RefusalOnScreen) => setState({ kind: 'refused', request: null, refusal, stillTrying: false }), []);
  const takeBackOther = useCallback(
    (requestId: string) => {
      unwrap(bridge.execute({ op: 'cancel', target: requestId })).then(
        (answer) => {
          if (!answer.ok) refuse(answer);
        },
        (error: unknown) => refuse(unanswered(error)),
      );
    },
    [refuse],
  );
  return { state, run, takeBack, takeBackOther, refuse: (message) => refuse({ reason: 'bad_request', message }) };
}

/** The request did not get as far as an answer. */
function unanswered(error: unknown): RefusalOnScreen {
  return { reason: 'faulty', ...wordsOf(saidOf(error)) };
}
