import { setImmediate } from 'node:timers/promises';
import type { CsvFile, ExportQuery, ReportQuery, SalesReport, SearchPage, SearchQuery } from '../../shared/desk';
import type { SaleView } from '../../shared/service';
import type { ShiftView } from '../../shared/shifts';
import { ticketRanges } from '../../shared/text';
import { type CsvCell, CsvTable } from './csv';

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

/** A table for a spreadsheet. Times in UTC (ISO 8601), money with a point. */
export async function exportCsv(query: ExportQuery, parts: ExportParts): Promise<CsvFile> {
  const table = await tableOf(query, parts);
  return { name: `${parts.site}-${query.what}.csv`, text: table.text(), rows: table.rows };
}

async function tableOf(query: ExportQuery, parts: ExportParts): Promise<CsvTable> {
  switch (query.what) {
    case 'sales':
      return salesTable(query.query, parts);
    case 'report': {
      const table = new CsvTable(REPORT_HEADER);
      table.add(reportRows(await parts.report(query.query)));
      return table;
    }
    case 'shifts': {
      const table = new CsvTable(SHIFT_HEADER);
      table.add(parts.shifts(null, SHIFTS_MAX).map(shiftRow));
      return table;
    }
  }
}

const SALE_HEADER = [
  ...['sale', 'time', 'kiosk', 'clerk', 'shift', 'status', 'payment', 'event', 'event name', 'category', 'tickets', 'numbers', 'price'],
  ...['amount', 'request id', 'undone at', 'undone by', 'allowed by', 'reason'],
];

async function salesTable(query: Omit<SearchQuery, 'limit' | 'before'>, { search }: ExportParts): Promise<CsvTable> {
  const table = new CsvTable(SALE_HEADER);
  let before: number | null = null;
  do {
    const page: SearchPage = await search({ ...query, limit: PAGE_SALES, ...(before === null ? {} : { before }) });
    table.add(page.sales.flatMap(linesOf));
    before = page.next;
    // A season is long: others have their turn.
    await setImmediate();
  } while (before !== null);
  return table;
}

function linesOf({ sale, at, kiosk, clerk, shift, status, payment, items, requestId, undone }: SaleView): CsvCell[][] {
  return items.map(({ event, eventName, categoryName, tickets, price }) => [
    sale,
    time(at),
    kiosk,
    clerk,
    shift ?? '',
    status,
    payment.kind,
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

const REPORT_HEADER = ['by', 'of', 'name', 'sales', 'tickets', 'amount', 'sales given back', 'tickets given back', 'amount given back'];

function reportRows({ totals, events, hours, kiosks, clerks, payments }: SalesReport): CsvCell[][] {
  const row = (by: string, of: CsvCell, name: string, figures: SalesReport['totals']): CsvCell[] => [
    by,
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
    ...payments.map((payment) => row('payment', payment.payment, '', payment)),
  ];
}

const SHIFT_HEADER = [
  ...['shift', 'z report', 'kiosk', 'clerk', 'opened', 'closed', 'float', 'cash sales', 'card sales', 'free tickets'],
  ...['cash given back', 'card given back', 'cash in', 'cash out', 'expected', 'counted', 'difference'],
];

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
  ];
}

function time(at: number): string {
  return new Date(at).toISOString();
}
