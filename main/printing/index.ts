export { TICKET_HEIGHT_MM, TICKET_WIDTH_MM, type TicketSite, ticketCode, ticketDocuments } from './document';
export { listPrinters, type PdfPrinter, PrintError, printSale } from './job';
