import { Plus, Radio } from 'lucide-react';
import type { NearbyKiosk } from '../../shared/service';
import { messages } from '../messages';

interface NearbyKiosksProps {
  readonly nearby: readonly NearbyKiosk[];
  readonly blocked: boolean;
  readonly onAdd: (kiosk: NearbyKiosk) => void;
}

/** Kiosks of this site that run on the same network and that nobody has added yet, by name. */
export function NearbyKiosks({ nearby, blocked, onAdd }: NearbyKiosksProps) {
  if (nearby.length === 0) return null;
  return (
    <section className="card nearby" aria-label={messages.nearby.title} data-testid="nearby">
      <h3>
        <Radio aria-hidden="true" />
        {messages.nearby.title}
      </h3>
      <ul>
        {nearby.map((kiosk) => (
          <li key={kiosk.id} className="nearby-row">
            <span className="row-text">
              <strong>{messages.reports.kiosk(kiosk.id, kiosk.name)}</strong>
              <span className="kiosk-card-address">{`${kiosk.host}:${kiosk.port}`}</span>
            </span>
            <button
              type="button"
              className="button button-primary"
              disabled={blocked}
              aria-label={messages.nearby.addThis(kiosk.id, kiosk.name)}
              onClick={() => onAdd(kiosk)}
            >
              <Plus aria-hidden="true" />
              {messages.nearby.add}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
