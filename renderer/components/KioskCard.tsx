import { Crown, Link2, Link2Off, Plus } from 'lucide-react';
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
    <li className={`kiosk-card ${outside ? 'kiosk-card-outside' : ''}`} data-testid={`kiosk-${kiosk.id}`} data-standing={kiosk.standing}>
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
  const describedBy = blocked ? 'kiosks-blocked' : undefined;
  const remove = (
    <button
      type="button"
      className="button"
      disabled={blocked}
      aria-label={messages.kiosks.removeThis(id)}
      aria-describedby={describedBy}
      onClick={onRemove}
    >
      {messages.kiosks.remove}
    </button>
  );
  switch (standing) {
    case 'member':
    case 'joining':
      return (
        <div className="kiosk-card-actions">
          {!leader && (
            <button
              type="button"
              className="button"
              disabled={blocked}
              aria-label={messages.kiosks.leadThis(id)}
              aria-describedby={describedBy}
              onClick={onLead}
            >
              {messages.kiosks.lead}
            </button>
          )}
          {remove}
        </div>
      );
    case 'lost':
      return (
        <div className="kiosk-card-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={blocked}
            aria-label={messages.kiosks.readmitThis(id)}
            aria-describedby={describedBy}
            onClick={onReadmit}
          >
            {messages.kiosks.readmit}
          </button>
          {remove}
        </div>
      );
    case 'learner':
    case 'removed':
    case 'none':
      return (
        <div className="kiosk-card-actions">
          <button type="button" className="button button-primary" disabled={blocked} aria-describedby={describedBy} onClick={onAdd}>
            <Plus aria-hidden="true" />
            {messages.kiosks.addThis(id)}
          </button>
        </div>
      );
  }
}

function Facts({ kiosk }: { kiosk: KioskOnScreen }) {
  const Link = kiosk.linked ? Link2 : Link2Off;
  const heard = kiosk.heardMs === null ? messages.kiosks.never : messages.kiosks.heard(Math.round(kiosk.heardMs / MS_PER_SECOND));
  return (
    <ul className="kiosk-card-facts">
      {!kiosk.self && (
        <li className={kiosk.linked ? '' : 'kiosk-card-away'}>
          <Link aria-hidden="true" />
          {kiosk.linked ? messages.kiosks.linked : messages.kiosks.notLinked}, {heard}
        </li>
      )}
      {kiosk.lag !== null && <li className={kiosk.lag > 0 ? 'kiosk-card-behind' : ''}>{messages.kiosks.lag(kiosk.lag)}</li>}
    </ul>
  );
}
