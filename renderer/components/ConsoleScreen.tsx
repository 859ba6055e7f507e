import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { bridge, unwrap } from '../bridge';
import { messages } from '../messages';

/** Outputs kept on the screen. */
const OUTPUTS_MAX = 200;

interface Output {
  readonly key: number;
  readonly line: string;
  readonly text: string | null;
  readonly ok: boolean;
}

/** The clerk's commands as text, with the same answers as the command-line client. */
export function ConsoleScreen() {
  const [outputs, setOutputs] = useState<readonly Output[]>([]);
  const [line, setLine] = useState('');
  const [past, setPast] = useState<number | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const counter = useRef(0);
  // The console is opened to type into it.
  useEffect(() => input.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new output is scrolled to
  useEffect(() => end.current?.scrollIntoView(), [outputs]);

  const run = async (submit: FormEvent) => {
    submit.preventDefault();
    if (line.trim() === '') return;
    counter.current += 1;
    const key = counter.current;
    setOutputs((old) => [...old, { key, line, text: null, ok: true }].slice(-OUTPUTS_MAX));
    setLine('');
    setPast(null);
    const { text, ok } = await unwrap(bridge.console(line)).catch((error: Error) => ({ text: error.message, ok: false }));
    setOutputs((old) => old.map((output) => (output.key === key ? { ...output, text, ok } : output)));
  };

  const recall = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const next = event.key === 'ArrowUp' ? (past ?? outputs.length) - 1 : (past ?? outputs.length) + 1;
    if (next < 0) return;
    setPast(next >= outputs.length ? null : next);
    setLine(outputs[next]?.line ?? '');
  };

  return (
    <div className="console">
      <div className="console-output" role="log" aria-label={messages.console.title}>
        {outputs.length === 0 && <p className="console-hint">{messages.console.hint}</p>}
        {outputs.map((output) => (
          <div key={output.key} className="console-entry">
            <p className="console-line">&gt; {output.line}</p>
            <pre className={output.ok ? '' : 'console-refused'}>{output.text ?? '…'}</pre>
          </div>
        ))}
        <div ref={end} />
      </div>
      <form className="console-form" onSubmit={run}>
        <input
          className="console-input"
          ref={input}
          aria-label={messages.console.prompt}
          value={line}
          spellCheck={false}
          onChange={(change) => setLine(change.target.value)}
          onKeyDown={recall}
        />
        <button type="submit" className="button button-primary">
          {messages.console.run}
        </button>
      </form>
    </div>
  );
}
