import { ArrowDownToLine, ArrowUpToLine } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { EventState } from '../../shared/answers';
import { messages } from '../messages';

const ALL = '';

interface LogToolsProps {
  readonly events: readonly EventState[];
  readonly event: string | null;
  readonly onEvent: (event: string | null) => void;
  readonly onNewest: () => void;
  readonly onOldest: () => void;
  readonly onJump: (slot: number) => void;
}

/** The ways through the log: by event, to either end, to a slot. */
export function LogTools({ events, event, onEvent, onNewest, onOldest, onJump }: LogToolsProps) {
  const [target, setTarget] = useState('');
  const slot = Number(target);
  const valid = target !== '' && Number.isSafeInteger(slot) && slot >= 1;
  const jump = (submit: FormEvent) => {
    submit.preventDefault();
    if (valid) onJump(slot);
  };
  return (
    <form className="log-tools" onSubmit={jump}>
      <label className="field log-filter">
        <span>{messages.log.filter}</span>
        <select value={event ?? ALL} onChange={(change) => onEvent(change.target.value === ALL ? null : change.target.value)}>
          <option value={ALL}>{messages.log.allEvents}</option>
          {events.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button" onClick={onNewest}>
        <ArrowUpToLine aria-hidden="true" />
        {messages.log.newest}
      </button>
      <button type="button" className="button" onClick={onOldest}>
        <ArrowDownToLine aria-hidden="true" />
        {messages.log.oldest}
      </button>
      <label className="field log-jump">
        <span>{messages.log.jump}</span>
        <input
          inputMode="numeric"
          autoComplete="off"
          value={target}
          aria-invalid={target !== '' && !valid}
          onChange={(change) => setTarget(change.target.value.trim())}
        />
      </label>
      <button type="submit" className="button" disabled={!valid}>
        {messages.log.go}
      </button>
    </form>
  );
}
