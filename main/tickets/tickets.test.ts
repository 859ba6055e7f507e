import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../shared/answers';
import { ALPHA } from '../../shared/constants';
import { InvariantError } from '../../shared/invariant';
import { type Command, commandSchema, NO_OP, type Value } from '../../shared/values';
import { batch, buy, change, event, founding } from './fixtures';
import { EXPIRY_SLOTS, REFUSALS_KEPT_SLOTS, SaleMatcher, Tickets } from './index';

/** Founded in slot 1, as every log is. */
function opened(...pools: [string, number][]): Tickets {
  const tickets = new Tickets();
  tickets.apply(1, founding(...pools.map(([id, capacity]) => event(id, capacity))));
  return tickets;
}

/** Applies the commands as one batch, in the next slot. */
function run(tickets: Tickets, ...commands: Command[]): readonly CommandResult[] {
  return tickets.apply(tickets.applied + 1, batch(...commands));
}

function one(tickets: Tickets, command: Command): CommandResult {
  return run(tickets, command)[0]!;
}

/** No-ops up to a slot. */
function fill(tickets: Tickets, slot: number): void {
  while (tickets.applied < slot) tickets.apply(tickets.applied + 1, NO_OP);
}

describe('the log', () => {
  it('is applied slot by slot, from the founding on', () => {
    const tickets = new Tickets();
    expect(tickets.applied).toBe(0);
    expect(tickets.events()).toEqual([]);
    expect(() => tickets.apply(2, NO_OP)).toThrow(InvariantError);
    expect(() => new Tickets().apply(1, NO_OP)).toThrow(/no-op in slot 1/);
    const open = opened(['match', 100]);
    expect(open.applied).toBe(1);
    expect(() => open.apply(1, NO_OP)).toThrow(/slot 1 is applied after slot 1/);
    expect(() => open.apply(2, founding(event('other', 5)))).toThrow(/founding in slot 2/);
  });

  it('gives every event of the founding in its order', () => {
    const tickets = opened(['zebra', 10], ['alpha', 20]);
    expect(tickets.events()).toEqual([
      { ...event('zebra', 10), sold: 0, remaining: 10, open: true },
      { ...event('alpha', 20), sold: 0, remaining: 20, open: true },
    ]);
  });
});

describe('buy', () => {
  it('takes the lowest free numbers and answers as the design has it', () => {
    const tickets = opened(['match', 100]);
    expect(one(tickets, buy('a', '4 match'))).toEqual({
      ok: true,
      op: 'buy',
      sale: '2.1',
      items: [{ event: 'match', category: 'adult', n: 4, tickets: [1, 2, 3, 4] }],
      total: 4_800,
      payment: { kind: 'cash', given: 4_800, change: 0 },
      shift: null,
      remaining: 96,
      slot: 2,
    });
    expect(one(tickets, buy('b', '1 match/child'))).toMatchObject({ sale: '3.1', total: 500, remaining: 95, items: [{ tickets: [5] }] });
    expect(tickets.events()[0]).toMatchObject({ sold: 5, remaining: 95 });
  });

  it('counts sales of one batch from 1, refused commands too', () => {
    const tickets = opened(['match', 3]);
    const results = run(tickets, buy('a', '2 match'), buy('b', '2 match'), buy('c', '1 match'));
    expect(results.map((result) => (result.ok && result.op === 'buy' ? result.sale : result))).toMatchObject([
      '2.1',
      { ok: false, op: 'buy', reason: 'not_enough', message: 'only 1 of Event match left, 2 asked for; ask for fewer', remaining: 1 },
      '2.3',
    ]);
  });

  it('is all or nothing over its items, which may name one event several times', () => {
    const tickets = opened(['match', 10], ['gala', 2]);
    expect(one(tickets, buy('a', '3 match + 3 gala'))).toMatchObject({ ok: false, reason: 'not_enough', remaining: 2 });
    expect(tickets.events().map(({ sold }) => sold)).toEqual([0, 0]);
    expect(one(tickets, buy('b', '6 match + 5 match/child'))).toMatchObject({ ok: false, reason: 'not_enough', remaining: 10 });
    expect(one(tickets, buy('c', '2 match + 2 gala + 1 match/child'))).toMatchObject({
      ok: true,
      total: 2 * 1_200 + 2 * 1_200 + 500,
      remaining: 7,
      items: [
        { event: 'match', tickets: [1, 2] },
        { event: 'gala', tickets: [1, 2] },
        { event: 'match', category: 'child', tickets: [3] },
      ],
    });
    expect(one(tickets, buy('d', '1 match + 1 gala'))).toMatchObject({ ok: false, reason: 'sold_out', remaining: 0 });
  });

  it('says sold_out at 0 left and not_enough while some are left (S20)', () => {
    const tickets = opened(['match', 2]);
    run(tickets, buy('a', '1 match'));
    const [first, second] = run(tickets, buy('b', '1 match', { kiosk: 2 }), buy('c', '1 match', { kiosk: 3 }));
    expect(first).toMatchObject({ ok: true, items: [{ tickets: [2] }] });
    expect(second).toMatchObject({
      ok: false,
      op: 'buy',
      reason: 'sold_out',
      message: expect.stringMatching(/^Event match is sold out; /),
      remaining: 0,
    });
  });

  it('refuses an event or category that the site does not have, naming those it has', () => {
    const tickets = opened(['match', 2], ['gala', 2]);
    expect(one(tickets, buy('a', '1 opera'))).toMatchObject({
      ok: false,
      op: 'buy',
      reason: 'unknown_event',
      message: 'there is no event "opera"; events: match, gala',
    });
    expect(one(tickets, buy('b', '1 match + 1 gala/vip'))).toMatchObject({
      reason: 'unknown_category',
      message: 'event gala has no category "vip"; categories: adult, child',
    });
    expect(tickets.events().map(({ sold }) => sold)).toEqual([0, 0]);
  });

  it('gives a sale to the printer, and only a committed one', () => {
    const tickets = new Tickets();
    tickets.apply(1, founding({ ...event('match', 9), starts: '2026-11-28T19:00:00-08:00' }));
    run(tickets, buy('x', '9 opera'), buy('a', '2 match/child + 1 match', { kiosk: 2, clerk: 'ann', at: 77 }));
    run(tickets, buy('b', '1 match'));
    const line = { event: 'match', eventName: 'Event match', starts: '2026-11-28T19:00:00-08:00' };
    expect(tickets.sale('2.2')).toEqual({
      sale: '2.2',
      requestId: 'a',
      slot: 2,
      kiosk: 2,
      clerk: 'ann',
      at: 77,
      status: 'live',
      total: 2_200,
      payment: { kind: 'cash', given: 2_200, change: 0 },
      shift: null,
      receipts: 0,
      undone: null,
      items: [
        { ...line, category: 'child', categoryName: 'Child', price: 500, tickets: [1, 2], printed: [0, 0], confirmed: [false, false] },
        { ...line, category: 'adult', categoryName: 'Adult', price: 1_200, tickets: [3], printed: [0], confirmed: [false] },
      ],
    });
    expect(tickets.sale('3.1')?.requestId).toBe('b');
    for (const id of ['2.1', '2.3', '4.1', '3', '', '2.2.2', '02.2', '2.02', '-1.1', ' 2.2', '1e0.1']) expect(tickets.sale(id)).toBeNull();
  });
});

describe('printed tickets (rule 10, S23)', () => {
  const named = (...numbers: readonly number[]) => numbers.map((number) => ({ event: 'match', number }));
  const order = (op: 'print' | 'confirm', requestId: string, sale: string, ...numbers: readonly number[]): Command =>
    commandSchema.parse({ op, requestId, kiosk: 1, clerk: 'ann', issued: 0, at: 1, sale, tickets: named(...numbers) });
  const marks = (tickets: Tickets) => tickets.sale('2.1')!.items.map(({ printed, confirmed }) => ({ printed, confirmed }));

  it('are noted as on paper once they were claimed, each by itself, through further claims and a snapshot', () => {
    const tickets = opened(['match', 10]);
    run(tickets, buy('a', '3 match'));
    expect(one(tickets, order('confirm', 'early', '2.1', 1))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(one(tickets, order('print', 'p1', '2.1', 1, 2))).toMatchObject({ ok: true, copies: [0, 0] });
    expect(one(tickets, order('confirm', 'c1', '2.1', 2))).toEqual({ ok: true, op: 'confirm', sale: '2.1', slot: 5 });
    expect(one(tickets, order('confirm', 'c1', '2.1', 2))).toMatchObject({ ok: true, duplicate: true });
    expect(one(tickets, order('confirm', 'c2', '2.1', 2, 3))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(one(tickets, order('print', 'p2', '2.1', 2))).toMatchObject({ ok: true, copies: [1] });
    const expected = [{ printed: [1, 2, 0], confirmed: [false, true, false] }];
    expect(marks(tickets)).toEqual(expected);
    expect(marks(new Tickets(tickets.snapshot()))).toEqual(expected);
    expect(one(tickets, order('confirm', 'c3', '2.1', 7))).toMatchObject({ ok: false, reason: 'unknown_sale' });
  });

  it('have a receipt, which is claimed by itself: an original once, also of a sale that was voided', () => {
    const tickets = opened(['match', 10]);
    run(tickets, buy('a', '2 match'), buy('b', '1 match'));
    const receipt = (requestId: string, sale = '2.1') =>
      commandSchema.parse({ op: 'print', requestId, kiosk: 1, clerk: 'ann', issued: 0, at: 1, sale, tickets: [], receipt: true });
    expect(one(tickets, receipt('p1'))).toEqual({ ok: true, op: 'print', sale: '2.1', copies: [0], slot: 3 });
    expect(one(tickets, receipt('p1'))).toMatchObject({ ok: true, copies: [0], duplicate: true });
    expect(one(tickets, receipt('p2'))).toMatchObject({ ok: true, copies: [1] });
    expect(one(tickets, order('print', 'p2', '2.1', 1))).toMatchObject({ ok: false, reason: 'id_reused' });
    // It says what was paid, so the sale can only be voided from here on; and no ticket of it was printed.
    const undo = { requestId: 'undo', kiosk: 1, clerk: 'ann', issued: 0, at: 1 };
    expect(one(tickets, commandSchema.parse({ op: 'cancel', ...undo, target: 'a' }))).toMatchObject({ ok: false, reason: 'printed' });
    expect(tickets.sale('2.1')).toMatchObject({ status: 'live', receipts: 2, items: [{ printed: [0, 0] }] });
    expect(tickets.sale('2.2')).toMatchObject({ receipts: 0 });
    expect(one(tickets, commandSchema.parse({ op: 'void', ...undo, requestId: 'void', sale: '2.1' }))).toMatchObject({ ok: true });
    expect(one(tickets, receipt('p3'))).toMatchObject({ ok: true, copies: [2] });
    for (const table of [tickets, new Tickets(tickets.snapshot())]) {
      expect(table.sale('2.1')).toMatchObject({ status: 'void', receipts: 3 });
      const found = table.sales.search(new SaleMatcher({ status: 'void' }), table.sales.count, 9, 100).sales;
      expect(found.map((sale) => table.view(sale).sale)).toEqual(['2.1']);
    }
    for (let n = 3; n < 80; n += 1) run(tickets, receipt(`more-${n}`));
    expect(tickets.sale('2.1')).toMatchObject({ status: 'void', receipts: 63 });
    expect(one(tickets, receipt('p9', '9.9'))).toMatchObject({ ok: false, reason: 'unknown_sale' });
    const neither = { ...receipt('x'), receipt: undefined };
    for (const wrong of [neither, { ...receipt('x'), tickets: named(1) }]) expect(commandSchema.safeParse(wrong).success).toBe(false);
  });

  it('are still noted once the sale is void, since the paper is there', () => {
    const tickets = opened(['match', 10]);
    run(tickets, buy('a', '1 match'));
    run(tickets, order('print', 'p1', '2.1', 1));
    run(tickets, commandSchema.parse({ op: 'void', requestId: 'v', kiosk: 1, clerk: 'ann', issued: 0, at: 1, sale: '2.1' }));
    expect(one(tickets, order('confirm', 'c1', '2.1', 1))).toMatchObject({ ok: true });
  });
});

describe('exactly once (rule 9)', () => {
  it('gives a repeat the first answer, whoever repeats it, and changes nothing', () => {
    const tickets = opened(['match', 10]);
    const first = one(tickets, buy('a', '2 match'));
    expect(tickets.answer(buy('a', '2 match'))).toEqual(first);
    const again = one(tickets, buy('a', '2 match', { kiosk: 3, clerk: 'bob', issued: 1, at: 99 }));
    expect(again).toEqual({ ...first, duplicate: true });
    expect(tickets.events()[0]).toMatchObject({ sold: 2 });
    expect(tickets.sale('3.1')).toBeNull();
  });

  it('gives the first answer within the same batch too', () => {
    const tickets = opened(['match', 10]);
    const [first, second] = run(tickets, buy('a', '2 match'), buy('a', '2 match'));
    expect(second).toEqual({ ...first, duplicate: true });
  });

  it('keeps a refusal as it was first answered', () => {
    const tickets = opened(['match', 1]);
    expect(one(tickets, buy('a', '2 match'))).toMatchObject({ reason: 'not_enough' });
    run(tickets, buy('b', '1 match'));
    expect(one(tickets, buy('a', '2 match'))).toMatchObject({ reason: 'not_enough', remaining: 1, duplicate: true });
  });

  it('refuses other contents under a used id, and keeps the first', () => {
    const tickets = opened(['match', 10]);
    const first = one(tickets, buy('a', '2 match'));
    for (const other of [
      buy('a', '3 match'),
      buy('a', '2 match/child'),
      buy('a', '1 match + 1 match'),
      buy('a', '2 gala'),
      change('a', 'add', 4),
    ]) {
      expect(tickets.answer(other)).toMatchObject({ ok: false, op: other.op, reason: 'id_reused' });
      expect(one(tickets, other)).toMatchObject({ reason: 'id_reused', duplicate: true });
    }
    expect(tickets.answer(buy('a', '2 match'))).toEqual(first);
    expect(tickets.events()[0]).toMatchObject({ sold: 2 });
    run(tickets, buy('r', '99 match'));
    expect(tickets.answer(buy('r', '98 match'))).toMatchObject({ reason: 'id_reused' });
    run(tickets, change('c', 'add', 4, { outcome: 'already' }));
    expect(tickets.answer(buy('c', '1 match'))).toMatchObject({ reason: 'id_reused' });
    expect(tickets.answer(change('c', 'remove', 4))).toMatchObject({ reason: 'id_reused' });
    expect(tickets.answer(change('c', 'add', 5))).toMatchObject({ reason: 'id_reused' });
  });

  it('expires what comes too late, and knows it before the log does', () => {
    const tickets = opened(['match', 10]);
    fill(tickets, EXPIRY_SLOTS + 1);
    const late = buy('a', '1 match', { issued: 1 });
    expect(tickets.answer(late)).toBeNull();
    // Applied in slot EXPIRY_SLOTS + 2, one slot too late; one that was issued a slot later is in time.
    const [expired, inTime] = run(tickets, late, buy('b', '1 match', { issued: 2 }));
    expect(expired).toMatchObject({ ok: false, reason: 'expired' });
    expect(inTime).toMatchObject({ ok: true });
    expect(tickets.answer(late)).toEqual(expired);
    expect(tickets.answer(buy('c', '1 match', { issued: 1 }))).toMatchObject({ reason: 'expired' });
    expect(tickets.answer(change('d', 'add', 4, { issued: 1 }))).toMatchObject({ op: 'change', reason: 'expired' });
  });

  it('knows sold requests for ever and refusals for a while, and lets nothing late through after that', () => {
    const tickets = opened(['match', 3]);
    run(tickets, buy('sold', '1 match'), buy('refused', '3 match'), change('done', 'add', 1, { outcome: 'already' }));
    fill(tickets, 2 + REFUSALS_KEPT_SLOTS);
    expect(tickets.answer(buy('refused', '3 match'))).toMatchObject({ reason: 'not_enough', remaining: 2 });
    fill(tickets, 3 + REFUSALS_KEPT_SLOTS);
    expect(tickets.answer(buy('refused', '3 match'))).toMatchObject({ reason: 'expired' });
    expect(one(tickets, buy('refused', '2 match'))).toMatchObject({ ok: false, reason: 'expired' });
    expect(tickets.answer(buy('sold', '1 match'))).toMatchObject({ ok: true, sale: '2.1' });
    expect(one(tickets, buy('sold', '1 match'))).toMatchObject({ ok: true, sale: '2.1', duplicate: true });
    expect(tickets.answer(change('done', 'add', 1))).toMatchObject({ ok: true, slot: 2 });
    // The memory of the late repeat is a new refusal's.
    expect(tickets.answer(buy('refused', '3 match'))).toMatchObject({ reason: 'id_reused' });
  });
});

describe('change', () => {
  it('is ok as a configuration, once, and keeps its answer under another address', () => {
    const tickets = opened(['match', 3]);
    const { members } = founding();
    const add = change('c', 'add', 4);
    const configuration: Value = { kind: 'configuration', command: add, members };
    expect(tickets.answer(add)).toBeNull();
    expect(tickets.apply(2, configuration)).toEqual([{ ok: true, op: 'change', slot: 2 }]);
    expect(tickets.apply(3, configuration)).toEqual([{ ok: true, op: 'change', slot: 2, duplicate: true }]);
    expect(tickets.answer(change('c', 'add', 4, { change: { kind: 'add', kiosk: 4, host: '127.0.0.1', port: 7404 } }))).toMatchObject({
      ok: true,
    });
  });

  it('changes nothing beside one that is not yet in force, and says so', () => {
    const tickets = opened(['match', 3]);
    const { members } = founding();
    const configuration = (id: string): Value => ({ kind: 'configuration', command: change(id, 'add', 4), members });
    tickets.apply(2, configuration('c'));
    expect(tickets.apply(3, configuration('d'))).toMatchObject([{ ok: false, op: 'change', reason: 'change_pending' }]);
    expect(tickets.memberships.map(({ slot }) => slot)).toEqual([1, 2]);
    for (let slot = 4; slot < 2 + ALPHA; slot += 1) tickets.apply(slot, NO_OP);
    expect(tickets.apply(2 + ALPHA, configuration('e'))).toMatchObject([{ ok: true }]);
    expect(tickets.memberships.map(({ slot }) => slot)).toEqual([1, 2, 2 + ALPHA]);
  });

  it('has happened, however long it waited for its kiosk', () => {
    const tickets = opened(['match', 3]);
    fill(tickets, EXPIRY_SLOTS + 5);
    const slot = tickets.applied + 1;
    const command = change('c', 'add', 4);
    expect(tickets.apply(slot, { kind: 'configuration', command, members: founding().members })).toEqual([
      { ok: true, op: 'change', slot },
    ]);
    expect(tickets.answer(command)).toEqual({ ok: true, op: 'change', slot });
  });

  it('is answered from the batch where the leader found nothing to change', () => {
    const tickets = opened(['match', 3]);
    const outcomes = ['already', 'change_pending', 'unknown_kiosk', 'not_allowed'] as const;
    const results = run(tickets, ...outcomes.map((outcome) => change(outcome, 'remove', 7, { outcome })));
    expect(results).toMatchObject([
      { ok: true, op: 'change', slot: 2 },
      {
        ok: false,
        op: 'change',
        reason: 'change_pending',
        message: 'another change of the members is not yet in force; try again when it is',
      },
      { ok: false, op: 'change', reason: 'unknown_kiosk', message: 'kiosk 7 is not a member of this site; see who is: status' },
      { ok: false, op: 'change', reason: 'not_allowed', message: "kiosk 7 is the last member and can't be removed; add another one first" },
    ]);
    expect(one(tickets, change('plain', 'add', 4))).toMatchObject({ ok: false, reason: 'not_allowed' });
    // The outcome is the leader's, not the client's: asked again without one, it is the same request.
    expect(tickets.answer(change('unknown_kiosk', 'remove', 7))).toEqual(results[2]);
  });
});

describe('resolve', () => {
  it('fills in the first event and its first category', () => {
    const tickets = opened(['match', 3], ['gala', 3]);
    expect(tickets.resolve([{ n: 2 }])).toEqual({ ok: true, items: [{ event: 'match', category: 'adult', n: 2 }] });
    expect(
      tickets.resolve([
        { n: 1, event: 'gala' },
        { n: 3, category: 'child' },
      ]),
    ).toEqual({
      ok: true,
      items: [
        { event: 'gala', category: 'adult', n: 1 },
        { event: 'match', category: 'child', n: 3 },
      ],
    });
  });

  it('names what there is where something is unknown', () => {
    const tickets = opened(['match', 3], ['gala', 3]);
    expect(tickets.resolve([{ n: 1, event: 'opera' }])).toMatchObject({
      ok: false,
      words: { message: 'there is no event "opera"; events: match, gala' },
    });
    expect(tickets.resolve([{ n: 1 }, { n: 1, event: 'gala', category: 'vip' }])).toMatchObject({
      ok: false,
      words: { message: 'event gala has no category "vip"; categories: adult, child' },
    });
    expect(new Tickets().resolve([{ n: 1 }])).toMatchObject({
      ok: false,
      words: { message: 'this site has no events yet; have a manager make one' },
    });
    const many = opened(...Array.from({ length: 30 }, (_, index): [string, number] => [`e${index}`, 1]));
    expect(many.resolve([{ n: 1, event: 'x' }])).toMatchObject({ words: { message: expect.stringMatching(/e10, e11 and 18 more$/) } });
  });
});

describe('the hash chain (rule 13)', () => {
  it('does not depend on the order of keys, and tells values, results and their order apart', () => {
    const sell = (...commands: Command[]) => {
      const tickets = opened(['match', 9]);
      run(tickets, ...commands);
      return tickets.hash;
    };
    const command = buy('a', '1 match');
    const turned = Object.fromEntries(Object.entries(command).reverse()) as unknown as Command;
    expect(sell(turned)).toBe(sell(command));
    const hashes = [
      opened(['match', 9]).hash,
      opened(['match', 8]).hash,
      sell(command),
      sell(buy('b', '1 match')),
      sell(buy('a', '2 match')),
      sell(command, buy('b', '1 match')),
      sell(buy('b', '1 match'), command),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is the same whenever and in whatever order it is asked for', () => {
    const [asked, later] = [opened(['match', 9]), opened(['match', 9])];
    const hashes: string[] = [];
    const promised: (() => string)[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      run(asked, buy(id, '1 match'));
      hashes.push(asked.hash);
      run(later, buy(id, '1 match'));
      promised.push(later.hashLater());
    }
    for (const at of [1, 0, 3, 4, 2]) expect(promised[at]!()).toBe(hashes[at]);
    expect(later.hash).toBe(asked.hash);
  });

  it('is the same in every version: kiosks of a site are updated one after the other', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const tickets = new Tickets();
    const pool = { id: 'match', name: 'Match', capacity: 3, categories: [{ id: 'adult', name: 'Adult', price: 1_200 }] };
    tickets.apply(1, founding(pool));
    run(tickets, buy('a', '2 match'), buy('b', '2 match'));
    tickets.apply(3, NO_OP);
    // Written out by hand: keys in order, no ballots, no sentences.
    const opening =
      '{"events":[{"capacity":3,"categories":[{"id":"adult","name":"Adult","price":1200}],"id":"match","name":"Match"}],"kind":"founding",' +
      '"members":[{"host":"127.0.0.1","incarnation":"incarnation1","kiosk":1,"name":"One","port":7401,"priority":0}],"uid":"uid00000"}';
    const asked = (id: string) =>
      `{"at":0,"clerk":"operator","issued":0,"items":[{"category":"adult","event":"match","n":2}],"kiosk":1,"op":"buy","requestId":"${id}"}`;
    const results =
      '[{"items":[{"category":"adult","event":"match","n":2,"tickets":[1,2]}],"ok":true,"op":"buy","payment":{"change":0,"given":2400,"kind":"cash"},"remaining":1,"sale":"2.1","shift":null,"slot":2,"total":2400},' +
      '{"message":"","ok":false,"op":"buy","reason":"not_enough","remaining":1}]';
    const hash1 = sha256(`${sha256('quorum-kiosk')} 1 ${opening} []`);
    const hash2 = sha256(`${hash1} 2 {"commands":[${asked('a')},${asked('b')}],"kind":"batch"} ${results}`);
    expect(tickets.hash).toBe(sha256(`${hash2} 3 {"kind":"no-op"} []`));
  });
});
