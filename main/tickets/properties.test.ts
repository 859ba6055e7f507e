import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../shared/answers';
import { type BuyCommand, type Command, commandSchema, NO_OP, type Value, valueSchema } from '../../shared/values';
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
const buyCommand: fc.Arbitrary<Command> = fc.record({
  op: fc.constant('buy' as const),
  ...base,
  items: fc.array(item, { minLength: 1, maxLength: 3 }),
});
const changeCommand: fc.Arbitrary<Command> = fc
  .record({
    op: fc.constant('change' as const),
    ...base,
    change: fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), kiosk: fc.integer({ min: 1, max: 5 }) }),
    outcome: fc.constantFrom('already' as const, 'change_pending' as const, 'unknown_kiosk' as const, 'not_allowed' as const),
  })
  .map((command) => commandSchema.parse(command));
const value: fc.Arbitrary<Value> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(fc.oneof({ weight: 6, arbitrary: buyCommand }, changeCommand), { minLength: 1, maxLength: 6 })
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

/** The obvious way to sell, to hold the real one against: a list of all free numbers, and a memory that forgets nothing. */
class Model {
  private readonly free = new Map(POOLS.map(({ id, capacity }) => [id, Array.from({ length: capacity }, (_, index) => index + 1)]));
  private readonly first = new Map<string, { asked: string; outcome: string }>();

  outcome(command: Command): string {
    const asked = JSON.stringify(command.op === 'buy' ? command.items : [command.change.kind, command.change.kiosk]);
    const known = this.first.get(command.requestId);
    if (known !== undefined) return known.asked === asked ? known.outcome : 'id_reused';
    const outcome = command.op === 'buy' ? this.sell(command) : command.outcome === 'already' ? 'ok' : command.outcome!;
    this.first.set(command.requestId, { asked, outcome });
    return outcome;
  }

  private sell({ items }: BuyCommand): string {
    for (const { event: name, category } of items) {
      if (!this.free.has(name)) return 'unknown_event';
      if (category === 'vip') return 'unknown_category';
    }
    for (const { event: name } of items) {
      const wanted = items.filter((other) => other.event === name).reduce((sum, { n }) => sum + n, 0);
      const left = this.free.get(name)!.length;
      if (wanted > left) return left === 0 ? 'sold_out' : 'not_enough';
    }
    return items.map(({ event: name, n }) => `${name} ${this.free.get(name)!.splice(0, n).join(',')}`).join(' + ');
  }
}

function outcomeOf(result: CommandResult): string {
  if (!result.ok) return result.reason;
  if (result.op === 'change') return 'ok';
  return result.items.map(({ event: name, tickets }) => `${name} ${tickets.join(',')}`).join(' + ');
}

describe('any log', () => {
  it('sells what the obvious way of selling would', () => {
    fc.assert(
      fc.property(log, (values) => {
        const model = new Model();
        const { results } = play(values);
        expect(results.map(({ result }) => outcomeOf(result))).toEqual(results.map(({ command }) => model.outcome(command)));
      }),
      { numRuns: RUNS },
    );
  });

  it('never sells a number twice, above the capacity or with a gap; sold and left are the capacity', () => {
    fc.assert(
      fc.property(log, (values) => {
        const { tickets, results } = play(values);
        const sold = new Map<string, number[]>(POOLS.map(({ id }) => [id, []]));
        for (const { result } of results) {
          if (!result.ok || result.op !== 'buy' || result.duplicate) continue;
          for (const line of result.items) {
            expect(line.tickets).toHaveLength(line.n);
            sold.get(line.event)!.push(...line.tickets);
          }
        }
        for (const { id, capacity, sold: count, remaining } of tickets.events()) {
          expect(sold.get(id)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
          expect(count + remaining).toBe(capacity);
          expect(remaining).toBeGreaterThanOrEqual(0);
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
          expect(result.duplicate === true).toBe(first.has(command.requestId));
          if (!first.has(command.requestId)) first.set(command.requestId, result);
          if (result.duplicate && !(!result.ok && result.reason === 'id_reused')) {
            expect(result).toEqual({ ...first.get(command.requestId), duplicate: true });
          }
          const committed = result.ok && result.op === 'buy' && !result.duplicate;
          expect(tickets.sale(sale) !== null).toBe(committed);
          if (committed) expect(tickets.sale(sale)).toMatchObject({ sale, requestId: command.requestId, total: result.total });
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
});
