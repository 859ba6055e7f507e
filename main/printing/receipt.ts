import type { PrintLanguage } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { box, fitted, INK, line, PAPER, text, widthOf } from './svg';
import { oneLine, TICKET_HEIGHT_MM, TICKET_WIDTH_MM, type TicketSite, voidStamp } from './ticket';
import { amount, dateOf, timeOf, WORDS, type Words } from './words';

const WIDTH = TICKET_WIDTH_MM * 10;
const HEIGHT = TICKET_HEIGHT_MM * 10;
const MARGIN = 50;
const INNER = WIDTH - 2 * MARGIN;
/** Between a name and its amount. */
const GAP = 20;
const ITEM_HEIGHT = 122;
/** Lines of a sale on one page; a sale has at most 20. */
const ITEMS_PER_PAGE = 5;

/**
 * The receipt of a whole sale, on pages of the size of a ticket.
 * @param copy 0 the original, n COPY n (rule 10)
 */
export function receiptSvgs(sale: SaleView, site: TicketSite, language: PrintLanguage, copy: number): readonly string[] {
  const words = WORDS[language];
  const count = Math.max(1, Math.ceil(sale.items.length / ITEMS_PER_PAGE));
  return Array.from({ length: count }, (_, page) => {
    const items = sale.items.slice(page * ITEMS_PER_PAGE, (page + 1) * ITEMS_PER_PAGE);
    const parts = [
      box(0, 0, WIDTH, HEIGHT, `fill="${PAPER}"`),
      head(sale, site, words, copy),
      ...items.map((item, index) => itemLines(item, 400 + index * ITEM_HEIGHT, site, words)),
      page === count - 1 ? sums(sale, 400 + items.length * ITEM_HEIGHT, site, words) : '',
      text(MARGIN, HEIGHT - 44, 20, words.noTaxInvoice, { weight: 400 }),
      count === 1 ? '' : text(WIDTH - MARGIN, HEIGHT - 44, 20, words.page(page + 1, count), { anchor: 'end', weight: 500 }),
      sale.status === 'live' ? '' : voidStamp(words),
    ];
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${TICKET_WIDTH_MM}mm" height="${TICKET_HEIGHT_MM}mm">${parts.join('')}</svg>`;
  });
}

function head(sale: SaleView, site: TicketSite, words: Words, copy: number): string {
  const place = site.place || site.id;
  const mark = words.copy(copy).toUpperCase();
  const width = widthOf(mark) * 30 + mark.length * 2 + 40;
  const right = WIDTH - MARGIN;
  return [
    oneLine(MARGIN, 110, place, INNER, 52, 26, { weight: 800 }),
    text(MARGIN, 176, 34, words.receipt.toUpperCase(), { weight: 600, spacing: 5 }),
    text(WIDTH - MARGIN, 176, 34, `${words.sale} ${sale.sale}`, { anchor: 'end', weight: 700 }),
    line(MARGIN, 205, WIDTH - MARGIN, 205, `stroke="${INK}" stroke-width="5"`),
    text(MARGIN, 256, 27, `${dateOf(sale.at, site.timeZone, words)}, ${timeOf(sale.at, site.timeZone, words)}`),
    // White on black: it is seen across the counter.
    copy === 0
      ? ''
      : box(right - width, 217, width, 50, `rx="25" fill="${INK}"`) +
        text(right - width / 2, 253, 30, mark, { anchor: 'middle', weight: 800, spacing: 2, fill: PAPER }),
    oneLine(MARGIN, 298, `${words.kiosk} ${sale.kiosk} · ${words.clerk}: ${sale.clerk}`, INNER, 27, 20, {}),
    line(MARGIN, 328, WIDTH - MARGIN, 328, `stroke="${INK}" stroke-width="2"`),
  ].join('');
}

function itemLines(item: SaleView['items'][number], y: number, site: TicketSite, words: Words): string {
  const n = item.tickets.length;
  const sum = amount(n * item.price, site.currency, words);
  const price = ` · ${amount(item.price, site.currency, words)}`;
  const category = fitted(item.categoryName, INNER - widthOf(price) * 23, 23, 23).content;
  return [
    oneLine(MARGIN, y, `${n} × ${item.eventName}`, INNER - widthOf(sum) * 30 - GAP, 30, 20, { weight: 700 }),
    text(WIDTH - MARGIN, y, 30, sum, { anchor: 'end', weight: 700 }),
    text(MARGIN, y + 35, 23, `${category}${price}`, { weight: 400 }),
    oneLine(MARGIN, y + 66, words.tickets(ticketRanges(item.tickets), n), INNER, 23, 16, { weight: 400 }),
  ].join('');
}

function sums(sale: SaleView, top: number, site: TicketSite, words: Words): string {
  const parts = [
    line(MARGIN, top - 28, WIDTH - MARGIN, top - 28, `stroke="${INK}" stroke-width="5"`),
    text(MARGIN, top + 36, 46, words.total, { weight: 800 }),
    text(WIDTH - MARGIN, top + 36, 46, amount(sale.total, site.currency, words), { anchor: 'end', weight: 800 }),
  ];
  const { kind, given, change } = sale.payment;
  const row = (y: number, name: string, cents: number) =>
    text(MARGIN, y, 30, name) + text(WIDTH - MARGIN, y, 30, amount(cents, site.currency, words), { anchor: 'end' });
  parts.push(kind === 'free' ? text(MARGIN, top + 92, 30, words.paid.free) : row(top + 92, words.paid[kind], given));
  if (kind === 'cash') parts.push(row(top + 134, words.change, change));
  return parts.join('');
}
