import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { COMMAND_NAMES, COMMAND_OPTIONS } from '../../shared/commandLine';
import type { KioskView } from '../../shared/service';
import type { ConsoleLog } from '../hooks/useConsole';
import { complete, type Vocabulary } from '../logic/completion';
import { EMPTY_LINE, recalled, typedOn } from '../logic/consoleHistory';
import { messages } from '../messages';

/** The clerk's commands as text, with the same answers as the command-line client. */
export function ConsoleScreen({ log: { entries, run }, view }: { log: ConsoleLog; view: KioskView }) {
  const [line, setLine] = useState(EMPTY_LINE);
  /** Words that would finish the line. */
  const [choices, setChoices] = useState<readonly string[]>([]);
  const output = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  // The console is opened to type into it.
  useEffect(() => {
    input.current?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new output is scrolled to, and what words for a line take the room of
  useEffect(() => {
    // No value may leave an effect, and newer engines give a promise here.
    output.current?.scrollTo({ top: output.current.scrollHeight });
  }, [entries, choices]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (line.text.trim() === '') return;
    run(line.text);
    setLine(EMPTY_LINE);
    setChoices([]);
  };

  const recall = (event: KeyboardEvent) => {
    // With nothing on the line, Tab goes on to the next control as everywhere.
    if (event.key === 'Tab' && !event.shiftKey && line.text.trim() !== '') {
      event.preventDefault();
      const completion = complete(line.text, vocabularyOf(view));
      if (completion !== null) setLine(typedOn(line, completion.line));
      setChoices(completion?.choices ?? []);
      return;
    }
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    setChoices([]);
    setLine(
      recalled(
        line,
        entries.map((entry) => entry.line),
        event.key === 'ArrowUp' ? 'back' : 'on',
      ),
    );
  };

  return (
    <div className="console">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
      <div ref={output} className="console-output" role="log" aria-label={messages.console.title} tabIndex={0}>
        {entries.length === 0 && <p className="console-hint">{messages.console.hint}</p>}
        {entries.map((entry) => (
          <div key={entry.key} className="console-entry">
            <p className="console-line">&gt; {entry.line}</p>
            <pre className={entry.ok ? '' : 'console-refused'}>{entry.text ?? messages.console.running}</pre>
          </div>
        ))}
      </div>
      {choices.length > 0 && (
        <p className="console-choices" role="status">
          {choices.join('  ')}
        </p>
      )}
      <form className="console-form" onSubmit={submit}>
        <input
          className="console-input"
          ref={input}
          aria-label={messages.console.prompt}
          value={line.text}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(change) => {
            setLine(typedOn(line, change.target.value));
            setChoices([]);
          }}
          onKeyDown={recall}
        />
        <button type="submit" className="button button-primary">
          {messages.console.run}
        </button>
      </form>
    </div>
  );
}

/** Words that a console's line may hold, of this site. */
function vocabularyOf({ events, kiosks, desk }: KioskView): Vocabulary {
  const ids = events.map(({ id }) => id);
  const tickets = events.flatMap(({ id, categories }) => [id, ...categories.map((category) => `${id}/${category.id}`)]);
  const members = kiosks.map(({ id }) => String(id));
  return {
    commands: COMMAND_NAMES,
    after: {
      buy: tickets,
      show: ids,
      change: ['add', 'remove', 'readmit', 'leader', 'address', ...members],
      add_kiosk: members,
      event: ['create', 'open', 'close', 'change', ...ids],
      clerk: ['add', 'change', 'disable', 'enable', ...desk.clerks.map(({ id }) => id)],
      shift: ['open', 'close', 'in', 'out'],
    },
    // To go on telling is the client's alone.
    options: { ...COMMAND_OPTIONS, status: [] },
  };
}
