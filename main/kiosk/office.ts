import { setTimeout } from 'node:timers/promises';
import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { CodeCheck } from '../../shared/codes';
import type { Permission } from '../../shared/constants';
import type {
  Approval,
  CsvFile,
  Desk,
  ExportQuery,
  MembershipChange,
  ReportQuery,
  SalesReport,
  SearchPage,
  SearchQuery,
  SignIn,
} from '../../shared/desk';
import type { PrintLanguage } from '../../shared/printing';
import type { Request } from '../../shared/requests';
import { told } from '../../shared/said';
import type { ShiftView } from '../../shared/shifts';
import type { Tickets } from '../tickets';
import type { ClerkDesk } from './clerkDesk';
import { exportCsv } from './exports';
import type { History } from './history';
import type { SalesLedger } from './salesLedger';
import { searchSales } from './search';

/** Changes of the members that are looked up for the screen; a site has a handful a season. */
const CHANGES_MAX = 100;
const DEMO_RETRY_MS = 250;

export interface OfficeParts {
  readonly clerks: ClerkDesk;
  readonly tickets: () => Tickets;
  readonly history: History;
  readonly ledger: SalesLedger;
  readonly readCode: (text: string) => CodeCheck;
  readonly site: string;
}

/** What a kiosk offers to its window beyond selling: who stands there, what was sold, and by whom. */
export class Office implements Desk {
  constructor(private readonly parts: OfficeParts) {}

  open(): void {
    if (this.parts.clerks.view().demo) void this.openDemo();
  }

  /** The site may not be open yet, or wait for a majority: it is tried until it works. */
  private async openDemo(): Promise<void> {
    while (!(await this.parts.clerks.beginDemo())) await setTimeout(DEMO_RETRY_MS);
  }

  execute(request: Request, approval: Approval | null, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    return this.parts.clerks.execute(request, approval, onProgress);
  }

  signIn(clerk: string, pin: string): Promise<SignIn> {
    return this.parts.clerks.signIn(clerk, pin);
  }

  may(permission: Permission): boolean {
    return this.parts.clerks.may(permission);
  }

  signOut(): void {
    this.parts.clerks.signOut();
  }

  lock(): void {
    this.parts.clerks.lock();
  }

  /** Whoever sells may look a sale up, and so may whoever reports. */
  async search(query: SearchQuery): Promise<SearchPage> {
    if (!this.parts.clerks.may('sell') && !this.parts.clerks.may('reports')) throw told('sales_hidden');
    return searchSales(query, this.parts);
  }

  async report(query: ReportQuery): Promise<SalesReport> {
    this.demandReports();
    return this.parts.ledger.report(query);
  }

  async exportCsv(query: ExportQuery, language: PrintLanguage): Promise<CsvFile> {
    this.demandReports();
    return exportCsv(query, language, {
      site: this.parts.site,
      search: (what) => searchSales(what, this.parts),
      report: (what) => this.parts.ledger.report(what),
      shifts: (before, limit) => this.parts.tickets().shifts.list(before, limit),
    });
  }

  shifts(before: number | null, limit: number): readonly ShiftView[] {
    this.demandReports();
    return this.parts.tickets().shifts.list(before, limit);
  }

  private demandReports(): void {
    if (!this.parts.clerks.may('reports')) throw told('reports_hidden');
  }

  /** From the log, as far as its entries are here. */
  async membershipChanges(): Promise<readonly MembershipChange[]> {
    const entries = [...this.parts.tickets().memberships].reverse().slice(0, CHANGES_MAX);
    return Promise.all(
      entries.map(async ({ slot, kind, members, generation }): Promise<MembershipChange> => {
        const command = await this.commandAt(slot);
        return {
          slot,
          kind,
          change: command?.change ?? null,
          members: members.map(({ kiosk }) => kiosk),
          generation,
          clerk: command?.clerk ?? null,
          kiosk: command?.kiosk ?? null,
          at: command?.at ?? null,
        };
      }),
    );
  }

  private async commandAt(slot: Slot) {
    const [entry] = await this.parts.history.range(slot, slot);
    return entry?.slot === slot ? entry.commands[0] : undefined;
  }
}
