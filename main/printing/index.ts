export { CupsSpooler } from './cups';
export { type DocumentPrinter, type PageParts, type PageSize, renderJob, ticketDocuments } from './pages';
export { PrintQueue } from './queue';
export type { SpooledState, Spooler, Submission, Submitted } from './spooler';
export type { TicketSite } from './ticket';
