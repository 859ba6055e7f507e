import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
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
import type { Request } from '../../shared/requests';
import type { ShiftView } from '../../shared/shifts';
import type { Tickets } from '../tickets';
import type { ClerkDesk } from './clerkDesk';
import type { History } from './history';

/** Changes of the members that are looked up for the screen; a site has a handful a season. */
const CHANGES_MAX = 100;

export interface OfficeParts {
  readonly clerks: ClerkDesk;
  readonly tickets: () => Tickets;
  readonly history: History;
}

/** What a kiosk offers to its window beyond selling: who stands there, what was sold, and by whom. */
export class Office implements Desk {
  constructor(private readonly parts: OfficeParts) {}

  execute(request: Request, approval: Approval | null, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    return this.parts.clerks.execute(request, approval, onProgress);
  }

  signIn(clerk: string, pin: string): Promise<SignIn> {
    return this.parts.clerks.signIn(clerk, pin);
  }

  signOut(): void {
    this.parts.clerks.signOut();
  }

  lock(): void {
    this.parts.clerks.lock();
  }

  async search(_query: SearchQuery): Promise<SearchPage> {
    throw new Error('searching is not in this version yet');
  }

  async report(_query: ReportQuery): Promise<SalesReport> {
    throw new Error('reports are not in this version yet');
  }

  async exportCsv(_query: ExportQuery): Promise<CsvFile> {
    throw new Error('exports are not in this version yet');
  }

  shifts(before: number | null, limit: number): readonly ShiftView[] {
    if (!this.parts.clerks.may('reports')) throw new Error('reports are for others here; ask a manager to sign in');
    return this.parts.tickets().shifts.list(before, limit);
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
