import { Crown, Link2, Link2Off, Plus } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { ProgressAnswer } from '../../shared/answers';
import { parseLine } from '../../shared/commandLine';
import type { Request } from '../../shared/requests';
import type { KioskOnScreen, KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { messages } from '../messages';
import { Dialog } from './Dialog';

type Work =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly kiosk: number; readonly progress: ProgressAnswer | null }
  | { readonly kind: 'done' | 'refused'; readonly text: string };

export function KiosksScreen({ view }: { view: KioskView }) {
  const [work, setWork] = useState<Work>({ kind: 'none' });
  const [removing, setRemoving] = useState<number | null>(null);
  useEffect(() => bridge.onProgress((progress) => setWork((old) => (old.kind === 'working' ? { ...old, progress } : old))), []);

  const run = async (request: Request, kiosk: number) => {
    setWork({ kind: 'working', kiosk, progress: null });
    try {
      const answer = await unwrap(bridge.execute(request));
      if (answer.ok && (answer.op === 'add_kiosk' || answer.op === 'change'))
        setWork({ kind: 'done', text: messages.kiosks.done(answer.members.join(' ')) });
      else setWork({ kind: 'refused', text: answer.ok ? '' : answer.message });
    } catch (error) {
      setWork({ kind: 'refused', text: (error as Error).message });
    }
  };
  const blocked = work.kind === 'working' || view.connection !== 'selling';
  return (
    <div className="kiosks">
      <h2>{messages.kiosks.title}</h2>
      <WorkLine work={work} />
      <ul className="kiosk-cards">
        {view.kiosks.map((kiosk) => (
          <KioskCard
            key={kiosk.id}
            kiosk={kiosk}
            blocked={blocked}
            onAdd={() => run({ op: 'add_kiosk', kiosk: kiosk.id }, kiosk.id)}
            onRemove={() => setRemoving(kiosk.id)}
          />
        ))}
      </ul>
      <AddForm blocked={blocked} onAdd={run} onRefused={(text) => setWork({ kind: 'refused', text })} />
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
                void run({ op: 'change', change: 'remove', kiosk: removing }, removing);
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

function WorkLine({ work }: { work: Work }) {
  if (work.kind === 'none') return null;
  if (work.kind !== 'working') {
    return (
      <p
        className={`job job-${work.kind === 'done' ? 'printed' : 'failed'}`}
        role={work.kind === 'done' ? 'status' : 'alert'}
        data-testid="change-result"
        data-state={work.kind}
      >
        {work.text}
      </p>
    );
  }
  const { progress } = work;
  return (
    <p className="job" role="status" data-testid="change-result" data-state="working">
      {progress === null
        ? messages.kiosks.working
        : `Kiosk ${work.kiosk}: ${messages.kiosks.progress[progress.progress]} ${progress.percent} %`}
      <progress max={100} value={progress?.percent ?? 0} />
    </p>
  );
}

interface KioskCardProps {
  readonly kiosk: KioskOnScreen;
  readonly blocked: boolean;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
}

function KioskCard({ kiosk, blocked, onAdd, onRemove }: KioskCardProps) {
  const member = kiosk.standing === 'member' || kiosk.standing === 'joining';
  return (
    <li className={`kiosk-card ${member ? '' : 'kiosk-card-outside'}`} data-testid={`kiosk-${kiosk.id}`} data-standing={kiosk.standing}>
      <div className="kiosk-card-head">
        <strong className="kiosk-card-id">{kiosk.id}</strong>
        <div>
          <h3>{kiosk.name}</h3>
          <p>{kiosk.address}</p>
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
      <p className="kiosk-card-link">
        {kiosk.linked ? <Link2 aria-hidden="true" /> : <Link2Off aria-hidden="true" />}
        {kiosk.linked ? messages.kiosks.linked : messages.kiosks.notLinked}
        {kiosk.lag !== null && ` · ${messages.kiosks.lag(kiosk.lag)}`}
        {!kiosk.self && ` · ${kiosk.heardMs === null ? messages.kiosks.never : messages.kiosks.heard(Math.round(kiosk.heardMs / 1000))}`}
      </p>
      {member ? (
        <button type="button" className="button" disabled={blocked} aria-label={messages.kiosks.removeThis(kiosk.id)} onClick={onRemove}>
          {messages.kiosks.remove}
        </button>
      ) : (
        <button type="button" className="button button-primary" disabled={blocked} onClick={onAdd}>
          <Plus aria-hidden="true" />
          {messages.kiosks.addThis(kiosk.id)}
        </button>
      )}
    </li>
  );
}

interface AddFormProps {
  readonly blocked: boolean;
  readonly onAdd: (request: Request, kiosk: number) => Promise<void>;
  readonly onRefused: (text: string) => void;
}

function AddForm({ blocked, onAdd, onRefused }: AddFormProps) {
  const [id, setId] = useState('');
  const [address, setAddress] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The console's own parser: the same words for the same mistakes.
    const parsed = parseLine(`add_kiosk ${id} ${address}`);
    if (parsed === null) return;
    if (parsed.ok && parsed.request.op === 'add_kiosk') void onAdd(parsed.request, parsed.request.kiosk);
    else if (!parsed.ok) onRefused(parsed.message);
  };
  return (
    <form className="add-form" onSubmit={submit}>
      <h3>{messages.kiosks.addOther}</h3>
      <label className="field">
        <span>{messages.kiosks.id}</span>
        <input inputMode="numeric" value={id} onChange={(change) => setId(change.target.value)} />
      </label>
      <label className="field field-wide">
        <span>{messages.kiosks.address}</span>
        <input value={address} onChange={(change) => setAddress(change.target.value)} />
      </label>
      <button type="submit" className="button button-primary" disabled={blocked}>
        {messages.kiosks.add}
      </button>
    </form>
  );
}
