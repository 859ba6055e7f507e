import { setImmediate } from 'node:timers/promises';
import type { CsvFile, ExportQuery, ReportQuery, SalesReport, SearchPage, SearchQuery } from '../../shared/desk';
import type { PrintLanguage } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import type { ShiftView } from '../../shared/shifts';
import { ticketRanges } from '../../shared/text';
import { type CsvCell, CsvTable } from './csv';
import { CSV_WORDS, type CsvColumn, type CsvWords, REPORT_COLUMNS, type ReportPart, SALE_COLUMNS, SHIFT_COLUMNS } from './csvWords';

/** Sales read at once while a file is written. */
const PAGE_SALES = 200;
/** Shifts in one file: several seasons. */
const SHIFTS_MAX = 100_000;

export interface ExportParts {
  readonly site: string;
  readonly search: (query: SearchQuery) => Promise<SearchPage>;
  readonly report: (query: ReportQuery) => Promise<SalesReport>;
  readonly shifts: (before: number | null, limit: number) => readonly ShiftView[];
}

/** A table for a spreadsheet, with the words of one language. Times in UTC (ISO 8601), money with a point, whatever the language. */
export async function exportCsv(query: ExportQuery, language: PrintLanguage, parts: ExportParts): Promise<CsvFile> {
  const table = await tableOf(query, CSV_WORDS[language], parts);
  return { name: `${parts.site}-${query.what}.csv`, text: table.text(), rows: table.rows };
}

async function tableOf(query: ExportQuery, words: CsvWords, parts: ExportParts): Promise<CsvTable> {
  switch (query.what) {
    case 'sales':
      return salesTable(query.query, words, parts);
    case 'report': {
      const table = tableWith(REPORT_COLUMNS, words);
      table.add(reportRows(await parts.report(query.query), words));
      return table;
    }
    case 'shifts': {
      const table = tableWith(SHIFT_COLUMNS, words);
      table.add(parts.shifts(null, SHIFTS_MAX).map(shiftRow));
      return table;
    }
  }
}

function tableWith(columns: readonly CsvColumn[], words: CsvWords): CsvTable {
  return new CsvTable(columns.map((column) => words.columns[column]));
}

async function salesTable(query: Omit<SearchQuery, 'limit' | 'before'>, words: CsvWords, { search }: ExportParts): Promise<CsvTable> {
  const table = tableWith(SALE_COLUMNS, words);
  let before: number | null = null;
  do {
    const page: SearchPage = await search({ ...query, limit: PAGE_SALES, ...(before === null ? {} : { before }) });
    table.add(page.sales.flatMap((sale) => linesOf(sale, words)));
    before = page.next;
    // A season is long: others have their turn.
    await setImmediate();
  } while (before !== null);
  return table;
}

function linesOf({ sale, at, kiosk, clerk, shift, status, payment, items, requestId, undone }: SaleView, words: CsvWords): CsvCell[][] {
  return items.map(({ event, eventName, categoryName, tickets, price }) => [
    sale,
    time(at),
    kiosk,
    clerk,
    shift ?? '',
    words.statuses[status],
    words.payments[payment.kind],
    event,
    eventName,
    categoryName,
    tickets.length,
    ticketRanges(tickets),
    { cents: price },
    { cents: price * tickets.length },
    requestId,
    undone === null ? '' : time(undone.at),
    undone?.clerk ?? '',
    undone?.approver ?? '',
    undone?.reason ?? '',
  ]);
}

function reportRows({ totals, events, hours, kiosks, clerks, payments }: SalesReport, words: CsvWords): CsvCell[][] {
  const row = (by: ReportPart, of: CsvCell, name: string, figures: SalesReport['totals']): CsvCell[] => [
    words.parts[by],
    of,
    name,
    figures.sales,
    figures.tickets,
    { cents: figures.cents },
    figures.backSales,
    figures.backTickets,
    { cents: figures.backCents },
  ];
  return [
    row('total', '', '', totals),
    ...events.flatMap((event) => [
      row('event', event.event, event.name, event),
      ...event.categories.map((category) => row('category', `${event.event}/${category.category}`, category.name, category)),
    ]),
    ...hours.map((hour) => row('hour', time(hour.from), '', hour)),
    ...kiosks.map((kiosk) => row('kiosk', kiosk.kiosk, kiosk.name, kiosk)),
    ...clerks.map((clerk) => row('clerk', clerk.clerk, clerk.name, clerk)),
    ...payments.map((payment) => row('payment', payment.payment, words.payments[payment.payment], payment)),
  ];
}

function shiftRow({ shift, kiosk, clerk, openedAt, float, totals, expected, closed }: ShiftView): CsvCell[] {
  return [
    shift,
    closed?.z ?? '',
    kiosk,
    clerk,
    time(openedAt),
    closed === null ? '' : time(closed.at),
    { cents: float },
    { cents: totals.sold.cash.cents },
    { cents: totals.sold.card.cents },
    totals.sold.free.tickets,
    { cents: totals.back.cash.cents },
    { cents: totals.back.card.cents },
    { cents: totals.cashIn },
    { cents: totals.cashOut },
    { cents: expected },
    closed === null ? '' : { cents: closed.counted },
    closed === null ? '' : { cents: closed.difference },
    closed === null ? '' : { cents: closed.givenUpSince?.cash.cents ?? 0 },
    closed === null ? '' : { cents: closed.givenUpSince?.card.cents ?? 0 },
  ];
}

function time(at: number): string {
  return new Date(at).toISOString();
}
