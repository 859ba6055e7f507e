import type { PrintLanguage } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { box, escapeXml, fitted, INK, line, PAPER, qr, type Style, text, widthOf, wrapped } from './svg';
import { dateOf, money, timeOf, WORDS, type Words } from './words';

export const TICKET_WIDTH_MM = 80;
export const TICKET_HEIGHT_MM = 127;
const WIDTH = TICKET_WIDTH_MM * 10;
const HEIGHT = TICKET_HEIGHT_MM * 10;
const MARGIN = 50;
const INNER = WIDTH - 2 * MARGIN;
/** Where the part that stays with the customer is torn off. */
const TEAR = 700;
const QR_SIZE = 400;
/** What a word may take of a line across the paper. */
const STAMP_WIDTH = 740;
const STAMP_SPACING = 12;

export interface TicketSite {
  readonly uid: string;
  readonly id: string;
  readonly place: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** One ticket as it is printed. */
export interface TicketDrawing {
  readonly sale: SaleView;
  readonly item: SaleView['items'][number];
  readonly number: number;
  /** What the QR code says. */
  readonly code: string;
  /** 0 the original, n COPY n (rule 10). */
  readonly copy: number;
  readonly site: TicketSite;
  readonly language: PrintLanguage;
}

/** A ticket of 80 x 127 mm: who plays and when, what it cost, and below the tear line what the gate needs. */
export function ticketSvg(drawing: TicketDrawing): string {
  const words = WORDS[drawing.language];
  const { item, number } = drawing;
  const label = escapeXml(`${words.ticket} ${number}, ${item.eventName}`);
  const parts = [
    box(0, 0, WIDTH, HEIGHT, `fill="${PAPER}"`),
    head(drawing, words),
    facts(drawing, words),
    tear(),
    stub(drawing, words),
    drawing.sale.status === 'live' ? '' : voidStamp(words),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${TICKET_WIDTH_MM}mm" height="${TICKET_HEIGHT_MM}mm" role="img" aria-label="${label}">${parts.join('')}</svg>`;
}

/** The black field with the event's name: what is seen across a counter. */
function head({ sale, item, copy, site }: TicketDrawing, words: Words): string {
  const place = (site.place || site.id).toUpperCase();
  const live = sale.status === 'live';
  const mark = (live ? (copy === 0 ? words.admit : words.copy(copy)) : words.void).toUpperCase();
  const marked = !live || copy > 0;
  const width = marked ? widthOf(mark) * 30 + mark.length * 3 + 40 : widthOf(mark) * 25 + mark.length * 3;
  const pill = marked
    ? box(WIDTH - MARGIN - width, 46, width, 56, `rx="28" fill="${PAPER}"`) +
      text(WIDTH - MARGIN - width / 2, 85, 30, mark, { anchor: 'middle', weight: 800, spacing: 3 })
    : text(WIDTH - MARGIN, 85, 25, mark, { anchor: 'end', weight: 600, spacing: 3, fill: PAPER });
  const room = INNER - width - 20;
  const title = wrapped(item.eventName, INNER, 270, 84, 36);
  // In the middle of what the first line leaves of the field.
  const first = 130 + (250 - title.lines.length * title.leading) / 2 + title.size * 0.85;
  const lines = title.lines.map((words_, index) =>
    text(MARGIN, first + index * title.leading, title.size, words_, { weight: 800, fill: PAPER }),
  );
  return [
    box(0, 0, WIDTH, 400, `fill="${INK}"`),
    oneLine(MARGIN, 85, place, room, 25, 18, { weight: 600, spacing: 3, fill: PAPER }),
    pill,
    ...lines,
  ].join('');
}

/** Date, time, category and price, each under its name. */
function facts({ item, site }: TicketDrawing, words: Words): string {
  const date = item.starts === null ? words.open : dateOf(item.starts, site.timeZone, words);
  const time = item.starts === null ? '' : timeOf(item.starts, site.timeZone, words);
  const price = money(item.price, site.currency, words);
  const right = 530;
  const field = (x: number, y: number, name: string, value: string, width: number, weight: number) =>
    text(x, y, 22, name.toUpperCase(), { weight: 500, spacing: 3 }) + oneLine(x, y + 56, value, width, 46, 22, { weight });
  return [
    field(MARGIN, 456, words.date, date, right - MARGIN - 20, 700),
    time === '' ? '' : field(right, 456, words.time, time, WIDTH - MARGIN - right, 700),
    line(MARGIN, 545, WIDTH - MARGIN, 545, `stroke="${INK}" stroke-width="2"`),
    field(MARGIN, 590, words.category, item.categoryName, right - MARGIN - 20, 700),
    field(right, 590, words.price, price, WIDTH - MARGIN - right, 800),
  ].join('');
}

/** The perforation, with the notches that a real ticket has. */
function tear(): string {
  const notch = (x: number) => `<circle cx="${x}" cy="${TEAR}" r="26" fill="${PAPER}" stroke="${INK}" stroke-width="3"/>`;
  return (
    line(MARGIN, TEAR, WIDTH - MARGIN, TEAR, `stroke="${INK}" stroke-width="5" stroke-dasharray="1 17" stroke-linecap="round"`) +
    notch(0) +
    notch(WIDTH)
  );
}

function stub({ sale, item, number, code, copy }: TicketDrawing, words: Words): string {
  const left = MARGIN + QR_SIZE + 34;
  const width = WIDTH - MARGIN - left;
  const top = 752;
  const digits = fitted(String(number), width, 150, 40).size;
  const small = (y: number, name: string, value: string) =>
    text(left, y, 20, name.toUpperCase(), { weight: 500, spacing: 2 }) + oneLine(left, y + 38, value, width, 34, 20, { weight: 700 });
  const mark = sale.status !== 'live' ? words.void : copy > 0 ? words.copy(copy) : null;
  const which = ` · ${number}${mark === null ? '' : ` · ${mark.toUpperCase()}`}`;
  const event = fitted(item.event, INNER - widthOf(which) * 21, 21, 21).content;
  return [
    qr(code, MARGIN - 18, top - 18, QR_SIZE + 36),
    text(left, top + 22, 20, words.ticket.toUpperCase(), { weight: 500, spacing: 2 }),
    text(left, top + 36 + digits * 0.78, digits, String(number), { weight: 800 }),
    small(top + 200, words.sale, sale.sale),
    small(top + 280, words.kiosk, String(sale.kiosk)),
    small(top + 360, words.clerk, sale.clerk),
    line(MARGIN, 1182, WIDTH - MARGIN, 1182, `stroke="${INK}" stroke-width="2"`),
    text(MARGIN, 1222, 21, `${event}${which}`, { weight: 600 }),
    text(MARGIN, 1250, 18, words.valid, { weight: 400 }),
  ].join('');
}

/** Across the whole paper, so that nobody takes it for a good one. */
export function voidStamp(words: Words): string {
  const { size, content } = fitted(words.void.toUpperCase(), STAMP_WIDTH, 170, 80, STAMP_SPACING);
  return `<g transform="rotate(-32 ${WIDTH / 2} ${HEIGHT / 2})">${box(-40, HEIGHT / 2 - 130, WIDTH + 80, 200, `fill="${PAPER}" stroke="${INK}" stroke-width="10"`)}${text(WIDTH / 2, HEIGHT / 2 - 30 + size * 0.36, size, content, { anchor: 'middle', weight: 800, spacing: STAMP_SPACING })}</g>`;
}

/** A text on one line of that width, whatever its length. */
export function oneLine(x: number, y: number, content: string, width: number, size: number, least: number, style: Style): string {
  const fits = fitted(content, width, size, least, style.spacing);
  return text(x, y, fits.size, fits.content, style);
}
