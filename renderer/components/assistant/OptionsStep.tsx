import { type FormEvent, useState } from 'react';
import type { AssistantResults, AssistantState } from '../../../shared/assistant';
import { type Fault, faultOf } from '../../logic/fault';
import { language, messages } from '../../messages';
import { FaultLine } from '../Fault';
import { asked } from './bridge';

/** The picker's value for "PDF to a folder"; no printer has an empty name. */
const FOLDER = '';

interface OptionsStepProps {
  readonly opened: AssistantResults['assistant:open'];
  readonly printers: AssistantState['printers'];
  readonly onBack: () => void;
}

/** How this kiosk prints and behaves; then its own window follows. */
export function OptionsStep({ opened, printers, onBack }: OptionsStepProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [kioskMode, setKioskMode] = useState(true);
  const [startAtLogin, setStartAtLogin] = useState(true);
  const [test, setTest] = useState<'idle' | 'sending' | 'sent'>('idle');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Fault | null>(null);
  const named = printers.flatMap(({ name, label }) => (name === null ? [] : [{ name, label }]));
  const printer = chosen ?? printers.find(({ isDefault }) => isDefault)?.name ?? FOLDER;
  const fail = (why: unknown) => {
    setBusy(false);
    setTest('idle');
    setError(faultOf(why));
  };
  const tryPrinter = () => {
    setError(null);
    setTest('sending');
    asked(window.assistant.testPrint(printer)).then(() => setTest('sent'), fail);
  };
  const finish = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const choices = { kioskMode, startAtLogin, language: language(), printer: printer === FOLDER ? null : printer };
    asked(window.assistant.finish(choices)).catch(fail);
  };
  return (
    <form className="assistant-card" onSubmit={finish}>
      <h2>{messages.assistant.optionsTitle(opened.kiosk, opened.name, opened.place || opened.site)}</h2>
      <label className="assistant-field">
        <span className="label">{messages.assistant.printer}</span>
        <select
          value={printer}
          onChange={(event) => {
            setChosen(event.target.value);
            setTest('idle');
          }}
        >
          <option value={FOLDER}>{messages.assistant.folder}</option>
          {named.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {printer !== FOLDER && (
        <div className="assistant-test">
          <button type="button" className="button" disabled={test === 'sending'} onClick={tryPrinter}>
            {test === 'sending' ? messages.assistant.printing : messages.assistant.testPrint}
          </button>
          <p role="status">{test === 'sent' ? messages.assistant.tested : ''}</p>
        </div>
      )}
      <label className="assistant-check">
        <input type="checkbox" checked={kioskMode} onChange={(event) => setKioskMode(event.target.checked)} />
        <span>{messages.assistant.kioskMode}</span>
      </label>
      <label className="assistant-check">
        <input type="checkbox" checked={startAtLogin} onChange={(event) => setStartAtLogin(event.target.checked)} />
        <span>{messages.assistant.startAtLogin}</span>
      </label>
      <FaultLine fault={error} className="assistant-error" />
      <div className="assistant-actions">
        <button type="button" className="button" disabled={busy} onClick={onBack}>
          {messages.assistant.back}
        </button>
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? messages.assistant.finishing : messages.assistant.finish}
        </button>
      </div>
    </form>
  );
}
