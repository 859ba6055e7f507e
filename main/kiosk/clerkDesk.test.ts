import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/answers';
import { PERMISSIONS, type Permission } from '../../shared/constants';
import type { Request } from '../../shared/requests';
import { say } from '../../shared/said';
import type { Command } from '../../shared/values';
import { Tickets } from '../tickets';
import { batch, event, founding } from '../tickets/fixtures';
import { ClerkDesk } from './clerkDesk';
import { hashPin, isPin, PinGate } from './pins';
import { refusing, resultAnswer } from './resultAnswer';
import type { Behind } from './service';

/** A kiosk that carries out at once what its desk lets through. */
async function desk(demo = false) {
  const tickets = new Tickets();
  const gift = { ...event('gift', 100), categories: [{ id: 'adult', name: 'Adult', price: 0 }] };
  tickets.apply(1, founding(event('match', 100), gift));
  const world = {
    now: 0,
    changes: 0,
    cutOff: false,
    behind: null as null | (() => void),
    passed: [] as { request: Request; behind: Behind }[],
  };
  let counter = 0;
  const execute = async (request: Request, _: unknown, behind: Behind): Promise<Answer> => {
    world.passed.push({ request, behind });
    const requestId = 'id' in request && request.id !== undefined ? request.id : `x${counter}`;
    counter += 1;
    if (world.cutOff) return refusing(request.op, requestId)('no_majority', say('stopped'));
    const command = await commandOf(request, requestId, tickets);
    if (command === null) return { ok: true, op: 'help', text: '' };
    return resultAnswer(command.op, requestId, tickets.apply(tickets.applied + 1, batch(command))[0]!);
  };
  const clerks = new ClerkDesk({
    kiosk: 1,
    demo,
    tickets: () => tickets,
    execute,
    // Whoever asks a majority has heard of what happened elsewhere.
    confirm: async () => {
      world.behind?.();
      return !world.cutOff;
    },
    onChange: () => {
      world.changes += 1;
    },
    now: () => world.now,
  });
  const run = (request: Request, approval: { clerk: string; pin: string } | null = null) => clerks.execute(request, approval, () => {});
  return { tickets, world, clerks, run };
}

type LoggedCommand = Exclude<Command, { op: 'change' }>;

async function commandOf(request: Request, requestId: string, tickets: Tickets): Promise<LoggedCommand | null> {
  const clerk = ('clerk' in request ? request.clerk : undefined) ?? 'operator';
  const base = { requestId, kiosk: 1, clerk, issued: tickets.applied, at: 0 };
  switch (request.op) {
    case 'buy':
      return {
        op: 'buy',
        ...base,
        items: [{ event: request.items[0]?.event ?? 'match', category: 'adult', n: 1 }],
        ...(request.payment === undefined ? {} : { payment: request.payment }),
      };
    case 'void':
      return { op: 'void', ...base, sale: request.sale };
    case 'shift':
      return request.action.kind === 'open' ? { op: 'shift', ...base, action: request.action } : null;
    case 'clerk': {
      const { action } = request;
      if (action.kind === 'add') return { op: 'clerk', ...base, action: { ...action, pin: await hashPin(action.pin) } };
      const { pin, ...rest } = action;
      return { op: 'clerk', ...base, action: { ...rest, ...(pin === undefined ? {} : { pin: await hashPin(pin) }) } };
    }
    default:
      return null;
  }
}

const add = (target: string, pin: string, permissions: readonly Permission[] = ['sell']): Request => ({
  op: 'clerk',
  action: { kind: 'add', target, name: target, permissions: [...permissions], pin },
});
const buy: Request = { op: 'buy', items: [{ n: 1 }] };
const open: Request = { op: 'shift', action: { kind: 'open', float: 0 } };

/** A site with a manager (mia, 1111) and a clerk (ann, 2222), nobody signed in. */
async function staffed() {
  const site = await desk();
  await site.run(add('mia', '1111', PERMISSIONS));
  await site.run(add('ann', '2222'));
  site.clerks.signOut();
  site.world.passed.length = 0;
  return site;
}

describe('a site without clerks', () => {
  it('is open to whoever sets it up, and signs the first manager in', async () => {
    const { clerks, run } = await desk();
    expect(clerks.view()).toMatchObject({ state: 'set_up', clerk: { id: 'operator' } });
    expect(await run(buy)).toMatchObject({ ok: true });
    expect(await run(add('mia', '1111', PERMISSIONS))).toMatchObject({ ok: true });
    expect(clerks.view()).toMatchObject({ state: 'signed_in', clerk: { id: 'mia' }, shift: null, clerks: [{ id: 'mia' }] });
    expect(JSON.stringify(clerks.view())).not.toContain('salt');
  });
});

describe('a kiosk that has not heard of any clerks', () => {
  it('lets nobody manage anything before a majority has said that there are none; it can be looked at and closed, and what is begun is given up', async () => {
    const { world, run } = await desk();
    world.cutOff = true;
    for (const request of [open, add('eve', '1111', PERMISSIONS)])
      expect(await run(request)).toMatchObject({ ok: false, reason: 'signed_out', message: expect.stringMatching(/has not heard/) });
    // Where a majority is lost for good it will never hear: the way that is left is named.
    const recovered = await run({ op: 'recover', site: 'test' });
    expect(recovered).toMatchObject({ ok: false, reason: 'signed_out', message: expect.stringMatching(/command-line client/) });
    expect(world.passed).toEqual([]);
    for (const op of ['status', 'show', 'stop', 'exit'] as const) await run({ op });
    await run({ op: 'cancel', target: 'x1' });
    // Nothing is sold without a majority; whether an earlier try was, the answer itself says.
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'no_majority' });
    expect(world.passed.map(({ request }) => request.op)).toEqual(['status', 'show', 'stop', 'exit', 'cancel', 'buy']);
    world.cutOff = false;
    expect(await run(buy)).toMatchObject({ ok: true });
    // Once it was up to date it hears of clerks by itself: then whatever is cut off is the kiosk's own business.
    world.cutOff = true;
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'no_majority' });
  });

  it('has asked before the first one sells, once it reaches a leader', async () => {
    const { world, clerks, run } = await desk();
    expect(clerks.unsure).toBe(true);
    clerks.learn();
    await expect.poll(() => clerks.unsure).toBe(false);
    world.cutOff = true;
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'no_majority' });
  });

  it('is no way round the clerks that the others have', async () => {
    const { tickets, world, run, clerks } = await desk();
    world.behind = () => {
      const command = { requestId: 'c1', kiosk: 2, clerk: 'operator', issued: 1, at: 0 };
      const pin = { salt: 'AAAAAAAAAAAAAAAAAAAAAA==', hash: 'A'.repeat(43) };
      tickets.apply(
        2,
        batch({
          op: 'clerk',
          ...command,
          action: { kind: 'add', target: 'mia', name: 'Mia', permissions: [...PERMISSIONS], pin },
        } as never),
      );
    };
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'signed_out' });
    expect(world.passed).toEqual([]);
    expect(clerks.view().state).toBe('signed_out');
  });
});

describe('signing in', () => {
  it('takes the right PIN alone; nothing is done before', async () => {
    const { clerks, run, world } = await staffed();
    expect(clerks.view()).toMatchObject({ state: 'signed_out', clerk: null });
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'signed_out' });
    expect(await run({ op: 'show' })).toMatchObject({ ok: false, reason: 'signed_out' });
    expect(await run({ op: 'help' })).toMatchObject({ ok: true });
    expect(await clerks.signIn('ann', '1111')).toMatchObject({ ok: false, reason: 'wrong_pin' });
    expect(await clerks.signIn('eve', '1111')).toMatchObject({ ok: false, reason: 'unknown_clerk' });
    expect(await clerks.signIn('ann', '2222')).toEqual({ ok: true });
    expect(clerks.view()).toMatchObject({ state: 'signed_in', clerk: { id: 'ann' } });
    expect(world.passed.map(({ request }) => request.op)).toEqual(['help']);
  });

  it('is locked and opened again, by the same clerk or another', async () => {
    const { clerks, run } = await staffed();
    await clerks.signIn('ann', '2222');
    clerks.lock();
    expect(clerks.view()).toMatchObject({ state: 'locked', clerk: { id: 'ann' } });
    expect(await run(open)).toMatchObject({ ok: false, reason: 'signed_out' });
    expect(clerks.may('sell')).toBe(false);
    expect(await clerks.signIn('ann', '0000')).toMatchObject({ ok: false });
    expect(clerks.view().state).toBe('locked');
    expect(await clerks.signIn('mia', '1111')).toEqual({ ok: true });
    expect(clerks.view()).toMatchObject({ state: 'signed_in', clerk: { id: 'mia' } });
  });

  it('costs time after some wrong PINs, also when many are tried at once', async () => {
    const { clerks, world } = await staffed();
    const tries = await Promise.all(Array.from({ length: 8 }, (_, index) => clerks.signIn('ann', `000${index}`)));
    expect(tries.map((one) => (one.ok ? '' : one.reason))).toEqual([...Array(3).fill('wrong_pin'), ...Array(5).fill('wait')]);
    // The right one is not looked at either.
    expect(await clerks.signIn('ann', '2222')).toMatchObject({ ok: false, reason: 'wait', waitMs: 5_000 });
    expect(await clerks.signIn('mia', '1111')).toEqual({ ok: true });
    world.now = 5_001;
    expect(await clerks.signIn('ann', '2222')).toEqual({ ok: true });
  });

  it('ends when the clerk is not one any more', async () => {
    const { clerks, tickets, run } = await staffed();
    await clerks.signIn('ann', '2222');
    const base = { requestId: 'off', kiosk: 2, clerk: 'mia', issued: 0, at: 0 };
    tickets.apply(tickets.applied + 1, batch({ op: 'clerk', ...base, action: { kind: 'change', target: 'ann', active: false } }));
    expect(clerks.view().state).toBe('signed_out');
    expect(await run(open)).toMatchObject({ reason: 'signed_out' });
    expect(await clerks.signIn('ann', '2222')).toMatchObject({ reason: 'unknown_clerk' });
  });
});

describe('what a clerk may do', () => {
  it('sells in her own name, with an open shift', async () => {
    const { clerks, run, tickets } = await staffed();
    await clerks.signIn('ann', '2222');
    expect(await run(buy)).toMatchObject({ ok: false, reason: 'no_shift' });
    expect(await run(open)).toMatchObject({ ok: true, shift: 1 });
    expect(clerks.view().shift).toMatchObject({ shift: 1, clerk: 'ann' });
    const sold = await run({ ...buy, clerk: 'mia' } as Request);
    expect(tickets.sale(sold.ok && sold.op === 'buy' ? sold.sale : '')).toMatchObject({ clerk: 'ann' });
  });

  it('is refused the rest, unless a manager allows it with a PIN', async () => {
    const { clerks, run, world } = await staffed();
    await clerks.signIn('ann', '2222');
    await run(open);
    const sold = await run(buy);
    const undo: Request = { op: 'void', sale: sold.ok && sold.op === 'buy' ? sold.sale : '', reason: 'rain' };
    expect(await run(undo)).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(await run(undo, { clerk: 'mia', pin: '2222' })).toMatchObject({ ok: false, reason: 'wrong_pin' });
    expect(await run(undo, { clerk: 'ann', pin: '2222' })).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(await run(undo, { clerk: 'mia', pin: '1111' })).toMatchObject({ ok: true });
    expect(world.passed.at(-1)).toMatchObject({ request: { op: 'void', clerk: 'ann' }, behind: { approver: 'mia' } });
    for (const request of [
      { op: 'event', action: { kind: 'close', event: 'match' } },
      { op: 'change', change: 'remove', kiosk: 2 },
      { op: 'recover', site: 'x' },
      { op: 'exit' },
      { op: 'shift', action: { kind: 'close', shift: 7, counted: 0 } },
      add('eve', '3333'),
    ] satisfies Request[])
      expect(await run(request)).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(clerks.may('sell')).toBe(true);
    expect(clerks.may('reports')).toBe(false);
  });

  it('gives cash back out of her own open drawer only, and says so before a manager is asked for', async () => {
    const { clerks, run, tickets, world } = await staffed();
    const undo = async (kind: 'cash' | 'card', of: string) => {
      const sold = await run({ op: 'buy', items: [{ n: 1, event: of }], payment: { kind } });
      return { op: 'void', sale: sold.ok && sold.op === 'buy' ? sold.sale : '' } as const;
    };
    await clerks.signIn('mia', '1111');
    await run(open);
    const [cash, card, free] = [await undo('cash', 'match'), await undo('card', 'match'), await undo('cash', 'gift')];
    world.passed.length = 0;
    await clerks.signIn('ann', '2222');
    const needed = { ok: false, op: 'void', reason: 'no_shift', said: { code: 'cash_back_drawer', values: ['ann'] } };
    expect(await run(cash)).toMatchObject(needed);
    expect(await run(cash, { clerk: 'mia', pin: '1111' })).toMatchObject(needed);
    expect(world.passed).toEqual([]);
    expect(tickets.sale(cash.sale)).toMatchObject({ status: 'live' });
    // What was paid at a terminal goes back there, and nothing goes back of nothing.
    for (const request of [card, free]) expect(await run(request, { clerk: 'mia', pin: '1111' })).toMatchObject({ ok: true });
    // What is not here is told by the log.
    expect(await run({ op: 'void', sale: '99.1' }, { clerk: 'mia', pin: '1111' })).toMatchObject({ ok: false, reason: 'unknown_sale' });
    await run(open);
    expect(await run(cash, { clerk: 'mia', pin: '1111' })).toMatchObject({ ok: true });
  });

  it('gives no cash back out of a drawer that is closed while the manager types a PIN', async () => {
    const { clerks, run, tickets } = await staffed();
    await clerks.signIn('ann', '2222');
    await run(open);
    const sold = await run(buy);
    const sale = sold.ok && sold.op === 'buy' ? sold.sale : '';
    const asked = run({ op: 'void', sale }, { clerk: 'mia', pin: '1111' });
    const closed = { kind: 'close', shift: 1, counted: 0 } as const;
    tickets.apply(tickets.applied + 1, {
      kind: 'batch',
      commands: [{ op: 'shift', requestId: 'closed', kiosk: 1, clerk: 'mia', issued: tickets.applied, at: 0, action: closed }],
    });
    expect(await asked).toMatchObject({ ok: false, reason: 'no_shift' });
    expect(tickets.sale(sale)).toMatchObject({ status: 'live' });
  });

  const foreign = { shift: 7, cents: 1, reason: 'x' };
  it.each<[Permission, readonly Request[]]>([
    [
      'sell',
      [
        buy,
        open,
        { op: 'cancel', target: 'x1' },
        { op: 'print', sale: '2.1', tickets: [] },
        { op: 'confirm', sale: '2.1', tickets: [] },
        { op: 'shift', action: { kind: 'close', counted: 0 } },
      ],
    ],
    ['void', [{ op: 'void', sale: '2.1' }]],
    ['reprint', [{ op: 'reprint', sale: '2.1' }]],
    ['admit', [{ op: 'admit', code: 'QK1' }]],
    ['events', [{ op: 'event', action: { kind: 'close', event: 'match' } }]],
    [
      'kiosks',
      [
        { op: 'add_kiosk', kiosk: 4 },
        { op: 'change', change: 'leader', kiosk: 2 },
        { op: 'recover', site: 'x' },
        { op: 'stop' },
        { op: 'exit' },
      ],
    ],
    [
      'clerks',
      [
        { op: 'shift', action: { kind: 'close', shift: 7, counted: 0 } },
        { op: 'shift', action: { kind: 'in', ...foreign } },
        { op: 'shift', action: { kind: 'out', ...foreign } },
        { op: 'clerk', action: { kind: 'change', target: 'mia', active: false } },
      ],
    ],
  ])('needs the right to %s for what it is about, and no other', async (permission, requests) => {
    const { clerks, run, world } = await staffed();
    await clerks.signIn('mia', '1111');
    await run(add('one', '1111', [permission]));
    await run(
      add(
        'rest',
        '1111',
        PERMISSIONS.filter((other) => other !== permission),
      ),
    );
    await clerks.signIn('rest', '1111');
    world.passed.length = 0;
    for (const request of requests) expect(await run(request)).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(world.passed).toEqual([]);
    await clerks.signIn('one', '1111');
    // A buy is asked for a shift next, which is no matter of rights.
    for (const request of requests) expect(await run(request)).not.toMatchObject({ reason: 'not_permitted' });
    expect(world.passed.length).toBe(requests.filter(({ op }) => op !== 'buy').length);
  });

  it('takes a new PIN of her own, and of nobody else', async () => {
    const { clerks, run } = await staffed();
    await clerks.signIn('ann', '2222');
    const renew = (target: string): Request => ({ op: 'clerk', action: { kind: 'change', target, pin: '4444' } });
    expect(await run(renew('mia'))).toMatchObject({ ok: false, reason: 'not_permitted' });
    // With the PIN comes nothing else: no right, no other name.
    for (const more of [{ permissions: [...PERMISSIONS] }, { name: 'Mia' }, { active: true }]) {
      const request: Request = { op: 'clerk', action: { kind: 'change', target: 'ann', pin: '4444', ...more } };
      expect(await run(request)).toMatchObject({ ok: false, reason: 'not_permitted' });
    }
    expect(await run(renew('ann'))).toMatchObject({ ok: true });
    expect(await clerks.signIn('ann', '2222')).toMatchObject({ ok: false });
    expect(await clerks.signIn('ann', '4444')).toEqual({ ok: true });
  });
});

describe('leaving kiosk mode', () => {
  const stop: Request = { op: 'stop' };

  it("takes a manager's PIN in front of nobody, of a clerk and of a locked screen, and nothing less", async () => {
    const { world, clerks, run } = await staffed();
    for (const before of ['nobody', 'ann', 'locked'] as const) {
      if (before === 'ann') await clerks.signIn('ann', '2222');
      if (before === 'locked') clerks.lock();
      expect(await run(stop), before).toMatchObject({ ok: false });
      expect(await run(stop, { clerk: 'mia', pin: '9999' }), before).toMatchObject({ ok: false, reason: 'wrong_pin' });
      expect(await run(stop, { clerk: 'ann', pin: '2222' }), before).toMatchObject({ ok: false, reason: 'not_permitted' });
      expect(world.passed, before).toEqual([]);
      expect(await run(stop, { clerk: 'mia', pin: '1111' }), before).toMatchObject({ ok: true });
      expect(world.passed.splice(0), before).toEqual([{ request: stop, behind: { approver: 'mia' } }]);
    }
    expect(clerks.view().state).toBe('locked');
  });

  it('takes no wrong PIN of a manager who is signed in either', async () => {
    const { world, clerks, run } = await staffed();
    await clerks.signIn('mia', '1111');
    expect(await run(stop, { clerk: 'mia', pin: '9999' })).toMatchObject({ ok: false, reason: 'wrong_pin' });
    expect(world.passed).toEqual([]);
  });
});

describe('a demo', () => {
  it('begins with a clerk and an open shift, as soon as the site can take them, and finds them again', async () => {
    const { clerks, world, tickets, run } = await desk(true);
    world.cutOff = true;
    expect(await clerks.beginDemo()).toBe(false);
    world.cutOff = false;
    expect(await clerks.beginDemo()).toBe(true);
    expect(clerks.view()).toMatchObject({ state: 'signed_in', clerk: { id: 'demo' }, shift: { shift: 1, float: 10_000 }, demo: true });
    expect(await run(buy)).toMatchObject({ ok: true });
    clerks.signOut();
    const { applied } = tickets;
    expect(await clerks.beginDemo()).toBe(true);
    expect(tickets.applied).toBe(applied);
    expect(clerks.view().state).toBe('signed_in');
    clerks.lock();
    expect(await clerks.signIn('demo', '1234')).toEqual({ ok: true });
  });
});

describe('PINs', () => {
  it('are told apart by their hash, which never is the same twice', async () => {
    const [one, other] = await Promise.all([hashPin('4711'), hashPin('4711')]);
    expect(one).not.toEqual(other);
    expect(await isPin('4711', one)).toBe(true);
    expect(await isPin('4712', one)).toBe(false);
    expect(JSON.stringify(one)).not.toContain('4711');
  });

  it('are waited for twice as long after each wrong one, at most five minutes', () => {
    const gate = new PinGate(() => 0);
    const waits = Array.from({ length: 12 }, () => gate.judge('ann', false) / 1_000);
    expect(waits).toEqual([0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(gate.judge('ann', true)).toBe(0);
    expect(gate.waitMs('ann')).toBe(0);
  });
});
