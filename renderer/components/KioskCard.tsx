import { Crown, Link2, Link2Off, Plus, Printer, ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChosenPrinter } from '../../shared/printing';
import type { KioskOnScreen } from '../../shared/service';
import { messages } from '../messages';

const MS_PER_SECOND = 1_000;

interface KioskCardProps {
  readonly kiosk: KioskOnScreen;
  readonly blocked: boolean;
  readonly onAdd: () => void;
  readonly onReadmit: () => void;
  readonly onLead: () => void;
  readonly onRemove: () => void;
}

/** One kiosk: who it is, whether it votes and leads, and how it is linked to this one. */
export function KioskCard(props: KioskCardProps) {
  const { kiosk } = props;
  const outside = kiosk.standing === 'none' || kiosk.standing === 'learner' || kiosk.standing === 'removed';
  return (
    <li
      className={`card kiosk-card ${outside ? 'card-quiet kiosk-card-outside' : ''}`}
      data-testid={`kiosk-${kiosk.id}`}
      data-standing={kiosk.standing}
    >
      <div className="kiosk-card-head">
        <strong className="kiosk-card-id" aria-hidden="true">
          {kiosk.id}
        </strong>
        <div>
          <h3>
            <span className="unseen">{messages.header.kiosk(kiosk.id)}, </span>
            {kiosk.name}
          </h3>
          <p className="kiosk-card-address">{kiosk.address}</p>
        </div>
      </div>
      <p className="kiosk-card-marks">
        <span className={`chip chip-${kiosk.standing}`}>{messages.kiosks.standing[kiosk.standing]}</span>
        {kiosk.leader && (
          <span className="chip chip-leader">
            <Crown aria-hidden="true" />
            {messages.kiosks.leads}
          </span>
        )}
        {kiosk.self && <span className="chip">{messages.kiosks.self}</span>}
      </p>
      <Facts kiosk={kiosk} />
      <Actions {...props} />
    </li>
  );
}

/** What can be done with a kiosk, by what it is. */
function Actions({ kiosk: { id, standing, leader }, blocked, onAdd, onReadmit, onLead, onRemove }: KioskCardProps) {
  const button = (shown: ReactNode, name: string, onClick: () => void, kind = '') => (
    <button
      type="button"
      className={`button ${kind}`}
      disabled={blocked}
      aria-label={name}
      aria-describedby={blocked ? 'kiosks-blocked' : undefined}
      onClick={onClick}
    >
      {shown}
    </button>
  );
  const remove = button(messages.kiosks.remove, messages.kiosks.removeThis(id), onRemove);
  switch (standing) {
    case 'member':
    case 'joining':
      return (
        <div className="kiosk-card-actions">
          {!leader && button(messages.kiosks.lead, messages.kiosks.leadThis(id), onLead)}
          {remove}
        </div>
      );
    case 'lost':
      return (
        <div className="kiosk-card-actions">
          {button(messages.kiosks.readmit, messages.kiosks.readmitThis(id), onReadmit, 'button-primary')}
          {remove}
        </div>
      );
    case 'learner':
    case 'removed':
    case 'none': {
      const name = messages.kiosks.addThis(id);
      const shown = (
        <>
          <Plus aria-hidden="true" />
          {name}
        </>
      );
      return <div className="kiosk-card-actions">{button(shown, name, onAdd, 'button-primary')}</div>;
    }
  }
}

function Facts({ kiosk }: { kiosk: KioskOnScreen }) {
  const Link = kiosk.linked ? Link2 : Link2Off;
  const heard = kiosk.heardMs === null ? messages.kiosks.never : messages.kiosks.heard(Math.round(kiosk.heardMs / MS_PER_SECOND));
  return (
    <ul className="kiosk-card-facts">
      {!kiosk.self && (
        <li className={kiosk.linked || kiosk.standing === 'none' ? '' : 'kiosk-card-away'}>
          <Link aria-hidden="true" />
          {kiosk.linked ? messages.kiosks.linked : messages.kiosks.notLinked}, {heard}
        </li>
      )}
      {kiosk.lag !== null && (
        <li className={kiosk.lag > 0 ? 'kiosk-card-behind' : ''}>
          <ScrollText aria-hidden="true" />
          {messages.kiosks.lag(kiosk.lag)}
        </li>
      )}
      <PrinterFact kiosk={kiosk} />
    </ul>
  );
}

function PrinterFact({ kiosk: { printer, linked } }: { kiosk: KioskOnScreen }) {
  if (!linked) return null;
  const good = printer === null || printer.state === 'ready' || printer.state === 'untold';
  return (
    <li className={good ? '' : 'kiosk-card-trouble'} data-testid="kiosk-printer" data-state={printer?.state}>
      <Printer aria-hidden="true" />
      <span>{printer === null ? messages.kiosks.noPrinter : printerText(printer)}</span>
    </li>
  );
}

/** A folder is always there. */
function printerText({ label, state }: ChosenPrinter): string {
  return label === null ? messages.print.folder : `${label}: ${messages.print.printerStates[state]}`;
}
