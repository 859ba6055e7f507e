export { CupsSpooler } from './cups';
export { type PageParts, type PdfPrinter, renderJob, ticketDocuments } from './pages';
export { PrintQueue } from './queue';
export type { Spooler } from './spooler';
export type { TicketSite } from './ticket';
