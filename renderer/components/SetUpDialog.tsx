import { type FormEvent, useState } from 'react';
import { PERMISSIONS } from '../../shared/constants';
import type { ClerkRequest } from '../../shared/requests';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf, refusalFault } from '../logic/fault';
import { slugOf } from '../logic/slug';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultLine } from './Fault';
import { Keypad } from './Keypad';
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN, PinField } from './PinField';

/** The first manager of a site: from then on everybody signs in with a PIN. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [field, setField] = useState<'pin' | 'again'>('pin');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Fault | null>(null);
  const wrong = again.length >= pin.length && again !== pin;
  const ready = name.trim() !== '' && pin.length >= PIN_DIGITS_MIN && again === pin;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    const action: ClerkRequest['action'] = {
      kind: 'add',
      target: slugOf(name, [], 'manager'),
      name: name.trim(),
      permissions: [...PERMISSIONS],
      pin,
      first: true,
    };
    unwrap(bridge.execute({ op: 'clerk', action })).then(
      (answer) => {
        setBusy(false);
        if (answer.ok) onClose();
        else setSaid(refusalFault(answer));
      },
      (error: unknown) => {
        setBusy(false);
        setSaid(faultOf(error));
      },
    );
  };

  return (
    <Dialog title={messages.setUp.title} onClose={onClose}>
      <p>{messages.setUp.text}</p>
      <form className="form" id="set-up" onSubmit={submit}>
        <div className="form-row">
          <label className="field">
            <span>{messages.setUp.name}</span>
            <input autoComplete="off" maxLength={60} value={name} onChange={(typed) => setName(typed.target.value)} />
          </label>
          <PinField label={messages.setUp.pin} pin={pin} onPin={setPin} keypad={false} focused={false} onFocus={() => setField('pin')} />
          <PinField
            label={messages.setUp.again}
            pin={again}
            onPin={setAgain}
            keypad={false}
            focused={false}
            onFocus={() => setField('again')}
          />
        </div>
        <Keypad
          onDigit={(digit) => (field === 'pin' ? setPin : setAgain)((old) => `${old}${digit}`.slice(0, PIN_DIGITS_MAX))}
          onErase={() => (field === 'pin' ? setPin : setAgain)((old) => old.slice(0, -1))}
        />
        {wrong && again !== '' && <p className="dialog-warning">{messages.setUp.differ}</p>}
        <FaultLine fault={said} />
      </form>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.setUp.later}
        </button>
        <button type="submit" form="set-up" className="button button-primary" disabled={!ready || busy}>
          {messages.setUp.create}
        </button>
      </div>
    </Dialog>
  );
}
