import { useCallback, useEffect, useState } from 'react';
import type { ProgressAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { Request } from '../../shared/requests';
import { bridge, errorText, unwrap } from '../bridge';

export type ChangeRequest = Extract<Request, { op: 'add_kiosk' | 'change' }>;

/** The last change of the members that this window asked for. */
export type ChangeState =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly request: ChangeRequest; readonly progress: ProgressAnswer | null }
  | { readonly kind: 'done'; readonly request: ChangeRequest; readonly members: readonly KioskId[] }
  | { readonly kind: 'refused'; readonly request: ChangeRequest | null; readonly message: string; readonly stillTrying: boolean };

export interface ChangeWork {
  readonly state: ChangeState;
  run(request: ChangeRequest): void;
  /** A mistake in what was typed, in words. */
  refuse(message: string): void;
}

/** Whether a request adds a kiosk, whichever of its two words was used. */
export function isAddition(request: ChangeRequest): boolean {
  return request.op === 'add_kiosk' || request.change === 'add';
}

/** Changes of the members, one at a time; their progress is kept while other screens are looked at. */
export function useChange(): ChangeWork {
  const [state, setState] = useState<ChangeState>({ kind: 'none' });
  useEffect(
    () =>
      bridge.onProgress((progress) =>
        setState((old) => (old.kind === 'working' && old.request.kiosk === progress.kiosk ? { ...old, progress } : old)),
      ),
    [],
  );
  const run = useCallback((request: ChangeRequest) => {
    const end = (next: ChangeState) =>
      // The answer to an addition that was taken back meanwhile is not news any more.
      setState((old) => (old.kind === 'working' && old.request === request ? next : old));
    setState({ kind: 'working', request, progress: null });
    unwrap(bridge.execute(request)).then(
      (answer) => {
        if (answer.ok) end({ kind: 'done', request, members: 'members' in answer ? answer.members : [] });
        else end({ kind: 'refused', request, message: answer.message, stillTrying: answer.reason === 'timeout' && isAddition(request) });
      },
      (error: unknown) => end({ kind: 'refused', request, message: errorText(error), stillTrying: false }),
    );
  }, []);
  const refuse = useCallback((message: string) => setState({ kind: 'refused', request: null, message, stillTrying: false }), []);
  return { state, run, refuse };
}
