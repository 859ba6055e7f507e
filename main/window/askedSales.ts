import type { Answer } from '../../shared/answers';
import type { AskedSale, AskedState } from '../../shared/ipc';
import { said } from '../../shared/said';
import type { KioskService, PendingView } from '../../shared/service';
import { isUnprinted } from './unprintedSales';

/** What is answered within this time is nobody's worry. */
export const SLOW_MS = 2_000;

/** A buy, or a giving up, that waits for the log. */
interface Waiting {
  readonly requestId: string;
  readonly at: number;
  readonly items: PendingView['items'];
  /** The request that gives it up, if one is under way. */
  readonly cancel: string | null;
}

/**
 * Buys of this kiosk that were not answered at once: those of an earlier life of it, those that a network cut
 * caught on their way. Each is "checking" until the log has answered, and its end stays until it was seen.
 */
export class AskedSales {
  private readonly waiting = new Map<string, Waiting>();
  private readonly ended = new Map<string, AskedSale>();
  private readonly settling = new Set<string>();

  /** @param onChange the list is another one now */
  constructor(
    private readonly service: Pick<KioskService, 'execute' | 'sale'>,
    private readonly onChange: () => void,
  ) {}

  /**
   * Takes what the kiosk says is pending at `now` (ms since 1970).
   * @returns ms until the next one has waited long enough to be shown; null for none
   */
  follow(pending: readonly PendingView[], now: number): number | null {
    const open = waitingOf(pending);
    let next: number | null = null;
    for (const [id, waiting] of open) {
      const age = now - waiting.at;
      // A clock that was set back makes old requests look like new ones: those are shown.
      if (this.waiting.has(id) || age < 0 || age >= SLOW_MS) this.waiting.set(id, waiting);
      else next = Math.min(next ?? SLOW_MS, SLOW_MS - age);
    }
    for (const waiting of this.waiting.values()) if (!open.has(waiting.requestId)) void this.settle(waiting);
    return next;
  }

  list(): readonly AskedSale[] {
    const waiting = [...this.waiting.values()].map(
      ({ requestId, at, items, cancel }): AskedSale => ({
        requestId,
        at,
        items,
        state: { kind: cancel === null ? 'checking' : 'giving_up' },
      }),
    );
    return [...waiting, ...this.ended.values()];
  }

  seen(requestId: string): void {
    if (this.ended.delete(requestId)) this.onChange();
  }

  /**
   * The kiosk holds a request as pending until the log has answered it. So the same request, asked once more,
   * has its answer at once, and sells nothing.
   */
  private async settle(waiting: Waiting): Promise<void> {
    const { requestId, at, items, cancel } = waiting;
    if (this.settling.has(requestId)) return;
    this.settling.add(requestId);
    const answer =
      items.length > 0
        ? await this.service.execute({ op: 'buy', id: requestId, items: [...items] })
        : await this.service.execute({ op: 'cancel', id: cancel ?? undefined, target: requestId });
    this.settling.delete(requestId);
    const state = endOf(answer);
    if (state === null) return;
    this.waiting.delete(requestId);
    if (!this.isOver(state)) this.ended.set(requestId, { requestId, at, items, state });
    this.onChange();
  }

  /** Sold and on paper: its clerk saw it to its end before the kiosk stopped, which asks for all that it did lately. */
  private isOver(state: AskedState): boolean {
    const sale = state.kind === 'sold' ? this.service.sale(state.sale) : null;
    return sale !== null && !isUnprinted(sale);
  }
}

/** Buys with their giving up, by request id. */
function waitingOf(pending: readonly PendingView[]): Map<string, Waiting> {
  const open = new Map<string, Waiting>();
  for (const { op, requestId, at, items } of pending) if (op === 'buy') open.set(requestId, { requestId, at, items, cancel: null });
  for (const { op, requestId, at, target } of pending) {
    if (op !== 'cancel' || target === null) continue;
    open.set(target, { requestId: target, at, items: [], ...open.get(target), cancel: requestId });
  }
  return open;
}

/** How a request ended; null where the answer leaves that open. */
function endOf(answer: Answer): AskedState | null {
  if (answer.ok) {
    if (answer.op === 'cancel') return { kind: 'not_sold', reason: 'cancelled', said: said('never_sold') };
    if (answer.op !== 'buy') return null;
    if (answer.voided) return { kind: 'voided', sale: answer.sale };
    return { kind: 'sold', sale: answer.sale, tickets: answer.tickets };
  }
  switch (answer.reason) {
    case 'timeout':
    case 'no_majority':
    case 'faulty':
    case 'unreachable':
    case 'bad_request':
      return null;
    case 'cancelled':
      return { kind: 'not_sold', reason: 'cancelled', said: said('never_sold') };
    default:
      return {
        kind: answer.op === 'cancel' ? 'not_given_up' : 'not_sold',
        reason: answer.reason,
        said: answer.said ?? said('unexpected', answer.message),
      };
  }
}
