import { type FormEvent, useState } from 'react';
import { isKioskId } from '../../shared/constants';
import type { KioskView } from '../../shared/service';
import type { ChangeWork } from '../hooks/useChange';
import { whyBlocked } from '../logic/whyBlocked';
import { messages } from '../messages';
import { ChangeLine, OtherChanges } from './ChangeLine';
import { Dialog } from './Dialog';
import { KioskCard } from './KioskCard';
import { MembershipHistory } from './MembershipHistory';
import { MeshPicture } from './MeshPicture';
import { NearbyKiosks } from './NearbyKiosks';

interface KiosksScreenProps {
  readonly view: KioskView;
  readonly change: ChangeWork;
}

/** Every kiosk of the site, and the ways in and out of it. */
export function KiosksScreen({ view, change }: KiosksScreenProps) {
  const [removing, setRemoving] = useState<number | null>(null);
  const blocked = whyBlocked(view, change);
  return (
    <div className="page kiosks">
      <div className="kiosks-head">
        <h2>{messages.kiosks.title}</h2>
        {view.generation > 1 && <span className="chip">{messages.kiosks.generation(view.generation)}</span>}
        {blocked !== null && (
          <p className="kiosks-blocked" id="kiosks-blocked">
            {blocked}
          </p>
        )}
      </div>
      <ChangeLine change={change} />
      <OtherChanges pending={view.pending} change={change} />
      <NearbyKiosks
        nearby={view.nearby}
        blocked={blocked !== null}
        onAdd={({ id, host, port }) => change.run({ op: 'add_kiosk', kiosk: id, host, port })}
      />
      <div className="kiosks-site">
        <ul className="kiosk-cards">
          {view.kiosks.map((kiosk) => (
            <KioskCard
              key={kiosk.id}
              kiosk={kiosk}
              blocked={blocked !== null}
              onAdd={() => change.run({ op: 'add_kiosk', kiosk: kiosk.id })}
              onReadmit={() => change.run({ op: 'change', change: 'readmit', kiosk: kiosk.id })}
              onLead={() => change.run({ op: 'change', change: 'leader', kiosk: kiosk.id })}
              onRemove={() => setRemoving(kiosk.id)}
            />
          ))}
        </ul>
        <MeshPicture kiosks={view.kiosks} />
      </div>
      <AddForm blocked={blocked !== null} change={change} />
      <MembershipHistory view={view} />
      {removing !== null && (
        <Dialog title={messages.kiosks.removeTitle(removing)} onClose={() => setRemoving(null)}>
          <p>{messages.kiosks.removeText}</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setRemoving(null)}>
              {messages.kiosks.cancel}
            </button>
            <button
              type="button"
              className="button button-danger"
              onClick={() => {
                setRemoving(null);
                change.run({ op: 'change', change: 'remove', kiosk: removing });
              }}
            >
              {messages.kiosks.remove}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function AddForm({ blocked, change }: { blocked: boolean; change: ChangeWork }) {
  const [id, setId] = useState('');
  const [address, setAddress] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // The console's own parser: what is right there is right here. It is large, and no part of the page's start.
    const { parseLine } = await import('../../shared/commandLine');
    const parsed = parseLine(`add_kiosk ${id} ${address}`);
    if (parsed?.ok === true && parsed.request.op === 'add_kiosk') change.run(parsed.request);
    else change.refuse(isKioskId(Number(id.trim())) ? messages.kiosks.badAddress : messages.kiosks.badId);
  };
  return (
    <form className="card add-form" onSubmit={(event) => void submit(event)}>
      <h3>{messages.kiosks.addOther}</h3>
      <label className="field add-id">
        <span>{messages.kiosks.id}</span>
        <input inputMode="numeric" autoComplete="off" value={id} onChange={(typed) => setId(typed.target.value)} />
      </label>
      <label className="field add-address">
        <span>{messages.kiosks.address}</span>
        <input autoComplete="off" spellCheck={false} value={address} onChange={(typed) => setAddress(typed.target.value)} />
      </label>
      <button type="submit" className="button button-primary" disabled={blocked} aria-describedby={blocked ? 'kiosks-blocked' : undefined}>
        {messages.kiosks.add}
      </button>
    </form>
  );
}
