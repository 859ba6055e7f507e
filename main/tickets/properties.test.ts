import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandResult, SoldItem } from '../../shared/answers';
import type { EventSpec } from '../../shared/site';
import {
  type BuyCommand,
  type ClerkAction,
  type Command,
  commandSchema,
  type EventAction,
  NO_OP,
  type ShiftCommand,
  type Value,
  valueSchema,
} from '../../shared/values';
import { batch, event, founding } from './fixtures';
import { Tickets } from './index';

const POOLS = [event('match', 30), event('gala', 7), event('solo', 1)];
const RUNS = 150;

const item = fc.record({
  event: fc.constantFrom('match', 'match', 'gala', 'solo', 'opera'),
  category: fc.constantFrom('adult', 'adult', 'child', 'vip'),
  n: fc.integer({ min: 1, max: 6 }),
});
/** Few ids, so that repeats and reused ids are common. */
const base = {
  requestId: fc.integer({ min: 1, max: 25 }).map((n) => `r${n}`),
  kiosk: fc.integer({ min: 1, max: 3 }),
  clerk: fc.constantFrom('operator', 'ann'),
  issued: fc.constant(0),
  at: fc.nat(),
};
const buyCommand: fc.Arbitrary<Command> = fc
  .record({
    op: fc.constant('buy' as const),
    ...base,
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    payment: fc.constantFrom(
      undefined,
      undefined,
      { kind: 'cash' as const, given: 3_000 },
      { kind: 'card' as const },
      { kind: 'free' as const },
    ),
    expects: fc.constantFrom(undefined, undefined, undefined, 1_200),
    shift: fc.constantFrom(undefined, 1, 2),
  })
  .map((command) => commandSchema.parse(JSON.parse(JSON.stringify(command))));
const changeCommand: fc.Arbitrary<Command> = fc
  .record({
    op: fc.constant('change' as const),
    ...base,
    change: fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), kiosk: fc.integer({ min: 1, max: 5 }) }),
    outcome: fc.constantFrom('already' as const, 'change_pending' as const, 'unknown_kiosk' as const, 'not_allowed' as const),
  })
  .map((command) => commandSchema.parse(command));
const saleName = fc.tuple(fc.integer({ min: 2, max: 13 }), fc.integer({ min: 1, max: 6 })).map(([slot, index]) => `${slot}.${index}`);
const undoing: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ op: fc.constant('cancel' as const), ...base, target: fc.integer({ min: 1, max: 25 }).map((n) => `r${n}`) }),
  fc.record({ op: fc.constant('void' as const), ...base, sale: saleName }),
  fc.record({
    op: fc.constant('print' as const),
    ...base,
    sale: saleName,
    tickets: fc.array(fc.record({ event: fc.constantFrom('match', 'gala'), number: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record({
    op: fc.constant('print' as const),
    ...base,
    sale: saleName,
    tickets: fc.constant<{ event: string; number: number }[]>([]),
    receipt: fc.constant(true as const),
  }),
  fc.record({
    op: fc.constant('confirm' as const),
    ...base,
    sale: saleName,
    tickets: fc.tuple(fc.record({ event: fc.constantFrom('match', 'gala'), number: fc.integer({ min: 1, max: 4 }) })),
  }),
);
/** The day in a box office beside selling. */
const PIN = { cost: 14, salt: '0'.repeat(32), key: '0'.repeat(64) };
const clerkName = fc.constantFrom('ann', 'bob');
const office: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    op: fc.constant('admit' as const),
    ...base,
    sale: saleName,
    event: fc.constantFrom('match', 'gala'),
    number: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    op: fc.constant('event' as const),
    ...base,
    action: fc.oneof(
      fc.record({ kind: fc.constantFrom('open' as const, 'close' as const), event: fc.constantFrom('match', 'solo', 'opera') }),
      fc.record({
        kind: fc.constant('change' as const),
        event: fc.constantFrom('match', 'gala'),
        capacity: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        kind: fc.constant('change' as const),
        event: fc.constantFrom('gala'),
        prices: fc.tuple(fc.record({ category: fc.constantFrom('adult', 'adult', 'vip'), price: fc.constantFrom(0, 700) })),
      }),
      fc.constant({ kind: 'create' as const, event: event('matinee', 5) }),
    ),
  }),
  fc.record({
    op: fc.constant('clerk' as const),
    ...base,
    action: fc.oneof(
      fc.record({
        kind: fc.constant('add' as const),
        target: clerkName,
        name: fc.constant('Somebody'),
        permissions: fc.tuple(fc.constantFrom('clerks' as const, 'sell' as const)),
        pin: fc.constant(PIN),
      }),
      fc.record({ kind: fc.constant('change' as const), target: clerkName, active: fc.boolean() }),
    ),
  }),
  fc.record({
    op: fc.constant('shift' as const),
    ...base,
    action: fc.oneof(
      fc.record({ kind: fc.constant('open' as const), float: fc.constantFrom(0, 10_000) }),
      fc.record({ kind: fc.constant('close' as const), shift: fc.integer({ min: 1, max: 4 }), counted: fc.constant(10_000) }),
      fc.record({
        kind: fc.constantFrom('in' as const, 'out' as const),
        shift: fc.integer({ min: 1, max: 4 }),
        cents: fc.constantFrom(100, 20_000),
        reason: fc.constant('change'),
      }),
    ),
  }),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(
        fc.oneof({ weight: 6, arbitrary: buyCommand }, changeCommand, { weight: 3, arbitrary: undoing }, { weight: 4, arbitrary: office }),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((commands) => batch(...commands)),
  },
  { weight: 1, arbitrary: fc.constant(NO_OP) },
);
const log = fc.array(value, { maxLength: 12 });

interface Played {
  readonly tickets: Tickets;
  readonly results: readonly { readonly command: Command; readonly result: CommandResult; readonly sale: string }[];
  readonly hashes: readonly string[];
}

function play(values: readonly Value[]): Played {
  const tickets = new Tickets();
  tickets.apply(1, founding(...POOLS));
  const results: Played['results'][number][] = [];
  const hashes: string[] = [];
  for (const entry of values) {
    const slot = tickets.applied + 1;
    const given = tickets.apply(slot, entry);
    hashes.push(tickets.hash);
    const commands = entry.kind === 'batch' ? entry.commands : [];
    expect(given).toHaveLength(commands.length);
    commands.forEach((command, index) => {
      results.push({ command, result: given[index]!, sale: `${slot}.${index + 1}` });
    });
  }
  return { tickets, results, hashes };
}

interface ModelSale {
  state: 'live' | 'cancelled' | 'void' | 'never';
  readonly asked: string;
  readonly name: string;
  readonly lines: readonly { readonly event: string; readonly numbers: readonly number[] }[];
  readonly claims: Map<string, number>;
  readonly total: number;
  readonly kind: string;
  readonly shift: number | undefined;
}

interface ModelPool {
  capacity: number;
  open: boolean;
  readonly out: Set<number>;
  readonly prices: Map<string, number>;
}

interface ModelShift {
  readonly whose: string;
  open: boolean;
  cash: number;
}

/** The obvious way to sell, to hold the real one against: a list of all free numbers, and a memory that forgets nothing. */
class Model {
  private readonly pools = new Map(POOLS.map((pool) => [pool.id, modelPool(pool)]));
  private readonly used = new Set<string>();
  private readonly clerks = new Map<string, { manager: boolean; active: boolean }>();
  private readonly shifts: ModelShift[] = [];
  private closed = 0;
  private readonly settled = new Map<string, { asked: string; outcome: string }>();
  private readonly sales = new Map<string, ModelSale>();

  outcome(command: Command, name: string): string {
    const { requestId, kiosk: _kiosk, clerk: _clerk, issued: _issued, at: _at, ...contents } = command;
    const asked = JSON.stringify({
      ...contents,
      reason: undefined,
      outcome: undefined,
      payment: undefined,
      expects: undefined,
      shift: undefined,
    });
    const sale = this.sales.get(requestId);
    if (sale !== undefined) {
      if (sale.state === 'never') return command.op === 'change' ? 'withdrawn' : 'cancelled';
      if (sale.asked !== asked) return 'id_reused';
      return sale.state === 'cancelled' ? 'cancelled' : linesText(sale);
    }
    const known = this.settled.get(requestId);
    if (known !== undefined) return known.asked === asked ? known.outcome : 'id_reused';
    const outcome = this.carryOut(command, asked, name);
    if (!this.sales.has(requestId)) this.settled.set(requestId, { asked, outcome });
    return outcome;
  }

  private carryOut(command: Command, asked: string, name: string): string {
    switch (command.op) {
      case 'buy':
        return this.sell(command, asked, name);
      case 'change':
        return command.outcome === 'already' ? 'ok' : command.outcome!;
      case 'cancel': {
        if (command.target === command.requestId) return 'not_allowed';
        const sale = this.sales.get(command.target);
        const settled = this.settled.get(command.target);
        if (sale === undefined && settled !== undefined)
          return /^(ok|undone|nothing|copies|confirmed)/.test(settled.outcome) ? 'not_allowed' : 'nothing';
        if (sale === undefined) this.sales.set(command.target, { ...NEVER, name, claims: new Map() });
        if (sale === undefined || sale.state === 'cancelled' || sale.state === 'never') return 'nothing';
        if (sale.state === 'void') return 'already_void';
        if (sale.claims.size > 0) return 'printed';
        const drawer = this.drawer(sale.shift);
        if (drawer?.open && sale.kind === 'cash') drawer.cash -= sale.total;
        return this.takeBack(sale, 'cancelled');
      }
      case 'void': {
        const sale = this.named(command.sale);
        if (sale === undefined) return 'unknown_sale';
        if (sale.state === 'cancelled') return 'cancelled';
        return sale.state === 'void' ? 'already_void' : this.takeBack(sale, 'void');
      }
      case 'print': {
        const sale = this.named(command.sale);
        if (sale === undefined) return 'unknown_sale';
        if (command.receipt) {
          const before = sale.claims.get('receipt') ?? 0;
          sale.claims.set('receipt', before + 1);
          return `copies ${before}`;
        }
        if (sale.state !== 'live') return sale.state === 'void' ? 'already_void' : 'cancelled';
        const own = (ticket: { event: string; number: number }) =>
          sale.lines.some((line) => line.event === ticket.event && line.numbers.includes(ticket.number));
        if (!command.tickets.every(own)) return 'unknown_sale';
        const copies = command.tickets.map(({ event: of, number }) => {
          const before = sale.claims.get(`${of} ${number}`) ?? 0;
          sale.claims.set(`${of} ${number}`, before + 1);
          return before;
        });
        return `copies ${copies.join(',')}`;
      }
      case 'confirm': {
        const sale = this.named(command.sale);
        const own = (ticket: { event: string; number: number }) =>
          sale?.lines.some((line) => line.event === ticket.event && line.numbers.includes(ticket.number));
        if (!command.tickets.every(own)) return 'unknown_sale';
        return command.tickets.every(({ event: of, number }) => sale!.claims.has(`${of} ${number}`)) ? 'confirmed' : 'not_allowed';
      }
      case 'admit': {
        const sale = this.named(command.sale);
        const ticket = `${command.sale} ${command.event} ${command.number}`;
        if (!sale?.lines.some((line) => line.event === command.event && line.numbers.includes(command.number))) return 'unknown_sale';
        if (sale.state !== 'live') return sale.state === 'void' ? 'already_void' : 'cancelled';
        if (this.used.has(ticket)) return 'already_used';
        this.used.add(ticket);
        return 'ok admit';
      }
      case 'event':
        return this.programme(command.action);
      case 'clerk':
        return this.staff(command.action);
      case 'shift':
        return this.till(command);
    }
  }

  private programme(action: EventAction): string {
    if (action.kind === 'create') {
      if (this.pools.has(action.event.id)) return 'not_allowed';
      this.pools.set(action.event.id, modelPool(action.event));
      return 'ok event';
    }
    const pool = this.pools.get(action.event);
    if (pool === undefined) return 'unknown_event';
    if (action.kind !== 'change') pool.open = action.kind === 'open';
    else {
      if (action.capacity !== undefined && action.capacity < Math.max(0, ...pool.out)) return 'not_allowed';
      if (action.prices?.some(({ category }) => !pool.prices.has(category))) return 'unknown_category';
      pool.capacity = action.capacity ?? pool.capacity;
      for (const { category, price } of action.prices ?? []) pool.prices.set(category, price);
    }
    return 'ok event';
  }

  private staff(action: ClerkAction): string {
    const known = this.clerks.get(action.target);
    if (action.kind === 'add') {
      const manager = action.permissions.includes('clerks');
      if ((this.clerks.size === 0 && !manager) || known !== undefined) return 'not_allowed';
      this.clerks.set(action.target, { manager, active: true });
      return 'ok clerk';
    }
    if (known === undefined) return 'unknown_clerk';
    const others = [...this.clerks.values()].some((other) => other !== known && other.manager && other.active);
    if (!(known.manager && action.active) && !others) return 'not_allowed';
    known.active = action.active ?? known.active;
    return 'ok clerk';
  }

  private till({ action, kiosk, clerk }: ShiftCommand): string {
    if (action.kind === 'open') {
      const whose = `${kiosk} ${clerk}`;
      if (this.shifts.some((shift) => shift.open && shift.whose === whose)) return 'not_allowed';
      this.shifts.push({ whose, open: true, cash: action.float });
      return `ok shift ${this.shifts.length} ${action.float}`;
    }
    const shift = this.drawer(action.shift);
    if (!shift?.open) return 'no_shift';
    if (action.kind === 'close') {
      shift.open = false;
      this.closed += 1;
      return `ok shift ${action.shift} ${shift.cash} z ${this.closed}`;
    }
    if (action.kind === 'out' && action.cents > shift.cash) return 'not_allowed';
    shift.cash += action.kind === 'in' ? action.cents : -action.cents;
    return `ok shift ${action.shift} ${shift.cash}`;
  }

  private drawer(shift: number | undefined): ModelShift | undefined {
    return shift === undefined ? undefined : this.shifts[shift - 1];
  }

  private named(name: string): ModelSale | undefined {
    return [...this.sales.values()].find((sale) => sale.name === name && sale.state !== 'never');
  }

  private takeBack(sale: ModelSale, state: 'cancelled' | 'void'): string {
    sale.state = state;
    for (const { event: of, numbers } of sale.lines) for (const number of numbers) this.pools.get(of)!.out.delete(number);
    return `undone ${linesText(sale)}`;
  }

  private sell({ items, requestId, payment, expects, shift }: BuyCommand, asked: string, name: string): string {
    for (const { event: of, category } of items) {
      const pool = this.pools.get(of);
      if (pool === undefined) return 'unknown_event';
      if (!pool.open) return 'closed';
      if (!pool.prices.has(category)) return 'unknown_category';
    }
    for (const { event: of } of items) {
      const wanted = items.filter((other) => other.event === of).reduce((sum, { n }) => sum + n, 0);
      const pool = this.pools.get(of)!;
      const left = pool.capacity - pool.out.size;
      if (wanted > left) return left === 0 ? 'sold_out' : 'not_enough';
    }
    const total = items.reduce((sum, { event: of, category, n }) => sum + n * this.pools.get(of)!.prices.get(category)!, 0);
    if (expects !== undefined && expects !== total) return 'price_changed';
    const kind = payment?.kind ?? (total === 0 ? 'free' : 'cash');
    if (kind === 'free' && total > 0) return 'not_paid';
    if (payment?.kind === 'cash' && payment.given !== undefined && payment.given < total) return 'not_paid';
    const drawer = this.drawer(shift);
    if (shift !== undefined && !drawer?.open) return 'no_shift';
    if (drawer !== undefined && kind === 'cash') drawer.cash += total;
    const lines = items.map(({ event: of, n }) => ({ event: of, numbers: lowestFree(this.pools.get(of)!, n) }));
    const sale: ModelSale = { state: 'live', asked, name, lines, claims: new Map(), total, kind, shift };
    this.sales.set(requestId, sale);
    return linesText(sale);
  }
}

const NEVER = { state: 'never', asked: '', lines: [], total: 0, kind: 'free', shift: undefined } as const;

function modelPool({ capacity, categories }: EventSpec): ModelPool {
  return { capacity, open: true, out: new Set(), prices: new Map(categories.map(({ id, price }) => [id, price])) };
}

function lowestFree({ out }: ModelPool, n: number): number[] {
  const numbers: number[] = [];
  for (let number = 1; numbers.length < n; number += 1) {
    if (out.has(number)) continue;
    numbers.push(number);
    out.add(number);
  }
  return numbers;
}

function linesText({ lines }: ModelSale): string {
  return lines.map(({ event: of, numbers }) => `${of} ${numbers.join(',')}`).join(' + ');
}

function outcomeOf(result: CommandResult): string {
  if (!result.ok) return result.reason;
  switch (result.op) {
    case 'change':
      return 'ok';
    case 'confirm':
      return 'confirmed';
    case 'print':
      return `copies ${result.copies.join(',')}`;
    case 'cancel':
    case 'void':
      return result.items.length === 0 ? 'nothing' : `undone ${itemsText(result.items)}`;
    case 'buy':
      return itemsText(result.items);
    case 'admit':
    case 'event':
    case 'clerk':
      return `ok ${result.op}`;
    case 'shift':
      return `ok shift ${result.shift} ${result.expected}${result.closed === undefined ? '' : ` z ${result.closed.z}`}`;
  }
}

function itemsText(items: readonly SoldItem[]): string {
  return items.map(({ event: name, tickets }) => `${name} ${tickets.join(',')}`).join(' + ');
}

describe('any log', () => {
  it('sells what the obvious way of selling would', () => {
    fc.assert(
      fc.property(log, (values) => {
        const model = new Model();
        const { results } = play(values);
        expect(results.map(({ result }) => outcomeOf(result))).toEqual(results.map(({ command, sale }) => model.outcome(command, sale)));
      }),
      { numRuns: RUNS },
    );
  });

  it('never has a number in two live sales or above the capacity, and always sells the lowest free ones; sold and left are the capacity', () => {
    fc.assert(
      fc.property(log, (values) => {
        const { tickets, results } = play(values);
        const live = new Map<string, Set<number>>(POOLS.map(({ id }) => [id, new Set()]));
        for (const { result } of results) {
          if (!result.ok || result.duplicate || (result.op !== 'buy' && result.op !== 'cancel' && result.op !== 'void')) continue;
          for (const line of result.items) {
            const numbers = live.get(line.event) ?? new Set<number>();
            live.set(line.event, numbers);
            expect(line.tickets).toHaveLength(line.n);
            for (const number of line.tickets) {
              if (result.op !== 'buy') expect(numbers.delete(number)).toBe(true);
              else {
                expect(numbers.has(number)).toBe(false);
                for (let lower = 1; lower < number; lower += 1) expect(numbers.has(lower)).toBe(true);
                numbers.add(number);
              }
            }
          }
        }
        for (const { id, capacity, sold: count, remaining } of tickets.events()) {
          const numbers = live.get(id) ?? new Set<number>();
          expect(numbers.size).toBe(count);
          expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(capacity);
          expect(count + remaining).toBe(capacity);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('answers each request once: repeats change nothing and are marked', () => {
    fc.assert(
      fc.property(log, (values) => {
        const { results, tickets } = play(values);
        const first = new Map<string, CommandResult>();
        for (const { command, result, sale } of results) {
          if (first.has(command.requestId)) expect(result.duplicate).toBe(true);
          else first.set(command.requestId, result);
          const undone = !result.ok ? /id_reused|cancelled|withdrawn/.test(result.reason) : result.op === 'buy' && result.voided;
          if (result.duplicate && !undone) expect(result).toEqual({ ...first.get(command.requestId), duplicate: true });
          const committed = result.ok && result.op === 'buy' && !result.duplicate;
          expect(tickets.sale(sale) !== null).toBe(committed);
          if (committed)
            expect(tickets.sale(sale)).toMatchObject({ sale, requestId: command.requestId, total: result.total, slot: result.slot });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('gives equal state, results and hashes to everyone, also after a journey as JSON', () => {
    fc.assert(
      fc.property(log, (values) => {
        const here = play(values);
        const there = play(values.map((entry) => valueSchema.parse(JSON.parse(JSON.stringify(entry)))));
        expect(there.hashes).toEqual(here.hashes);
        expect(there.results).toEqual(here.results);
        expect(there.tickets.events()).toEqual(here.tickets.events());
      }),
      { numRuns: RUNS },
    );
  });

  it('may be followed by all of its commands again, from anywhere, at no effect', () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 1, max: 9 }), (values, kiosk) => {
        const { tickets, results } = play(values);
        const before = tickets.events();
        for (const { command } of results) {
          const known = tickets.answer(command);
          const [again] = tickets.apply(tickets.applied + 1, batch({ ...command, kiosk, clerk: 'bob', at: 1 }));
          expect(again).toEqual({ ...known, duplicate: true });
        }
        expect(tickets.events()).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('is what the answers before it goes through the log say: null for what is new, else what the log will say', () => {
    fc.assert(
      fc.property(log, buyCommand, (values, command) => {
        const { tickets } = play(values);
        const before = tickets.answer(command);
        const [result] = tickets.apply(tickets.applied + 1, batch(command));
        expect(result!.duplicate === true).toBe(before !== null);
        if (before !== null) expect(result).toEqual({ ...before, duplicate: true });
        else expect(tickets.answer(command)).toEqual(result);
      }),
      { numRuns: RUNS },
    );
  });

  it('goes on from a snapshot as it would have without one', () => {
    fc.assert(
      fc.property(log, log, (before, after) => {
        const { tickets } = play(before);
        const snapshot = tickets.snapshot();
        const bytes = JSON.stringify(snapshot.parts.map(({ kind, bytes: part }) => [kind, [...part]]));
        const restored = new Tickets(snapshot);
        const second = new Tickets(restored.snapshot());
        for (const entry of after) {
          const results = tickets.apply(tickets.applied + 1, entry);
          for (const other of [restored, second]) expect(other.apply(other.applied + 1, entry)).toEqual(results);
        }
        for (const other of [restored, second]) {
          expect(other.hash).toBe(tickets.hash);
          expect(other.events()).toEqual(tickets.events());
          expect(other.memberships).toEqual(tickets.memberships);
          expect(other.clerks.all()).toEqual(tickets.clerks.all());
          expect(other.shifts.list(null, 99)).toEqual(tickets.shifts.list(null, 99));
        }
        // What was taken has not changed since.
        expect(JSON.stringify(snapshot.parts.map(({ kind, bytes: part }) => [kind, [...part]]))).toBe(bytes);
      }),
      { numRuns: RUNS },
    );
  });
});
