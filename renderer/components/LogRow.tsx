import { Layers, Printer } from 'lucide-react';
import type { LogEntryView, LoggedCommand } from '../../shared/answers';
import { ticketRanges } from '../../shared/text';
import { logTime } from '../format';
import { messages } from '../messages';

interface LogRowProps {
  readonly slot: number;
  /** Null while it is on its way. */
  readonly entry: LogEntryView | null;
  readonly timeZone: string;
  readonly onPrint: (sale: string) => void;
  readonly onDetails: (entry: LogEntryView) => void;
}

/** The cells of one slot; a batch of several commands shows its first and opens the rest. */
export function LogRow({ slot, entry, timeZone, onPrint, onDetails }: LogRowProps) {
  const [first, ...more] = entry?.commands ?? [];
  return (
    <>
      <span className="log-slot">{slot}</span>
      <span className="log-ballot">{entry?.ballot ?? messages.log.loading}</span>
      <span className="log-kiosk">
        {first !== undefined && (
          <>
            <span>{messages.log.kiosk(first.kiosk)}</span>
            <span className="log-quiet">{logTime(first.at, timeZone)}</span>
          </>
        )}
      </span>
      <span className="log-text">
        {entry === null ? messages.log.loading : <EntryText entry={entry} />}
        {first !== undefined && (
          <span className="log-quiet log-request">
            {first.requestId} · {first.clerk}
            {more.length > 0 && ` · ${messages.log.more(more.length)}`}
          </span>
        )}
      </span>
      <span className="log-actions">
        {entry !== null && more.length > 0 ? (
          <button
            type="button"
            className="button log-button"
            aria-label={messages.log.details(slot, entry.commands.length)}
            onClick={() => onDetails(entry)}
          >
            <Layers aria-hidden="true" />
            {messages.log.detailsShort(entry.commands.length)}
          </button>
        ) : (
          first !== undefined && <PrintButton command={first} onPrint={onPrint} />
        )}
      </span>
    </>
  );
}

export function PrintButton({ command: { result }, onPrint }: { command: LoggedCommand; onPrint: (sale: string) => void }) {
  const { sale } = result;
  if (!result.ok || sale === undefined) return null;
  return (
    <button type="button" className="button log-button" aria-label={messages.log.print(sale)} onClick={() => onPrint(sale)}>
      <Printer aria-hidden="true" />
    </button>
  );
}

function EntryText({ entry }: { entry: LogEntryView }) {
  const members = (entry.members ?? []).join(' ');
  switch (entry.kind) {
    case 'no-op':
      return <span className="log-quiet">{messages.log.noOp}</span>;
    case 'founding':
      return <strong>{messages.log.founding(members, (entry.events ?? []).map(({ id }) => id).join(', '))}</strong>;
    case 'configuration':
      return <strong>{messages.log.configuration(entry.commands[0]?.change ?? '', members, entry.inForce ?? 0)}</strong>;
    case 'batch':
      return entry.commands[0] === undefined ? null : <CommandText command={entry.commands[0]} />;
  }
}

/** What was asked and what came of it, in the words of `show`. */
export function CommandText({ command }: { command: LoggedCommand }) {
  const { result } = command;
  const what =
    command.op === 'change'
      ? messages.log.change(command.change ?? '')
      : messages.log.buy((command.items ?? []).map((item) => `${item.n} ${item.event}/${item.category}`).join(' + '));
  return (
    <span className="log-command">
      <strong>{what}</strong>
      <span className="log-quiet"> → </span>
      <span className={result.ok ? 'log-good' : 'log-bad'}>{outcome(command)}</span>
      {result.duplicate === true && <span className="log-quiet"> ({messages.log.duplicate})</span>}
    </span>
  );
}

function outcome({ result }: LoggedCommand): string {
  if (!result.ok) return messages.log.refused(result.reason);
  if (result.sale === undefined) return messages.log.ok;
  const tickets = result.tickets ?? [];
  return messages.log.soldAs(result.sale, ticketRanges(tickets), tickets.length);
}
