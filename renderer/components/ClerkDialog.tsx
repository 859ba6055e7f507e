import { type FormEvent, useState } from 'react';
import type { ClerkView } from '../../shared/clerks';
import { PERMISSIONS, type Permission } from '../../shared/constants';
import type { ClerkRequest } from '../../shared/requests';
import type { KioskView } from '../../shared/service';
import type { Fault } from '../logic/fault';
import { slugOf } from '../logic/slug';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultLine } from './Fault';
import { PIN_DIGITS_MIN, PinField } from './PinField';

interface ClerkDialogProps {
  /** Null for a new one. */
  readonly clerk: ClerkView | null;
  readonly view: KioskView;
  /** Resolves with null when it is done, else with why not; `nobody` where nobody allowed it. */
  readonly onRun: (action: ClerkRequest['action'], name: string) => Promise<Fault | 'nobody' | null>;
  readonly onClose: () => void;
}

/** A clerk's name, what she may do, and a new PIN. */
export function ClerkDialog({ clerk, view, onRun, onClose }: ClerkDialogProps) {
  const [name, setName] = useState(clerk?.name ?? '');
  const [permissions, setPermissions] = useState<readonly Permission[]>(clerk?.permissions ?? ['sell', 'reprint', 'admit']);
  const [pin, setPin] = useState('');
  const [active, setActive] = useState(clerk?.active ?? true);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Fault | null>(null);
  const pinReady = pin.length >= PIN_DIGITS_MIN || (clerk !== null && pin === '');
  const ready = name.trim() !== '' && pinReady && !busy;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setSaid(null);
    const title = name.trim();
    const taken = [...view.desk.clerks.map(({ id }) => id), 'operator'];
    const action: ClerkRequest['action'] =
      clerk === null
        ? { kind: 'add', target: slugOf(title, taken, 'clerk'), name: title, permissions: [...permissions], pin }
        : {
            kind: 'change',
            target: clerk.id,
            name: title,
            permissions: [...permissions],
            active,
            ...(pin === '' ? {} : { pin }),
          };
    const failure = await onRun(action, title);
    setBusy(false);
    if (failure === null) onClose();
    else if (failure !== 'nobody') setSaid(failure);
  };

  return (
    <Dialog title={clerk === null ? messages.clerks.add : messages.clerks.changeThis(clerk.name)} onClose={onClose}>
      <form className="form form-beside" id="clerk" onSubmit={(event) => void submit(event)}>
        <label className="field">
          <span>{messages.setUp.name}</span>
          <input autoComplete="off" maxLength={60} value={name} onChange={(typed) => setName(typed.target.value)} />
        </label>
        <fieldset className="permissions">
          <legend className="label">{messages.clerks.may}</legend>
          {PERMISSIONS.map((permission) => (
            <label key={permission} className="check">
              <input
                type="checkbox"
                checked={permissions.includes(permission)}
                onChange={(change) =>
                  setPermissions((old) => (change.target.checked ? [...old, permission] : old.filter((other) => other !== permission)))
                }
              />
              <span>{messages.clerks.permissions[permission]}</span>
            </label>
          ))}
        </fieldset>
        <PinField label={clerk === null ? messages.setUp.pin : messages.clerks.newPin} pin={pin} onPin={setPin} focused={false} />
        {clerk !== null && (
          <label className="check">
            <input type="checkbox" checked={active} onChange={(change) => setActive(change.target.checked)} />
            <span>{messages.clerks.active}</span>
          </label>
        )}
      </form>
      <FaultLine fault={said} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.events.cancel}
        </button>
        <button type="submit" form="clerk" className="button button-primary" disabled={!ready}>
          {messages.events.save}
        </button>
      </div>
    </Dialog>
  );
}
