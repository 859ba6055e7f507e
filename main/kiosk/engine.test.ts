import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, ShowAnswer, StatusAnswer } from '../../shared/answers';
import type { JournalRecord } from '../../shared/journal';
import type { Request } from '../../shared/requests';
import { scan } from '../storage/line';
import { Processes } from './testing/processes';
import { SNAPSHOT_COMMANDS } from './timing';

/** What the simulator shows for the pure rooms, shown for whole kiosks: processes, sockets, files. */

/** Sales in flight at a time: a season's worth in more slots than stay in memory. */
const LANES = 16;
/** Sales between one and its cancel: more than a page of the log holds. */
const BETWEEN = 600;
const POLL = { timeout: 20_000, interval: 50 };

let site: Processes;
beforeEach(async () => {
  site = await Processes.make(['match=20000:1200']);
});
afterEach(() => site.remove());

async function open(kiosks: readonly number[] = [1, 2, 3]): Promise<void> {
  await Promise.all(kiosks.map((kiosk) => site.start(kiosk)));
  await expect.poll(() => buy(1, 1, 'first'), POLL).toMatchObject({ ok: true });
  for (const kiosk of kiosks)
    await expect.poll(() => status(kiosk), POLL).toMatchObject({ majority: true, applied: (await status(1)).applied });
}

function buy(kiosk: number, n = 1, id?: string, timeoutMs = 5_000): Promise<Answer> {
  return site.ask(kiosk, { op: 'buy', items: [{ n }], timeoutMs, ...(id === undefined ? {} : { id }) });
}

async function status(kiosk: number): Promise<StatusAnswer> {
  return (await site.ask(kiosk, { op: 'status' })) as StatusAnswer;
}

async function show(kiosk: number, request: Partial<Extract<Request, { op: 'show' }>> = {}): Promise<ShowAnswer> {
  return (await site.ask(kiosk, { op: 'show', ...request })) as ShowAnswer;
}

function change(at: number, kind: 'add' | 'remove' | 'readmit' | 'leader', kiosk: number): Promise<Answer> {
  return site.ask(at, { op: 'change', change: kind, kiosk });
}

/** What stands in a kiosk's journal, while it runs. */
async function journal(kiosk: number): Promise<readonly JournalRecord[]> {
  const { payloads } = scan(await readFile(path.join(site.data(kiosk), 'journal-000001.db')));
  return payloads.flatMap((payload) => (JSON.parse(payload) as { r?: JournalRecord }).r ?? []);
}

async function leaderAndOthers(): Promise<[number, number, number]> {
  await expect.poll(async () => (await status(1)).leader, POLL).not.toBeNull();
  const leader = (await status(1)).leader!;
  const [one = 0, two = 0] = [1, 2, 3].filter((kiosk) => kiosk !== leader);
  return [leader, one, two];
}

describe('undoing', () => {
  it('S22: cancel and void give the tickets back, once, in JSON and in text', { timeout: 60_000 }, async () => {
    await open();
    const sale = (await buy(2, 3, 'three')) as Extract<Answer, { op: 'buy'; ok: true }>;
    const cancel = await site.client(3, ['cancel', 'three', '--id', 'x1']);
    expect(cancel.status).toBe(0);
    expect(cancel.answers[0]).toEqual({
      ok: true,
      line: 1,
      op: 'cancel',
      requestId: 'x1',
      target: 'three',
      sale: sale.sale,
      tickets: sale.tickets,
      items: sale.items,
      slot: expect.any(Number),
    });
    expect(await buy(1, 3, 'three')).toMatchObject({ ok: false, reason: 'cancelled' });
    expect((await site.client(1, ['cancel', 'never'])).answers[0]).toMatchObject({ ok: true, sale: null, tickets: [] });
    expect(await buy(2, 1, 'never')).toMatchObject({ ok: false, reason: 'cancelled' });
    const again = (await buy(3, 2, 'two')) as typeof sale;
    expect(again.tickets).toEqual(sale.tickets.slice(0, 2));
    const voided = await site.client(2, ['void', again.sale, '--reason', 'wrong', 'day'], { json: false });
    expect(voided.stdout).toMatch(/^sale \d+\.1 is void: tickets \d+-\d+ back in the pool, 24\.00 to be given back/);
    expect(await buy(1, 2, 'two')).toMatchObject({ ok: true, sale: again.sale, voided: true });
    expect((await site.client(1, ['void', again.sale])).answers[0]).toMatchObject({ ok: false, reason: 'already_void' });
    expect((await site.client(1, ['void', '999.9'])).answers[0]).toMatchObject({ ok: false, reason: 'unknown_sale' });
    expect((await show(1)).state.events[0]!.sold).toBe(1);
    const text = (await site.client(3, ['show'], { json: false })).stdout;
    expect(text).toMatch(/cancel three -> sale \d+\.1 undone, tickets \d+-\d+ back/);
    expect(text).toMatch(/void \d+\.1 \(wrong day\) -> ok, tickets/);
  });

  it('S23: after a claim for the printer only void undoes the sale, and a second claim is a copy', { timeout: 60_000 }, async () => {
    await open();
    const sale = (await buy(1, 2, 'sold')) as Extract<Answer, { op: 'buy'; ok: true }>;
    const tickets = sale.tickets.map((number) => ({ event: 'match', number }));
    expect(await site.ask(1, { op: 'print', sale: sale.sale, tickets })).toMatchObject({ ok: true, copies: [0, 0] });
    await site.end(1);
    expect(await site.ask(2, { op: 'print', sale: sale.sale, tickets: tickets.slice(0, 1) })).toMatchObject({ ok: true, copies: [1] });
    expect(await site.ask(2, { op: 'cancel', target: 'sold' })).toMatchObject({ ok: false, reason: 'printed' });
    expect(await site.ask(3, { op: 'void', sale: sale.sale })).toMatchObject({ ok: true });
  });

  it('S19: what left a kiosk that then died is unknown after it, until the log answers', { timeout: 60_000 }, async () => {
    await open();
    const [leader, one, two] = await leaderAndOthers();
    for (const kiosk of [leader, two]) site.signal(kiosk, 'SIGSTOP');
    const lost = buy(one, 1, 'in-flight', 3_000).catch(() => null);
    await expect
      .poll(async () => (await journal(one)).some((record) => record.t === 'pending' && record.command.requestId === 'in-flight'), POLL)
      .toBe(true);
    await site.end(one);
    await lost;
    await site.start(one);
    // Alone it can't know, and does not say that nothing was sold.
    expect(await buy(one, 1, 'in-flight', 500)).toMatchObject({ ok: false, reason: 'timeout' });
    expect(await buy(one, 1, 'another', 500)).toMatchObject({ ok: false, reason: 'no_majority' });
    for (const kiosk of [leader, two]) site.signal(kiosk, 'SIGCONT');
    await expect.poll(() => buy(one, 1, 'in-flight'), POLL).toMatchObject({ ok: true });
    expect((await show(one)).state.events[0]!.sold).toBe(2);
  });
});

describe('a repeat', () => {
  it('S18: is answered as of now, though its kiosk may not have heard of that yet: never sold where it was undone', {
    timeout: 180_000,
  }, async () => {
    await open();
    const [leader, one, behind] = await leaderAndOthers();
    for (let round = 0; round < 5; round += 1) {
      const id = `repeated-${round}`;
      const sold = await buy(behind, 2, id);
      expect(sold).toMatchObject({ ok: true });
      await expect.poll(() => buy(behind, 2, id), POLL).toEqual(sold);
      // It hears of the cancel late: all that the leader says to it meanwhile waits in its socket.
      const connection = await site.connect(behind);
      site.signal(behind, 'SIGSTOP');
      await expect.poll(() => site.ask(one, { op: 'cancel', target: id, id: `given-up-${round}` }), POLL).toMatchObject({ ok: true });
      const again = connection.execute({ op: 'buy', items: [{ n: 2 }], id });
      site.signal(behind, 'SIGCONT');
      const answer = await again;
      connection.close();
      expect(answer).toMatchObject({ ok: false });
      if (!answer.ok) expect(['cancelled', 'timeout', 'no_majority']).toContain(answer.reason);
    }
    await Promise.all([leader, one].map((kiosk) => site.end(kiosk)));
    const kept = await buy(behind, 1, 'first');
    expect(kept).toMatchObject({ ok: false, reason: 'timeout', message: expect.stringMatching(/it was sold; whether it still is/) });
  });

  it('S18: is answered as of now by a kiosk that hears of the sale itself only then, and of its cancel a page later', {
    timeout: 120_000,
  }, async () => {
    await open();
    const [, one, behind] = await leaderAndOthers();
    for (const round of [0, 1, 2]) {
      const id = `unheard-${round}`;
      await site.end(behind);
      expect(await buy(one, 2, id)).toMatchObject({ ok: true });
      for (let other = 0; other < BETWEEN; other += 1) expect(await buy(one, 1)).toMatchObject({ ok: true });
      expect(await site.ask(one, { op: 'cancel', target: id })).toMatchObject({ ok: true });
      await site.start(behind);
      let answer = await buy(behind, 2, id);
      // On a busy machine its links take longer than it waits for them.
      while (!answer.ok && answer.reason === 'no_majority') answer = await buy(behind, 2, id);
      expect(answer).toMatchObject({ ok: false, reason: 'cancelled' });
    }
  });
});

describe('far behind', () => {
  it('S1: a kiosk takes the snapshot, votes, and has the whole log in the end', { timeout: 120_000 }, async () => {
    await open();
    const [, one, away] = await leaderAndOthers();
    await site.end(away);
    const connection = await site.connect(one);
    const sales = Array.from({ length: LANES }, async (_, lane) => {
      for (let index = 0; index < SNAPSHOT_COMMANDS / LANES; index += 1) {
        const answer = await connection.execute({ op: 'buy', items: [{ n: 1 }], id: `b-${lane}-${index}` });
        if (!answer.ok) throw new Error(answer.message);
      }
    });
    await Promise.all(sales);
    connection.close();
    // A snapshot was taken, and the log behind it has left memory and the journal.
    await expect
      .poll(async () => (await readdir(path.join(site.data(one), 'snapshot'))).some((name) => name.startsWith('manifest')), POLL)
      .toBe(true);
    await site.start(away);
    await expect.poll(async () => (await status(away)).applied, { timeout: 30_000, interval: 50 }).toBe((await status(one)).applied);
    expect(site.words(away)).toMatch(/was far behind and goes on from the state of slot \d+/);
    await expect.poll(async () => (await show(away, { last: 1 })).firstSlot, { timeout: 30_000, interval: 50 }).toBe(1);
    const [here, there] = [await show(one, { from: 1, last: 300 }), await show(away, { from: 1, last: 300 })];
    expect(there.log.map(({ slot, commands }) => [slot, commands])).toEqual(here.log.map(({ slot, commands }) => [slot, commands]));
    expect(there.log[0]).toMatchObject({ slot: 1, kind: 'founding' });
    expect((await show(away)).state.hash).toBe((await show(one)).state.hash);
    expect(await buy(away, 1, 'b-0-0')).toMatchObject({ ok: true, sale: expect.any(String) });
    // Restarted, all of them go on from their snapshots.
    await Promise.all([1, 2, 3].map((kiosk) => site.end(kiosk)));
    await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
    await expect.poll(() => buy(away, 1, 'again'), POLL).toMatchObject({ ok: true });
    expect((await show(away)).state.events[0]!.sold).toBe(SNAPSHOT_COMMANDS + 2);
  });
});

describe('lost data', () => {
  it('S14: deleted data do not vote; the kiosk is readmitted as a new incarnation', { timeout: 60_000 }, async () => {
    await open();
    const [leader, one, lost] = await leaderAndOthers();
    const before = (await status(lost)).incarnation;
    await site.end(lost);
    await rm(site.data(lost), { recursive: true });
    await site.start(lost);
    await expect.poll(() => status(lost), POLL).toMatchObject({ role: 'learner', applied: (await status(leader)).applied });
    expect((await status(lost)).incarnation).not.toBe(before);
    // Two kiosks run, and one vote: nothing can be sold.
    await site.end(one);
    expect(await buy(leader, 1, 'stranded', 1_500)).toMatchObject({ ok: false });
    expect(await change(leader, 'readmit', lost)).toMatchObject({
      ok: false,
      reason: 'no_majority',
      message: expect.stringContaining(`some of the kiosks`),
    });
    await site.start(one);
    await expect.poll(() => change(leader, 'readmit', lost), POLL).toMatchObject({ ok: true });
    await expect.poll(async () => (await status(lost)).role, POLL).toBe('follower');
    await site.end(one);
    await expect.poll(() => buy(lost, 1, 'after'), POLL).toMatchObject({ ok: true });
  });

  it('S13: a flipped bit in the journal is put aside, and does not vote', { timeout: 60_000 }, async () => {
    await open();
    const [, , lost] = await leaderAndOthers();
    await site.end(lost);
    const file = path.join(site.data(lost), 'journal-000001.db');
    const bytes = await readFile(file);
    bytes[bytes.length - 40]! ^= 4;
    await writeFile(file, bytes);
    await site.start(lost);
    expect(site.words(lost)).toMatch(/is damaged at byte \d+.*put aside in .*does not vote until it is readmitted: change readmit/);
    await expect.poll(async () => (await status(lost)).role, POLL).toBe('learner');
    expect(await readdir(path.join(site.data(lost), 'aside', '1'))).toContain('journal-000001.db');
    expect(await change(1, 'readmit', lost)).toMatchObject({ ok: true });
    await expect.poll(async () => (await status(lost)).role, POLL).toBe('follower');
  });

  it('S13: a journal cut back to an earlier time is amnesia, which the peers find out', { timeout: 60_000 }, async () => {
    await open();
    const [leader, , lost] = await leaderAndOthers();
    const file = path.join(site.data(lost), 'journal-000001.db');
    await site.end(lost);
    const early = await readFile(file);
    await site.start(lost);
    // What it is sent before it has caught up it learns, and does not vote for.
    await expect.poll(async () => (await status(lost)).role, POLL).toBe('follower');
    const before = (await status(leader)).applied;
    for (let sale = 0; sale < 10; sale += 1) expect(await buy(leader)).toMatchObject({ ok: true });
    // What peers heard is written down now and then, and told to whoever links.
    const isAhead = (record: JournalRecord) => record.t === 'peer' && record.kiosk === lost && record.slot > before;
    await expect.poll(async () => (await journal(leader)).some(isAhead), POLL).toBe(true);
    await site.end(lost);
    await writeFile(file, early);
    await site.start(lost);
    await expect
      .poll(() => status(lost), POLL)
      .toMatchObject({
        role: 'faulty',
        problem: expect.stringMatching(/the disk has lost data, so this kiosk must not vote; start it again/),
      });
    await site.end(lost);
    await site.start(lost);
    await expect.poll(async () => (await status(lost)).role, POLL).toBe('learner');
    expect(await change(leader, 'readmit', lost)).toMatchObject({ ok: true });
  });

  it('rule 8: where a majority is gone for good, one kiosk begins a new generation, and the old one is never counted', {
    timeout: 90_000,
  }, async () => {
    await open();
    await buy(1, 4, 'before');
    await expect.poll(async () => (await status(3)).applied, POLL).toBe((await status(1)).applied);
    await Promise.all([site.end(1), site.end(2)]);
    await expect.poll(() => status(3), POLL).toMatchObject({ majority: false });
    expect(await change(3, 'remove', 1)).toMatchObject({
      ok: false,
      reason: 'no_majority',
      message: expect.stringMatching(/without some of the kiosks 1, 2; start them, or, if they are lost for good: recover test/),
    });
    expect(await site.ask(3, { op: 'recover', site: 'other' })).toMatchObject({ ok: false, reason: 'bad_request' });
    expect((await site.client(3, ['recover', 'test'])).answers[0]).toMatchObject({ ok: true, op: 'recover', generation: 2 });
    await expect.poll(() => buy(3, 1, 'after'), POLL).toMatchObject({ ok: true, tickets: [6] });
    expect(await site.ask(3, { op: 'recover', site: 'test' })).toMatchObject({ ok: false, reason: 'not_allowed' });
    // The others come back with the old generation: they are told so, and sell nothing with 3.
    await Promise.all([site.start(1), site.start(2)]);
    await expect.poll(() => site.words(3), POLL).toMatch(/kiosk [12] is of generation 1 of the site, kiosk 3 of generation 2/);
    expect((await status(3)).connected).toEqual([]);
    expect((await status(3)).members).toEqual([3]);
    await site.end(2);
    await site.end(1);
    await site.start(2, undefined, ['--rejoin']);
    await expect.poll(() => change(3, 'add', 2), POLL).toMatchObject({ ok: true, members: [2, 3] });
    expect(await buy(2, 1, 'both')).toMatchObject({ ok: true, tickets: [7] });
    expect((await show(2)).state.events[0]!.sold).toBe(7);
  });
});

describe('members and leaders', () => {
  it('S29: a leader that was stopped for ten seconds neither sells nor confirms before a fresh round', { timeout: 60_000 }, async () => {
    await open();
    const [leader, one] = await leaderAndOthers();
    const connection = await site.connect(leader);
    site.signal(leader, 'SIGSTOP');
    await expect.poll(() => buy(one, 5, 'meanwhile'), POLL).toMatchObject({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    // Both lie in its sockets when it wakes up, before anything that the others say to it.
    const read = connection.execute({ op: 'show', last: 1 }) as Promise<ShowAnswer>;
    const sale = connection.execute({ op: 'buy', items: [{ n: 1 }], id: 'on-waking', timeoutMs: 5_000 });
    site.signal(leader, 'SIGCONT');
    const state = await read;
    expect(state.confirmed ? state.state.events[0]!.sold : 6).toBeGreaterThanOrEqual(6);
    const answer = await sale;
    if (answer.ok) expect(answer).toMatchObject({ tickets: [7] });
    connection.close();
    await expect.poll(() => buy(leader, 1, 'on-waking'), POLL).toMatchObject({ ok: true, tickets: [7] });
  });

  it('S31 and S32: leadership is handed over, the leader removed; a kiosk removed while it was away is told so', {
    timeout: 90_000,
  }, async () => {
    await open([1, 2, 3, 4]);
    expect(await site.ask(1, { op: 'add_kiosk', kiosk: 4 })).toMatchObject({ ok: true, members: [1, 2, 3, 4] });
    const [leader, one] = await leaderAndOthers();
    expect(await change(one, 'leader', one)).toMatchObject({ ok: true });
    expect((await status(one)).leader).toBe(one);
    expect(await change(leader, 'leader', 9)).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
    await site.end(leader);
    expect(await change(one, 'remove', leader)).toMatchObject({ ok: true });
    await site.start(leader);
    await expect.poll(() => status(leader), POLL).toMatchObject({ role: 'removed' });
    const members = [1, 2, 3, 4].filter((kiosk) => kiosk !== leader);
    await expect.poll(async () => members.includes((await status(one)).leader ?? 0), POLL).toBe(true);
    expect(await buy(leader)).toMatchObject({
      ok: false,
      reason: 'no_majority',
      message: expect.stringMatching(/was removed from the site at slot \d+/),
    });
    const [other = 0, rest = 0] = [1, 2, 3, 4].filter((kiosk) => kiosk !== leader && kiosk !== one);
    expect(await change(other, 'remove', one)).toMatchObject({ ok: true });
    expect(await buy(other)).toMatchObject({ ok: true });
    expect(await change(other, 'remove', rest)).toMatchObject({ ok: true, members: [other] });
    for (const kiosk of [leader, one, rest]) await site.end(kiosk);
    await site.end(other);
    await site.start(other);
    await expect.poll(() => buy(other, 1, 'alone'), POLL).toMatchObject({ ok: true });
    // And back again, though it was removed once.
    await site.start(leader);
    await expect.poll(() => site.ask(other, { op: 'add_kiosk', kiosk: leader }), POLL).toMatchObject({ ok: true });
    expect(await buy(leader)).toMatchObject({ ok: true });
  });

  it('S33: an addition that waits is taken back from another kiosk', { timeout: 60_000 }, async () => {
    await open();
    const waiting = site.ask(1, { op: 'add_kiosk', kiosk: 4, timeoutMs: 20_000 });
    // Refused as an unknown kiosk until the addition has arrived.
    await expect.poll(() => change(2, 'remove', 4), POLL).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ ok: false, reason: 'withdrawn' });
    expect(await change(2, 'remove', 4)).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
  });
});
