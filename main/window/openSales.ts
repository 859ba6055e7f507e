import type { OpenSalesView } from '../../shared/ipc';
import type { KioskService, KioskView, SaleView } from '../../shared/service';
import { AskedSales } from './askedSales';
import type { PrintJobs } from './printJobs';
import { UnprintedSales } from './unprintedSales';

/** The list is made anew at most this often. */
const REFRESH_MS = 100;

/** What a clerk still has to see to its end at this kiosk: sales whose end is not known, and tickets not printed. */
export class OpenSales {
  private readonly asked: AskedSales;
  private readonly unprinted: UnprintedSales;
  private current: OpenSalesView = { version: 0, asked: [], unprinted: [] };
  private text = '';
  private timer: NodeJS.Timeout | null = null;
  private wake: NodeJS.Timeout | null = null;

  /** @param tell called with each new list */
  constructor(
    private readonly service: KioskService,
    private readonly jobs: PrintJobs,
    private readonly tell: (open: OpenSalesView) => void,
    log: (line: string) => void,
  ) {
    const soon = () => this.refreshSoon();
    this.asked = new AskedSales(service, soon);
    this.unprinted = new UnprintedSales(service, service.view().kiosk.id, soon, log);
    service.subscribe(soon);
    this.refresh();
  }

  view(): OpenSalesView {
    return this.current;
  }

  seen(requestId: string): void {
    this.asked.seen(requestId);
  }

  /** Something else than the kiosk itself has changed, for example a print has ended. */
  refreshSoon(): void {
    this.timer ??= setTimeout(() => this.refresh(), REFRESH_MS);
  }

  private refresh(): void {
    this.timer = null;
    const view = this.service.view();
    const inMs = this.asked.follow(view.pending, Date.now());
    this.unprinted.follow(view.applied);
    if (this.wake !== null) clearTimeout(this.wake);
    this.wake = inMs === null ? null : setTimeout(() => this.refresh(), inMs);
    // A sale that is being given up is not offered for printing (rule 10).
    const sales = new Map([...this.unfinished(), ...this.unprinted.list()].map((sale) => [sale.sale, sale]));
    const unprinted = [...sales.values()].filter(({ requestId }) => !isGivenUp(view, requestId));
    const list = { asked: this.asked.list(), unprinted };
    const text = JSON.stringify(list);
    if (text === this.text) return;
    this.text = text;
    this.current = { version: this.current.version + 1, ...list };
    this.tell(this.current);
  }

  /** Sales of whatever kiosk whose printing began here, and did not end as far as this kiosk knows. */
  private unfinished(): readonly SaleView[] {
    return this.jobs.list().flatMap((id) => {
      const sale = this.service.sale(id);
      // Not applied yet: a kiosk that was just started.
      if (sale === null) return [];
      if (sale.status === 'live') return [sale];
      void this.jobs.end(id);
      return [];
    });
  }
}

/** Whether a request is being given up at this kiosk, and the log has not answered. */
export function isGivenUp({ pending }: KioskView, requestId: string): boolean {
  return pending.some(({ op, target }) => op === 'cancel' && target === requestId);
}
