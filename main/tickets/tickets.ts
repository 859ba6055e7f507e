import type { CommandResult, EventState, SoldItem } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson, hashText } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { SaleView } from '../../shared/service';
import type { BuyCommand, BuyItem, ChangeCommand, Command, Value } from '../../shared/values';
import { Pool } from './pool';
import { EXPIRY_SLOTS, Requests } from './requests';

/** The chain of state hashes begins with this text. */
const FIRST_HASH = hashText('quorum-kiosk');

export type Resolved = { readonly ok: true; readonly items: readonly BuyItem[] } | { readonly ok: false; readonly message: string };

/**
 * The application: what the log means. Deterministic: the same log gives the same state, results and hash at
 * every kiosk. Reads no clock, no random number and no locale (S20).
 */
export class Tickets {
  private readonly pools = new Map<string, Pool>();
  private readonly requests = new Requests();
  private readonly sales = new Map<string, SaleView>();
  private slot: Slot = 0;
  private chain = FIRST_HASH;

  get applied(): Slot {
    return this.slot;
  }

  /** hash(n), of hash(n - 1), the value and its results, without ballots or local times (rule 13). */
  get hash(): string {
    return this.chain;
  }

  /** Executes the entry of the next slot and returns one result per command. */
  apply(slot: Slot, value: Value): readonly CommandResult[] {
    invariant(slot === this.slot + 1, `slot ${slot} is applied after slot ${this.slot}`);
    this.slot = slot;
    this.requests.expire(slot);
    const results = this.execute(slot, value);
    this.chain = hashText(`${this.chain} ${slot} ${canonicalJson(value)} ${canonicalJson(results)}`);
    return results;
  }

  /** The answer to a command that the log has answered, or can only answer in one way; null if it has to go through the log. */
  answer(command: Command): CommandResult | null {
    return this.requests.lookup(command) ?? (this.isExpired(command) ? expired(command) : null);
  }

  events(): readonly EventState[] {
    return [...this.pools.values()].map((pool) => pool.view());
  }

  sale(id: string): SaleView | null {
    return this.sales.get(id) ?? null;
  }

  /** Fills in what a clerk left out: the first event that is open, its first category. */
  resolve(items: readonly { readonly n: number; readonly event?: string | undefined; readonly category?: string | undefined }[]): Resolved {
    const resolved: BuyItem[] = [];
    for (const { n, event, category } of items) {
      const pool = event === undefined ? this.pools.values().next().value : this.pools.get(event);
      if (pool === undefined) {
        return {
          ok: false,
          message:
            event === undefined
              ? 'this site has no events yet'
              : `there is no event "${event}"; events: ${[...this.pools.keys()].join(', ')}`,
        };
      }
      const first = pool.spec.categories[0]!.id;
      if (category !== undefined && pool.price(category) === undefined) {
        const known = pool.spec.categories.map(({ id }) => id).join(', ');
        return { ok: false, message: `event ${pool.spec.id} has no category "${category}"; categories: ${known}` };
      }
      resolved.push({ event: pool.spec.id, category: category ?? first, n });
    }
    return { ok: true, items: resolved };
  }

  private execute(slot: Slot, value: Value): readonly CommandResult[] {
    switch (value.kind) {
      case 'founding':
        invariant(slot === 1, `a founding in slot ${slot}`);
        for (const event of value.events) this.pools.set(event.id, new Pool(event));
        return [];
      case 'no-op':
        return [];
      case 'configuration':
        return [this.once(slot, value.command, () => ({ ok: true, op: 'change', slot }))];
      case 'batch':
        return value.commands.map((command, index) =>
          this.once(slot, command, () => (command.op === 'buy' ? this.buy(slot, index, command) : unchanged(slot, command))),
        );
    }
  }

  /** Rule 9: a repeat gets the first answer and changes nothing; what comes too late to be known is refused. */
  private once(slot: Slot, command: Command, effect: () => CommandResult): CommandResult {
    const known = this.requests.lookup(command);
    if (known !== null) return { ...known, duplicate: true };
    const result = this.isExpired(command) ? expired(command) : effect();
    this.requests.remember(slot, command, result);
    return result;
  }

  private isExpired(command: Command): boolean {
    return this.slot > command.issued + EXPIRY_SLOTS;
  }

  /** All items or none (S20: decided here, in the order of the log). */
  private buy(slot: Slot, index: number, command: BuyCommand): CommandResult {
    const wanted = new Map<Pool, number>();
    for (const item of command.items) {
      const pool = this.pools.get(item.event);
      if (pool === undefined) return { ok: false, op: 'buy', reason: 'unknown_event', message: `there is no event "${item.event}"` };
      if (pool.price(item.category) === undefined) {
        return { ok: false, op: 'buy', reason: 'unknown_category', message: `event ${item.event} has no category "${item.category}"` };
      }
      wanted.set(pool, (wanted.get(pool) ?? 0) + item.n);
    }
    for (const [pool, n] of wanted) if (n > pool.left) return tooMany(pool, n);
    let total = 0;
    const items: SoldItem[] = [];
    const lines: SaleView['items'][number][] = [];
    for (const { event, category, n } of command.items) {
      const pool = this.pools.get(event)!;
      const price = pool.price(category)!;
      const tickets = pool.take(n);
      total += price * n;
      items.push({ event, category, n, tickets });
      lines.push({
        event,
        eventName: pool.spec.name,
        starts: pool.spec.starts ?? null,
        category,
        categoryName: pool.spec.categories.find(({ id }) => id === category)!.name,
        price,
        tickets,
      });
    }
    const sale = `${slot}.${index + 1}`;
    const { requestId, kiosk, clerk, at } = command;
    this.sales.set(sale, { sale, requestId, slot, kiosk, clerk, at, total, items: lines });
    const remaining = this.pools.get(command.items[0]!.event)!.left;
    return { ok: true, op: 'buy', sale, items, total, remaining, slot };
  }
}

function tooMany(pool: Pool, asked: number): CommandResult {
  const { left } = pool;
  const { name } = pool.spec;
  return left === 0
    ? { ok: false, op: 'buy', reason: 'sold_out', message: `${name} is sold out`, remaining: 0 }
    : { ok: false, op: 'buy', reason: 'not_enough', message: `only ${left} of ${name} left, ${asked} asked for`, remaining: left };
}

/** A change that the leader found to alter nothing, or not allowed: the log carries its answer. */
function unchanged(slot: Slot, command: ChangeCommand): CommandResult {
  const { kiosk } = command.change;
  switch (command.outcome) {
    case 'already':
      return { ok: true, op: 'change', slot };
    case 'change_pending':
      return {
        ok: false,
        op: 'change',
        reason: 'change_pending',
        message: 'another change of the members is not yet in force; try again when it is',
      };
    case 'unknown_kiosk':
      return { ok: false, op: 'change', reason: 'unknown_kiosk', message: `kiosk ${kiosk} is not a member of this site` };
    case 'not_allowed':
      return {
        ok: false,
        op: 'change',
        reason: 'not_allowed',
        message:
          command.change.kind === 'remove'
            ? `kiosk ${kiosk} is the last member and can't be removed`
            : 'a site has at most 9 member kiosks',
      };
    case undefined:
      return { ok: false, op: 'change', reason: 'not_allowed', message: 'a change of the members has an entry of its own' };
  }
}

function expired(command: Command): CommandResult {
  return {
    ok: false,
    op: command.op,
    reason: 'expired',
    message: 'this request came too late to be carried out; nothing was sold by it, make it anew',
  };
}
