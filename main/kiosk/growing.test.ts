import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Answer, ShowAnswer, StatusAnswer } from '../../shared/answers';
import type { Request } from '../../shared/requests';
import { freePorts } from './testing/ports';
import { Processes } from './testing/processes';

/** The members change, and move, while the site sells: whole kiosks, processes and sockets. */

const POLL = { timeout: 60_000, interval: 50 };

let site: Processes | null = null;
afterEach(async () => {
  await site?.remove();
  site = null;
});

function ask(kiosk: number, request: Request): Promise<Answer> {
  return site!.ask(kiosk, request);
}

async function status(kiosk: number): Promise<StatusAnswer> {
  return (await ask(kiosk, { op: 'status' })) as StatusAnswer;
}

function buy(kiosk: number, id: string): Promise<Answer> {
  return ask(kiosk, { op: 'buy', items: [{ n: 1 }], id });
}

/** Sells at a kiosk, each request until its end is known, until it is over; what was sold, by request id. */
async function sellOn(kiosk: number, isOver: () => boolean, sold: Map<string, readonly number[]>): Promise<void> {
  const connection = await site!.connect(kiosk);
  for (let number = 1; !isOver(); number += 1) {
    const id = `k${kiosk}-${number}`;
    await expect
      .poll(async () => {
        const answer = await connection.execute({ op: 'buy', items: [{ n: 1 }], id });
        if (answer.ok && answer.op === 'buy') sold.set(id, answer.tickets);
        return answer;
      }, POLL)
      .toMatchObject({ ok: true });
    // A kiosk that was removed sells no more, and its last request had its end.
    if ((await status(kiosk)).role === 'removed') break;
  }
  connection.close();
}

it('S32: grows from 1 to 3 to 5 kiosks and shrinks to 3 again under load: nothing is lost, nothing sold twice', {
  timeout: 240_000,
}, async () => {
  site = await Processes.make(['match=100000:1200'], 5, 1);
  for (const kiosk of [1, 2, 3, 4, 5]) await site.start(kiosk);
  await expect.poll(() => buy(1, 'first'), POLL).toMatchObject({ ok: true });
  const sold = new Map<string, readonly number[]>();
  let over = false;
  // At learners too: what they are asked goes to the leader.
  const sellers = [3, 4, 5].map((kiosk) => sellOn(kiosk, () => over, sold));
  for (const kiosk of [2, 3, 4, 5]) {
    const before = sold.size;
    expect(await ask(1, { op: 'add_kiosk', kiosk, timeoutMs: 30_000 })).toMatchObject({ ok: true });
    await expect.poll(() => sold.size, POLL).toBeGreaterThan(before + 5);
  }
  expect((await status(5)).members).toEqual([1, 2, 3, 4, 5]);
  for (const kiosk of [1, 2]) {
    const before = sold.size;
    expect(await ask(3, { op: 'change', change: 'remove', kiosk, timeoutMs: 30_000 })).toMatchObject({ ok: true });
    await expect.poll(() => sold.size, POLL).toBeGreaterThan(before + 5);
  }
  // The removed ones are off, and one of the three that stay dies: two of three go on.
  for (const kiosk of [1, 2]) await site.end(kiosk);
  over = true;
  await Promise.all(sellers);
  await site.end(5);
  await expect.poll(() => buy(4, 'last'), POLL).toMatchObject({ ok: true });
  await site.start(5);
  await expect.poll(async () => (await status(5)).applied, POLL).toBe((await status(4)).applied);
  const shows = await Promise.all([3, 4, 5].map((kiosk) => ask(kiosk, { op: 'show', from: 1 }) as Promise<ShowAnswer>));
  expect(new Set(shows.map(({ state }) => `${state.applied} ${state.hash}`)).size).toBe(1);
  for (const { state, log, firstSlot } of shows) {
    expect(state.members).toEqual([3, 4, 5]);
    expect(firstSlot).toBe(1);
    const kept = new Map(
      log
        .flatMap(({ commands }) => commands)
        .filter(({ op, result }) => op === 'buy' && result.ok && !result.duplicate)
        .map(({ requestId, result }) => [requestId, result.tickets!]),
    );
    expect([...sold].filter(([id, tickets]) => String(kept.get(id)) !== String(tickets))).toEqual([]);
    const numbers = [...kept.values()].flat();
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(state.events[0]!.sold).toBe(numbers.length);
  }
});

it('S3: of five kiosks that were three, three decide and two do not, whoever led before', { timeout: 240_000 }, async () => {
  site = await Processes.make(['match=100000:1200'], 5, 3);
  for (const kiosk of [1, 2, 3, 4, 5]) await site.start(kiosk);
  await expect.poll(() => buy(1, 'first'), POLL).toMatchObject({ ok: true });
  for (const kiosk of [4, 5]) expect(await ask(1, { op: 'add_kiosk', kiosk, timeoutMs: 30_000 })).toMatchObject({ ok: true });
  // Kiosk 3 sells with 4 and 5, of which the first two know nothing while they stand still.
  await expect.poll(() => ask(4, { op: 'change', change: 'leader', kiosk: 3 }), POLL).toMatchObject({ ok: true });
  for (const kiosk of [1, 2]) site.signal(kiosk, 'SIGSTOP');
  await expect.poll(() => buy(5, 'by-the-new'), POLL).toMatchObject({ ok: true, tickets: [2] });
  for (const kiosk of [3, 5]) await site.end(kiosk);
  for (const kiosk of [1, 2]) site.signal(kiosk, 'SIGCONT');
  // One member of the majority that sold is enough: no new value takes the place of what it knows.
  await expect.poll(() => buy(1, 'by-the-old'), POLL).toMatchObject({ ok: true, tickets: [3] });
  expect(await buy(2, 'by-the-new')).toMatchObject({ ok: true, tickets: [2] });
  await site.end(4);
  // Two of the three that there once were are no majority of five.
  await expect.poll(async () => (await status(1)).majority, POLL).toBe(false);
  expect(await ask(1, { op: 'buy', items: [{ n: 1 }], id: 'alone', timeoutMs: 2_000 })).toMatchObject({ ok: false });
  await site.start(3);
  await expect.poll(() => buy(3, 'alone'), POLL).toMatchObject({ ok: true, tickets: [4] });
});

it('a kiosk that moves is found again, after restarts that know its address from a snapshot alone, too', { timeout: 240_000 }, async () => {
  site = await Processes.make(['match=100000:1200'], 2, 1);
  const right = await site.editSite((file) => file);
  const [wrong = 0, moved = 0] = await freePorts(2);
  const portOf = (port: number) => site!.editSite(() => ({ ...right, kiosks: right.kiosks.map((k) => (k.id === 2 ? { ...k, port } : k)) }));
  await Promise.all([1, 2].map((kiosk) => site!.start(kiosk)));
  await expect.poll(() => buy(1, 'first'), POLL).toMatchObject({ ok: true });
  expect(await ask(1, { op: 'add_kiosk', kiosk: 2 })).toMatchObject({ ok: true, members: [1, 2] });
  // Until a snapshot has taken the place of the entry that names kiosk 2.
  const connection = await site.connect(1);
  const hasSnapshot = async () =>
    (await readdir(path.join(site!.data(1), 'snapshot')).catch(() => [])).some((name) => name.startsWith('manifest'));
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let sale = 0; sale % 50 !== 0 || !(await hasSnapshot()); sale += 1)
        await connection.execute({ op: 'buy', items: [{ n: 1 }], id: `b-${lane}-${sale}` });
    }),
  );
  connection.close();
  await site.end(1);
  await portOf(wrong);
  await site.start(1);
  await expect.poll(() => buy(1, 'after-snapshot'), POLL).toMatchObject({ ok: true });

  // It moves while it is off. Alone kiosk 1 is no majority that could say so in the log: what the operator says is tried first.
  await site.end(2);
  await portOf(moved);
  await site.start(2);
  await portOf(wrong);
  await site.end(1);
  await site.start(1);
  expect(await buy(1, 'cut-off')).toMatchObject({ ok: false });
  await expect
    .poll(() => ask(1, { op: 'change', change: 'address', kiosk: 2, host: '127.0.0.1', port: moved }), POLL)
    .toMatchObject({ ok: true, members: [1, 2] });
  expect(await buy(2, 'moved')).toMatchObject({ ok: true });
  await site.end(1);
  await site.start(1);
  await expect.poll(() => buy(1, 'found-again'), POLL).toMatchObject({ ok: true });
});

it('rule 8: two kiosks that were recovered each by itself never join their logs', { timeout: 240_000 }, async () => {
  site = await Processes.make(['match=100:1200'], 3, 3);
  for (const kiosk of [1, 2, 3]) await site.start(kiosk);
  await expect.poll(() => buy(1, 'first'), POLL).toMatchObject({ ok: true });
  for (const kiosk of [2, 3]) await expect.poll(async () => (await status(kiosk)).applied, POLL).toBe((await status(1)).applied);
  for (const kiosk of [1, 2, 3]) await site.end(kiosk);
  for (const kiosk of [1, 2]) {
    await site.start(kiosk);
    expect(await ask(kiosk, { op: 'recover', site: 'test' })).toMatchObject({ ok: true, generation: 2 });
    await expect.poll(() => buy(kiosk, `at-${kiosk}`), POLL).toMatchObject({ ok: true, tickets: [2] });
    if (kiosk === 1) await site.end(1);
  }
  await site.start(1);
  await expect
    .poll(() => site!.words(1) + site!.words(2), POLL)
    .toMatch(/recovered each by itself, and sell from two logs: only one may go on/);
  for (const kiosk of [1, 2]) expect(await status(kiosk)).toMatchObject({ connected: [], members: [kiosk] });
  await site.end(2);
  await site.start(2, undefined, ['--rejoin']);
  await expect.poll(() => ask(1, { op: 'add_kiosk', kiosk: 2 }), POLL).toMatchObject({ ok: true, members: [1, 2] });
  expect(await buy(2, 'one-log')).toMatchObject({ ok: true, tickets: [3] });
});
