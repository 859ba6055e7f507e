import type { PrintLanguage } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { box, fitted, INK, line, PAPER, shortened, text } from './svg';
import { TICKET_HEIGHT_MM, TICKET_WIDTH_MM, type TicketSite } from './ticket';
import { amount, dateOf, timeOf, WORDS, type Words } from './words';

const WIDTH = TICKET_WIDTH_MM * 10;
const HEIGHT = TICKET_HEIGHT_MM * 10;
const MARGIN = 50;
const ITEM_HEIGHT = 92;
/** Lines of a sale on one page; a sale has at most 20. */
const ITEMS_PER_PAGE = 6;

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
      sale.status === 'live' ? '' : voided(words),
    ];
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${TICKET_WIDTH_MM}mm" height="${TICKET_HEIGHT_MM}mm">${parts.join('')}</svg>`;
  });
}

function head(sale: SaleView, site: TicketSite, words: Words, copy: number): string {
  const place = site.place || site.id;
  const mark = words.copy(copy).toUpperCase();
  const width = mark.length * 24 + 40;
  const right = WIDTH - MARGIN;
  return [
    text(MARGIN, 110, fitted(place, WIDTH - 2 * MARGIN, 52, 26), place, { weight: 800 }),
    text(MARGIN, 176, 34, words.receipt.toUpperCase(), { weight: 600, spacing: 5 }),
    text(WIDTH - MARGIN, 176, 34, `${words.sale} ${sale.sale}`, { anchor: 'end', weight: 700 }),
    line(MARGIN, 205, WIDTH - MARGIN, 205, `stroke="${INK}" stroke-width="5"`),
    text(MARGIN, 256, 27, `${dateOf(sale.at, site.timeZone, words)}, ${timeOf(sale.at, site.timeZone, words)}`),
    // White on black: it is seen across the counter.
    copy === 0
      ? ''
      : box(right - width, 217, width, 50, `rx="25" fill="${INK}"`) +
        text(right - width / 2, 253, 30, mark, { anchor: 'middle', weight: 800, spacing: 2, fill: PAPER }),
    text(MARGIN, 298, 27, `${words.kiosk} ${sale.kiosk} · ${words.clerk}: ${shortened(sale.clerk, 26)}`),
    line(MARGIN, 328, WIDTH - MARGIN, 328, `stroke="${INK}" stroke-width="2"`),
  ].join('');
}

function itemLines(item: SaleView['items'][number], y: number, site: TicketSite, words: Words): string {
  const n = item.tickets.length;
  const what = shortened(`${n} × ${item.eventName}`, 34);
  const detail = shortened(
    `${item.categoryName} · ${amount(item.price, site.currency, words)} · ${words.tickets(ticketRanges(item.tickets), n)}`,
    52,
  );
  return [
    text(MARGIN, y, 30, what, { weight: 700 }),
    text(WIDTH - MARGIN, y, 30, amount(n * item.price, site.currency, words), { anchor: 'end', weight: 700 }),
    text(MARGIN, y + 36, 23, detail, { weight: 400 }),
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

function voided(words: Words): string {
  const word = words.void.toUpperCase();
  return `<g transform="rotate(-32 ${WIDTH / 2} ${HEIGHT / 2})">${box(-40, HEIGHT / 2 - 130, WIDTH + 80, 200, `fill="${PAPER}" stroke="${INK}" stroke-width="10"`)}${text(WIDTH / 2, HEIGHT / 2 + 30, fitted(word, WIDTH, 170, 80), word, { anchor: 'middle', weight: 800, spacing: 12 })}</g>`;
}
