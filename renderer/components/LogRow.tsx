import { Layers, Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LogEntryView, LoggedCommand } from '../../shared/answers';
import { ticketRanges } from '../../shared/text';
import { actionText, type SiteTerms } from '../actionText';
import { logTime } from '../format';
import { messages } from '../messages';

interface LogRowProps {
  readonly slot: number;
  /** Null while it is on its way. */
  readonly entry: LogEntryView | null;
  readonly terms: SiteTerms;
  readonly onPrint: (sale: string) => void;
  readonly onDetails: (entry: LogEntryView) => void;
}

/** The cells of one slot; a batch of several commands shows its first and opens the rest. */
export function LogRow({ slot, entry, terms, onPrint, onDetails }: LogRowProps) {
  const [first, ...more] = entry?.commands ?? [];
  return (
    <>
      <span className="log-slot">{slot}</span>
      <span className="log-ballot">{entry?.ballot ?? messages.log.loading}</span>
      <span className="log-kiosk">
        {first !== undefined && (
          <>
            <span>{messages.log.kiosk(first.kiosk)}</span>
            <span className="log-quiet">{logTime(first.at, terms.timeZone)}</span>
          </>
        )}
      </span>
      <span className="log-text">
        {entry === null ? messages.log.loading : <EntryText entry={entry} terms={terms} />}
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

export function PrintButton({ command: { op, result }, onPrint }: { command: LoggedCommand; onPrint: (sale: string) => void }) {
  const { sale } = result;
  if (op !== 'buy' || !result.ok || sale === undefined) return null;
  return (
    <button type="button" className="button log-button" aria-label={messages.log.print(sale)} onClick={() => onPrint(sale)}>
      <Printer aria-hidden="true" />
    </button>
  );
}

function EntryText({ entry, terms }: { entry: LogEntryView; terms: SiteTerms }): ReactNode {
  const members = (entry.members ?? []).join(' ');
  switch (entry.kind) {
    case 'no-op':
      return <Words quiet>{messages.log.noOp}</Words>;
    case 'founding':
      return <Words>{messages.log.founding(members, (entry.events ?? []).map(({ id }) => id).join(', '))}</Words>;
    case 'configuration':
      return <Words>{messages.log.configuration(messages.log.change(entry.commands[0]?.change ?? ''), members, entry.inForce ?? 0)}</Words>;
    case 'recovery':
      return <Words bad>{messages.log.recovery(entry.generation ?? 0, members)}</Words>;
    case 'version':
      return <Words quiet>{messages.log.version(entry.version ?? 0)}</Words>;
    case 'batch':
      return entry.commands[0] === undefined ? null : <CommandText command={entry.commands[0]} terms={terms} />;
  }
}

function Words({ quiet = false, bad = false, children }: { quiet?: boolean; bad?: boolean; children: string }) {
  return (
    <span className="log-command">
      {quiet ? <span className="log-quiet">{children}</span> : <strong className={bad ? 'log-bad' : ''}>{children}</strong>}
    </span>
  );
}

/** What was asked and what came of it, in the words of `show`. */
export function CommandText({ command, terms }: { command: LoggedCommand; terms: SiteTerms }) {
  const { result } = command;
  return (
    <span className="log-command">
      <strong>{asked(command, terms)}</strong>
      <span className="log-quiet"> → </span>
      <span className={result.ok ? 'log-good' : 'log-bad'}>{outcome(command)}</span>
      {result.duplicate === true && <span className="log-quiet"> ({messages.log.duplicate})</span>}
    </span>
  );
}

function asked({ op, items, target, sale, reason, receipt, n, event, number, change, action }: LoggedCommand, terms: SiteTerms): string {
  switch (op) {
    case 'buy':
      return messages.log.buy((items ?? []).map((item) => `${item.n} ${item.event}/${item.category}`).join(' + '));
    case 'cancel':
      return messages.log.cancel(target ?? '');
    case 'void':
      return messages.log.void(sale ?? '', reason);
    case 'print':
      return receipt === true ? messages.log.printingReceipt(sale ?? '') : messages.log.printing(n ?? 0, sale ?? '');
    case 'confirm':
      return messages.log.confirming(n ?? 0, sale ?? '');
    case 'admit':
      return messages.log.admit(number ?? 0, event ?? '', sale ?? '');
    case 'event':
    case 'clerk':
    case 'shift':
      return action === undefined ? '' : actionText(action, terms);
    case 'change':
      return messages.log.change(change ?? '');
  }
}

function outcome({ op, result, receipt }: LoggedCommand): string {
  if (!result.ok) return messages.log.refused(result.reason);
  const tickets = result.tickets ?? [];
  const numbers = ticketRanges(tickets);
  const back = tickets.length === 0 ? '' : messages.log.back(numbers, tickets.length);
  switch (op) {
    case 'buy':
      return messages.log.soldAs(result.sale ?? '', numbers, tickets.length);
    case 'cancel':
      return result.sale === undefined ? messages.log.neverSold : messages.log.undone(result.sale, back);
    case 'void':
      return messages.log.voided(back);
    case 'print': {
      const copies = (result.copies ?? []).filter((copy) => copy > 0).length;
      if (receipt === true) return copies === 0 ? messages.log.original : messages.print.copy(result.copies?.[0] ?? 0);
      return copies === 0 ? messages.log.originals : messages.log.copies(copies, result.copies?.length ?? 0);
    }
    case 'confirm':
    case 'admit':
    case 'event':
    case 'clerk':
    case 'shift':
    case 'change':
      return messages.log.ok;
  }
}
