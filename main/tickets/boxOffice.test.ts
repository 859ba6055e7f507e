import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../shared/answers';
import type { Payment } from '../../shared/payment';
import type { BuyCommand, ClerkAction, Command, EventAction, ShiftAction } from '../../shared/values';
import { batch, buy, event, founding } from './fixtures';
import { Tickets } from './index';

const PIN = { cost: 14, salt: '0'.repeat(32), key: '0'.repeat(64) };
let counter = 0;

function base(clerk = 'ann', kiosk = 1, at = 0) {
  counter += 1;
  return { requestId: `t${counter}`, kiosk, clerk, issued: 0, at };
}

function opened(): Tickets {
  const tickets = new Tickets();
  tickets.apply(1, founding(event('match', 10), event('gala', 3)));
  return tickets;
}

function one(tickets: Tickets, command: Command): CommandResult {
  return tickets.apply(tickets.applied + 1, batch(command))[0]!;
}

const shift = (action: ShiftAction, clerk = 'ann', kiosk = 1): Command => ({ op: 'shift', ...base(clerk, kiosk), action });
const change = (action: EventAction): Command => ({ op: 'event', ...base(), action });
const clerk = (action: ClerkAction): Command => ({ op: 'clerk', ...base(), action });
const undo = (sale: string, rest: object = {}): Command => ({ op: 'void', ...base(), sale, ...rest });

function sell(tickets: Tickets, items: string, rest: Partial<BuyCommand> = {}): CommandResult {
  return one(tickets, { ...buy(base().requestId, items), ...rest });
}

/** A kiosk that goes on from a snapshot of the state. */
function restored(tickets: Tickets): Tickets {
  const again = new Tickets(tickets.snapshot());
  expect(again.hash).toBe(tickets.hash);
  return again;
}

describe('payment', () => {
  it.each<[Payment | undefined, object]>([
    [undefined, { payment: { kind: 'cash', given: 2_400, change: 0 } }],
    [{ kind: 'cash' }, { payment: { kind: 'cash', given: 2_400, change: 0 } }],
    [{ kind: 'cash', given: 5_000 }, { payment: { kind: 'cash', given: 5_000, change: 2_600 } }],
    [{ kind: 'card' }, { payment: { kind: 'card', given: 2_400, change: 0 } }],
    [
      { kind: 'cash', given: 2_399 },
      { ok: false, reason: 'not_paid', message: 'the total is 24.00, and 23.99 was given: 0.01 is missing' },
    ],
    [{ kind: 'free' }, { ok: false, reason: 'not_paid', message: 'the total is 24.00, so it is not free; take cash or card' }],
  ])('%j', (payment, answer) => {
    const tickets = opened();
    expect(sell(tickets, '2 match', payment === undefined ? {} : { payment })).toMatchObject(answer);
    expect(tickets.events()[0]!.sold).toBe('ok' in answer ? 0 : 2);
    if (!('ok' in answer)) expect(restored(tickets).sale('2.1')).toMatchObject(answer);
  });

  it('is free where nothing is to be paid', () => {
    const tickets = opened();
    one(tickets, change({ kind: 'change', event: 'gala', prices: [{ category: 'adult', price: 0 }] }));
    expect(sell(tickets, '1 gala')).toMatchObject({ ok: true, total: 0, payment: { kind: 'free', given: 0, change: 0 } });
    expect(sell(tickets, '1 gala', { payment: { kind: 'free' } })).toMatchObject({ ok: true, payment: { kind: 'free' } });
  });

  it('sells nothing at another total than the one that was named', () => {
    const tickets = opened();
    expect(sell(tickets, '1 match', { expects: 1_000 })).toMatchObject({ ok: false, reason: 'price_changed' });
    expect(sell(tickets, '1 match', { expects: 1_200 })).toMatchObject({ ok: true });
  });

  it('does not make another request of it: a repeat says how it was paid at first', () => {
    const tickets = opened();
    const command = buy('same', '1 match');
    expect(one(tickets, { ...command, payment: { kind: 'card' } })).toMatchObject({ ok: true });
    expect(one(tickets, command)).toMatchObject({ ok: true, duplicate: true, payment: { kind: 'card' } });
  });
});

describe('events', () => {
  it('are made, closed and opened', () => {
    const tickets = opened();
    expect(one(tickets, change({ kind: 'create', event: event('opera', 5) }))).toMatchObject({ ok: true, event: 'opera' });
    expect(one(tickets, change({ kind: 'create', event: event('opera', 5) }))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(sell(tickets, '2 opera')).toMatchObject({ ok: true, items: [{ tickets: [1, 2] }] });
    one(tickets, change({ kind: 'close', event: 'opera' }));
    expect(sell(tickets, '1 match + 1 opera')).toMatchObject({ ok: false, reason: 'closed' });
    expect(tickets.events()[2]).toMatchObject({ id: 'opera', open: false, sold: 2 });
    expect(restored(tickets).events()).toEqual(tickets.events());
    one(tickets, change({ kind: 'open', event: 'opera' }));
    expect(sell(tickets, '1 opera')).toMatchObject({ ok: true });
    expect(one(tickets, change({ kind: 'open', event: 'ballet' }))).toMatchObject({ ok: false, reason: 'unknown_event' });
  });

  it('are sold by default if they are the first open one; a repeat means the event that it meant at first', () => {
    const tickets = opened();
    one(tickets, buy('early', '1 match'));
    one(tickets, change({ kind: 'close', event: 'match' }));
    const before = tickets.itemsOf('early');
    expect(tickets.resolve([{ n: 1 }])).toEqual({ ok: true, items: [{ n: 1, event: 'gala', category: 'adult' }] });
    expect(tickets.resolve([{ n: 1 }], before)).toEqual({ ok: true, items: [{ n: 1, event: 'match', category: 'adult' }] });
    expect(tickets.resolve([{ n: 2 }], before)).toEqual({ ok: true, items: [{ n: 2, event: 'gala', category: 'adult' }] });
    one(tickets, change({ kind: 'close', event: 'gala' }));
    expect(tickets.resolve([{ n: 1 }])).toMatchObject({ items: [{ event: 'match' }] });
  });

  it('shrink to the highest number that somebody has, and never below it', () => {
    const tickets = opened();
    sell(tickets, '4 match');
    sell(tickets, '2 match');
    sell(tickets, '1 match');
    one(tickets, undo('3.1'));
    const resize = (capacity: number) => one(tickets, change({ kind: 'change', event: 'match', capacity }));
    expect(resize(6)).toMatchObject({ ok: false, reason: 'not_allowed', message: expect.stringContaining('number 7') });
    expect(resize(7)).toMatchObject({ ok: true });
    expect(tickets.events()[0]).toMatchObject({ capacity: 7, sold: 5, remaining: 2 });
    expect(sell(tickets, '2 match')).toMatchObject({ items: [{ tickets: [5, 6] }], remaining: 0 });
    one(tickets, undo('4.1'));
    expect(resize(6)).toMatchObject({ ok: true });
    expect(resize(20)).toMatchObject({ ok: true });
    const again = restored(tickets);
    for (const at of [tickets, again]) expect(sell(at, '1 match')).toMatchObject({ items: [{ tickets: [7] }] });
  });

  it('are changed as a whole or not at all', () => {
    const tickets = opened();
    sell(tickets, '4 match');
    const before = tickets.events();
    const senior = { id: 'senior', name: 'Senior', price: 800 };
    const whole = { kind: 'change' as const, event: 'match', name: 'Derby', starts: '2026-12-01T19:00:00-08:00', categories: [senior] };
    for (const wrong of [{ capacity: 3 }, { categories: [senior, senior] }, { prices: [{ category: 'child', price: 1 }] }]) {
      expect(one(tickets, change({ ...whole, ...wrong }))).toMatchObject({ ok: false });
      expect(tickets.events()).toEqual(before);
    }
    expect(one(tickets, change({ ...whole, capacity: 4, prices: [{ category: 'senior', price: 900 }] }))).toMatchObject({ ok: true });
    expect(tickets.events()[0]).toMatchObject({ name: 'Derby', capacity: 4, remaining: 0, categories: [{ id: 'senior', price: 900 }] });
  });

  it('keep the name of a category that is not sold any more', () => {
    const tickets = opened();
    sell(tickets, '1 match/child + 1 match');
    one(tickets, change({ kind: 'change', event: 'match', categories: [{ id: 'senior', name: 'Senior', price: 800 }] }));
    expect(sell(tickets, '1 match/child')).toMatchObject({ ok: false, reason: 'unknown_category' });
    expect(sell(tickets, '1 match/senior')).toMatchObject({ ok: true, total: 800 });
    expect(tickets.events()[0]!.categories.map(({ id }) => id)).toEqual(['senior']);
    const old = [
      { categoryName: 'Child', price: 500 },
      { categoryName: 'Adult', price: 1_200 },
    ];
    for (const at of [tickets, restored(tickets)]) expect(at.sale('2.1')).toMatchObject({ total: 1_700, items: old });
    one(tickets, change({ kind: 'change', event: 'match', categories: [{ id: 'child', name: 'Kid', price: 600 }] }));
    expect(sell(tickets, '1 match/child')).toMatchObject({ ok: true, total: 600 });
    expect(tickets.sale('2.1')).toMatchObject({ total: 1_700, items: [{ categoryName: 'Kid', price: 500 }, {}] });
    expect(one(tickets, change({ kind: 'change', event: 'match', prices: [{ category: 'senior', price: 1 }] }))).toMatchObject({
      reason: 'unknown_category',
    });
  });
});

describe('clerks', () => {
  const ann: ClerkAction = { kind: 'add', target: 'ann', name: 'Ann', permissions: ['sell', 'clerks'], pin: PIN, first: true };

  it('begin with a manager, once', () => {
    const tickets = opened();
    expect(one(tickets, clerk({ ...ann, permissions: ['sell'] }))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(one(tickets, clerk(ann))).toMatchObject({ ok: true, clerk: 'ann' });
    expect(one(tickets, clerk({ ...ann, target: 'eve' }))).toMatchObject({ ok: false, message: expect.stringContaining('sign in') });
    expect(restored(tickets).clerks.all()).toEqual(tickets.clerks.all());
  });

  it('always leave a manager', () => {
    const tickets = opened();
    one(tickets, clerk(ann));
    expect(one(tickets, clerk({ kind: 'change', target: 'ann', active: false }))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(one(tickets, clerk({ kind: 'change', target: 'ann', permissions: ['sell'] }))).toMatchObject({ ok: false });
    one(tickets, clerk({ kind: 'add', target: 'bob', name: 'Bob', permissions: ['clerks'], pin: PIN }));
    expect(one(tickets, clerk({ kind: 'change', target: 'ann', active: false }))).toMatchObject({ ok: true });
    expect(tickets.clerks.get('ann')).toMatchObject({ name: 'Ann', active: false });
    expect(one(tickets, clerk({ kind: 'change', target: 'eve', name: 'Eve' }))).toMatchObject({ reason: 'unknown_clerk' });
  });
});

describe('shifts', () => {
  it('count what goes through the drawer, and are closed with a Z number without a gap', () => {
    const tickets = opened();
    expect(one(tickets, shift({ kind: 'open', float: 10_000 }))).toMatchObject({ ok: true, shift: 1, expected: 10_000 });
    expect(one(tickets, shift({ kind: 'open', float: 0 }))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(one(tickets, shift({ kind: 'open', float: 0 }, 'bob'))).toMatchObject({ ok: true, shift: 2 });
    sell(tickets, '2 match', { shift: 1, payment: { kind: 'cash', given: 3_000 } });
    sell(tickets, '1 match', { shift: 1, payment: { kind: 'card' } });
    sell(tickets, '1 match', { shift: 1 });
    one(tickets, undo('7.1', { shift: 2, clerk: 'bob', reason: 'rain', approver: 'eve' }));
    one(tickets, shift({ kind: 'in', shift: 1, cents: 500, reason: 'change' }));
    expect(one(tickets, shift({ kind: 'out', shift: 1, cents: 100_000, reason: 'bank' }))).toMatchObject({ ok: false });
    expect(one(tickets, shift({ kind: 'out', shift: 1, cents: 1_000, reason: 'bank' }))).toMatchObject({ expected: 13_100 });
    for (const at of [tickets, restored(tickets)]) {
      expect(at.shifts.view(1)).toMatchObject({
        expected: 13_100,
        totals: {
          sold: { cash: { sales: 2, tickets: 3, cents: 3_600 }, card: { sales: 1, tickets: 1, cents: 1_200 }, free: { sales: 0 } },
          back: { cash: { sales: 0 } },
        },
      });
      expect(at.shifts.view(2)).toMatchObject({ expected: -1_200, totals: { back: { cash: { sales: 1, tickets: 1, cents: 1_200 } } } });
      expect(at.sale('7.1')).toMatchObject({ status: 'void', undone: { clerk: 'bob', approver: 'eve', reason: 'rain', slot: 8 } });
      expect(one(at, shift({ kind: 'close', shift: 2, counted: 0 }))).toMatchObject({
        closed: { z: 1, expected: -1_200, counted: 0, difference: 1_200 },
      });
      expect(one(at, shift({ kind: 'close', shift: 1, counted: 13_000 }))).toMatchObject({ closed: { z: 2, difference: -100 } });
      expect(one(at, shift({ kind: 'close', shift: 1, counted: 13_000 }))).toMatchObject({ ok: false, reason: 'no_shift' });
      expect(restored(at).shifts.list(null, 9)).toEqual(at.shifts.list(null, 9));
      expect(at.shifts.list(2, 9).map((view) => view.closed?.z)).toEqual([2]);
    }
  });

  it('that are closed take nothing more', () => {
    const tickets = opened();
    one(tickets, shift({ kind: 'open', float: 0 }));
    one(tickets, shift({ kind: 'close', shift: 1, counted: 0 }));
    expect(sell(tickets, '1 match', { shift: 1 })).toMatchObject({ ok: false, reason: 'no_shift' });
    expect(sell(tickets, '1 match', { shift: 7 })).toMatchObject({
      ok: false,
      reason: 'no_shift',
      message: 'there is no shift 7; open one',
    });
    expect(tickets.events()[0]!.sold).toBe(0);
    // Nor is anything paid out of it: the sale stays as it was.
    sell(tickets, '1 match');
    expect(one(tickets, undo('6.1', { shift: 1 }))).toMatchObject({ ok: false, op: 'void', reason: 'no_shift' });
    expect(tickets.sale('6.1')).toMatchObject({ status: 'live' });
    expect(tickets.events()[0]!.sold).toBe(1);
  });

  it('can be emptied to the last cent, and no further', () => {
    const tickets = opened();
    one(tickets, shift({ kind: 'open', float: 1_000 }));
    const out = (cents: number) => one(tickets, shift({ kind: 'out', shift: 1, cents, reason: 'bank' }));
    expect(out(1_001)).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(out(1_000)).toMatchObject({ ok: true, expected: 0 });
    expect(out(1)).toMatchObject({ ok: false, reason: 'not_allowed' });
  });

  it('are numbered as they are closed: whatever the clocks of their kiosks say, and with others still open', () => {
    const tickets = opened();
    const midnight = Date.parse('2026-11-29T00:00:00-08:00');
    const of = (kiosk: number, at: number, action: ShiftAction): Command => ({ op: 'shift', ...base('ann', kiosk, at), action });
    for (const kiosk of [1, 2, 3]) one(tickets, of(kiosk, midnight - 60_000, { kind: 'open', float: kiosk }));
    const close = (kiosk: number, at: number) => one(tickets, of(kiosk, at, { kind: 'close', shift: kiosk, counted: kiosk }));
    expect(close(2, midnight + 60_000)).toMatchObject({ closed: { z: 1 } });
    // A clock that is behind: closed the day before the one that was closed earlier.
    expect(close(3, midnight - 1)).toMatchObject({ closed: { z: 2 } });
    expect(close(3, midnight)).toMatchObject({ ok: false, reason: 'no_shift' });
    one(tickets, of(2, midnight, { kind: 'open', float: 0 }));
    for (const at of [tickets, restored(tickets)]) {
      expect(at.shifts.list(null, 9).map(({ shift, closed }) => [shift, closed?.z ?? null])).toEqual([
        [4, null],
        [3, 2],
        [2, 1],
        [1, null],
      ]);
      expect(at.shifts.view(1)).toMatchObject({ expected: 1, closed: null });
    }
    expect(close(1, midnight)).toMatchObject({ closed: { z: 3, difference: 0 } });
  });

  it('do not count a sale that was given up', () => {
    const tickets = opened();
    one(tickets, shift({ kind: 'open', float: 0 }));
    one(tickets, { ...buy('gone', '2 match'), shift: 1 });
    one(tickets, { op: 'cancel', ...base(), target: 'gone' });
    expect(tickets.shifts.view(1)).toMatchObject({ expected: 0, totals: { sold: { cash: { sales: 0, tickets: 0, cents: 0 } } } });
  });

  it('that are closed keep their report, and name beside it what was given up since', () => {
    const tickets = opened();
    const give = (target: string) => one(tickets, { op: 'cancel', ...base(), target });
    one(tickets, shift({ kind: 'open', float: 1_000 }));
    one(tickets, shift({ kind: 'open', float: 0 }, 'bob'));
    one(tickets, { ...buy('before', '1 match'), shift: 1 });
    one(tickets, { ...buy('cash', '2 match'), shift: 1 });
    one(tickets, { ...buy('more', '1 gala'), shift: 1 });
    one(tickets, { ...buy('card', '1 match'), shift: 1, payment: { kind: 'card' } });
    one(tickets, { ...buy('none', '1 match'), shift: 2 });
    give('before');
    // In one batch: what stands before the closing is no part of the report, what stands after it is.
    tickets.apply(
      tickets.applied + 1,
      batch(shift({ kind: 'close', shift: 1, counted: 1_000 }), { op: 'cancel', ...base(), target: 'cash' }),
    );
    const z = tickets.shifts.view(1);
    for (const target of ['card', 'more', 'more']) give(target);
    expect(one(tickets, undo('8.1', { shift: 2 }))).toMatchObject({ ok: true });
    one(tickets, shift({ kind: 'close', shift: 2, counted: 0 }, 'bob'));
    const sum = (sales: number, count: number, cents: number) => ({ sales, tickets: count, cents });
    for (const at of [tickets, restored(tickets), restored(restored(tickets))]) {
      expect(at.shifts.view(1)).toEqual({
        ...z,
        closed: { ...z?.closed, givenUpSince: { cash: sum(2, 3, 3_600), card: sum(1, 1, 1_200), free: sum(0, 0, 0) } },
      });
      expect(at.shifts.view(1)).toMatchObject({
        expected: 4_600,
        totals: { sold: { cash: sum(2, 3, 3_600), card: sum(1, 1, 1_200) } },
        closed: { z: 1, counted: 1_000, difference: -3_600 },
      });
      expect(at.shifts.view(2)?.closed).toMatchObject({ z: 2, givenUpSince: null });
    }
  });
});

describe('the door', () => {
  it('lets in with a ticket once, and says where the first was', () => {
    const tickets = opened();
    sell(tickets, '2 gala + 2 match');
    const admit = (number: number, of = 'match', sale = '2.1', kiosk = 1): Command => ({
      op: 'admit',
      ...base('dora', kiosk, 77),
      sale,
      event: of,
      number,
    });
    expect(one(tickets, admit(2))).toEqual({ ok: true, op: 'admit', sale: '2.1', event: 'match', number: 2, slot: 3 });
    expect(one(tickets, admit(2, 'gala'))).toMatchObject({ ok: true });
    for (const at of [tickets, restored(tickets)]) {
      expect(one(at, admit(2, 'match', '2.1', 2))).toMatchObject({
        ok: false,
        reason: 'already_used',
        first: { kiosk: 1, clerk: 'dora', at: 77, slot: 3 },
      });
      expect(at.admissionOf('2.1', 'match', 2)).toMatchObject({ kiosk: 1 });
      expect(at.admissionOf('2.1', 'match', 1)).toBeNull();
    }
    expect(one(tickets, admit(3))).toMatchObject({ ok: false, reason: 'unknown_sale' });
    expect(one(tickets, admit(1, 'match', '9.9'))).toMatchObject({ ok: false, reason: 'unknown_sale' });
    one(tickets, undo('2.1'));
    expect(one(tickets, admit(1))).toMatchObject({ ok: false, reason: 'already_void' });
  });
});
