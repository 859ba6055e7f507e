import type { AppliedReason, LoggedCommand, SoldItem } from '../../shared/answers';
import { canonicalJson } from '../../shared/hash';
import type { RequestId } from '../../shared/values';
import type { Code, Findings } from './findings';
import type { Placed, Timeline } from './logs';
import { type EventPlan, Pools } from './pools';

export interface PlacedCommand extends Placed {
  readonly command: LoggedCommand;
}

export interface ReplayedSale {
  readonly sale: string;
  readonly requestId: RequestId;
  readonly position: number;
  readonly slot: number;
  readonly items: readonly SoldItem[];
  /** Cents. */
  readonly total: number;
  /** Left of the first item's event right after it. */
  readonly remaining: number;
  /** Print claims of each of its tickets so far. */
  claims: number;
  undone: { readonly position: number; readonly by: 'cancel' | 'void' } | null;
}

/** What became of a request. */
export type Fate =
  | { readonly kind: 'sold'; readonly at: PlacedCommand; readonly sale: ReplayedSale }
  /** Refused, or carried out and no sale: its first result stands for ever. `left`: of the event that had too few for a buy. */
  | { readonly kind: 'settled'; readonly at: PlacedCommand; readonly left?: number }
  /** Given up before it was carried out. */
  | { readonly kind: 'never'; readonly position: number };

/** What the rules of selling say to a command at its place in the log. */
type Expected =
  | { readonly ok: true; readonly sale: ReplayedSale | null }
  /** Any of these is right: the design doesn't say which. */
  | { readonly ok: false; readonly reasons: readonly AppliedReason[] };

type Contents = Partial<Pick<LoggedCommand, 'items' | 'target' | 'sale' | 'change'>> & Pick<LoggedCommand, 'op'>;

const NO_LONGER_LIVE: readonly AppliedReason[] = ['already_void', 'cancelled', 'unknown_sale'];

/**
 * The sequential specification: carries the log out by the plain rules (design, rules 9 and 10, Clients) and holds
 * every logged result against them. After a wrong sale it goes on with the tickets that the log says, so that
 * one mistake is told once.
 */
export class Replay {
  readonly fates = new Map<RequestId, Fate>();
  /** By slot, tickets sold of each event after it, in the order of the plans. */
  readonly soldAfter: (readonly number[])[] = [];
  private readonly sales = new Map<string, ReplayedSale>();
  private readonly pools: Pools;

  constructor(
    plans: readonly EventPlan[],
    timeline: Timeline,
    private readonly findings: Findings,
  ) {
    this.pools = new Pools(plans);
    this.soldAfter.push(this.pools.counts());
    for (const placed of timeline.placed) {
      if (placed.command !== null) this.carryOut({ ...placed, command: placed.command });
      if (placed.position === timeline.endOfSlot[placed.slot]) this.soldAfter.push(this.pools.counts());
    }
  }

  private carryOut(at: PlacedCommand): void {
    const { command } = at;
    const known = this.fates.get(command.requestId);
    if (command.result.duplicate) this.repeat(at, known);
    else if (known?.kind === 'never' || (known?.kind === 'sold' && known.sale.undone !== null))
      this.report('committed-twice', at, `takes effect although it was given up at position ${undonePosition(known)}`);
    else if (known !== undefined)
      this.report('committed-twice', at, `takes effect a second time, after slot ${known.at.slot}`, known.at.command);
    else this.first(at);
  }

  /** A second commit of one request changes nothing and has the first result, or what became of it since. */
  private repeat(at: PlacedCommand, known: Fate | undefined): void {
    if (known === undefined) {
      this.report('bad-repeat', at, 'is called a repeat, and nothing was before it');
      return;
    }
    const expected = canonicalJson(repeatedResult(known, at.command));
    const { duplicate: _, ...result } = at.command.result;
    if (canonicalJson(result) !== expected) this.report('bad-repeat', at, `is a repeat whose result should be ${expected}`);
  }

  private first(at: PlacedCommand): void {
    switch (at.command.op) {
      case 'buy':
        this.buy(at);
        return;
      case 'cancel':
        this.settle(at);
        this.undo(at, 'cancel', this.cancelled(at.command));
        return;
      case 'void':
        this.settle(at);
        this.undo(at, 'void', this.voided(at.command));
        return;
      case 'print':
        this.settle(at);
        this.print(at);
        return;
      case 'change':
        this.settle(at);
        return;
    }
  }

  private settle(at: PlacedCommand): void {
    this.fates.set(at.command.requestId, { kind: 'settled', at });
  }

  private buy(at: PlacedCommand): void {
    const { command } = at;
    const { items: asked = [], result } = command;
    const wanted = new Map<string, number>();
    for (const { event, n } of asked) wanted.set(event, (wanted.get(event) ?? 0) + n);
    const short = [...wanted].find(([event, n]) => n > this.pools.left(event));
    if (!result.ok) {
      const left = short === undefined ? null : this.pools.left(short[0]);
      this.fates.set(command.requestId, { kind: 'settled', at, ...(left === null ? {} : { left }) });
      this.judgeRefusal(at, left);
      return;
    }
    if (short !== undefined)
      this.report('oversold', at, `takes ${short[1]} of ${short[0]}, of which ${this.pools.left(short[0])} are left`);
    this.judgeItems(at);
    const { items = [], sale = '', total = 0 } = result;
    if (sale !== `${at.slot}.${at.index}`) this.report('wrong-sale', at, `is called sale ${sale}, and should be ${at.slot}.${at.index}`);
    const sold: ReplayedSale = {
      sale,
      requestId: command.requestId,
      position: at.position,
      slot: at.slot,
      items,
      total,
      remaining: this.pools.left(asked[0]?.event ?? ''),
      claims: 0,
      undone: null,
    };
    this.sales.set(sale, sold);
    this.fates.set(command.requestId, { kind: 'sold', at, sale: sold });
  }

  /** @param left of the first event that has too few left; null if all have enough */
  private judgeRefusal(at: PlacedCommand, left: number | null): void {
    const { reason } = at.command.result;
    const forWantOfTickets = reason === 'sold_out' || reason === 'not_enough';
    if (forWantOfTickets && left === null) this.report('false-sold-out', at, 'was refused although there were tickets enough');
    else if (!forWantOfTickets || (reason === 'sold_out') !== (left === 0))
      this.report('wrong-refusal', at, `was refused as ${reason}; left were ${left ?? 'enough'}`);
  }

  /** Takes the tickets of a sale, each from the lowest that are free. */
  private judgeItems(at: PlacedCommand): void {
    const { items: asked = [], result } = at.command;
    const { items: sold = [], tickets = [] } = result;
    let total = 0;
    for (const [index, { event, category, n }] of asked.entries()) {
      const item = sold[index];
      const numbers = item?.tickets ?? [];
      if (item?.event !== event || item.category !== category || item.n !== n || numbers.length !== n)
        this.report('ticket-count', at, `asked for ${n} of ${event}/${category} and got ${JSON.stringify(item ?? null)}`);
      total += n * (this.pools.plan(event)?.prices.get(category) ?? Number.NaN);
      this.judgeNumbers(at, event, numbers);
      this.pools.take(event, numbers, result.sale ?? '');
    }
    const all = sold.flatMap((item) => item.tickets);
    if (sold.length !== asked.length || canonicalJson(all) !== canonicalJson(tickets))
      this.report('ticket-count', at, `has ${asked.length} lines, and its lists of tickets differ`);
    if (total !== result.total) this.report('wrong-total', at, `costs ${total} cents, and the log says ${result.total}`);
  }

  private judgeNumbers(at: PlacedCommand, event: string, numbers: readonly number[]): void {
    const capacity = this.pools.plan(event)?.capacity ?? 0;
    const lowest = this.pools.lowestFree(event, numbers.length);
    let valid = true;
    for (const ticket of numbers) {
      const owner = this.pools.owner(event, ticket);
      const holder = owner === null ? undefined : this.sales.get(owner);
      if (owner !== null) this.report('double-sold', at, `sells ticket ${ticket} of ${event}, which sale ${owner} has`, holder);
      const inRange = Number.isInteger(ticket) && ticket >= 1 && ticket <= capacity;
      if (!inRange) this.report('ticket-range', at, `sells ticket ${ticket} of ${event}, which has 1 to ${capacity}`);
      valid &&= owner === null && inRange;
    }
    if (valid && canonicalJson(numbers) !== canonicalJson(lowest))
      this.report('ticket-order', at, `sells tickets ${numbers} of ${event}; the lowest that are free are ${lowest}`);
  }

  private cancelled({ target = '', requestId }: LoggedCommand): Expected {
    if (target === requestId) return { ok: false, reasons: ['not_allowed'] };
    const fate = this.fates.get(target);
    switch (fate?.kind) {
      case undefined:
      case 'never':
        return { ok: true, sale: null };
      case 'settled':
        return fate.at.command.result.ok ? { ok: false, reasons: ['not_allowed'] } : { ok: true, sale: null };
      case 'sold': {
        const { sale } = fate;
        if (sale.undone?.by === 'cancel') return { ok: true, sale: null };
        if (sale.undone !== null) return { ok: false, reasons: ['already_void'] };
        return sale.claims > 0 ? { ok: false, reasons: ['printed'] } : { ok: true, sale };
      }
    }
  }

  private voided({ sale: name = '' }: LoggedCommand): Expected {
    const sale = this.sales.get(name);
    if (sale === undefined) return { ok: false, reasons: ['unknown_sale'] };
    if (sale.undone?.by === 'void') return { ok: false, reasons: ['already_void'] };
    return sale.undone === null ? { ok: true, sale } : { ok: false, reasons: NO_LONGER_LIVE };
  }

  /** Gives the tickets of a cancelled or voided sale back to the pool. */
  private undo(at: PlacedCommand, by: 'cancel' | 'void', expected: Expected): void {
    const { command } = at;
    const { result } = command;
    if (!this.sameOutcome(at, expected) || !expected.ok) return;
    if (by === 'cancel' && !this.fates.has(command.target ?? ''))
      this.fates.set(command.target ?? '', { kind: 'never', position: at.position });
    const { sale } = expected;
    const back = { sale: sale?.sale, items: sale?.items ?? [], ...(by === 'void' ? { total: sale?.total } : {}) };
    const logged = { sale: result.sale, items: result.items ?? [], ...(by === 'void' ? { total: result.total } : {}) };
    const tickets = back.items.flatMap((item) => item.tickets);
    if (canonicalJson(back) !== canonicalJson(logged) || canonicalJson(tickets) !== canonicalJson(result.tickets))
      this.report('wrong-return', at, `should have given back ${canonicalJson(back)}`, sale);
    if (sale === null) return;
    sale.undone = { position: at.position, by };
    for (const item of sale.items) this.pools.giveBack(item.event, item.tickets, sale.sale);
  }

  /** The first claim of each ticket prints the original, every later one a copy. */
  private print(at: PlacedCommand): void {
    const sale = this.sales.get(at.command.sale ?? '');
    const live = sale !== undefined && sale.undone === null;
    const expected: Expected = live ? { ok: true, sale } : { ok: false, reasons: NO_LONGER_LIVE };
    if (!this.sameOutcome(at, expected) || !live) return;
    const tickets = sale.items.flatMap((item) => item.tickets);
    const copies = tickets.map(() => sale.claims);
    if (at.command.n !== tickets.length) this.report('malformed', at, 'claims a part of a sale, which this checker does not know');
    else if (canonicalJson(at.command.result.copies) !== canonicalJson(copies))
      this.report('wrong-copies', at, `should have been given copies ${copies}`, sale);
    sale.claims += 1;
  }

  private sameOutcome(at: PlacedCommand, expected: Expected): boolean {
    const { result } = at.command;
    if (expected.ok) {
      if (!result.ok) this.report('wrong-refusal', at, `was refused as ${result.reason} without a reason`);
      return result.ok;
    }
    const right = !result.ok && result.reason !== undefined && expected.reasons.includes(result.reason);
    if (!right) this.report('wrong-refusal', at, `should have been refused as ${expected.reasons.join(' or ')}`);
    return !result.ok;
  }

  private report(code: Code, at: PlacedCommand, what: string, ...evidence: readonly unknown[]): void {
    const { slot, command } = at;
    this.findings.add(code, `slot ${slot}: ${command.op} ${command.requestId} ${what}`, command, ...evidence);
  }
}

function undonePosition(fate: Extract<Fate, { kind: 'never' | 'sold' }>): number | undefined {
  return fate.kind === 'never' ? fate.position : fate.sale.undone?.position;
}

function repeatedResult(known: Fate, command: LoggedCommand): LoggedCommand['result'] {
  if (known.kind === 'never') return { ok: false, reason: command.op === 'change' ? 'withdrawn' : 'cancelled' };
  if (contentsOf(known.at.command) !== contentsOf(command)) return { ok: false, reason: 'id_reused' };
  if (known.kind === 'sold' && known.sale.undone?.by === 'cancel') return { ok: false, reason: 'cancelled' };
  return known.at.command.result;
}

/** What a command asks for, whoever asks, where and when. */
export function contentsOf({ op, items, target, sale, change }: Contents): string {
  return canonicalJson({ op, items, target, sale, change });
}
