import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { BuyItem, Command, RequestId } from '../../shared/values';
import { type Sale, saleResult } from './sales';

/** A refusal is remembered for this many slots (rule 9). */
export const REFUSALS_KEPT_SLOTS = 100_000;
/** A command applied more than this many slots after it was first issued is refused as `expired`, unless its answer is still known (rule 9). */
export const EXPIRY_SLOTS = 50_000;

/** The end of a request that is no sale: a change that was answered, or any refusal. */
interface Settled {
  readonly asked: string;
  readonly result: CommandResult;
}

/**
 * The table of requests that makes each take effect once (rule 9). Part of the replicated state: it changes
 * only when a slot is applied. Sold requests stay for the season, refusals for REFUSALS_KEPT_SLOTS.
 */
export class Requests {
  /** A sale answers for its own request: the table holds nothing else of it. */
  private readonly sold = new Map<RequestId, Sale>();
  private readonly settled = new Map<RequestId, Settled>();
  /** Slots of the refusals, oldest first. */
  private readonly refusals = new Map<RequestId, Slot>();

  /** The answer to a request that was applied before: its first answer, or `id_reused` for other contents. */
  lookup(command: Command): CommandResult | null {
    const { requestId } = command;
    const sale = this.sold.get(requestId);
    if (sale !== undefined) return command.op === 'buy' && sameItems(sale, command.items) ? saleResult(sale) : reused(command);
    const settled = this.settled.get(requestId);
    if (settled === undefined) return null;
    return settled.asked === contentsOf(command) ? settled.result : reused(command);
  }

  addSale(sale: Sale): void {
    this.checkNew(sale.requestId);
    this.sold.set(sale.requestId, sale);
  }

  addResult(slot: Slot, command: Command, result: CommandResult): void {
    this.checkNew(command.requestId);
    this.settled.set(command.requestId, { asked: contentsOf(command), result });
    if (!result.ok) this.refusals.set(command.requestId, slot);
  }

  /** Forgets refusals that are older than the table keeps. To be called once a slot. */
  expire(slot: Slot): void {
    for (const [id, at] of this.refusals) {
      if (at + REFUSALS_KEPT_SLOTS >= slot) return;
      this.refusals.delete(id);
      this.settled.delete(id);
    }
  }

  private checkNew(id: RequestId): void {
    invariant(!this.sold.has(id) && !this.settled.has(id), `request ${id} takes effect a second time`);
  }
}

/**
 * What a command asks for, without who asked, where and when: a retry elsewhere is the same request. So is
 * one with another address: a kiosk's id is its identity, and each kiosk fills in the address that it knows.
 */
function contentsOf(command: Command): string {
  return command.op === 'buy'
    ? canonicalJson(['buy', command.items])
    : canonicalJson(['change', command.change.kind, command.change.kiosk]);
}

function sameItems(sale: Sale, items: readonly BuyItem[]): boolean {
  return (
    items.length === sale.items.length &&
    sale.items.every(({ pool, category, n }, index) => {
      const item = items[index]!;
      return item.event === pool.spec.id && item.category === category.id && item.n === n;
    })
  );
}

function reused(command: Command): CommandResult {
  return {
    ok: false,
    op: command.op,
    reason: 'id_reused',
    message: `request id ${command.requestId} was used before for something else; give this request an id of its own`,
  };
}
