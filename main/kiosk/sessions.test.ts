import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../shared/answers';
import { say } from '../../shared/said';
import type { BuyCommand, ChangeCommand, Command } from '../../shared/values';
import { Sessions } from './sessions';

const SOLD: CommandResult = {
  ok: true,
  op: 'buy',
  sale: '2.1',
  items: [],
  total: 0,
  payment: { kind: 'free', given: 0, change: 0 },
  shift: null,
  remaining: 9,
  slot: 2,
};

function buy(requestId: string, n = 1): BuyCommand {
  return { op: 'buy', requestId, kiosk: 1, clerk: 'ann', issued: 7, at: 0, items: [{ event: 'demo', category: 'adult', n }] };
}

function add(requestId: string, kiosk: number): ChangeCommand {
  return { op: 'change', requestId, kiosk: 1, clerk: 'ann', issued: 7, at: 0, change: { kind: 'add', kiosk } };
}

function make() {
  const world = { now: 0, selling: true, proposed: [] as string[], withdrawn: [] as string[], known: new Map<string, CommandResult>() };
  const sessions = new Sessions(
    {
      now: () => world.now,
      propose: ({ requestId }) => world.proposed.push(requestId),
      withdraw: (id) => world.withdrawn.push(id),
      known: ({ requestId }) => world.known.get(requestId) ?? null,
      selling: () => world.selling,
    },
    900,
  );
  return { world, sessions };
}

describe('a request', () => {
  it('ends with what the log says', async () => {
    const { world, sessions } = make();
    const end = sessions.start(buy('r1'), 5_000);
    sessions.onDeparted('r1');
    world.known.set('r1', SOLD);
    sessions.onApplied(buy('r1'), 2, false);
    expect(await end).toEqual({ kind: 'applied', result: SOLD, slot: 2, own: true });
    // A repeat is answered from what is applied, without the log.
    expect(await sessions.start(buy('r1'), 5_000)).toMatchObject({ kind: 'applied', result: SOLD, own: false });
    expect(world.proposed).toEqual(['r1']);
  });

  it('that another one of its id gives up before it waits on, and ends with what the log says', async () => {
    const { world, sessions } = make();
    const [short, long] = [sessions.start(buy('r1'), 1_000), sessions.start(buy('r1'), 5_000)];
    sessions.onDeparted('r1');
    world.now = 1_000;
    sessions.review();
    expect(await short).toEqual({ kind: 'timeout' });
    expect(world.withdrawn).toEqual([]);
    world.known.set('r1', SOLD);
    sessions.onApplied(buy('r1'), 2, false);
    world.now = 5_000;
    sessions.review();
    expect(await Promise.race([long, Promise.resolve('left waiting')])).toMatchObject({ kind: 'applied', result: SOLD });
  });

  it('of a slot that only sold takes the result of its own try as it is, and asks the log in all other cases', async () => {
    const { world, sessions } = make();
    const own = { ...SOLD, sale: '2.2' };
    const result = async (commands: readonly Command[], results: readonly CommandResult[]) => {
      const end = sessions.start(buy('r1'), 5_000);
      world.known.set('r1', { ...SOLD, sale: 'as the log has it' });
      sessions.onBatch(commands, results, 2);
      world.known.clear();
      return (await end) as { result: unknown };
    };
    expect(await result([buy('r0'), buy('r1')], [SOLD, own])).toMatchObject({ result: own });
    const asked = { result: { sale: 'as the log has it' } };
    expect(await result([{ ...buy('r1'), at: 1 }], [own])).toMatchObject(asked);
    expect(await result([buy('r1')], [{ ...own, duplicate: true }])).toMatchObject(asked);
    const cancel: Command = { op: 'cancel', requestId: 'x1', kiosk: 2, clerk: 'bob', issued: 7, at: 0, target: 'r1' };
    const done: CommandResult = { ok: true, op: 'cancel', target: 'r1', sale: '2.2', items: [], slot: 2 };
    expect(await result([buy('r1'), cancel], [own, done])).toMatchObject(asked);
    const first = sessions.start(buy('r2'), 5_000);
    const second = sessions.start(buy('r2', 3), 5_000);
    world.known.set('r2', { ...SOLD, sale: 'as the log has it' });
    sessions.onBatch([buy('r2')], [own], 2);
    expect(await first).toMatchObject({ result: own, own: true });
    expect(await second).toMatchObject({ ...asked, own: false });
  });

  it('is refused as no_majority within a second, if nothing of it left', async () => {
    const { world, sessions } = make();
    world.selling = false;
    const end = sessions.start(buy('r1'), 5_000);
    world.now = 899;
    sessions.review();
    world.now = 900;
    sessions.review();
    expect(await end).toEqual({ kind: 'no_majority' });
    expect(world.withdrawn).toEqual(['r1']);
  });

  it('ends as timeout, never as no_majority, once it has left, and so does every later try of its id', async () => {
    const { world, sessions } = make();
    const end = sessions.start(buy('r1'), 5_000);
    sessions.onDeparted('r1');
    world.selling = false;
    world.now = 4_999;
    sessions.review();
    world.now = 5_000;
    sessions.review();
    expect(await end).toEqual({ kind: 'timeout' });
    expect(sessions.issued('r1')).toBe(7);
    const again = sessions.start(buy('r1'), 1_000);
    world.now = 6_000;
    sessions.review();
    expect(await again).toEqual({ kind: 'timeout' });
  });

  it('asked twice at once gets one answer twice, and a different one under its id waits for the first', async () => {
    const { world, sessions } = make();
    const ends = [sessions.start(buy('r1'), 5_000), sessions.start(buy('r1'), 5_000)];
    world.known.set('r1', SOLD);
    sessions.onApplied(buy('r1'), 2, false);
    expect((await Promise.all(ends)).map(({ kind }) => kind)).toEqual(['applied', 'applied']);
  });
});

describe('an answer (rules 9, 11)', () => {
  it.each<[string, Partial<BuyCommand>]>([
    ['another kiosk gave', { kiosk: 2 }],
    ['an earlier life of this kiosk gave', { at: -1 }],
    ['was first given at another slot', { issued: 6 }],
  ])('is not its own where the log has what %s', async (_, other) => {
    const { world, sessions } = make();
    const end = sessions.start(buy('r1'), 5_000);
    world.known.set('r1', SOLD);
    sessions.onApplied({ ...buy('r1'), ...other }, 2, false);
    expect(await end).toMatchObject({ kind: 'applied', own: false });
  });

  it('is not its own where the same was under way here before', async () => {
    const { world, sessions } = make();
    const ends = [sessions.start(buy('r1'), 5_000), sessions.start(buy('r1'), 5_000)];
    world.known.set('r1', SOLD);
    sessions.onApplied(buy('r1'), 2, false);
    expect(await Promise.all(ends)).toMatchObject([{ own: true }, { own: false }]);
    sessions.remember([buy('r2')]);
    const again = sessions.start(buy('r2'), 5_000);
    world.known.set('r2', SOLD);
    sessions.onApplied(buy('r2'), 3, false);
    expect(await again).toMatchObject({ kind: 'applied', own: false });
  });
});

describe('an addition', () => {
  it('is answered only when it is in force', async () => {
    const { world, sessions } = make();
    const end = sessions.start(add('c1', 4), 30_000);
    world.known.set('c1', { ok: true, op: 'change', slot: 9 });
    sessions.onApplied(add('c1', 4), 9, true);
    let answered = false;
    void end.then(() => {
      answered = true;
    });
    await Promise.resolve();
    expect(answered).toBe(false);
    expect(sessions.votedAt(add('c1', 4))).toBe(9);
    sessions.onChanged(false, 1);
    await Promise.resolve();
    expect(answered).toBe(false);
    sessions.onChanged(true, 1);
    expect(await end).toMatchObject({ kind: 'applied', slot: 9 });
  });

  it('goes on after its client stopped waiting, and ends when the log takes it back', async () => {
    const { world, sessions } = make();
    const first = sessions.start(add('c1', 4), 1_000);
    sessions.onDeparted('c1');
    world.now = 1_000;
    sessions.review();
    expect(await first).toEqual({ kind: 'timeout' });
    expect(world.withdrawn).toEqual([]);
    const second = sessions.start(add('c2', 4), 60_000);
    const withdrawn: CommandResult = { ok: false, op: 'change', reason: 'withdrawn', ...say('withdrawn') };
    world.known.set('c2', withdrawn);
    sessions.onApplied(add('c2', 4), 12, false);
    expect(await second).toEqual({ kind: 'applied', result: withdrawn, slot: 12, own: true });
    expect(world.withdrawn).toEqual([]);
  });

  it('of a leader is answered when the new one leads', async () => {
    const { world, sessions } = make();
    const command: Command = { ...add('c1', 4), op: 'change', change: { kind: 'leader', kiosk: 4 } };
    const end = sessions.start(command, 30_000);
    world.known.set('c1', { ok: true, op: 'change', slot: 9 });
    sessions.onApplied(command, 9, false);
    sessions.onChanged(true, 3);
    let answered = false;
    void end.then(() => {
      answered = true;
    });
    await Promise.resolve();
    expect(answered).toBe(false);
    sessions.onChanged(false, 4);
    expect(await end).toMatchObject({ kind: 'applied', slot: 9 });
  });
});

describe('a change that stands in the log and is not yet so', () => {
  it('is not answered sooner for being asked again, here or elsewhere', async () => {
    const { world, sessions } = make();
    const ends = [sessions.start(add('c1', 4), 30_000)];
    world.known.set('c1', { ok: true, op: 'change', slot: 9 });
    sessions.onApplied(add('c1', 4), 9, true);
    ends.push(sessions.start(add('c1', 4), 30_000));
    // Its leader finds that the log has an answer, and says so in a batch.
    sessions.onApplied({ ...add('c1', 4), outcome: 'already' }, 11, false);
    const answered: number[] = [];
    for (const [index, end] of ends.entries()) void end.then(() => answered.push(index));
    await Promise.resolve();
    sessions.onChanged(false, 1);
    await Promise.resolve();
    expect(answered).toEqual([]);
    sessions.onChanged(true, 1);
    expect(await Promise.all(ends)).toMatchObject([{ slot: 9 }, { slot: 9 }]);
  });

  it.each(['at its first try', 'at a repeat'])('ends as timeout, never as no_majority: %s', async (when) => {
    const { world, sessions } = make();
    const command: Command = { ...add('c1', 4), op: 'change', change: { kind: 'leader', kiosk: 4 } };
    const known: CommandResult = { ok: true, op: 'change', slot: 9 };
    if (when === 'at a repeat') world.known.set('c1', known);
    const end = sessions.start(command, 3_000);
    if (when === 'at its first try') {
      sessions.onDeparted('c1');
      world.known.set('c1', known);
      sessions.onApplied(command, 9, false);
    }
    world.selling = false;
    world.now = 2_999;
    sessions.review();
    world.now = 3_000;
    sessions.review();
    expect(await end).toEqual({ kind: 'timeout' });
  });

  it('ends as timeout, never as faulty, where the disk fails meanwhile', async () => {
    const { world, sessions } = make();
    const command = add('c1', 5);
    const end = sessions.start(command, 3_000);
    sessions.onDeparted('c1');
    world.known.set('c1', { ok: true, op: 'change', slot: 9 });
    sessions.onApplied(command, 9, true);
    sessions.fail();
    expect(await end).toEqual({ kind: 'timeout' });
  });
});

describe('giving up (rule 10)', () => {
  const cancel: Command = { op: 'cancel', requestId: 'x1', kiosk: 1, clerk: 'ann', issued: 0, at: 0, target: 'r1' };

  it('is never passed over: without a leader it is not known, and goes on', async () => {
    const { world, sessions } = make();
    world.selling = false;
    const end = sessions.start(cancel, 5_000);
    world.now = 4_000;
    sessions.review();
    world.now = 5_000;
    sessions.review();
    expect(await end).toEqual({ kind: 'timeout' });
    expect(world.withdrawn).toEqual([]);
  });

  it('ends the buy that waits, too, and no ticket of it is claimed meanwhile', async () => {
    const { world, sessions } = make();
    const buying = sessions.start(buy('r1'), 60_000);
    const giving = sessions.start(cancel, 60_000);
    expect(sessions.isGivenUp('r1')).toBe(true);
    const refused: CommandResult = { ok: false, op: 'buy', reason: 'cancelled', ...say('given_up', 'r1') };
    world.known.set('r1', refused);
    world.known.set('x1', { ok: true, op: 'cancel', target: 'r1', sale: null, items: [], slot: 3 });
    sessions.onApplied(cancel, 3, false);
    expect(await buying).toMatchObject({ kind: 'applied', result: refused });
    expect(await giving).toMatchObject({ kind: 'applied', slot: 3 });
    expect(sessions.isGivenUp('r1')).toBe(false);
  });
});

describe('giving up that nobody waits for any more (rule 10)', () => {
  const cancel: Command = { op: 'cancel', requestId: 'x1', kiosk: 1, clerk: 'ann', issued: 0, at: 0, target: 'r1' };

  it('keeps its tickets unclaimed until the log has it, after its client left and after a restart', async () => {
    const { world, sessions } = make();
    const end = sessions.start(cancel, 1_000);
    world.now = 1_000;
    sessions.review();
    expect(await end).toEqual({ kind: 'timeout' });
    expect(sessions.isGivenUp('r1')).toBe(true);
    const restarted = make().sessions;
    restarted.remember([cancel]);
    expect(restarted.isGivenUp('r1')).toBe(true);
    world.known.set('x1', { ok: true, op: 'cancel', target: 'r1', sale: null, items: [], slot: 3 });
    sessions.onApplied(cancel, 3, false);
    expect(sessions.isGivenUp('r1')).toBe(false);
  });

  it("is over, and all that waits is answered as by a read, where another kiosk's state says so", async () => {
    const { world, sessions } = make();
    const ends = [sessions.start(buy('r2'), 5_000), sessions.start(cancel, 5_000)];
    sessions.onDeparted('r2');
    sessions.remember([buy('r3')]);
    world.known.set('r2', SOLD);
    world.known.set('x1', { ok: true, op: 'cancel', target: 'r1', sale: null, items: [], slot: 3 });
    sessions.onInstalled();
    expect(await Promise.all(ends)).toMatchObject([{ kind: 'applied', own: false }, { kind: 'applied' }]);
    expect(sessions.isGivenUp('r1')).toBe(false);
    expect([sessions.issued('r2'), sessions.issued('r3')]).toEqual([null, 7]);
  });
});

describe('giving up, refused unheard', () => {
  it.each(['id_reused', 'expired'] as const)('says nothing of the buy that is under way: %s', async (reason) => {
    const { world, sessions } = make();
    const buying = sessions.start(buy('r1'), 5_000);
    sessions.onDeparted('r1');
    world.known.set('x1', { ok: false, op: 'cancel', reason, ...say('expired', 'given_up') });
    sessions.onApplied({ op: 'cancel', requestId: 'x1', kiosk: 2, clerk: 'ann', issued: 0, at: 0, target: 'r1' }, 3, false);
    world.now = 5_000;
    sessions.review();
    expect(await buying).toEqual({ kind: 'timeout' });
  });
});

describe('a failing disk', () => {
  it('leaves nobody waiting when the disk fails', async () => {
    const { sessions } = make();
    const kept = sessions.start(buy('r1'), 5_000);
    const sent = sessions.start(buy('r2'), 5_000);
    sessions.onDeparted('r2');
    sessions.fail();
    expect([await kept, await sent]).toEqual([{ kind: 'faulty' }, { kind: 'timeout' }]);
  });
});
