import { Power } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Answer } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { failed } from '../hooks/useApproved';
import { type Fault, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { ApprovalDialog } from './ApprovalDialog';
import { Dialog } from './Dialog';
import { FaultCode } from './Fault';

const STOP = { op: 'stop' } as const;

type Step = { readonly kind: 'asked' | 'leaving' } | { readonly kind: 'failed'; readonly why: Fault };

interface LeaveButtonProps {
  readonly view: KioskView;
  readonly className: string;
}

/** The way out of kiosk mode, in front of a locked screen too: whoever may change kiosks gives a PIN. In a plain window there is none. */
export function LeaveButton({ view: { desk }, className }: LeaveButtonProps) {
  const [locked, setLocked] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  useEffect(() => {
    unwrap(bridge.lockedToCounter()).then(setLocked, () => undefined);
  }, []);
  if (!locked) return null;
  const close = () => setStep(null);
  const end = (answer: Answer | null) => {
    if (answer === null) close();
    else setStep(answer.ok ? { kind: 'leaving' } : { kind: 'failed', why: refusalFault(answer) });
  };
  return (
    <>
      <button type="button" className={className} onClick={() => setStep({ kind: 'asked' })}>
        <Power aria-hidden="true" />
        <span>{messages.leave.open}</span>
      </button>
      {step?.kind === 'asked' &&
        (desk.state === 'set_up' ? (
          <ConfirmDialog onEnd={end} />
        ) : (
          <ApprovalDialog
            request={STOP}
            approvers={desk.clerks.filter(({ active, permissions }) => active && permissions.includes('kiosks'))}
            words={{ title: messages.leave.title, text: messages.leave.text, allow: messages.leave.open }}
            onEnd={end}
          />
        ))}
      {step?.kind === 'leaving' && (
        <Dialog title={messages.leave.title} onClose={close}>
          <p role="status">{messages.leave.busy}</p>
        </Dialog>
      )}
      {step?.kind === 'failed' && (
        <Dialog title={messages.leave.title} onClose={close}>
          <p role="alert">
            {messages.leave.failed(step.why.words())}
            {step.why.code !== null && <FaultCode code={step.why.code} />}
          </p>
          <div className="dialog-actions">
            <button type="button" className="button button-primary" onClick={close}>
              {messages.leave.stay}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** A site without clerks has no PIN to ask for. */
function ConfirmDialog({ onEnd }: { onEnd: (answer: Answer | null) => void }) {
  const leave = async () => onEnd(await unwrap(bridge.execute(STOP)).catch((error: unknown) => failed(STOP, error)));
  return (
    <Dialog title={messages.leave.title} onClose={() => onEnd(null)}>
      <p>{messages.leave.noClerks}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => onEnd(null)}>
          {messages.leave.stay}
        </button>
        <button type="button" className="button button-primary" onClick={() => void leave()}>
          {messages.leave.open}
        </button>
      </div>
    </Dialog>
  );
}
