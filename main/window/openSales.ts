import type { OpenSalesView } from '../../shared/ipc';
import { asksClerk, type ElsewhereSale, isOnItsWay } from '../../shared/printing';
import type { KioskService, KioskView, SaleView } from '../../shared/service';
import type { PrintQueue } from '../printing';
import { AskedSales } from './askedSales';
import { UnprintedSales } from './unprintedSales';

/** The list is made anew at most this often. */
const REFRESH_MS = 100;
/** A kiosk that can be reached prints what it has just sold by itself. */
const ELSEWHERE_MS = 30_000;

/** What a clerk still has to see to its end at this kiosk: sales whose end is not known, and tickets not printed. */
export class OpenSales {
  private readonly asked: AskedSales;
  private readonly unprinted: UnprintedSales;
  private current: OpenSalesView = { version: 0, asked: [], unprinted: [], elsewhere: [] };
  private text = '';
  private timer: NodeJS.Timeout | null = null;
  private wake: NodeJS.Timeout | null = null;
  /** Since when a sale of another kiosk is known here to be not printed, by the monotonic clock. */
  private readonly since = new Map<string, number>();

  /** @param tell called with each new list */
  constructor(
    private readonly service: KioskService,
    private readonly queue: Pick<PrintQueue, 'view' | 'subscribe'>,
    private readonly tell: (open: OpenSalesView) => void,
    log: (line: string) => void,
  ) {
    const soon = () => this.refreshSoon();
    this.asked = new AskedSales(service, soon);
    this.unprinted = new UnprintedSales(service, service.view().kiosk.id, soon, log);
    service.subscribe(soon);
    queue.subscribe(soon);
    this.refresh();
  }

  view(): OpenSalesView {
    return this.current;
  }

  seen(requestId: string): void {
    this.asked.seen(requestId);
  }

  private refreshSoon(): void {
    this.timer ??= setTimeout(() => this.refresh(), REFRESH_MS);
  }

  private refresh(): void {
    this.timer = null;
    const view = this.service.view();
    const inMs = this.asked.follow(view.pending, Date.now());
    this.unprinted.follow(view.applied);
    const elsewhere = this.elsewhere(view);
    if (this.wake !== null) clearTimeout(this.wake);
    const waits = [inMs, this.elsewhereInMs()].filter((ms) => ms !== null);
    this.wake = waits.length === 0 ? null : setTimeout(() => this.refresh(), Math.min(...waits));
    const sales = new Map([...this.unfinished(), ...this.unprinted.list()].map((sale) => [sale.sale, sale]));
    // A sale that is being given up is not offered for printing (rule 10), nor one that is on its way.
    const unprinted = [...sales.values()].filter((sale) => !isGivenUp(view, sale.requestId) && !this.isLeaving(sale));
    const list = { asked: this.asked.list(), unprinted, elsewhere };
    const text = JSON.stringify(list);
    if (text === this.text) return;
    this.text = text;
    this.current = { version: this.current.version + 1, ...list };
    this.tell(this.current);
  }

  /** Sales of whatever kiosk whose printing began here, and did not end well as far as this kiosk knows. */
  private unfinished(): readonly SaleView[] {
    const names = this.queue.view().jobs.filter((job) => job.kind === 'tickets' && asksClerk(job));
    return [...new Set(names.map(({ sale }) => sale))].flatMap((id) => {
      const sale = this.service.sale(id);
      return sale?.status === 'live' ? [sale] : [];
    });
  }

  /** Every ticket of it that is not known to be on paper is on its way here, or is done and about to be confirmed. */
  private isLeaving({ sale, items }: SaleView): boolean {
    const jobs = this.queue.view().jobs.filter((job) => job.sale === sale && (isOnItsWay(job) || job.state === 'done'));
    const there = new Set(jobs.flatMap(({ tickets }) => tickets.map(({ event, number }) => `${event} ${number}`)));
    if (this.queue.view().jobs.some((job) => job.sale === sale && job.kind === 'tickets' && asksClerk(job))) return false;
    return items.every((item) => item.tickets.every((number, place) => item.confirmed[place] || there.has(`${item.event} ${number}`)));
  }

  /** Those of kiosks that are away at once, those of others when they have had their time. */
  private elsewhere(view: KioskView): readonly ElsewhereSale[] {
    const now = performance.now();
    const sales = this.unprinted.elsewhere();
    const names = new Set(sales.map(({ sale }) => sale));
    for (const id of this.since.keys()) if (!names.has(id)) this.since.delete(id);
    for (const id of names) if (!this.since.has(id)) this.since.set(id, now);
    return sales.flatMap((sale) => {
      const away = view.kiosks.find(({ id }) => id === sale.kiosk)?.linked !== true;
      return (away || now - this.since.get(sale.sale)! >= ELSEWHERE_MS) && !this.isLeaving(sale) ? [{ sale, away }] : [];
    });
  }

  private elsewhereInMs(): number | null {
    const now = performance.now();
    const waits = [...this.since.values()].map((at) => at + ELSEWHERE_MS - now).filter((ms) => ms > 0);
    return waits.length === 0 ? null : Math.min(...waits);
  }
}

/** Whether a request is being given up at this kiosk, and the log has not answered. */
export function isGivenUp({ pending }: KioskView, requestId: string): boolean {
  return pending.some(({ op, target }) => op === 'cancel' && target === requestId);
}
