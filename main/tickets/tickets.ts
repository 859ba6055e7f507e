import type { CommandResult, EventState } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson, hashText } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { SaleView } from '../../shared/service';
import { type MembershipEntry, membershipOf, type Snapshot, type SnapshotPart } from '../../shared/snapshot';
import type {
  BuyCommand,
  BuyItem,
  CancelCommand,
  Command,
  ConfigurationEntry,
  ConfirmCommand,
  Founding,
  PrintCommand,
  RequestId,
  Value,
  VoidCommand,
} from '../../shared/values';
import { FIRST_VERSION, type Head, packHead, unpackHead } from './head';
import { Pool } from './pool';
import {
  expired,
  notCancellable,
  notClaimed,
  notLive,
  printed,
  tooMany,
  unchanged,
  unknownCategory,
  unknownEvent,
  unknownSale,
} from './refusals';
import { EXPIRY_SLOTS, REFUSALS_KEPT_SLOTS, Requests } from './requests';
import { Rows } from './rows';
import { type NewSale, type Sale, type SaleItem, Sales, saleId, saleResult, saleView, soldItems, totalOf } from './sales';
import { SettledTable } from './settled';

/** The chain of state hashes begins with this text. */
export const FIRST_HASH = hashText('quorum-kiosk');

/** hash(n), of hash(n - 1), the value and its results (rule 13). */
export function chainHash(before: string, slot: Slot, value: Value, results: readonly CommandResult[]): string {
  return hashText(`${before} ${slot} ${canonicalJson(value)} ${canonicalJson(results.map(hashed))}`);
}

export type Resolved = { readonly ok: true; readonly items: readonly BuyItem[] } | { readonly ok: false; readonly message: string };

/**
 * The application: what the log means. Deterministic: the same log gives the same state, results and hash at
 * every kiosk. Reads no clock, no random number and no locale (S20).
 */
export class Tickets {
  private readonly pools: Pool[];
  private readonly byId: Map<string, Pool>;
  private readonly sales: Sales;
  private readonly requests: Requests;
  private readonly membership: MembershipEntry[];
  private slot: Slot;
  private chain: string;
  private version: number;

  /** The state before the log, or as a snapshot has it. @throws InvariantError if the snapshot is none */
  constructor(snapshot: Snapshot | null = null) {
    const head: Head =
      snapshot === null
        ? { slot: 0, hash: FIRST_HASH, version: FIRST_VERSION, pools: [], membership: [], firstRows: { sales: 0, lasting: 0, refusals: 0 } }
        : unpackHead(snapshot);
    const rows = (kind: keyof Head['firstRows']) =>
      Rows.restore(
        (snapshot?.parts ?? []).filter((part) => part.kind === kind).map(({ bytes }) => bytes),
        head.firstRows[kind],
      );
    this.slot = head.slot;
    this.chain = head.hash;
    this.version = head.version;
    this.membership = [...head.membership];
    this.pools = head.pools.map((state) => Pool.restore(state));
    this.byId = new Map(this.pools.map((pool) => [pool.spec.id, pool]));
    this.sales = new Sales(this.pools, rows('sales'));
    this.requests = new Requests(
      this.sales,
      new SettledTable(Number.POSITIVE_INFINITY, rows('lasting')),
      new SettledTable(REFUSALS_KEPT_SLOTS, rows('refusals')),
    );
  }

  /** The state after the applied slot. What it shares with this one is copied before it changes here. */
  snapshot(): Snapshot {
    const sales = this.sales.freeze();
    const lasting = this.requests.lasting.freeze();
    const refusals = this.requests.refusals.freeze();
    const head: Head = {
      slot: this.slot,
      hash: this.chain,
      version: this.version,
      pools: this.pools.map((pool) => pool.state()),
      membership: this.membership,
      firstRows: { sales: this.sales.first, lasting: this.requests.lasting.first, refusals: this.requests.refusals.first },
    };
    const parts: SnapshotPart[] = packHead(head);
    for (const bytes of sales) parts.push({ kind: 'sales', bytes });
    for (const bytes of lasting) parts.push({ kind: 'lasting', bytes });
    for (const bytes of refusals) parts.push({ kind: 'refusals', bytes });
    return { slot: this.slot, hash: this.chain, parts };
  }

  /** Who decided which slots, oldest first: what a replica that starts from a snapshot has to know. */
  get memberships(): readonly MembershipEntry[] {
    return this.membership;
  }

  /** Version of the commands that may stand in the log (rule 13). */
  get commandsVersion(): number {
    return this.version;
  }

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
    this.requests.refusals.expire(slot);
    const results = this.execute(slot, value);
    this.chain = chainHash(this.chain, slot, value, results);
    return results;
  }

  /** The answer to a command that the log has answered, or can only answer in one way; null if it has to go through the log. */
  answer(command: Command): CommandResult | null {
    return this.requests.lookup(command, this.slot) ?? (this.isExpired(command) ? expired(command) : null);
  }

  /** In the order of the site file. */
  events(): readonly EventState[] {
    return this.pools.map((pool) => pool.view());
  }

  /** A committed sale by its name, for example 2.1; null if there is none. */
  sale(id: string): SaleView | null {
    const sale = this.sales.find(id);
    return sale === null ? null : saleView(sale);
  }

  /** The sale of a request; null if it was not sold. */
  saleOf(id: RequestId): SaleView | null {
    const sale = this.sales.ofRequest(id);
    return sale === null || sale.status === 'never' ? null : saleView(sale);
  }

  /** Fills in what a clerk left out: the first event that is open, its first category. */
  resolve(items: readonly { readonly n: number; readonly event?: string | undefined; readonly category?: string | undefined }[]): Resolved {
    const resolved: BuyItem[] = [];
    for (const { n, event, category } of items) {
      const pool = event === undefined ? this.pools[0] : this.byId.get(event);
      if (pool === undefined) return { ok: false, message: unknownEvent(event ?? '', this.eventIds) };
      const found = category === undefined ? pool.spec.categories[0] : pool.category(category);
      if (found === undefined) return { ok: false, message: unknownCategory(pool, category ?? '') };
      resolved.push({ event: pool.spec.id, category: found.id, n });
    }
    return { ok: true, items: resolved };
  }

  private execute(slot: Slot, value: Value): readonly CommandResult[] {
    invariant((slot === 1) === (value.kind === 'founding'), `a ${value.kind} in slot ${slot}: slot 1, and no other, founds the site`);
    const membership = membershipOf(slot, value, this.membership.at(-1)?.generation ?? 0);
    if (membership !== null) this.membership.push(membership);
    switch (value.kind) {
      case 'founding':
        this.found(value);
        return [];
      case 'no-op':
      case 'recovery':
        return [];
      case 'version':
        this.version = Math.max(this.version, value.version);
        return [];
      case 'configuration':
        return [this.configure(slot, value)];
      case 'batch':
        return value.commands.map((command, position) => this.once(slot, position + 1, command));
    }
  }

  private found({ events }: Founding): void {
    for (const event of events) {
      invariant(!this.byId.has(event.id), `event ${event.id} is founded twice`);
      const pool = new Pool(event);
      this.pools.push(pool);
      this.byId.set(event.id, pool);
    }
  }

  private get eventIds(): readonly string[] {
    return [...this.byId.keys()];
  }

  /**
   * The members have changed, so nothing but a known answer stands against `ok`: an addition that waited for
   * its kiosk longer than a command lives has not expired, it has happened (rule 6).
   */
  private configure(slot: Slot, { command }: ConfigurationEntry): CommandResult {
    const known = this.requests.lookup(command, slot);
    if (known !== null) return { ...known, duplicate: true };
    const result: CommandResult = { ok: true, op: 'change', slot };
    this.requests.add(slot, command, result);
    return result;
  }

  /** Rule 9: a repeat gets the first answer and changes nothing; what comes too late to be known is refused. */
  private once(slot: Slot, index: number, command: Command): CommandResult {
    const known = this.requests.lookup(command, slot);
    if (known !== null) return { ...known, duplicate: true };
    const result = this.isExpired(command) ? expired(command) : this.carryOut(slot, index, command);
    if (!result.ok || result.op !== 'buy') this.requests.add(slot, command, result);
    return result;
  }

  private carryOut(slot: Slot, index: number, command: Command): CommandResult {
    switch (command.op) {
      case 'buy':
        return this.buy(slot, index, command);
      case 'cancel':
        return this.cancel(slot, index, command);
      case 'void':
        return this.void(slot, command);
      case 'print':
        return this.print(slot, command);
      case 'confirm':
        return this.confirm(slot, command);
      case 'change':
        return unchanged(slot, command);
    }
  }

  private isExpired(command: Command): boolean {
    return this.slot > command.issued + EXPIRY_SLOTS;
  }

  /** All items or none (S20: decided here, in the order of the log). */
  private buy(slot: Slot, index: number, command: BuyCommand): CommandResult {
    const wanted = new Map<Pool, number>();
    for (const item of command.items) {
      const pool = this.byId.get(item.event);
      if (pool === undefined) return { ok: false, op: 'buy', reason: 'unknown_event', message: unknownEvent(item.event, this.eventIds) };
      if (pool.category(item.category) === undefined)
        return { ok: false, op: 'buy', reason: 'unknown_category', message: unknownCategory(pool, item.category) };
      wanted.set(pool, (wanted.get(pool) ?? 0) + item.n);
    }
    for (const [pool, n] of wanted) if (n > pool.left) return tooMany(pool, n);
    const items = command.items.map(({ event, category: id, n }): SaleItem => {
      const pool = this.byId.get(event)!;
      const category = pool.category(id)!;
      return { pool, category, price: category.price, tickets: pool.take(n) };
    });
    const { requestId, kiosk, clerk, at } = command;
    const sale: NewSale = { requestId, slot, index, kiosk, clerk, at, remaining: items[0]!.pool.left, items };
    this.sales.add(sale);
    return saleResult(sale);
  }

  /** Rule 10: given up before it was sold, the request is refused for ever; after that, its tickets go back, unless they may be in a customer's hand. */
  private cancel(slot: Slot, index: number, { requestId, target, kiosk, clerk, at }: CancelCommand): CommandResult {
    if (target === requestId) return notCancellable(target);
    const done = (undone: Sale | null): CommandResult => ({
      ok: true,
      op: 'cancel',
      target,
      sale: undone === null ? null : saleId(undone),
      items: undone === null ? [] : soldItems(undone),
      slot,
    });
    const sale = this.sales.ofRequest(target);
    if (sale === null) {
      const settled = this.requests.settled(target, slot);
      if (settled?.result.ok) return notCancellable(target);
      if (settled === null) this.sales.addCancelled(target, slot, index, kiosk, clerk, at);
      return done(null);
    }
    if (sale.status === 'cancelled' || sale.status === 'never') return done(null);
    if (sale.status === 'void') return notLive('cancel', sale);
    if (sale.claims.some((claims) => claims > 0)) return printed(sale);
    this.takeBack(sale, 'cancelled');
    return done(sale);
  }

  private void(slot: Slot, command: VoidCommand): CommandResult {
    const sale = this.sales.find(command.sale);
    if (sale === null) return unknownSale('void', command.sale);
    if (sale.status !== 'live') return notLive('void', sale);
    this.takeBack(sale, 'void');
    return { ok: true, op: 'void', sale: saleId(sale), items: soldItems(sale), total: totalOf(sale), slot };
  }

  private takeBack(sale: Sale, status: 'cancelled' | 'void'): void {
    this.sales.setStatus(sale, status);
    for (const { pool, tickets } of sale.items) pool.giveBack(tickets);
  }

  /** Rule 10: only tickets of a live sale are claimed, and each claim is counted, whatever becomes of the page. */
  private print(slot: Slot, command: PrintCommand): CommandResult {
    const sale = this.sales.find(command.sale);
    if (sale === null) return unknownSale('print', command.sale);
    if (sale.status !== 'live') return notLive('print', sale);
    const places = placesOf(sale, command.tickets);
    if (places.includes(-1)) return unknownSale('print', command.sale);
    const copies: number[] = [];
    for (const place of places) {
      // Read anew: one command may claim a ticket twice.
      copies.push(this.sales.claim(this.sales.find(command.sale)!, place));
    }
    return { ok: true, op: 'print', sale: saleId(sale), copies, slot };
  }

  /** S23: the paper is there, whatever has become of the sale since. */
  private confirm(slot: Slot, command: ConfirmCommand): CommandResult {
    const sale = this.sales.find(command.sale);
    if (sale === null) return unknownSale('confirm', command.sale);
    const places = placesOf(sale, command.tickets);
    if (places.includes(-1)) return unknownSale('confirm', command.sale);
    if (places.some((place) => sale.claims[place] === 0)) return notClaimed(sale);
    for (const place of places) this.sales.confirm(sale, place);
    return { ok: true, op: 'confirm', sale: saleId(sale), slot };
  }
}

/** Where each ticket stands in its sale, from 0; -1 for one of another sale. */
function placesOf({ items }: Sale, tickets: PrintCommand['tickets']): readonly number[] {
  const numbers = items.flatMap(({ pool, tickets: own }) => own.map((number) => `${pool.spec.id} ${number}`));
  return tickets.map(({ event, number }) => numbers.indexOf(`${event} ${number}`));
}

/** A result as it is hashed: without its sentence, so that better words never set two versions of the app apart. */
function hashed(result: CommandResult): CommandResult {
  return result.ok ? result : { ...result, message: '' };
}
