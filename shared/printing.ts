import type { Said } from './said';
import type { SaleView } from './service';

/**
 * Where a print stands. queued: nothing has left. rendering: claimed in the log, its page is being made.
 * submitted: given to the spooler, or about to be. unknown: the spooler does not know it; only a clerk can see whether
 * there is paper.
 */
export type PrintState = 'queued' | 'rendering' | 'submitted' | 'printing' | 'done' | 'failed' | 'unknown';

/** Why a print failed, waits, or is unknown. */
export type PrintReason =
  /** The log refused the claim; details say why. */
  | 'refused'
  /** Waits for a majority to claim it. */
  | 'no_majority'
  /** Its page could not be made. */
  | 'not_rendered'
  /** The folder could not be written to. */
  | 'not_written'
  /** The spooler or the printer did not take it. */
  | 'not_taken'
  /** Cancelled at the spooler or by a clerk. */
  | 'cancelled'
  /** The printer gave it up. */
  | 'aborted'
  /** The kiosk stopped before the page left for the printer. */
  | 'restarted'
  /** The spooler, asked by the job's name, does not know it. */
  | 'vanished'
  /** The spooler took it, and tells no more of any job. */
  | 'not_told';

/** ready takes a page; untold may: the system does not say how it is. none: no printer of that name. */
export const PRINTER_STATES = ['ready', 'untold', 'out_of_paper', 'stopped', 'unreachable', 'none'] as const;
export type PrinterState = (typeof PRINTER_STATES)[number];

/** 80 x 127 mm tickets, one job each; or A4, four to a page. */
export const PAPERS = ['ticket', 'a4'] as const;
export type Paper = (typeof PAPERS)[number];

/** Languages of what is printed and shown. */
export const PRINT_LANGUAGES = ['en', 'de'] as const;
export type PrintLanguage = (typeof PRINT_LANGUAGES)[number];

export interface PrinterView {
  /** Null for "PDF to a folder", which is always there. */
  readonly name: string | null;
  readonly label: string;
  readonly isDefault: boolean;
  readonly state: PrinterState;
  /** In the spooler's own words; null for none. */
  readonly detail: string | null;
}

/** Where a kiosk prints, as the others see it. */
export interface ChosenPrinter {
  /** As its own screen calls it; null for "PDF to a folder". */
  readonly label: string | null;
  readonly state: PrinterState;
}

export interface PrintedTicket {
  readonly event: string;
  readonly number: number;
  /** What its claim allows: 0 the original, n COPY n; null until it is claimed. */
  readonly copy: number | null;
}

/** One job: its id is the job's name at the spooler. */
export interface PrintJobView {
  readonly id: string;
  readonly kind: 'tickets' | 'receipt';
  readonly sale: string;
  /** In whose name its tickets are claimed. */
  readonly clerk: string;
  /** Empty for a receipt. One at a spooler with ticket paper, else those of one page or file. */
  readonly tickets: readonly PrintedTicket[];
  /** Of a receipt, what its claim allows, as of a ticket. */
  readonly copy: number | null;
  /** Null: PDF to a folder. */
  readonly printer: string | null;
  readonly paper: Paper;
  readonly state: PrintState;
  readonly reason: PrintReason | null;
  /** What the kiosk says of it, or words of the spooler or the system; null for none. */
  readonly detail: Said | string | null;
  /** The PDF in the folder. */
  readonly file: string | null;
  /** ms since 1970, by this kiosk's clock. */
  readonly at: number;
}

/** Where this kiosk prints unless a clerk says otherwise; kept over restarts. */
export interface PrintChoice {
  readonly printer: string | null;
  readonly paper: Paper;
}

/** All of a kiosk's printing. Each change has a higher version. */
export interface PrintQueueView {
  readonly version: number;
  /** Oldest first; the last ones that are done too. */
  readonly jobs: readonly PrintJobView[];
  /** The folder last. */
  readonly printers: readonly PrinterView[];
  readonly choice: PrintChoice;
}

/** What the other kiosks are told of the printer that was chosen here. */
export function chosenPrinter({ printers, choice }: PrintQueueView): ChosenPrinter {
  const chosen = printers.find(({ name }) => name === choice.printer);
  return { label: choice.printer === null ? null : (chosen?.label ?? choice.printer), state: chosen?.state ?? 'none' };
}

/** Committed sales of other kiosks with tickets that are not known to be on paper (S23). */
export interface ElsewhereSale {
  readonly sale: SaleView;
  /** Its kiosk is not reached from here, so it can't print by itself. */
  readonly away: boolean;
}

/** copy: print it again. printed: the clerk has the paper in hand. drop: take it out of the queue, cancelling it at the spooler. */
export const PRINT_ANSWERS = ['copy', 'printed', 'drop'] as const;
export type PrintAnswerKind = (typeof PRINT_ANSWERS)[number];

/** Jobs that may still come out of a printer. */
export function isOnItsWay({ state }: Pick<PrintJobView, 'state'>): boolean {
  return state === 'queued' || state === 'rendering' || state === 'submitted' || state === 'printing';
}

/** Jobs that wait for a clerk. */
export function asksClerk({ state }: Pick<PrintJobView, 'state'>): boolean {
  return state === 'failed' || state === 'unknown';
}
