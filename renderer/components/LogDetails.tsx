import type { LogEntryView } from '../../shared/answers';
import type { SiteTerms } from '../actionText';
import { logTime } from '../format';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { CommandText, PrintButton } from './LogRow';

interface LogDetailsProps {
  readonly entry: LogEntryView;
  readonly terms: SiteTerms;
  readonly onPrint: (sale: string) => void;
  readonly onClose: () => void;
}

/** All commands that one slot holds. */
export function LogDetails({ entry, terms, onPrint, onClose }: LogDetailsProps) {
  return (
    <Dialog title={messages.log.detailsTitle(entry.slot)} onClose={onClose}>
      <ol className="details">
        {entry.commands.map((command, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry never changes, and may hold one request twice
          <li key={index} className="details-row">
            <span className="log-text">
              <CommandText command={command} terms={terms} />
              <span className="log-quiet log-request">
                {messages.log.kiosk(command.kiosk)} · {logTime(command.at, terms.timeZone)} · {command.requestId} · {command.clerk}
              </span>
            </span>
            <PrintButton command={command} onPrint={onPrint} />
          </li>
        ))}
      </ol>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.log.close}
        </button>
      </div>
    </Dialog>
  );
}
