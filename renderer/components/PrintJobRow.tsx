import { useState } from 'react';
import { asksClerk, isOnItsWay, type PrintAnswerKind, type PrinterView, type PrintJobView } from '../../shared/printing';
import type { KioskView, SaleView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';
import { messages } from '../messages';
import { severalEvents } from '../orderText';
import { FaultText } from './Fault';
import { VoidDialog } from './VoidDialog';

export function printerName({ name, label }: Pick<PrinterView, 'name' | 'label'>): string {
  return name === null ? messages.print.folder : label;
}

/** A printer by the name that a job has of it. */
export function printerCalled(name: string | null, printers: readonly PrinterView[]): string {
  return printerName(printers.find((printer) => printer.name === name) ?? { name, label: name ?? '' });
}

/** What the kiosk says of it, or the words of a spooler; of a file its path and the system's code, which are no words. */
function detailOf({ reason, detail }: PrintJobView): string {
  if (detail === null) return '';
  if (typeof detail === 'object') return messages.said(detail);
  return reason === 'not_written' ? detail : messages.print.toldBySystem(detail);
}

/** Why a job waits, failed or is unknown, and what to do; null for nothing to say. */
export function jobTrouble(job: PrintJobView, printers: readonly PrinterView[]): Fault | null {
  const { reason } = job;
  if (reason !== null) return { code: reason, words: () => messages.print.reasons[reason](detailOf(job)) };
  const printer = printers.find(({ name }) => name === job.printer);
  if (!isOnItsWay(job) || printer === undefined || printer.state === 'ready' || printer.state === 'untold') return null;
  const { state } = printer;
  return { code: state, words: () => `${messages.print.printerStates[state]}. ${messages.print.remedies[state]}` };
}

/** Numbers of its tickets; of several events, each of which begins with number 1, how many. */
function ticketsText({ tickets }: PrintJobView): string {
  if (severalEvents(tickets)) return messages.cart.count(tickets.length);
  return messages.print.jobTickets(ticketRanges(tickets.map(({ number }) => number)), tickets.length);
}

interface PrintJobRowProps {
  readonly job: PrintJobView;
  readonly view: KioskView;
  readonly printers: readonly PrinterView[];
}

/** One job of the print queue: what it is, where it stands, and what a clerk can do about it. */
export function PrintJobRow({ job, view, printers }: PrintJobRowProps) {
  const [said, setSaid] = useState<Fault | null>(null);
  const [voiding, setVoiding] = useState<SaleView | null>(null);
  const fail = (error: unknown) => setSaid(faultOf(error));
  const answer = (word: PrintAnswerKind) => unwrap(bridge.printAnswer({ id: job.id, answer: word })).then(() => setSaid(null), fail);
  const openVoid = () => unwrap(bridge.sale(job.sale)).then(setVoiding, fail);
  const trouble = jobTrouble(job, printers);
  const copy = Math.max(job.copy ?? 0, ...job.tickets.map((ticket) => ticket.copy ?? 0));
  const claimed = job.tickets.some((ticket) => ticket.copy !== null);
  return (
    <li className={`open-row print-row print-row-${job.state}`} data-testid="print-row" data-state={job.state}>
      <div className="open-text">
        <strong>
          {messages.print.states[job.state]} · {job.kind === 'receipt' ? messages.print.jobReceipt : ticketsText(job)}
          {copy > 0 && ` · ${messages.print.copy(copy)}`}
        </strong>
        <span>{messages.print.of(job.sale, printerCalled(job.printer, printers))}</span>
        {trouble !== null && (
          <span className="open-said">
            <FaultText fault={trouble} />
          </span>
        )}
        {job.file !== null && <span className="log-quiet print-file">{messages.print.file(job.file)}</span>}
        {said !== null && (
          <span className="open-said" role="alert">
            <FaultText fault={said} />
          </span>
        )}
      </div>
      <div className="open-actions">
        <JobActions job={job} claimed={claimed} onAnswer={(word) => void answer(word)} onVoid={() => void openVoid()} />
      </div>
      {voiding !== null && <VoidDialog sale={voiding} view={view} reason={messages.print.voidReason} onClose={() => setVoiding(null)} />}
    </li>
  );
}

interface JobActionsProps {
  readonly job: PrintJobView;
  readonly claimed: boolean;
  readonly onAnswer: (word: PrintAnswerKind) => void;
  readonly onVoid: () => void;
}

function JobActions({ job, claimed, onAnswer, onVoid }: JobActionsProps) {
  const action = (word: PrintAnswerKind, label: string, primary = false) => (
    <button type="button" className={`button ${primary ? 'button-primary' : ''}`} onClick={() => onAnswer(word)}>
      {label}
    </button>
  );
  if (job.state === 'queued') return action('drop', messages.print.drop);
  if (isOnItsWay(job)) return job.printer === null ? null : action('drop', messages.print.cancelJob);
  if (!asksClerk(job)) return null;
  if (job.kind === 'receipt') {
    return (
      <>
        {action('copy', messages.print.printAgain, true)}
        {action('drop', messages.print.drop)}
      </>
    );
  }
  return (
    <>
      {action('copy', claimed ? messages.print.printCopy : messages.print.printAgain, true)}
      {claimed && action('printed', messages.print.alreadyPrinted)}
      <button type="button" className="button" onClick={onVoid}>
        {messages.print.void}
      </button>
    </>
  );
}
