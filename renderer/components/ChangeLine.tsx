import { CircleAlert, CircleCheckBig } from 'lucide-react';
import type { ProgressAnswer } from '../../shared/answers';
import { type ChangeRequest, type ChangeWork, isAddition } from '../hooks/useChange';
import { messages } from '../messages';

const STEPS = ['contacting', 'catching_up', 'voting', 'member'] as const;

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
          {isAddition(state.request) && <TakeBack kiosk={state.request.kiosk} change={change} />}
        </div>
      );
    case 'done': {
      const said = isAddition(state.request) ? messages.kiosks.added : messages.kiosks.removed;
      return (
        <p className="job job-good" role="status" data-testid="change-result" data-state="done">
          <CircleCheckBig aria-hidden="true" />
          <span>{said(state.request.kiosk, state.members.join(' '))}</span>
        </p>
      );
    }
    case 'refused':
      return (
        <div className="job job-bad" role="alert" data-testid="change-result" data-state="refused">
          <CircleAlert aria-hidden="true" />
          <span>{state.message}</span>
          {state.stillTrying && state.request !== null && <TakeBack kiosk={state.request.kiosk} change={change} />}
        </div>
      );
  }
}

function Working({ request, progress }: { request: ChangeRequest; progress: ProgressAnswer | null }) {
  if (!isAddition(request)) return <strong className="job-title">{messages.kiosks.removing(request.kiosk)}</strong>;
  const now = STEPS.indexOf(progress?.progress ?? 'contacting');
  return (
    <>
      <strong className="job-title">{messages.kiosks.adding(request.kiosk)}</strong>
      <ol className="steps">
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={index < now ? 'step-done' : index === now ? 'step-now' : ''}
            aria-current={index === now ? 'step' : undefined}
          >
            {messages.kiosks.steps[step]}
            {index === now && step === 'catching_up' && ` ${messages.kiosks.percent(progress?.percent ?? 0)}`}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The site goes on trying to add a kiosk until that is taken back. */
function TakeBack({ kiosk, change }: { kiosk: number; change: ChangeWork }) {
  return (
    <button type="button" className="button" onClick={() => change.run({ op: 'change', change: 'remove', kiosk })}>
      {messages.kiosks.takeBack}
    </button>
  );
}
