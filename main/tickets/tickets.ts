import type { CommandResult, EventState } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson, hashText } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { SaleView } from '../../shared/service';
import type { BuyCommand, BuyItem, Command, ConfigurationEntry, Founding, Value } from '../../shared/values';
import { Pool } from './pool';
import { expired, tooMany, unchanged, unknownCategory, unknownEvent } from './refusals';
import { EXPIRY_SLOTS, Requests } from './requests';
import { type Sale, type SaleItem, Sales, saleResult, saleView } from './sales';

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
  private readonly sales = new Sales();
  private slot: Slot = 0;
  private chain = FIRST_HASH;

  get applied(): Slot {
    return this.slot;
  }

  /** hash(n), of hash(n - 1), the value and its results, without ballots or local times (rule 13). */
  get hash(): string {
    return this.chain;
  }

  /**
   * Executes the entry of the next slot and returns one result per command.
   * @throws InvariantError on any other slot, or on an entry that no correct log holds
   */
  apply(slot: Slot, value: Value): readonly CommandResult[] {
    invariant(slot === this.slot + 1, `slot ${slot} is applied after slot ${this.slot}`);
    this.slot = slot;
    this.requests.expire(slot);
    const results = this.execute(slot, value);
    this.chain = hashText(`${this.chain} ${slot} ${canonicalJson(value)} ${canonicalJson(results.map(hashed))}`);
    return results;
  }

  /** The answer to a command that the log has answered, or can only answer in one way; null if it has to go through the log. */
  answer(command: Command): CommandResult | null {
    return this.requests.lookup(command) ?? (this.isExpired(command) ? expired(command) : null);
  }

  /** In the order of the site file. */
  events(): readonly EventState[] {
    return [...this.pools.values()].map((pool) => pool.view());
  }

  /** A committed sale by its name, for example 2.1; null if there is none. */
  sale(id: string): SaleView | null {
    const sale = this.sales.find(id);
    return sale === null ? null : saleView(sale);
  }

  /** Fills in what a clerk left out: the first event that is open, its first category. */
  resolve(items: readonly { readonly n: number; readonly event?: string | undefined; readonly category?: string | undefined }[]): Resolved {
    const resolved: BuyItem[] = [];
    for (const { n, event, category } of items) {
      const pool = event === undefined ? this.pools.values().next().value : this.pools.get(event);
      if (pool === undefined) return { ok: false, message: unknownEvent(event ?? '', [...this.pools.keys()]) };
      const found = category === undefined ? pool.spec.categories[0] : pool.category(category);
      if (found === undefined) return { ok: false, message: unknownCategory(pool, category ?? '') };
      resolved.push({ event: pool.spec.id, category: found.id, n });
    }
    return { ok: true, items: resolved };
  }

  private execute(slot: Slot, value: Value): readonly CommandResult[] {
    invariant((slot === 1) === (value.kind === 'founding'), `a ${value.kind} in slot ${slot}: slot 1, and no other, founds the site`);
    switch (value.kind) {
      case 'founding':
        this.found(value);
        return [];
      case 'no-op':
        return [];
      case 'configuration':
        return [this.configure(slot, value)];
      case 'batch':
        return value.commands.map((command, position) => this.once(slot, position + 1, command));
    }
  }

  private found({ events }: Founding): void {
    for (const event of events) {
      invariant(!this.pools.has(event.id), `event ${event.id} is founded twice`);
      this.pools.set(event.id, new Pool(event));
    }
  }

  /**
   * The members have changed, so nothing but a known answer stands against `ok`: an addition that waited for
   * its kiosk longer than a command lives has not expired, it has happened (rule 6).
   */
  private configure(slot: Slot, { command }: ConfigurationEntry): CommandResult {
    const known = this.requests.lookup(command);
    if (known !== null) return { ...known, duplicate: true };
    const result: CommandResult = { ok: true, op: 'change', slot };
    this.requests.addResult(slot, command, result);
    return result;
  }

  /** Rule 9: a repeat gets the first answer and changes nothing; what comes too late to be known is refused. */
  private once(slot: Slot, index: number, command: Command): CommandResult {
    const known = this.requests.lookup(command);
    if (known !== null) return { ...known, duplicate: true };
    const result = this.isExpired(command)
      ? expired(command)
      : command.op === 'buy'
        ? this.buy(slot, index, command)
        : unchanged(slot, command);
    if (!result.ok || result.op !== 'buy') this.requests.addResult(slot, command, result);
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
      if (pool === undefined)
        return { ok: false, op: 'buy', reason: 'unknown_event', message: unknownEvent(item.event, [...this.pools.keys()]) };
      if (pool.category(item.category) === undefined)
        return { ok: false, op: 'buy', reason: 'unknown_category', message: unknownCategory(pool, item.category) };
      wanted.set(pool, (wanted.get(pool) ?? 0) + item.n);
    }
    for (const [pool, n] of wanted) if (n > pool.left) return tooMany(pool, n);
    const items = command.items.map(({ event, category, n }): SaleItem => {
      const pool = this.pools.get(event)!;
      return { pool, category: pool.category(category)!, n, first: pool.take(n) };
    });
    const { requestId, kiosk, clerk, at } = command;
    const sale: Sale = { requestId, slot, index, kiosk, clerk, at, remaining: items[0]!.pool.left, items };
    this.sales.add(sale);
    this.requests.addSale(sale);
    return saleResult(sale);
  }
}

/** A result as it is hashed: without its sentence, so that better words never set two versions of the app apart. */
function hashed(result: CommandResult): CommandResult {
  return result.ok ? result : { ...result, message: '' };
}
