import { Crown, Link2, Link2Off, Plus } from 'lucide-react';
import type { KioskOnScreen } from '../../shared/service';
import { messages } from '../messages';

const MS_PER_SECOND = 1_000;

interface KioskCardProps {
  readonly kiosk: KioskOnScreen;
  readonly blocked: boolean;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
}

/** One kiosk: who it is, whether it votes and leads, and how it is linked to this one. */
export function KioskCard({ kiosk, blocked, onAdd, onRemove }: KioskCardProps) {
  const member = kiosk.standing === 'member' || kiosk.standing === 'joining';
  const describedBy = blocked ? 'kiosks-blocked' : undefined;
  return (
    <li className={`kiosk-card ${member ? '' : 'kiosk-card-outside'}`} data-testid={`kiosk-${kiosk.id}`} data-standing={kiosk.standing}>
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
      {member ? (
        <button
          type="button"
          className="button"
          disabled={blocked}
          aria-label={messages.kiosks.removeThis(kiosk.id)}
          aria-describedby={describedBy}
          onClick={onRemove}
        >
          {messages.kiosks.remove}
        </button>
      ) : (
        <button type="button" className="button button-primary" disabled={blocked} aria-describedby={describedBy} onClick={onAdd}>
          <Plus aria-hidden="true" />
          {messages.kiosks.addThis(kiosk.id)}
        </button>
      )}
    </li>
  );
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
