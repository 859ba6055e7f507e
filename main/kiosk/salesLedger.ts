import { setImmediate } from 'node:timers/promises';
import type { KioskId } from '../../shared/ballot';
import type { Figures, ReportQuery, SalesReport } from '../../shared/desk';
import { PAYMENT_KINDS, type PaymentKind } from '../../shared/money';
import type { SaleFacts, Tickets } from '../tickets';
import type { Hours } from './hours';

/** Rows counted, or cells added up, before others have their turn: some milliseconds of code that has not run before, one later. */
const SLICE = 500;

/** Figures of one hour, event, category, kiosk, clerk and kind of payment. */
interface Cell {
  readonly hour: number;
  readonly event: number;
  readonly category: number;
  readonly kiosk: KioskId;
  readonly clerk: string;
  readonly payment: PaymentKind;
  readonly figures: Mutable;
}

type Mutable = { -readonly [K in keyof Figures]: Figures[K] };

export interface LedgerParts {
  readonly tickets: () => Tickets;
  readonly hours: Hours;
  /** The name of a kiosk, as the site knows it. */
  readonly kioskName: (kiosk: KioskId) => string;
}

/**
 * What was sold and given back, per hour, event, kiosk, clerk and kind of payment. Counted from the table of sales
 * when somebody first asks, and from there on only what has been added since: a kiosk that starts does not wait for it.
 */
export class SalesLedger {
  private cells = new Map<string, Cell>();
  private counted: Tickets | null = null;
  private sale = 0;
  private undone = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: LedgerParts) {}

  /** Counts whole hours: those that begin within the time that is asked for. */
  report(query: ReportQuery): Promise<SalesReport> {
    const report = this.running.then(async () => {
      await this.catchUp();
      return this.addUp(query);
    });
    this.running = report.then(
      () => undefined,
      () => undefined,
    );
    return report;
  }

  private async catchUp(): Promise<void> {
    for (let left = SLICE; ; left -= 1) {
      const tickets = this.parts.tickets();
      if (tickets !== this.counted) this.restart(tickets);
      if (this.sale < tickets.sales.count) this.count(tickets);
      else if (this.undone < tickets.undone.count) this.countBack(tickets);
      else return;
      if (left > 0) continue;
      left = SLICE;
      await setImmediate();
    }
  }

  /** The application goes on from a snapshot: places of rows may mean something else. */
  private restart(tickets: Tickets): void {
    this.cells = new Map();
    this.counted = tickets;
    this.sale = tickets.sales.first;
    this.undone = 0;
  }

  private count(tickets: Tickets): void {
    const facts = tickets.sales.facts(this.sale);
    this.sale += 1;
    if (facts !== null) this.add(facts, facts, 1);
  }

  private countBack(tickets: Tickets): void {
    const undone = tickets.undone.read(this.undone);
    this.undone += 1;
    const facts = tickets.sales.facts(undone.sale);
    if (facts === null) return;
    // Given up before anybody had a ticket: as if it had never been sold.
    if (undone.status === 'cancelled') this.add(facts, facts, -1);
    else this.add(facts, undone, 'back');
  }

  /** @param where who did it when: the sale, or its undoing */
  private add({ payment, lines }: SaleFacts, where: Pick<SaleFacts, 'at' | 'kiosk' | 'clerk'>, side: 1 | -1 | 'back'): void {
    const hour = this.parts.hours.startOf(where.at);
    for (const [place, { event, category, tickets, cents }] of lines.entries()) {
      const { figures } = this.cell({ hour, event, category, kiosk: where.kiosk, clerk: where.clerk, payment });
      // A sale of several lines is one sale.
      const sales = place === 0 ? 1 : 0;
      if (side === 'back') {
        figures.backSales += sales;
        figures.backTickets += tickets;
        figures.backCents += cents;
      } else {
        figures.sales += side * sales;
        figures.tickets += side * tickets;
        figures.cents += side * cents;
      }
    }
  }

  private cell(of: Omit<Cell, 'figures'>): Cell {
    const key = `${of.hour} ${of.event} ${of.category} ${of.kiosk} ${of.payment} ${of.clerk}`;
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    const cell = { ...of, figures: nothing() };
    this.cells.set(key, cell);
    return cell;
  }

  private async addUp({ event, from = 0, to = Number.POSITIVE_INFINITY }: ReportQuery): Promise<SalesReport> {
    const tickets = this.parts.tickets();
    const applied = tickets.applied;
    const only = event === undefined ? undefined : (tickets.eventIndex(event) ?? -1);
    const totals = nothing();
    const [events, categories] = [new Groups<number>(), new Groups<string>()];
    const [hours, kiosks, clerks, payments] = [
      new Groups<number>(),
      new Groups<KioskId>(),
      new Groups<string>(),
      new Groups<PaymentKind>(),
    ];
    let left = SLICE;
    for (const cell of [...this.cells.values()]) {
      if (cell.hour < from || cell.hour >= to || (only !== undefined && cell.event !== only)) continue;
      for (const group of [
        totals,
        events.of(cell.event),
        categories.of(`${cell.event} ${cell.category}`),
        hours.of(cell.hour),
        kiosks.of(cell.kiosk),
        clerks.of(cell.clerk),
        payments.of(cell.payment),
      ])
        include(group, cell.figures);
      left -= 1;
      if (left > 0) continue;
      left = SLICE;
      await setImmediate();
    }
    const states = tickets.events();
    return {
      applied,
      totals,
      events: states.flatMap(({ id, name, capacity, remaining }, index) => {
        if (only !== undefined && index !== only) return [];
        const known = tickets.event(index).categories.map((category, place) => ({
          category: category.id,
          name: category.name,
          ...(categories.get(`${index} ${place}`) ?? nothing()),
        }));
        return [{ event: id, name, capacity, remaining, ...(events.get(index) ?? nothing()), categories: known }];
      }),
      hours: hours.list((a, b) => a - b).map(([start, figures]) => ({ from: start, ...figures })),
      kiosks: kiosks.list((a, b) => a - b).map(([kiosk, figures]) => ({ kiosk, name: this.parts.kioskName(kiosk), ...figures })),
      clerks: clerks
        .list((a, b) => (a < b ? -1 : 1))
        .map(([clerk, figures]) => ({ clerk, name: tickets.clerks.get(clerk)?.name ?? clerk, ...figures })),
      payments: PAYMENT_KINDS.map((payment) => ({ payment, ...(payments.get(payment) ?? nothing()) })),
    };
  }
}

class Groups<K> {
  private readonly byKey = new Map<K, Mutable>();

  of(key: K): Mutable {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const figures = nothing();
    this.byKey.set(key, figures);
    return figures;
  }

  get(key: K): Figures | undefined {
    return this.byKey.get(key);
  }

  /** Those with anything in them. */
  list(order: (a: K, b: K) => number): [K, Figures][] {
    return [...this.byKey].filter(([, { sales, backSales }]) => sales > 0 || backSales > 0).sort(([a], [b]) => order(a, b));
  }
}

function nothing(): Mutable {
  return { sales: 0, tickets: 0, cents: 0, backSales: 0, backTickets: 0, backCents: 0 };
}

function include(sum: Mutable, { sales, tickets, cents, backSales, backTickets, backCents }: Figures): void {
  sum.sales += sales;
  sum.tickets += tickets;
  sum.cents += cents;
  sum.backSales += backSales;
  sum.backTickets += backTickets;
  sum.backCents += backCents;
}
