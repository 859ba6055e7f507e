import { type FormEvent, useState } from 'react';
import type { AssistantResults, FoundFile } from '../../../shared/assistant';
import { type Fault, faultOf } from '../../logic/fault';
import { messages } from '../../messages';
import { FaultLine } from '../Fault';
import { asked } from './bridge';

interface CodeStepProps {
  readonly file: FoundFile;
  readonly onOpened: (opened: AssistantResults['assistant:open']) => void;
  readonly onBack: () => void;
}

/** The code that opens the file. */
export function CodeStep({ file, onOpened, onBack }: CodeStepProps) {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Fault | null>(null);
  const open = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    asked(window.assistant.open({ text: file.text, code })).then(onOpened, (why: unknown) => {
      setBusy(false);
      setError(faultOf(why));
    });
  };
  return (
    <form className="assistant-card" onSubmit={open}>
      <h2>{messages.assistant.codeTitle(file.kiosk, file.name)}</h2>
      <label className="assistant-field">
        <span className="label">{messages.assistant.code}</span>
        <input
          className="assistant-code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={60}
          // biome-ignore lint/a11y/noAutofocus: the step is this field
          autoFocus
          value={code}
          aria-describedby="assistant-code-hint"
          onChange={(event) => setCode(event.target.value)}
        />
      </label>
      <p id="assistant-code-hint" className="assistant-hint">
        {messages.assistant.codeHint}
      </p>
      <FaultLine fault={error} className="assistant-error" />
      <div className="assistant-actions">
        <button type="button" className="button" onClick={onBack}>
          {messages.assistant.back}
        </button>
        <button type="submit" className="button button-primary" disabled={busy || code.trim() === ''}>
          {busy ? messages.assistant.opening : messages.assistant.open}
        </button>
      </div>
    </form>
  );
}
