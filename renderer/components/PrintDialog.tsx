import { CircleAlert, CircleCheckBig, Eye, Hourglass, Printer as PrinterIcon, Receipt } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TicketDocument } from '../../shared/ipc';
import { asksClerk, isOnItsWay, PAPERS, type PrintChoice, type PrintJobView, type PrintQueueView } from '../../shared/printing';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';
import { mayBeOnPaper, type PrintStage, printStage } from '../logic/printStage';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { FaultText } from './Fault';
import { jobTrouble, printerCalled, printerName } from './PrintJobRow';

/** The picker's value for "PDF to a folder"; no printer has an empty name. */
const FOLDER = '';

interface PrintDialogProps {
  /** A committed sale. */
  readonly sale: string;
  readonly queue: PrintQueueView;
  readonly onClose: () => void;
}

function nameOf({ event, number }: { readonly event: string; readonly number: number }): string {
  return `${event}/${number}`;
}

/** Each ticket as it is printed, which of them to print, and where; then how far they are. */
export function PrintDialog({ sale, queue, onClose }: PrintDialogProps) {
  const [tickets, setTickets] = useState<readonly TicketDocument[] | null>(null);
  /** Tickets that the clerk has touched; the others follow what is on paper. */
  const [touched, setTouched] = useState<ReadonlyMap<string, boolean>>(new Map());
  /** Receipts of it that were printed. */
  const [receipts, setReceipts] = useState(0);
  /** Until the clerk picks, the kiosk's own choice counts: right after a start the printers are still being asked for. */
  const [picked, setPicked] = useState<PrintChoice | null>(null);
  const { printer, paper } = picked ?? queue.choice;
  const [ids, setIds] = useState<readonly string[]>([]);
  const [error, setError] = useState<Fault | null>(null);
  const action = useRef<HTMLButtonElement>(null);
  /** An order has been touched and is not in the queue yet: a touch that bounces is no second one. */
  const ordering = useRef(false);
  const fail = useCallback((why: unknown) => setError(faultOf(why)), []);

  const jobs = queue.jobs.filter(({ id }) => ids.includes(id));
  const stage = printStage(jobs, ids.length);
  // Looked up again once something has come of the jobs: what is printed now are copies.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage says when
  useEffect(() => {
    unwrap(bridge.tickets(sale)).then(setTickets, fail);
    unwrap(bridge.sale(sale)).then((found) => setReceipts(found?.receipts ?? 0), fail);
  }, [sale, fail, stage]);
  // Enter prints as soon as there is something to print, and closes when that is done: the focus is there with the words.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows what the button does
  useLayoutEffect(() => {
    action.current?.focus();
  }, [tickets === null, stage]);

  const chosen = useMemo(() => chosenOf(tickets ?? [], touched), [tickets, touched]);
  const order = (what: { readonly receipt: true } | { readonly tickets: { event: string; number: number }[] }) => {
    if (ordering.current) return;
    ordering.current = true;
    setError(null);
    unwrap(bridge.print({ sale, printer, paper, ...what }))
      .then((made) => {
        // What is not on paper yet stays in sight.
        setIds([...jobs.filter(({ state }) => state !== 'done').map(({ id }) => id), ...made]);
        setTouched(new Map());
      }, fail)
      .finally(() => {
        ordering.current = false;
      });
  };
  const print = () => order({ tickets: chosen.map(({ event, number }) => ({ event, number })) });
  const receiptOnItsWay = jobs.some((job) => job.kind === 'receipt' && isOnItsWay(job));
  const perhaps = jobs.filter(mayBeOnPaper);
  /** First a clerk has to say what came out. */
  const saysSo = stage === 'trouble' && perhaps.length > 0;
  const closes = stage === 'printed' || stage === 'under_way';
  /** The clerk has all of it in hand. */
  const allPrinted = () => {
    setError(null);
    const answers = perhaps.map(({ id }) => unwrap(bridge.printAnswer({ id, answer: 'printed' })));
    Promise.all(answers).catch(fail);
  };

  return (
    <Dialog title={messages.print.title} onClose={onClose}>
      {tickets !== null && <p className="dialog-sub">{messages.print.sale(sale, tickets.length)}</p>}
      <CopyWarning tickets={chosen} quiet={closes || stage === 'look'} />
      <Previews
        tickets={tickets}
        chosen={chosen}
        failed={error !== null}
        onTouch={(ticket, on) => setTouched(new Map([...touched, [nameOf(ticket), on]]))}
      />
      <JobLine jobs={jobs} stage={stage} queue={queue} error={error} />
      <div className="dialog-actions">
        <label className="field">
          <span>{messages.print.printer}</span>
          <select
            value={printer ?? FOLDER}
            onChange={({ target }) => setPicked({ printer: target.value === FOLDER ? null : target.value, paper })}
          >
            {queue.printers.map((one) => (
              <option key={one.name ?? FOLDER} value={one.name ?? FOLDER}>
                {printerName(one)}
                {one.state === 'ready' || one.state === 'untold' ? '' : ` (${messages.print.printerStates[one.state]})`}
              </option>
            ))}
          </select>
        </label>
        <label className="field print-paper">
          <span>{messages.print.paper}</span>
          <select
            value={paper}
            onChange={({ target }) => setPicked({ printer, paper: PAPERS.find((one) => one === target.value) ?? 'ticket' })}
          >
            {PAPERS.map((value) => (
              <option key={value} value={value}>
                {messages.print.papers[value]}
              </option>
            ))}
          </select>
        </label>
        {!saysSo && (
          <button type="button" className="button" disabled={tickets === null || receiptOnItsWay} onClick={() => order({ receipt: true })}>
            <Receipt aria-hidden="true" />
            {receipts === 0 ? messages.print.receipt : messages.print.receiptCopy(receipts)}
          </button>
        )}
        {closes ? (
          <>
            {stage === 'printed' && (
              <button type="button" className="button" disabled={chosen.length === 0} onClick={print}>
                {messages.print.again}
              </button>
            )}
            <button ref={action} type="button" className="button button-primary" onClick={onClose}>
              {messages.print.done}
            </button>
          </>
        ) : stage === 'look' ? (
          <>
            <button type="button" className="button" disabled={chosen.length === 0} onClick={print}>
              {messages.print.again}
            </button>
            <button ref={action} type="button" className="button button-primary" onClick={allPrinted}>
              {messages.print.allPrinted}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>
              {messages.print.later}
            </button>
            {saysSo && (
              <button type="button" className="button" onClick={allPrinted}>
                {messages.print.alreadyPrinted}
              </button>
            )}
            <button ref={action} type="button" className="button button-primary" disabled={chosen.length === 0} onClick={print}>
              <PrinterIcon aria-hidden="true" />
              {tickets === null || chosen.length === tickets.length ? messages.print.print : messages.print.printNumber(chosen.length)}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** What is not on paper, or all where everything is; and what the clerk says. */
function chosenOf(tickets: readonly TicketDocument[], touched: ReadonlyMap<string, boolean>): readonly TicketDocument[] {
  const all = tickets.every(({ onPaper }) => onPaper);
  return tickets.filter((ticket) => touched.get(nameOf(ticket)) ?? (all || !ticket.onPaper));
}

/** Said before it is printed: an original comes out once only (S23). */
function CopyWarning({ tickets, quiet }: { tickets: readonly TicketDocument[]; quiet: boolean }) {
  const copies = tickets.filter(({ copy }) => copy > 0);
  if (quiet || copies.length === 0) return null;
  const first = copies[0]!.copy;
  const same = copies.length === tickets.length && copies.every(({ copy }) => copy === first);
  return <p className="dialog-warning">{same ? messages.print.copies(first) : messages.print.someCopies}</p>;
}

interface PreviewsProps {
  readonly tickets: readonly TicketDocument[] | null;
  readonly chosen: readonly TicketDocument[];
  readonly failed: boolean;
  readonly onTouch: (ticket: TicketDocument, on: boolean) => void;
}

function Previews({ tickets, chosen, failed, onTouch }: PreviewsProps) {
  // Up to a hundred pictures: made once, not at every change of the dialog.
  const pictures = useMemo(
    () => tickets?.map((ticket) => ({ ticket, src: `data:image/svg+xml,${encodeURIComponent(ticket.svg)}` })),
    [tickets],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
    <section className="previews" aria-label={messages.print.previews} tabIndex={0}>
      {pictures === undefined ? (
        <p className="previews-empty">{failed ? messages.print.noTickets : messages.print.loading}</p>
      ) : (
        pictures.map(({ ticket, src }) => {
          const on = chosen.includes(ticket);
          return (
            <button
              key={nameOf(ticket)}
              type="button"
              className="preview"
              aria-pressed={on}
              aria-label={messages.print.choose(ticket.number, on)}
              onClick={() => onTouch(ticket, !on)}
            >
              <img alt={messages.print.preview(ticket.number)} src={src} />
              {ticket.onPaper && <span className="preview-mark">{messages.print.onPaper}</span>}
            </button>
          );
        })
      )}
    </section>
  );
}

interface JobLineProps {
  readonly jobs: readonly PrintJobView[];
  readonly stage: PrintStage;
  readonly queue: PrintQueueView;
  readonly error: Fault | null;
}

/** How far the printing is, in one line. */
function JobLine({ jobs, stage, queue, error }: JobLineProps) {
  const asking = stage === 'look' || stage === 'under_way' ? undefined : jobs.find(asksClerk);
  const trouble = error ?? (asking === undefined ? null : jobTrouble(asking, queue.printers));
  if (trouble !== null) {
    return (
      <p className="job job-bad" role="alert" data-testid="print-job" data-stage={stage}>
        <CircleAlert aria-hidden="true" />
        <FaultText fault={trouble} />
      </p>
    );
  }
  const [first] = jobs;
  if (first === undefined) return null;
  const printer = printerCalled(first.printer, queue.printers);
  const count = (some: readonly PrintJobView[]) => some.reduce((sum, { tickets }) => sum + tickets.length, 0);
  if (stage === 'look') {
    const given = jobs.filter(asksClerk);
    return (
      <p className="job job-waits" role="status" data-testid="print-job" data-stage={stage}>
        <Eye aria-hidden="true" />
        <span>{first.kind === 'receipt' ? messages.print.receiptLook(printer) : messages.print.lookAtPaper(count(given), printer)}</span>
      </p>
    );
  }
  if (stage === 'printed') {
    const text = first.file !== null ? messages.print.file(first.file) : messages.print.sent(printer, count(jobs));
    return (
      <p className="job job-good" role="status" data-testid="print-job" data-stage={stage}>
        <CircleCheckBig aria-hidden="true" />
        <span>{first.kind === 'receipt' && first.file === null ? messages.print.receiptDone : text}</span>
      </p>
    );
  }
  const waiting = jobs.map((job) => jobTrouble(job, queue.printers)).find((why) => why !== null);
  const done = count(jobs.filter(({ state }) => state === 'done'));
  return (
    <p className={`job ${waiting === undefined ? '' : 'job-waits'}`} role="status" data-testid="print-job" data-stage={stage}>
      <Hourglass aria-hidden="true" />
      {waiting === undefined ? (
        <span>{first.kind === 'receipt' ? messages.print.printing : messages.print.progress(done, count(jobs), printer)}</span>
      ) : (
        <FaultText fault={waiting} />
      )}
    </p>
  );
}
