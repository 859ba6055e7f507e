import { CircleAlert, CircleCheckBig, Hourglass, Undo2 } from 'lucide-react';
import type { ProgressAnswer } from '../../shared/answers';
import type { PendingView } from '../../shared/service';
import type { ChangeWork } from '../hooks/useChange';
import { useNow } from '../hooks/useNow';
import { type ChangeRequest, kindOf, stepsOf } from '../logic/change';
import { refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { FaultText } from './Fault';

const STAGES = { done: 'step-done', now: 'step-now', later: '' } as const;
/** Pending changes of others are shown when they are not done at once. */
const SLOW_MS = 2_000;

/** How far the last change of the members has come, or what came of it. */
export function ChangeLine({ change }: { change: ChangeWork }) {
  const { state } = change;
  switch (state.kind) {
    case 'none':
      return null;
    case 'working':
      return (
        <div className="job" role="status" data-testid="change-result" data-state="working">
          <Working request={state.request} progress={state.progress} />
          {state.takingBack ? (
            <span>{messages.kiosks.takingBack}</span>
          ) : (
            kindOf(state.request) === 'add' && <TakeBack onTakeBack={change.takeBack} />
          )}
        </div>
      );
    case 'done':
      return (
        <p className="job job-good" role="status" data-testid="change-result" data-state="done">
          <CircleCheckBig aria-hidden="true" />
          <span>{messages.kiosks.done[kindOf(state.request)](state.request.kiosk, state.members.join(' '))}</span>
        </p>
      );
    case 'taken_back':
      return (
        <p className="job" role="status" data-testid="change-result" data-state="taken_back">
          <Undo2 aria-hidden="true" />
          <span>{messages.kiosks.takenBack(state.kiosk)}</span>
        </p>
      );
    case 'refused':
      return (
        <div className="job job-bad" role="alert" data-testid="change-result" data-state="refused">
          <CircleAlert aria-hidden="true" />
          <FaultText fault={refusalFault(state.refusal)} />
          {state.stillTrying && <TakeBack onTakeBack={change.takeBack} />}
        </div>
      );
  }
}

/** Changes that an earlier life of this window asked for, or its console, and that go on. */
export function OtherChanges({ pending, change }: { pending: readonly PendingView[]; change: ChangeWork }) {
  const { state } = change;
  const own = state.kind === 'working' || state.kind === 'refused' ? state.request?.id : undefined;
  const now = useNow(SLOW_MS);
  const given = new Set(pending.flatMap(({ target }) => target ?? []));
  return pending
    .filter(({ op, requestId, at }) => op === 'change' && requestId !== own && (now < at || now - at >= SLOW_MS))
    .map(({ requestId }) => (
      <div key={requestId} className="job" role="status" data-testid="other-change">
        <Hourglass aria-hidden="true" />
        <span>
          {messages.kiosks.underWay} <span className="log-request">{requestId}</span>
        </span>
        {given.has(requestId) ? messages.kiosks.takingBack : <TakeBack onTakeBack={() => change.takeBackOther(requestId)} />}
      </div>
    ));
}

function Working({ request, progress }: { request: ChangeRequest; progress: ProgressAnswer | null }) {
  const kind = kindOf(request);
  const title = <strong className="job-title">{messages.kiosks.working[kind](request.kiosk)}</strong>;
  if (kind === 'remove' && progress?.progress === 'catching_up')
    return (
      <>
        {title}
        <span>{messages.kiosks.history(progress.percent)}</span>
      </>
    );
  if (kind !== 'add' && kind !== 'readmit') return title;
  return (
    <>
      {title}
      <ol className="steps">
        {stepsOf(progress).map(({ step, stage, percent }) => (
          <li key={step} className={STAGES[stage]} aria-current={stage === 'now' ? 'step' : undefined}>
            {messages.kiosks.steps[step]}
            {percent !== null && ` ${messages.kiosks.percent(percent)}`}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The site goes on trying to add a kiosk until that is taken back. */
function TakeBack({ onTakeBack }: { onTakeBack: () => void }) {
  return (
    <button type="button" className="button" onClick={onTakeBack}>
      {messages.kiosks.takeBack}
    </button>
  );
}
