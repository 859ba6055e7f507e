import { Banknote, CreditCard, Keyboard } from 'lucide-react';
import { useState } from 'react';
import { money, narrowMoney } from '../format';
import { likelyCash } from '../logic/amount';
import type { Tender } from '../logic/tender';
import { messages } from '../messages';
import { AmountPad } from './AmountPad';
import { Dialog } from './Dialog';

/** Notes beside "exact" and "other" in one row, by how many letters the longest of them has. */
const NOTES_SHOWN = [
  { letters: 6, notes: 3 },
  { letters: 8, notes: 2 },
] as const;

interface PaymentPanelProps {
  readonly tender: Tender;
  /** Cents. */
  readonly total: number;
  readonly currency: string;
  readonly onTender: (tender: Tender) => void;
}

/** How the customer pays, and what cash was put down; card terminals stand beside the kiosk and know nothing of it. */
export function PaymentPanel({ tender, total, currency, onTender }: PaymentPanelProps) {
  const [typing, setTyping] = useState(false);
  const likely = likelyCash(total, currency, NOTES_SHOWN[0].notes);
  const letters = Math.max(...likely.map((note) => money(note, currency, true).length));
  const room = NOTES_SHOWN.find((shown) => letters <= shown.letters)?.notes ?? 1;
  const notes = likely.slice(0, room);
  const given = tender.kind === 'cash' ? tender.given : null;
  const other = given !== null && !notes.includes(given);
  return (
    <div className="payment">
      <fieldset className="payment-kinds">
        <legend className="unseen">{messages.payment.how}</legend>
        <button
          type="button"
          className="choice payment-kind"
          aria-pressed={tender.kind === 'cash'}
          onClick={() => onTender({ kind: 'cash', given: null })}
        >
          <Banknote aria-hidden="true" />
          {messages.payment.kinds.cash}
        </button>
        <button
          type="button"
          className="choice payment-kind"
          aria-pressed={tender.kind === 'card'}
          onClick={() => onTender({ kind: 'card' })}
        >
          <CreditCard aria-hidden="true" />
          {messages.payment.kinds.card}
        </button>
      </fieldset>
      {tender.kind === 'cash' && (
        <fieldset className="payment-notes" data-room={room}>
          <legend className="unseen">{messages.payment.given}</legend>
          <button type="button" className="choice" aria-pressed={given === null} onClick={() => onTender({ kind: 'cash', given: null })}>
            {messages.payment.exact}
          </button>
          {notes.map((note, index) => (
            <button
              key={note}
              type="button"
              className={`choice payment-note-${index + 1}`}
              aria-pressed={given === note}
              aria-label={messages.payment.givenAmount(money(note, currency))}
              onClick={() => onTender({ kind: 'cash', given: note })}
            >
              {narrowMoney(note, currency, true)}
            </button>
          ))}
          <button type="button" className="choice" aria-pressed={other} aria-label={messages.payment.other} onClick={() => setTyping(true)}>
            {other ? narrowMoney(given, currency, true) : <Keyboard aria-hidden="true" />}
          </button>
        </fieldset>
      )}
      {typing && (
        <GivenDialog
          total={total}
          currency={currency}
          onGiven={(cents) => {
            onTender({ kind: 'cash', given: cents });
            setTyping(false);
          }}
          onClose={() => setTyping(false)}
        />
      )}
    </div>
  );
}

interface GivenDialogProps {
  readonly total: number;
  readonly currency: string;
  readonly onGiven: (cents: number) => void;
  readonly onClose: () => void;
}

function GivenDialog({ total, currency, onGiven, onClose }: GivenDialogProps) {
  const [cents, setCents] = useState(0);
  const short = cents < total;
  return (
    <Dialog title={messages.payment.given} onClose={onClose}>
      <p className="given-total">
        {messages.sell.total} <strong>{money(total, currency)}</strong>
      </p>
      <form
        className="form form-beside"
        id="given"
        onSubmit={(event) => {
          event.preventDefault();
          if (!short) onGiven(cents);
        }}
      >
        <AmountPad label={messages.payment.given} cents={cents} currency={currency} onCents={setCents} />
        <p className="given-change">
          {short ? messages.payment.missing(money(total - cents, currency)) : messages.payment.change(money(cents - total, currency))}
        </p>
      </form>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.payment.cancel}
        </button>
        <button type="submit" form="given" className="button button-primary" disabled={short}>
          {messages.payment.take}
        </button>
      </div>
    </Dialog>
  );
}
