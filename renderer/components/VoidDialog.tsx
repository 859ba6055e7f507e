import { type FormEvent, useState } from 'react';
import { MAX_REASON_LETTERS } from '../../shared/constants';
import type { KioskView, SaleView } from '../../shared/service';
import { money } from '../format';
import { useApproved } from '../hooks/useApproved';
import { type Fault, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultLine } from './Fault';

const REASONS = ['changed', 'wrong', 'payment', 'duplicate'] as const;

interface VoidDialogProps {
  readonly sale: SaleView;
  readonly view: KioskView;
  /** What it is voided for, where that is clear before anybody says so. */
  readonly reason?: string;
  readonly onClose: () => void;
}

/** Undoes a sale by a counter-entry in the log, with a reason and, where the clerk may not do it alone, a manager's PIN. */
export function VoidDialog({ sale, view, reason: given = '', onClose }: VoidDialogProps) {
  const [reason, setReason] = useState(given);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Fault | null>(null);
  const approved = useApproved(view);
  const amount = money(sale.total, view.site.currency);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '' || busy) return;
    setBusy(true);
    setSaid(null);
    const answer = await approved.run({ op: 'void', sale: sale.sale, reason: reason.trim() });
    setBusy(false);
    if (answer === null) return;
    if (answer.ok) onClose();
    else setSaid(refusalFault(answer));
  };
  return (
    <Dialog title={messages.voiding.title(sale.sale)} onClose={onClose}>
      <p>{sale.total === 0 ? messages.voiding.textFree : messages.voiding.text(amount, messages.payment.kinds[sale.payment.kind])}</p>
      <form className="form" id="void" onSubmit={(event) => void submit(event)}>
        <fieldset className="reasons">
          <legend className="label">{messages.voiding.reason}</legend>
          {REASONS.map((key) => {
            const text = messages.voiding.reasons[key];
            return (
              <button key={key} type="button" className="choice" aria-pressed={reason === text} onClick={() => setReason(text)}>
                {text}
              </button>
            );
          })}
        </fieldset>
        <label className="field">
          <span>{messages.voiding.words}</span>
          <input autoComplete="off" maxLength={MAX_REASON_LETTERS} value={reason} onChange={(typed) => setReason(typed.target.value)} />
        </label>
        <FaultLine fault={said} />
      </form>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.voiding.keep}
        </button>
        <button type="submit" form="void" className="button button-danger" disabled={busy || reason.trim() === ''}>
          {messages.voiding.do}
        </button>
      </div>
      {approved.dialog}
    </Dialog>
  );
}
