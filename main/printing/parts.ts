import type { Answer } from '../../shared/answers';
import type { Paper } from '../../shared/printing';
import type { ConfirmRequest, PrintRequest } from '../../shared/requests';
import type { SaleView } from '../../shared/service';
import type { PrintJob } from './records';
import type { Spooler } from './spooler';
import type { TicketName } from './ticketNames';

export interface QueueParts {
  readonly kiosk: number;
  /** Where the queue is kept. */
  readonly folder: string;
  /** Where "PDF to a folder" goes. */
  readonly ticketFolder: string;
  readonly spooler: Spooler;
  readonly sale: (id: string) => SaleView | null;
  /** The sale's request is being given up at this kiosk, which then never claims it (rule 10). */
  readonly isGivenUp: (requestId: string) => boolean;
  /** Claims and confirmations go through the log. */
  readonly execute: (request: PrintRequest | ConfirmRequest) => Promise<Answer>;
  /** A job's page or pages as the document that its printer takes: a PDF for CUPS and the folder. @throws Error in words */
  readonly render: (job: PrintJob, sale: SaleView) => Promise<Uint8Array>;
  readonly log: (line: string) => void;
  /** The first look at printers, and at what an earlier life left, waits for so long: a kiosk that starts has more urgent things to do. */
  readonly firstLookMs?: number;
}

export interface PrintOrder {
  readonly sale: SaleView;
  readonly clerk: string;
  /** Left out: all tickets of the sale. */
  readonly tickets?: readonly TicketName[] | undefined;
  /** The sale's receipt, and no ticket. */
  readonly receipt?: boolean | undefined;
  readonly printer: string | null;
  readonly paper: Paper;
}
