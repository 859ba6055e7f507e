import { encode } from 'uqr';
import type { TicketDocument } from '../../shared/ipc';
import type { SaleView } from '../../shared/service';

export const TICKET_WIDTH_MM = 80;
export const TICKET_HEIGHT_MM = 127;
/** Tickets are drawn in tenths of a millimetre. */
const WIDTH = TICKET_WIDTH_MM * 10;
const HEIGHT = TICKET_HEIGHT_MM * 10;
const MARGIN = 60;
const QR_SIZE = 400;
/** Average advance of a bold sans letter, as a share of the type size. */
const LETTER = 0.58;
const FONT = "'Inter','Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif";

export interface TicketSite {
  readonly uid: string;
  readonly place: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** What the QR code of a ticket says: version, site, event, number and the sale that it came from (rule 10: old paper is told apart by its sale). */
export function ticketCode(uid: string, event: string, number: number, sale: string): string {
  return `QK1:${uid}:${event}:${number}:${sale}`;
}

/**
 * One document per ticket of a committed sale, in the order of its items.
 * @param copies what each print claim allows: 0 the original, n COPY n (rule 10); what the next claim would allow, for a preview
 */
export function ticketDocuments(sale: SaleView, site: TicketSite, copies = nextCopies(sale)): readonly TicketDocument[] {
  const tickets = sale.items.flatMap((item) => item.tickets.map((number) => ({ item, number })));
  return tickets.map(({ item, number }, place) => {
    const code = ticketCode(site.uid, item.event, number, sale.sale);
    const copy = copies[place] ?? 0;
    return { event: item.event, number, code, svg: draw({ sale, item, number, code, site, copy }), copy };
  });
}

function nextCopies(sale: SaleView): readonly number[] {
  return sale.items.flatMap(({ printed }) => printed);
}

interface Drawing {
  readonly sale: SaleView;
  readonly item: SaleView['items'][number];
  readonly number: number;
  readonly code: string;
  readonly site: TicketSite;
  readonly copy: number;
}

function draw({ sale, item, number, code, site, copy }: Drawing): string {
  const title = wrap(item.eventName, WIDTH - 2 * MARGIN, 74, 3);
  const price = money(item.price, site.currency);
  const parts: string[] = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<rect x="14" y="14" width="${WIDTH - 28}" height="${HEIGHT - 28}" rx="26" fill="none" stroke="#111111" stroke-width="4"/>`,
    text(MARGIN, 86, 30, sale.status === 'live' ? (copy === 0 ? 'ADMIT ONE' : `COPY ${copy}`) : 'VOID', { weight: 700, spacing: 6 }),
    text(WIDTH - MARGIN, 86, 30, site.place.toUpperCase().slice(0, 28), { anchor: 'end', weight: 500 }),
    `<line x1="${MARGIN}" y1="112" x2="${WIDTH - MARGIN}" y2="112" stroke="#111111" stroke-width="3"/>`,
  ];
  let y = 112;
  for (const line of title.lines) {
    y += title.size * 1.12;
    parts.push(text(MARGIN, y, title.size, line, { weight: 800 }));
  }
  if (item.starts !== null) {
    const when = dateParts(item.starts, site.timeZone);
    y += 66;
    parts.push(text(MARGIN, y, 40, when.date, { weight: 500 }));
    y += 52;
    parts.push(text(MARGIN, y, 40, when.time, { weight: 500 }));
  }
  const middle = 470;
  parts.push(
    text(MARGIN, middle + 46, 28, 'TICKET', { weight: 500, spacing: 3 }),
    text(MARGIN, middle + 156, 124, String(number), { weight: 800 }),
    text(WIDTH - MARGIN, middle + 46, 28, shorten(item.categoryName.toUpperCase(), 20), { anchor: 'end', weight: 500, spacing: 3 }),
    text(WIDTH - MARGIN, middle + 130, 72, price, { anchor: 'end', weight: 800 }),
    // The tear line, with the notches that a real ticket has.
    `<line x1="${MARGIN}" y1="680" x2="${WIDTH - MARGIN}" y2="680" stroke="#111111" stroke-width="4" stroke-dasharray="2 16" stroke-linecap="round"/>`,
    `<circle cx="14" cy="680" r="22" fill="#ffffff" stroke="#111111" stroke-width="4"/><rect x="-10" y="650" width="22" height="60" fill="#ffffff"/>`,
    `<circle cx="${WIDTH - 14}" cy="680" r="22" fill="#ffffff" stroke="#111111" stroke-width="4"/><rect x="${WIDTH - 12}" y="650" width="22" height="60" fill="#ffffff"/>`,
    qr(code, (WIDTH - QR_SIZE) / 2, 722),
    text(WIDTH / 2, 1168, 27, `Sale ${sale.sale}  ·  Kiosk ${sale.kiosk}  ·  ${shorten(sale.clerk, 20)}`, {
      anchor: 'middle',
      weight: 500,
    }),
    text(WIDTH / 2, 1212, 24, `${item.event}  ·  no. ${number}`, { anchor: 'middle', weight: 400 }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${TICKET_WIDTH_MM}mm" height="${TICKET_HEIGHT_MM}mm" role="img" aria-label="${escapeXml(`Ticket ${number}, ${item.eventName}`)}">${parts.join('')}</svg>`;
}

interface Style {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight: number;
  readonly spacing?: number;
}

function text(x: number, y: number, size: number, content: string, { anchor = 'start', weight, spacing = 0 }: Style): string {
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" letter-spacing="${spacing}" text-anchor="${anchor}" fill="#111111">${escapeXml(content)}</text>`;
}

/** The code as one path, module by module, with the quiet zone that scanners need. */
function qr(code: string, x: number, y: number): string {
  const { data, size } = encode(code, { ecc: 'M', border: 2 });
  const module = QR_SIZE / size;
  const cells: string[] = [];
  for (const [row, line] of data.entries()) {
    for (const [column, dark] of line.entries()) if (dark) cells.push(`M${column} ${row}h1v1h-1z`);
  }
  return `<g transform="translate(${x} ${y}) scale(${module})"><path d="${cells.join('')}" fill="#000000" shape-rendering="crispEdges"/></g>`;
}

/** Breaks a name into at most `most` lines, in smaller type where it is long. */
function wrap(name: string, width: number, size: number, most: number): { readonly size: number; readonly lines: readonly string[] } {
  for (let type = size; type >= 40; type -= 6) {
    const lines = breakLines(name, Math.floor(width / (type * LETTER)));
    if (lines.length <= (type > 56 ? 2 : most) && lines.every((line) => line.length * type * LETTER <= width)) return { size: type, lines };
  }
  const letters = Math.floor(width / (40 * LETTER));
  const lines = breakLines(name, letters).slice(0, most);
  return { size: 40, lines: lines.map((line) => shorten(line, letters)) };
}

function breakLines(name: string, letters: number): string[] {
  const lines: string[] = [''];
  for (const word of name.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function shorten(content: string, letters: number): string {
  return content.length <= letters ? content : `${content.slice(0, letters - 1)}…`;
}

function dateParts(starts: string, timeZone: string): { readonly date: string; readonly time: string } {
  const at = new Date(starts);
  return {
    date: new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at),
    time: new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' }).format(at),
  };
}

/** Cents in the site's currency; a free ticket says so. */
function money(cents: number, currency: string): string {
  return cents === 0 ? 'Free' : new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(cents / 100);
}

function escapeXml(content: string): string {
  const visible = [...content].filter((character) => character >= ' ' || character === '\t').join('');
  return visible.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
