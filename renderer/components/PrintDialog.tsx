import { CircleAlert, CircleCheckBig, Printer as PrinterIcon } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Printed, Printer, TicketDocument } from '../../shared/ipc';
import { bridge, errorText, unwrap } from '../bridge';
import { sentence } from '../format';
import { messages } from '../messages';
import { Dialog } from './Dialog';

type Job =
  | { readonly kind: 'ready' }
  | { readonly kind: 'printing' }
  | { readonly kind: 'printed'; readonly printed: Printed }
  | { readonly kind: 'failed'; readonly message: string };

/** The picker's value for "PDF to a folder"; no printer has an empty name. */
const FOLDER = '';

interface PrintDialogProps {
  /** A committed sale. */
  readonly sale: string;
  readonly onClose: () => void;
}

/** A preview of each ticket, and where to print it. */
export function PrintDialog({ sale, onClose }: PrintDialogProps) {
  const [tickets, setTickets] = useState<readonly TicketDocument[] | null>(null);
  const [printers, setPrinters] = useState<readonly Printer[]>([]);
  const [printer, setPrinter] = useState(FOLDER);
  const [job, setJob] = useState<Job>({ kind: 'ready' });
  const action = useRef<HTMLButtonElement>(null);
  const fail = useCallback((error: unknown) => setJob({ kind: 'failed', message: errorText(error) }), []);

  useEffect(() => {
    unwrap(bridge.tickets(sale)).then(setTickets, fail);
    unwrap(bridge.printers()).then((found) => {
      setPrinters(found);
      setPrinter(found.find(({ isDefault }) => isDefault)?.name ?? FOLDER);
    }, fail);
  }, [sale, fail]);
  // Enter prints as soon as there is something to print, and closes when that is done: the focus is there with the words.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows what the button does
  useLayoutEffect(() => {
    action.current?.focus();
  }, [tickets, job.kind]);

  const print = () => {
    setJob({ kind: 'printing' });
    unwrap(bridge.print({ sale, printer: printer === FOLDER ? null : printer })).then(
      (printed) => setJob({ kind: 'printed', printed }),
      (error: unknown) => {
        fail(error);
        // They may have been claimed all the same: then the next try prints copies, and says so before.
        unwrap(bridge.tickets(sale)).then(setTickets, fail);
      },
    );
  };
  const waiting = tickets === null || job.kind === 'printing';

  return (
    <Dialog title={messages.print.title} onClose={onClose}>
      {tickets !== null && <p className="dialog-sub">{messages.print.sale(sale, tickets.length)}</p>}
      <CopyWarning tickets={tickets} printed={job.kind === 'printed'} />
      <Previews tickets={tickets} failed={job.kind === 'failed'} />
      <JobLine job={job} />
      <div className="dialog-actions">
        <label className="field">
          <span>{messages.print.printer}</span>
          <select value={printer} disabled={job.kind === 'printing'} onChange={(change) => setPrinter(change.target.value)}>
            <option value={FOLDER}>{messages.print.folder}</option>
            {printers.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {job.kind === 'printed' ? (
          <>
            <button type="button" className="button" onClick={print}>
              {messages.print.again}
            </button>
            <button ref={action} type="button" className="button button-primary" onClick={onClose}>
              {messages.print.done}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>
              {messages.print.later}
            </button>
            <button ref={action} type="button" className="button button-primary" disabled={waiting} onClick={print}>
              <PrinterIcon aria-hidden="true" />
              {job.kind === 'printing' ? messages.print.printing : messages.print.print}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Said before it is printed: an original comes out once only (S23). */
function CopyWarning({ tickets, printed }: { tickets: readonly TicketDocument[] | null; printed: boolean }) {
  const copies = (tickets ?? []).filter(({ copy }) => copy > 0);
  if (printed || tickets === null || copies.length === 0) return null;
  const first = copies[0]!.copy;
  const same = copies.length === tickets.length && copies.every(({ copy }) => copy === first);
  return <p className="dialog-warning">{same ? messages.print.copies(first) : messages.print.someCopies}</p>;
}

function Previews({ tickets, failed }: { tickets: readonly TicketDocument[] | null; failed: boolean }) {
  // Up to a hundred pictures: made once, not at every change of the dialog.
  const pictures = useMemo(
    () =>
      tickets?.map(({ event, number, svg }) => ({
        key: `${event}/${number}`,
        number,
        src: `data:image/svg+xml,${encodeURIComponent(svg)}`,
      })),
    [tickets],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
    <section className="previews" aria-label={messages.print.previews} tabIndex={0}>
      {pictures === undefined ? (
        <p className="previews-empty">{failed ? messages.print.noTickets : messages.print.loading}</p>
      ) : (
        pictures.map(({ key, number, src }) => <img key={key} className="preview" alt={messages.print.preview(number)} src={src} />)
      )}
    </section>
  );
}

function JobLine({ job }: { job: Job }) {
  if (job.kind === 'printed') {
    const { file, printer, pages } = job.printed;
    return (
      <p className="job job-good" role="status" data-testid="print-job">
        <CircleCheckBig aria-hidden="true" />
        <span>{file === null ? messages.print.sent(printer ?? '', pages) : messages.print.file(file)}</span>
      </p>
    );
  }
  if (job.kind === 'failed') {
    return (
      <p className="job job-bad" role="alert" data-testid="print-job">
        <CircleAlert aria-hidden="true" />
        <span>{sentence(job.message)}</span>
      </p>
    );
  }
  return null;
}
