import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { type Ballot, compareBallots } from '../../shared/ballot';
import { skipBecause } from '../../shared/testing/skip';
import { DiskSite } from './testing/disks';
import { type CrashPoint, crash, killAtCall, killedAt, readSteps, recorded, type Step, TRACEABLE, withoutStrace } from './testing/kills';
import { cast, checkBooks, keepSelling, PATIENCE, sell, sellsAt, sellUpTo, THREE } from './testing/trade';
import { SNAPSHOT_COMMANDS } from './timing';

/** Sales that are under way together where many are to be made. */
const AT_ONCE = 1_024;
/** Sales that a kiosk is left with before it takes its first snapshot. */
const LEFT_TO_SNAPSHOT = 16;
/** Of the steps of a restart with a snapshot, one in so many is tried in a run. */
const STRIDE = 6;

/** All calls that may write a record. */
const APPEND = 'write,pwrite64,writev,pwritev';
const SEND = 'write,writev,sendmsg';
/** In the order of a record's way to the disk and of the message that vouches for it; what a call has done at its exit nobody knows yet. */
const FOLLOWER_CRASHES: readonly CrashPoint[] = [
  { calls: APPEND, on: 'journal', at: 'enter' },
  { calls: 'fdatasync', on: 'journal', at: 'enter' },
  { calls: 'fdatasync', on: 'journal', at: 'exit' },
  { calls: SEND, on: 'peers', at: 'enter' },
];
const LEADER_CRASHES: readonly CrashPoint[] = [
  { calls: 'read', on: 'peers', at: 'exit' },
  ...FOLLOWER_CRASHES,
  { calls: APPEND, on: 'journal', at: 'exit' },
  { calls: SEND, on: 'peers', at: 'exit' },
  { calls: SEND, on: 'clients', at: 'enter' },
  { calls: SEND, on: 'clients', at: 'exit' },
];

let site: DiskSite | null = null;
afterEach(async () => {
  await site?.remove();
  site = null;
});

/** A site whose kiosks can be killed at chosen points. */
async function traceable(members: number, context: TestContext): Promise<DiskSite> {
  const reason = await withoutStrace();
  if (reason !== null) skipBecause(context, reason);
  site = await DiskSite.make(null, members);
  return site;
}

/** Starts a kiosk that is to be killed at a step of its start; false if it got ready without coming to that. */
async function killedInStart(at: DiskSite, step: Pick<Step, 'call' | 'n'>): Promise<boolean> {
  const started = at.launch(1, killedAt(step));
  if ((await started.said(/^ready \{/)) !== null) {
    await started.end('SIGKILL');
    return false;
  }
  expect(await started.ended, `${step.call} ${step.n}: ${started.lines.join('\n')}`).toBe('SIGKILL');
  return true;
}

/** What the disk promises is never less than it was. */
async function promisedAtLeast(at: DiskSite, kiosk: number, before: Ballot, when: string): Promise<Ballot> {
  const promised = await at.promised(kiosk);
  expect(compareBallots(promised, before), `the promise has fallen: ${when}`).toBeGreaterThanOrEqual(0);
  return promised;
}

describe('kill -9 at every step (S11)', { timeout: 90_000 }, () => {
  it.for([
    ['leader', LEADER_CRASHES],
    ['follower', FOLLOWER_CRASHES],
  ] as const)('of a %s: what two of three acknowledged is on its disk', async ([part, points], context) => {
    const at = await traceable(3, context);
    await Promise.all(THREE.map((kiosk) => at.start(kiosk, TRACEABLE)));
    for (const kiosk of THREE) await sellsAt(at, kiosk);
    let selling: readonly number[] = [1, 2];
    let away = 3;
    await at.kiosk(away).end('SIGKILL');
    for (const point of points) {
      for (const kiosk of selling) await sellsAt(at, kiosk);
      const [victim, mate] = (await cast(at, selling, part)) as [number, number];
      const promised = await at.promised(victim);
      let over = false;
      const sellers = selling.map((kiosk) => keepSelling(at, kiosk, () => over));
      await sell(at, victim, 3);
      await crash(at.kiosk(victim), at.data(victim), point);
      over = true;
      await promisedAtLeast(at, victim, promised, `${point.calls} ${point.on}`);
      // With the only other one that knows gone too, what the victim has lost is lost.
      await at.kiosk(mate).end('SIGKILL');
      selling = [victim, away];
      await Promise.all([...sellers, ...selling.map((kiosk) => at.start(kiosk, TRACEABLE))]);
      await checkBooks(at, selling);
      away = mate;
    }
    await at.start(away);
    await checkBooks(at, THREE);
  });

  it('as it makes its folder: it starts again, and sells', async (context) => {
    const at = await traceable(1, context);
    // Each start goes on from what the one before it, killed one step earlier, has left.
    for (const call of ['fsync', 'rename'] as const) {
      let n = 1;
      while (await killedInStart(at, { call, n })) n += 1;
      expect(n).toBeGreaterThan(1);
      await at.start(1);
      await sellsAt(at, 1);
      if (call === 'fsync') await at.forget(1);
    }
    await sell(at, 1, 3);
    await checkBooks(at, [1]);
  });

  it('as it starts again, takes a snapshot and drops its journal: the old or the new, and every sale', async (context) => {
    const at = await traceable(1, context);
    await at.start(1);
    await sellsAt(at, 1);
    await sellUpTo(at, 1, SNAPSHOT_COMMANDS - LEFT_TO_SNAPSHOT, AT_ONCE);
    await at.kiosk(1).end('SIGKILL');
    const restore = await at.keep(1);
    const promised = await at.promised(1);

    const record = path.join(at.data(1), '..', 'steps');
    await at.start(1, recorded(record));
    await sellsAt(at, 1);
    await sell(at, 1, LEFT_TO_SNAPSHOT - 1);
    // What is synced last is the folder that the journal's first part was dropped from.
    const isDropped = async () => (await readSteps(record)).at(-2)?.call === 'unlink';
    await expect.poll(isDropped, PATIENCE).toBe(true);
    await at.kiosk(1).end('SIGKILL');
    await promisedAtLeast(at, 1, promised, 'after a snapshot');
    const steps = await readSteps(record);
    for (const file of ['part-#-#.bin', 'manifest-#.db', 'journal-#.db~', '#-open.db'])
      expect(steps.map((step) => step.file)).toContain(file);

    const firstPart = path.join(at.data(1), 'journal-000001.db');
    const offset = randomInt(STRIDE);
    const tried = steps.filter((_, index) => index % STRIDE === offset);
    console.log(`${steps.length} steps, of which each ${STRIDE}th is tried, from number ${offset}`);
    for (const step of tried) {
      const name = `${step.call} ${step.n}, ${step.file}`;
      await restore();
      const victim = at.launch(1, killedAt(step));
      // Not one sale more than in the recorded life: its last one brought the snapshot about, and its steps were these. So what
      // is not answered in time is asked for again under its own id: one more would keep the journal's first part.
      const isOver = () => victim.over || at.sold.size >= SNAPSHOT_COMMANDS;
      if ((await victim.said(/^ready \{/)) !== null) {
        for (let id = at.newId(); !isOver(); ) if ((await at.buy(1, id)).ok) id = at.newId();
      }
      await expect.poll(() => victim.over || !existsSync(firstPart), { ...PATIENCE, message: name }).toBe(true);
      expect(await victim.end('SIGKILL'), name).toBe('SIGKILL');
      await promisedAtLeast(at, 1, promised, name);
      const sold = new Map(at.sold);
      const unknown = at.unknown.size;
      await at.start(1);
      await sellsAt(at, 1);
      const inLog = (await at.show(1)).state.events[0]!.sold;
      expect(inLog, name).toBeGreaterThanOrEqual(sold.size + 1);
      expect(inLog, name).toBeLessThanOrEqual(sold.size + 1 + unknown);
      // Asked again, each of the newest is answered as it was.
      for (const [id, tickets] of [...sold].slice(-LEFT_TO_SNAPSHOT))
        expect(await at.buy(1, id), name).toMatchObject({ ok: true, tickets });
      if (step === tried.at(-1)) await checkBooks(at, [1]);
      await at.kiosk(1).end('SIGKILL');
    }
  });

  it('of all three as they take their snapshots: nothing is missing, and all say the same', async (context) => {
    const at = await traceable(3, context);
    await Promise.all(THREE.map((kiosk) => at.start(kiosk, TRACEABLE)));
    for (const kiosk of THREE) await sellsAt(at, kiosk);
    await sellUpTo(at, 1, SNAPSHOT_COMMANDS - LEFT_TO_SNAPSHOT, AT_ONCE);
    const promised = await Promise.all(THREE.map((kiosk) => at.promised(kiosk)));
    let over = false;
    const sellers = THREE.map((kiosk) => keepSelling(at, kiosk, () => over));
    // Within the parts, before the manifest has its name, and before the journal is dropped.
    const killed = [killAtCall(at.kiosk(1), { call: 'fsync', n: 4 }), killAtCall(at.kiosk(2), { call: 'rename', n: 1 })];
    await Promise.all(killed);
    over = true;
    await at.kiosk(3).end('SIGKILL');
    await Promise.all(sellers);
    for (const [index, kiosk] of THREE.entries()) await promisedAtLeast(at, kiosk, promised[index]!, `kiosk ${kiosk}`);
    await Promise.all(THREE.map((kiosk) => at.start(kiosk)));
    for (const kiosk of THREE) await sellsAt(at, kiosk);
    await checkBooks(at, THREE);
  });
});
