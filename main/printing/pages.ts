import type { TicketDocument } from '../../shared/ipc';
import type { Paper, PrintLanguage } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { receiptSvgs } from './receipt';
import type { PrintJob } from './records';
import { line } from './svg';
import { TICKET_HEIGHT_MM, TICKET_WIDTH_MM, type TicketSite, ticketSvg } from './ticket';

/** Turns pages of SVG into one document of that page size, a PDF; the window lends its renderer for it. */
export type DocumentPrinter = (pages: readonly string[], size: PageSize) => Promise<Uint8Array>;

export interface PageSize {
  readonly widthMm: number;
  readonly heightMm: number;
}

/** The signed code of a ticket. @throws Error in words where this kiosk has no key to sign with */
export type CodeOf = (ticket: { readonly event: string; readonly number: number; readonly sale: string }) => string;

export interface PageParts {
  readonly site: TicketSite;
  readonly codeOf: CodeOf;
  readonly language: PrintLanguage;
}

const SIZES: Readonly<Record<Paper, PageSize>> = {
  ticket: { widthMm: TICKET_WIDTH_MM, heightMm: TICKET_HEIGHT_MM },
  a4: { widthMm: 210, heightMm: 297 },
};
/** An A4 sheet holds two rows of two. */
const PER_ROW = 2;
const PER_SHEET = 4;
/** How far the marks for cutting reach into the margin. */
const MARK_MM = 6;

/** All tickets of a committed sale, to look at; each with what its next claim would allow. */
export function ticketDocuments(sale: SaleView, parts: PageParts): readonly TicketDocument[] {
  return sale.items.flatMap((item) =>
    item.tickets.map((number, place) => {
      const code = parts.codeOf({ event: item.event, number, sale: sale.sale });
      const copy = item.printed[place] ?? 0;
      return {
        event: item.event,
        number,
        code,
        copy,
        onPaper: item.confirmed[place] ?? false,
        svg: ticketSvg({ ...parts, sale, item, number, code, copy }),
      };
    }),
  );
}

/** A job as a document of one kind or another. @throws Error in words */
export function renderJob(job: PrintJob, sale: SaleView, parts: PageParts, document: DocumentPrinter): Promise<Uint8Array> {
  const svgs =
    job.kind === 'receipt'
      ? receiptSvgs(sale, parts.site, parts.language, claimOf(job))
      : job.tickets.map((ticket) => drawn(ticket, sale, parts));
  return document(job.paper === 'a4' ? sheets(svgs) : svgs, SIZES[job.paper]);
}

function claimOf({ sale, copy }: PrintJob): number {
  if (copy === null) throw new Error(`the receipt of sale ${sale} was not claimed`);
  return copy;
}

function drawn({ event, number, copy }: PrintJob['tickets'][number], sale: SaleView, parts: PageParts): string {
  const item = sale.items.find((one) => one.event === event && one.tickets.includes(number));
  if (item === undefined || copy === null) throw new Error(`ticket ${number} of ${event} was not claimed from sale ${sale.sale}`);
  return ticketSvg({ ...parts, sale, item, number, copy, code: parts.codeOf({ event, number, sale: sale.sale }) });
}

/** Tickets on A4, with marks for cutting. */
export function sheets(svgs: readonly string[]): readonly string[] {
  const { widthMm, heightMm } = SIZES.a4;
  const left = (widthMm - PER_ROW * TICKET_WIDTH_MM) / 2;
  const top = (heightMm - (PER_SHEET / PER_ROW) * TICKET_HEIGHT_MM) / 2;
  const marks: string[] = [];
  for (let column = 0; column <= PER_ROW; column += 1) {
    const x = left + column * TICKET_WIDTH_MM;
    for (const y of [top - MARK_MM, heightMm - top]) marks.push(line(x, y, x, y + MARK_MM, 'stroke="#000" stroke-width="0.2"'));
  }
  for (let row = 0; row <= PER_SHEET / PER_ROW; row += 1) {
    const y = top + row * TICKET_HEIGHT_MM;
    for (const x of [left - MARK_MM, widthMm - left]) marks.push(line(x, y, x + MARK_MM, y, 'stroke="#000" stroke-width="0.2"'));
  }
  const pages: string[] = [];
  for (let at = 0; at < svgs.length; at += PER_SHEET) {
    const placed = svgs.slice(at, at + PER_SHEET).map((svg, index) => {
      const x = left + (index % PER_ROW) * TICKET_WIDTH_MM;
      const y = top + Math.floor(index / PER_ROW) * TICKET_HEIGHT_MM;
      return `<svg x="${x}" y="${y}" width="${TICKET_WIDTH_MM}" height="${TICKET_HEIGHT_MM}">${svg.replace(/ width="\d+mm" height="\d+mm"/, '')}</svg>`;
    });
    pages.push(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthMm} ${heightMm}" width="${widthMm}mm" height="${heightMm}mm">${marks.join('')}${placed.join('')}</svg>`,
    );
  }
  return pages;
}
