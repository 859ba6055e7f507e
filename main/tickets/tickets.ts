import type { Admission, CommandResult, EventState } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson, hashText } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { Words } from '../../shared/said';
import type { SaleView } from '../../shared/service';
import { governsFrom, type MembershipEntry, membershipOf, type Snapshot, type SnapshotPart } from '../../shared/snapshot';
import type {
  AdmitCommand,
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
import { Admissions } from './admissions';
import { Clerks } from './clerks';
import { FIRST_VERSION, type Head, packHead, type TableKind, unpackHead } from './head';
import { settle } from './payments';
import { Pool, type PoolSpec } from './pool';
import { Programme } from './programme';
import {
  alreadyUsed,
  closed,
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
import { type NewSale, type Sale, type SaleItem, Sales, saleId, saleResult, saleView, soldItems, ticketsOf, totalOf } from './sales';
import { SettledTable } from './settled';
import { notOpen, Shifts } from './shifts';
import { UndoneSales } from './undone';

/** The chain of state hashes begins with this text. */
export const FIRST_HASH = hashText('quorum-kiosk');

/** hash(n), of hash(n - 1), the value and its results (rule 13). */
export function chainHash(before: string, slot: Slot, value: Value, results: readonly CommandResult[]): string {
  return hashText(`${before} ${slot} ${canonicalJson(value)} ${canonicalJson(results.map(hashed))}`);
}

interface AskedItem {
  readonly n: number;
  readonly event?: string | undefined;
  readonly category?: string | undefined;
}

interface Unchained {
  readonly slot: Slot;
  readonly value: Value;
  readonly results: readonly CommandResult[];
  hash: string;
}

export type Resolved = { readonly ok: true; readonly items: readonly BuyItem[] } | { readonly ok: false; readonly words: Words };

/**
 * The application: what the log means. Deterministic: the same log gives the same state, results and hash at
 * every kiosk. Reads no clock, no random number and no locale (S20).
 */
export class Tickets {
  readonly clerks: Clerks;
  readonly shifts: Shifts;
  readonly sales: Sales;
  readonly undone: UndoneSales;
  private readonly admissions: Admissions;
  private readonly programme: Programme;
  private readonly requests: Requests;
  private readonly membership: MembershipEntry[];
  private slot: Slot;
  private chain: string;
  /** Applied entries whose hash nobody has asked for yet: a clerk's answer does not wait for it. */
  private unchained: Unchained[] = [];
  private version: number;

  /** The state before the log, or as a snapshot has it. @throws InvariantError if the snapshot is none */
  constructor(snapshot: Snapshot | null = null) {
    const head: Head = snapshot === null ? EMPTY : unpackHead(snapshot);
    const rows = (kind: TableKind) =>
      Rows.restore(
        (snapshot?.parts ?? []).filter((part) => part.kind === kind).map(({ bytes }) => bytes),
        head.firstRows[kind],
      );
    this.slot = head.slot;
    this.chain = head.hash;
    this.version = head.version;
    this.membership = [...head.membership];
    this.programme = new Programme(head.pools.map((state) => Pool.restore(state)));
    this.clerks = new Clerks(head.clerks);
    this.shifts = new Shifts(head.openShifts, head.lastShift, rows('shifts'));
    this.sales = new Sales(this.programme.pools, rows('sales'));
    this.undone = new UndoneSales(rows('undone'));
    for (const row of this.undone.afterClose()) this.uncount(this.sales.at(row));
    this.admissions = new Admissions(rows('admissions'));
    this.requests = new Requests(
      this.sales,
      new SettledTable(Number.POSITIVE_INFINITY, rows('lasting')),
      new SettledTable(REFUSALS_KEPT_SLOTS, rows('refusals')),
    );
  }

  /** The state after the applied slot. What it shares with this one is copied before it changes here. */
  snapshot(): Snapshot {
    const tables: Readonly<Record<TableKind, { freeze(): readonly Uint8Array[] }>> = {
      sales: this.sales,
      undone: this.undone,
      admissions: this.admissions,
      shifts: this.shifts,
      lasting: this.requests.lasting,
      refusals: this.requests.refusals,
    };
    const kinds = Object.keys(tables) as TableKind[];
    const frozen = kinds.flatMap((kind) => tables[kind].freeze().map((bytes): SnapshotPart => ({ kind, bytes })));
    const head: Head = {
      slot: this.slot,
      hash: this.hash,
      version: this.version,
      pools: this.programme.pools.map((pool) => pool.state()),
      membership: this.membership,
      clerks: this.clerks.all(),
      openShifts: this.shifts.openShifts,
      lastShift: this.shifts.newest,
      firstRows: {
        ...EMPTY.firstRows,
        sales: this.sales.first,
        lasting: this.requests.lasting.first,
        refusals: this.requests.refusals.first,
      },
    };
    return { slot: this.slot, hash: this.hash, parts: [...packHead(head), ...frozen] };
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
    this.chainTo(this.slot);
    return this.chain;
  }

  private chainTo(slot: Slot): void {
    const after = this.unchained.findIndex((entry) => entry.slot > slot);
    for (const entry of this.unchained.splice(0, after === -1 ? this.unchained.length : after)) {
      this.chain = chainHash(this.chain, entry.slot, entry.value, entry.results);
      entry.hash = this.chain;
    }
  }

  /** The hash of the slot that was applied last, for when it is wanted; all up to it, and no others, are then made. */
  hashLater(): () => string {
    const entry = this.unchained.at(-1);
    const { chain } = this;
    return () => {
      if (entry === undefined) return chain;
      if (entry.hash === '') this.chainTo(entry.slot);
      return entry.hash;
    };
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
    this.unchained.push({ slot, value, results, hash: '' });
    return results;
  }

  /** The answer to a command that the log has answered, or can only answer in one way; null if it has to go through the log. */
  answer(command: Command): CommandResult | null {
    return this.requests.lookup(command, this.slot) ?? (this.isExpired(command) ? expired(command) : null);
  }

  /** In the order of the site file. */
  events(): readonly EventState[] {
    return this.programme.pools.map((pool) => pool.view());
  }

  /** A committed sale by its name, for example 2.1; null if there is none. */
  sale(id: string): SaleView | null {
    const sale = this.sales.find(id);
    return sale === null ? null : this.view(sale);
  }

  /** A sale as it was read from the table. */
  view(sale: Sale): SaleView {
    return saleView(sale, sale.status === 'live' ? null : this.undone.ofSale(sale.row));
  }

  /** The place of an event among all of them, as rows of sales have it; undefined for none. */
  eventIndex(id: string): number | undefined {
    const index = this.programme.pools.findIndex(({ spec }) => spec.id === id);
    return index === -1 ? undefined : index;
  }

  /** An event by its place, with all categories that it ever had. */
  event(index: number): PoolSpec {
    return this.programme.pools[index]!.spec;
  }

  /** When and where somebody was let in with a ticket; null for nobody, and for no ticket of that sale. */
  admissionOf(id: string, event: string, number: number): Admission | null {
    const sale = this.sales.find(id);
    const place = sale === null ? -1 : placeOf(sale, event, number);
    return sale === null || place === -1 ? null : this.admissions.find({ sale: sale.row, place });
  }

  /** The sale of a request; null if it was not sold. */
  saleOf(id: RequestId): SaleView | null {
    const sale = this.sales.ofRequest(id);
    return sale === null || sale.status === 'never' ? null : this.view(sale);
  }

  /**
   * Fills in what a clerk left out: the first event that is open, its first category. A repeat means what it meant
   * at first, whatever is open by now.
   * @param before what the same request asked for, where it was asked before
   */
  resolve(items: readonly AskedItem[], before: readonly BuyItem[] | null = null): Resolved {
    const resolved: BuyItem[] = [];
    for (const [index, { n, event, category }] of items.entries()) {
      const first = before?.length === items.length ? before[index] : undefined;
      if (first?.n === n && (event ?? first.event) === first.event && (category ?? first.category) === first.category) {
        resolved.push(first);
        continue;
      }
      const pool = event === undefined ? this.programme.first : this.programme.get(event);
      if (pool === undefined) return { ok: false, words: unknownEvent(event ?? '', this.programme.ids) };
      const found = category ?? pool.categories[0]?.id;
      if (found === undefined || pool.indexOf(found) === -1) return { ok: false, words: unknownCategory(pool, found ?? '') };
      resolved.push({ event: pool.spec.id, category: found, n });
    }
    return { ok: true, items: resolved };
  }

  /** What a buy of this id asked for, if the log knows it. */
  itemsOf(id: RequestId): readonly BuyItem[] | null {
    return this.requests.itemsOf(id, this.slot);
  }

  private execute(slot: Slot, value: Value): readonly CommandResult[] {
    invariant((slot === 1) === (value.kind === 'founding'), `a ${value.kind} in slot ${slot}: slot 1, and no other, founds the site`);
    const before = value.kind === 'batch' ? undefined : this.membership.at(-1);
    const membership = membershipOf(slot, value, before === undefined ? null : { ...before, from: governsFrom(before) });
    if (membership !== null) this.membership.push(membership);
    switch (value.kind) {
      case 'founding':
        this.found(value);
        return [];
      case 'no-op':
        return [];
      case 'recovery':
        for (const { event, upTo } of value.heldBack ?? []) this.programme.get(event)?.holdBack(upTo);
        return [];
      case 'version':
        this.version = Math.max(this.version, value.version);
        return [];
      case 'configuration':
        return [this.configure(slot, value, membership !== null)];
      case 'batch':
        return value.commands.map((command, position) => this.once(slot, position + 1, command));
    }
  }

  private found({ events }: Founding): void {
    for (const event of events) {
      invariant(this.programme.get(event.id) === undefined, `event ${event.id} is founded twice`);
      this.programme.add(new Pool(event));
    }
  }

  /**
   * The members have changed, so nothing but a known answer stands against `ok`: an addition that waited for
   * its kiosk longer than a command lives has not expired, it has happened (rule 6).
   * @param changed false for one that was chosen beside another, which is not yet in force
   */
  private configure(slot: Slot, { command }: ConfigurationEntry, changed: boolean): CommandResult {
    const known = this.requests.lookup(command, slot);
    if (known !== null) return { ...known, duplicate: true };
    const result: CommandResult = unchanged(slot, { ...command, outcome: changed ? 'done' : 'change_pending' });
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
      case 'admit':
        return this.admit(slot, command);
      case 'event':
        return this.programme.apply(slot, command);
      case 'clerk':
        return this.clerks.apply(slot, command);
      case 'shift':
        return this.shifts.apply(slot, command);
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
    const lines: Omit<SaleItem, 'tickets'>[] = [];
    let total = 0;
    for (const { event, category, n } of command.items) {
      const pool = this.programme.get(event);
      if (pool === undefined) return { ok: false, op: 'buy', reason: 'unknown_event', ...unknownEvent(event, this.programme.ids) };
      if (!pool.open) return closed(pool);
      const categoryIndex = pool.indexOf(category);
      if (categoryIndex === -1) return { ok: false, op: 'buy', reason: 'unknown_category', ...unknownCategory(pool, category) };
      const { price } = pool.spec.categories[categoryIndex]!;
      wanted.set(pool, (wanted.get(pool) ?? 0) + n);
      lines.push({ pool, categoryIndex, price });
      total += price * n;
    }
    for (const [pool, n] of wanted) if (n > pool.left) return tooMany(pool, n);
    const payment = settle(command, total);
    if ('ok' in payment) return payment;
    const { requestId, kiosk, clerk, at, shift = null } = command;
    if (shift !== null && !this.shifts.isOpen(shift)) return notOpen('buy', shift, this.shifts.view(shift));
    const items = lines.map((line, place): SaleItem => ({ ...line, tickets: line.pool.take(command.items[place]!.n) }));
    const sale: NewSale = { requestId, slot, index, kiosk, clerk, at, payment, shift, remaining: items[0]!.pool.left, items };
    this.sales.add(sale);
    if (shift !== null) this.shifts.count(shift, 'sold', payment.kind, ticketsOf(sale), total);
    return saleResult(sale);
  }

  /** Rule 10: given up before it was sold, the request is refused for ever; after that, its tickets go back, unless they may be in a customer's hand. */
  private cancel(slot: Slot, index: number, command: CancelCommand): CommandResult {
    const { requestId, target, kiosk, clerk, at } = command;
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
    if (sale.receipts > 0 || sale.claims.some((claims) => claims > 0)) return printed(sale);
    this.takeBack(slot, sale, 'cancelled', command);
    this.uncount(sale);
    return done(sale);
  }

  /** The money comes from the drawer of whoever gives it back, whichever it went into. */
  private void(slot: Slot, command: VoidCommand): CommandResult {
    const sale = this.sales.find(command.sale);
    if (sale === null) return unknownSale('void', command.sale);
    if (sale.status !== 'live') return notLive('void', sale);
    const { shift } = command;
    if (shift !== undefined && !this.shifts.isOpen(shift)) return notOpen('void', shift, this.shifts.view(shift));
    this.takeBack(slot, sale, 'void', command);
    const [total, payment] = [totalOf(sale), sale.payment.kind];
    if (shift !== undefined) this.shifts.count(shift, 'back', payment, ticketsOf(sale), total);
    return { ok: true, op: 'void', sale: saleId(sale), items: soldItems(sale), total, payment, slot };
  }

  private uncount(sale: Sale): void {
    if (sale.shift !== null) this.shifts.uncount(sale.shift, sale.payment.kind, ticketsOf(sale), totalOf(sale));
  }

  private takeBack(slot: Slot, sale: Sale, status: 'cancelled' | 'void', command: CancelCommand | VoidCommand): void {
    this.sales.setStatus(sale, status);
    for (const { pool, tickets } of sale.items) pool.giveBack(tickets);
    const { at, kiosk, clerk, approver = null } = command;
    const reason = command.op === 'void' ? (command.reason ?? null) : null;
    const afterClose = status === 'cancelled' && sale.shift !== null && !this.shifts.isOpen(sale.shift);
    this.undone.add({ sale: sale.row, status, afterClose, slot, at, kiosk, clerk, approver, reason });
  }

  /** A ticket lets one person in, whoever scans it where (the log decides who was first). */
  private admit(slot: Slot, { sale: id, event, number, kiosk, clerk, at }: AdmitCommand): CommandResult {
    const sale = this.sales.find(id);
    if (sale === null) return unknownSale('admit', id);
    const place = placeOf(sale, event, number);
    if (place === -1) return unknownSale('admit', id);
    if (sale.status !== 'live') return notLive('admit', sale);
    const key = { sale: sale.row, place };
    const first = this.admissions.find(key);
    if (first !== null) return alreadyUsed(event, number, first);
    this.admissions.add(key, { slot, at, kiosk, clerk });
    return { ok: true, op: 'admit', sale: id, event, number, slot };
  }

  /**
   * Rule 10: only tickets of a live sale are claimed, and each claim is counted, whatever becomes of the page. A
   * receipt says what was paid once, whatever became of the sale.
   */
  private print(slot: Slot, command: PrintCommand): CommandResult {
    const sale = this.sales.find(command.sale);
    if (sale === null) return unknownSale('print', command.sale);
    if (command.receipt === true) return { ok: true, op: 'print', sale: saleId(sale), copies: [this.sales.claimReceipt(sale)], slot };
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

/** The state before the log. */
const EMPTY: Head = {
  slot: 0,
  hash: FIRST_HASH,
  version: FIRST_VERSION,
  pools: [],
  membership: [],
  clerks: [],
  openShifts: [],
  lastShift: 0,
  firstRows: { sales: 0, undone: 0, admissions: 0, shifts: 0, lasting: 0, refusals: 0 },
};

/** Place of a ticket in its sale, from 0; -1 if it is none of it. */
function placeOf({ items }: Sale, event: string, number: number): number {
  let place = 0;
  for (const { pool, tickets } of items) {
    const at = pool.spec.id === event ? tickets.indexOf(number) : -1;
    if (at !== -1) return place + at;
    place += tickets.length;
  }
  return -1;
}

/** A result as it is hashed: without its sentence, so that better words never set two versions of the app apart. */
function hashed(result: CommandResult): unknown {
  if (result.ok) return result;
  const { said: _, ...rest } = result;
  return { ...rest, message: '' };
}
