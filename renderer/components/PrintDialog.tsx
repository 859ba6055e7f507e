import { CircleAlert, CircleCheck } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Printed, Printer, TicketDocument } from '../../shared/ipc';
import { bridge, unwrap } from '../bridge';
import { messages } from '../messages';
import { Dialog } from './Dialog';

type Job =
  | { readonly kind: 'ready' }
  | { readonly kind: 'printing' }
  | { readonly kind: 'printed'; readonly printed: Printed }
  | { readonly kind: 'failed'; readonly message: string };

interface PrintDialogProps {
  /** A committed sale. */
  readonly sale: string;
  readonly onClose: () => void;
}

/** A preview of each ticket, and where to print it. */
export function PrintDialog({ sale, onClose }: PrintDialogProps) {
  const [tickets, setTickets] = useState<readonly TicketDocument[] | null>(null);
  const [printers, setPrinters] = useState<readonly Printer[]>([]);
  const [printer, setPrinter] = useState('');
  const [job, setJob] = useState<Job>({ kind: 'ready' });
  const action = useRef<HTMLButtonElement>(null);
  const fail = useCallback((error: Error) => setJob({ kind: 'failed', message: error.message }), []);

  useEffect(() => {
    unwrap(bridge.tickets(sale)).then(setTickets, fail);
    unwrap(bridge.printers()).then((found) => {
      setPrinters(found);
      setPrinter(found.find(({ isDefault }) => isDefault)?.name ?? '');
    }, fail);
  }, [sale, fail]);
  // Enter prints as soon as there is something to print, and closes when that is done.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows what the button does
  useEffect(() => action.current?.focus(), [tickets, job.kind]);

  const print = async () => {
    setJob({ kind: 'printing' });
    try {
      setJob({ kind: 'printed', printed: await unwrap(bridge.print({ sale, printer: printer === '' ? null : printer })) });
    } catch (error) {
      fail(error as Error);
    }
  };

  return (
    <Dialog title={messages.print.title} onClose={onClose}>
      <div className="previews">
        {tickets === null ? (
          <p>{messages.print.loading}</p>
        ) : (
          tickets.map(({ event, number, svg }) => (
            <img
              key={`${event}/${number}`}
              className="preview"
              alt={messages.print.preview(number)}
              src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
            />
          ))
        )}
      </div>
      <JobLine job={job} />
      <div className="dialog-actions">
        <label className="field">
          <span>{messages.print.printer}</span>
          <select value={printer} onChange={(change) => setPrinter(change.target.value)}>
            <option value="">{messages.print.folder}</option>
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
            <button
              ref={action}
              type="button"
              className="button button-primary"
              disabled={tickets === null || job.kind === 'printing'}
              onClick={print}
            >
              {job.kind === 'printing' ? messages.print.printing : messages.print.print}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}

function JobLine({ job }: { job: Job }) {
  if (job.kind === 'printed') {
    const { file, printer, pages } = job.printed;
    return (
      <p className="job job-printed" role="status" data-testid="print-job">
        <CircleCheck aria-hidden="true" />
        {file === null ? messages.print.sent(printer ?? '', pages) : messages.print.file(file)}
      </p>
    );
  }
  if (job.kind === 'failed') {
    return (
      <p className="job job-failed" role="alert" data-testid="print-job">
        <CircleAlert aria-hidden="true" />
        {job.message}
      </p>
    );
  }
  return null;
}
