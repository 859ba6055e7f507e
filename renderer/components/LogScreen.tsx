import { useVirtualizer } from '@tanstack/react-virtual';
import { Printer } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import type { LogEntryView, LoggedCommand } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { logTime } from '../format';
import { useLog } from '../hooks/useLog';
import { messages } from '../messages';

const ROW_PX = 64;
const OVERSCAN = 8;

interface LogScreenProps {
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
}

/** `show`: the state first, then the committed log, newest at the top. */
export function LogScreen({ view, onPrint }: LogScreenProps) {
  const list = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState('');
  const entryAt = useLog();
  const rows = useVirtualizer({
    count: view.applied,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const slotOf = (index: number) => view.applied - index;
  const jump = (submit: FormEvent) => {
    submit.preventDefault();
    const slot = Number(target);
    if (Number.isInteger(slot) && slot >= 1) rows.scrollToIndex(slotOf(Math.min(slot, view.applied)), { align: 'start' });
  };
  return (
    <div className="log">
      <div className="log-state">
        {view.events.map((event) => (
          <span key={event.id} className="chip chip-event">
            {messages.log.left(event.name, event.remaining, event.capacity)}
          </span>
        ))}
        <span className="chip">
          {messages.log.members(
            view.kiosks
              .filter(({ standing }) => standing === 'member')
              .map(({ id }) => id)
              .join(' '),
          )}
        </span>
        <span className="chip">{messages.log.leader(view.leader)}</span>
        <span className="chip">{messages.log.applied(view.applied)}</span>
      </div>
      <form className="log-tools" onSubmit={jump}>
        <h2>{messages.log.title}</h2>
        <button type="button" className="button" onClick={() => rows.scrollToIndex(0)}>
          {messages.log.newest}
        </button>
        <button type="button" className="button" onClick={() => rows.scrollToIndex(Math.max(0, view.applied - 1))}>
          {messages.log.oldest}
        </button>
        <label className="field field-inline">
          <span>{messages.log.jump}</span>
          <input inputMode="numeric" pattern="[0-9]*" value={target} onChange={(change) => setTarget(change.target.value)} />
        </label>
        <button type="submit" className="button">
          {messages.log.go}
        </button>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
      <section ref={list} className="log-list" aria-label={messages.log.title} tabIndex={0}>
        {view.applied === 0 && <p className="empty">{messages.log.empty}</p>}
        <ol className="log-rows" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const slot = slotOf(row.index);
            return (
              <li key={slot} className="log-row" style={{ transform: `translateY(${row.start}px)` }}>
                <Row slot={slot} entry={entryAt(slot, view.applied)} timeZone={view.site.timeZone} onPrint={onPrint} />
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

interface RowProps {
  readonly slot: number;
  readonly entry: LogEntryView | null;
  readonly timeZone: string;
  readonly onPrint: (sale: string) => void;
}

function Row({ slot, entry, timeZone, onPrint }: RowProps) {
  const sale = entry?.commands.find(({ result }) => result.ok && result.sale !== undefined)?.result.sale;
  return (
    <>
      <span className="log-slot">{slot}</span>
      <span className="log-ballot">{entry?.ballot ?? messages.log.loading}</span>
      <span className="log-text">{entry === null ? messages.log.loading : entryText(entry, timeZone)}</span>
      {sale !== undefined && (
        <button type="button" className="icon-button" aria-label={messages.log.print(sale)} onClick={() => onPrint(sale)}>
          <Printer aria-hidden="true" />
        </button>
      )}
    </>
  );
}

function entryText(entry: LogEntryView, timeZone: string) {
  const members = (entry.members ?? []).join(' ');
  if (entry.kind === 'no-op') return <span className="log-quiet">{messages.log.noOp}</span>;
  if (entry.kind === 'founding')
    return <strong>{messages.log.founding(members, (entry.events ?? []).map(({ id }) => id).join(', '))}</strong>;
  if (entry.kind === 'configuration')
    return <strong>{messages.log.members2(entry.commands[0]?.change ?? '', members, entry.inForce ?? 0)}</strong>;
  const [first, ...more] = entry.commands;
  return first === undefined ? null : (
    <>
      <CommandText command={first} />
      {more.length > 0 && <span className="log-quiet"> +{more.length}</span>}
      <span className="log-quiet">
        kiosk {first.kiosk} · {logTime(first.at, timeZone)} · {first.clerk} · {first.requestId}
      </span>
    </>
  );
}

function CommandText({ command }: { command: LoggedCommand }) {
  const { result } = command;
  const what =
    command.op === 'change'
      ? messages.log.change(command.change ?? '')
      : messages.log.buy((command.items ?? []).map((item) => `${item.n} ${item.event}/${item.category}`).join(' + '));
  const outcome = result.ok
    ? result.sale === undefined
      ? messages.log.ok
      : messages.log.soldAs(result.sale, ticketRanges(result.tickets ?? []))
    : messages.log.refused(result.reason ?? '');
  return (
    <strong>
      {what} → {outcome}
      {result.duplicate ? ` (${messages.log.duplicate})` : ''}
    </strong>
  );
}
