import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { Hours } from '../main/kiosk/hours';
import { SalesLedger } from '../main/kiosk/salesLedger';
import { searchSales } from '../main/kiosk/search';
import { Tickets } from '../main/tickets';
import { said } from '../shared/said';
import type { Command } from '../shared/values';
import { markdown, median } from './report';

/** As many sales share a slot under load. */
const IN_A_SLOT = 25;
const ROUNDS = 5;
const CAPACITY = 1_000_000;
const AT = Date.UTC(2026, 10, 1);
const SALE_EVERY_MS = 2_000;
const FOUND_MAX_MS = 50;
const FOUND_AT = 100_000;
const STALL_MAX_MS = 100;

/** What finding a sale and a report cost a kiosk with so many sales, in the process that also sells. */
export interface Found {
  readonly sales: number;
  /** By a ticket's number, which most sales have to be looked through for. */
  readonly ticketMs: number;
  /** The newest fifty of one clerk and kind of payment that nobody has: all are looked through. */
  readonly noneMs: number;
  readonly requestMs: number;
  /** The first report of all sales after a start, and one after that. */
  readonly firstReportMs: number;
  readonly reportMs: number;
  /** The longest that the event loop stood still in any of these. */
  readonly stallMs: number;
}

export async function finding(sizes: readonly number[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const sales of sizes) found.push(await findingAmong(sales));
  return found;
}

async function findingAmong(sales: number): Promise<Found> {
  const tickets = sold(sales);
  const parts = { tickets: () => tickets, readCode: () => ({ ok: false, why: said('code_unreadable') }) as const };
  const ledger = new SalesLedger({
    tickets: () => tickets,
    hours: new Hours('America/Los_Angeles'),
    kioskName: (kiosk) => `Kiosk ${kiosk}`,
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await setImmediate();
  delay.enable();
  const timed = async (work: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = performance.now();
      await work();
      times.push(performance.now() - at);
    }
    return median(times);
  };
  const at = performance.now();
  await ledger.report({});
  const firstReportMs = performance.now() - at;
  const figures = {
    sales,
    ticketMs: await timed(() => searchSales({ text: '1', limit: 50 }, parts)),
    noneMs: await timed(() => searchSales({ clerk: 'nobody', payment: 'card', limit: 50 }, parts)),
    requestMs: await timed(() => searchSales({ text: `till-1:${sales >> 1}`, limit: 50 }, parts)),
    firstReportMs,
    reportMs: await timed(() => ledger.report({})),
  };
  await setImmediate();
  delay.disable();
  return { ...figures, stallMs: delay.max / 1e6 };
}

/** Two events, three kiosks, five clerks, a season long. */
function sold(sales: number): Tickets {
  const tickets = new Tickets();
  const category = { id: 'adult', name: 'Adult', price: 1_200 };
  tickets.apply(1, {
    kind: 'founding',
    uid: 'finding0',
    members: [{ kiosk: 1, incarnation: '0123456789abcdef', name: 'Kiosk 1', host: '127.0.0.1', port: 7401, priority: 0 }],
    events: ['cup', 'league'].map((id) => ({ id, name: id, capacity: CAPACITY, categories: [category] })),
  });
  for (let first = 0, slot = 2; first < sales; first += IN_A_SLOT, slot += 1) {
    const commands = Array.from({ length: Math.min(IN_A_SLOT, sales - first) }, (_, index): Command => {
      const number = first + index;
      return {
        op: 'buy',
        requestId: `till-${1 + (number % 3)}:${number}`,
        kiosk: 1 + (number % 3),
        clerk: `clerk-${number % 5}`,
        issued: slot - 1,
        at: AT + number * SALE_EVERY_MS,
        items: [{ event: number % 2 === 0 ? 'cup' : 'league', category: category.id, n: 1 }],
        payment: { kind: number % 4 === 0 ? 'card' : 'cash' },
      };
    });
    tickets.apply(slot, { kind: 'batch', commands });
  }
  return tickets;
}

/** The table, and whether its bounds hold. */
export function foundText(found: readonly Found[]): readonly [string, boolean] {
  const head = ['sales', 'ticket ms', 'nothing found ms', 'request ms', 'first report ms', 'report ms', 'longest stall ms'];
  const rows = found.map(({ sales, ticketMs, noneMs, requestMs, firstReportMs, reportMs, stallMs }) => [
    String(sales),
    ...[ticketMs, noneMs, requestMs, firstReportMs, reportMs, stallMs].map((ms) => ms.toFixed(1)),
  ]);
  const slow = found.filter(({ sales, ticketMs, noneMs }) => sales <= FOUND_AT && Math.max(ticketMs, noneMs) > FOUND_MAX_MS);
  const stalled = found.filter(({ stallMs }) => stallMs > STALL_MAX_MS);
  const bounds = `searching ${FOUND_AT} sales: at most ${FOUND_MAX_MS} ms${slow.length > 0 ? ', MISSED' : ''}; stalls: at most ${STALL_MAX_MS} ms${stalled.length > 0 ? ', MISSED' : ''}\n`;
  return [`${markdown(head, rows)}\n${bounds}`, slow.length + stalled.length === 0];
}
