import { type FormEvent, useState } from 'react';
import type { Answer } from '../../shared/answers';
import type { ClerkView } from '../../shared/clerks';
import type { Request } from '../../shared/requests';
import { bridge, unwrap } from '../bridge';
import { failed } from '../hooks/useApproved';
import { type Fault, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultLine } from './Fault';
import { PinField } from './PinField';

interface ApprovalDialogProps {
  readonly request: Request;
  /** Clerks who may allow it. */
  readonly approvers: readonly ClerkView[];
  /** Left out: those of a clerk who may not do it alone. */
  readonly words?: { readonly title: string; readonly text: string; readonly allow: string };
  /** The answer, or null where nobody allowed it. */
  readonly onEnd: (answer: Answer | null) => void;
}

/** Somebody who may do it lends a PIN for this one request; nobody is signed in by it. */
export function ApprovalDialog({ request, approvers, words = messages.approval, onEnd }: ApprovalDialogProps) {
  const [clerk, setClerk] = useState(approvers[0]?.id ?? '');
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Fault | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setSaid(null);
    const answer = await unwrap(bridge.approve({ request, approval: { clerk, pin } })).catch((error: unknown) => failed(request, error));
    setBusy(false);
    setPin('');
    if (!answer.ok && (answer.reason === 'wrong_pin' || answer.reason === 'not_permitted')) setSaid(refusalFault(answer));
    else onEnd(answer);
  };
  return (
    <Dialog title={words.title} onClose={() => onEnd(null)}>
      {approvers.length === 0 ? (
        <p>{messages.approval.nobody}</p>
      ) : (
        <form className="form" id="approval" onSubmit={(event) => void submit(event)}>
          <div className="form-pair">
            <div className="form-side">
              <p>{words.text}</p>
              <label className="field">
                <span>{messages.approval.who}</span>
                <select value={clerk} onChange={(change) => setClerk(change.target.value)}>
                  {approvers.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
              <FaultLine fault={said} />
            </div>
            <PinField label={messages.approval.pin} pin={pin} onPin={setPin} disabled={busy} />
          </div>
        </form>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => onEnd(null)}>
          {messages.approval.cancel}
        </button>
        {approvers.length > 0 && (
          <button type="submit" form="approval" className="button button-primary" disabled={busy || pin === ''}>
            {words.allow}
          </button>
        )}
      </div>
    </Dialog>
  );
}
