import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, BuyAnswer, ShowAnswer } from '../../shared/answers';
import { Processes } from './testing/processes';

/** Backup and restore of a site, and recovery of one that lost its majority, with real processes. */

const POLL = { timeout: 120_000, interval: 100 };
const SLOW = { timeout: 240_000 };

let site: Processes;
beforeEach(async () => {
  site = await Processes.make(['match=100:1200']);
});
afterEach(() => site.remove());

function buy(kiosk: number, id: string, n = 1): Promise<Answer> {
  return site.ask(kiosk, { op: 'buy', items: [{ n }], id, timeoutMs: 10_000 });
}

async function sells(kiosk: number, id: string, n = 1): Promise<readonly number[]> {
  await expect.poll(() => buy(kiosk, id, n), POLL).toMatchObject({ ok: true });
  return ((await buy(kiosk, id, n)) as BuyAnswer).tickets;
}

async function show(kiosk: number): Promise<ShowAnswer> {
  return (await site.ask(kiosk, { op: 'show' })) as ShowAnswer;
}

function operator(program: string, ...args: string[]) {
  return site.program(program, [...args, '--site', site.siteFile]);
}

describe('a site that is lost', () => {
  it('comes back from one backup of a running kiosk, and sells nothing that the lost tail had sold', SLOW, async () => {
    await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
    const known = [await sells(1, 'a', 2), await sells(2, 'b', 3)].flat();
    expect(known).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(async () => (await show(3)).state.events[0]!.sold, POLL).toBe(5);
    const backup = path.join(site.folder, 'season.backup');
    const codeFile = path.join(site.folder, 'backup.code');
    expect(await site.program('backup', ['--new-code', codeFile])).toMatchObject({ status: 0, stderr: '' });
    const written = await operator('backup', '3', backup, '--data', site.data(3), '--code-file', codeFile);
    expect(written).toMatchObject({ status: 0, stderr: '' });
    expect(await operator('audit', backup, site.data(1), site.data(2), '--code-file', codeFile)).toMatchObject({ status: 0 });
    // The tail: sold after the backup, and gone with every kiosk.
    expect(await sells(1, 'lost', 3)).toEqual([6, 7, 8]);
    await Promise.all([1, 2, 3].map((kiosk) => site.end(kiosk)));
    const old = path.join(site.folder, 'old');
    await rename(site.data(2), old);
    await Promise.all([1, 3].map((kiosk) => rm(site.data(kiosk), { recursive: true })));

    const closed = await operator('restore', backup, '1', '--data', site.data(1), '--nothing-since');
    expect(closed).toMatchObject({ status: 1, stderr: expect.stringContaining('is sealed: say --code-file FILE') });
    const silent = await operator('restore', backup, '1', '--data', site.data(1), '--code-file', codeFile);
    expect(silent).toMatchObject({ status: 1, stderr: expect.stringMatching(/would be sold AGAIN.*95 of match \(5 sold\)/s) });
    const restored = await operator('restore', backup, '1', '--data', site.data(1), '--sold-up-to', 'match=8', '--code-file', codeFile);
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(restored.stdout).toMatch(/generation 2 of the site.*numbers up to 8 of match that were free are out of sale.*start kiosk 1/s);
    expect(await operator('restore', backup, '1', '--data', site.data(1), '--nothing-since')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('holds data already'),
    });

    await site.start(1);
    expect(await sells(1, 'new')).toEqual([9]);
    expect((await show(1)).state.events[0]).toMatchObject({ sold: 6, remaining: 91, heldBack: 3 });
    // What was sold before the backup is still known, and answered the same.
    expect(await sells(1, 'a', 2)).toEqual([1, 2]);

    await Promise.all([2, 3].map((kiosk) => site.start(kiosk)));
    for (const kiosk of [2, 3])
      expect(await site.ask(1, { op: 'change', change: 'add', kiosk, timeoutMs: 60_000 })).toMatchObject({ ok: true });
    expect(await sells(3, 'three')).toEqual([10]);
    expect((await show(3)).state).toMatchObject({ members: [1, 2, 3], events: [{ sold: 7, heldBack: 3 }] });
    await expect
      .poll(async () => (await operator('audit', site.data(1), site.data(2), site.data(3))).status, { timeout: 60_000, interval: 1_000 })
      .toBe(0);

    // A disk of the old kiosk 2 turns up again: it is of the old generation, and counts for nothing.
    await site.end(2);
    await rm(site.data(2), { recursive: true });
    await rename(old, site.data(2));
    await site.start(2);
    await expect.poll(() => site.words(2) + site.words(1), POLL).toMatch(/generation 1 of the site|was in use, but|is a copy/);
    expect(await sells(1, 'on')).toEqual([11]);
  });

  it('goes on at one kiosk by recover, loudly and deliberately, holding back what the others may have sold', SLOW, async () => {
    await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
    await sells(3, 'a', 4);
    await expect.poll(async () => (await show(1)).state.events[0]!.sold, POLL).toBe(4);
    // Kiosk 1 is away while the two others sell the next tickets, and are then lost.
    await site.end(1);
    expect(await sells(2, 'unseen', 2)).toEqual([5, 6]);
    await Promise.all([2, 3].map((kiosk) => site.end(kiosk)));
    await site.start(1);
    expect((await site.client(1, ['buy', '1', '--id', 'refused', '--timeout', '3000'])).answers[0]).toMatchObject({
      ok: false,
      reason: 'no_majority',
    });
    expect((await site.client(1, ['recover', 'other'])).answers[0]).toMatchObject({ ok: false });
    expect((await site.client(1, ['recover', 'test', 'match=x'])).answers[0]).toMatchObject({ ok: false, reason: 'bad_request' });
    expect((await site.client(1, ['recover', 'test', 'match=6'])).answers[0]).toMatchObject({ ok: true, generation: 2 });
    expect(site.words(1)).toMatch(/RECOVERY: generation 2/);
    expect(await sells(1, 'new')).toEqual([7]);
    expect((await show(1)).state.events[0]).toMatchObject({ sold: 5, remaining: 93, heldBack: 2 });
    const text = await site.client(1, ['show'], { json: false });
    expect(text.stdout).toMatch(/recovery {2}generation 2 begins, members 1, match up to number 6 not sold again/);
    expect(await operator('audit', site.data(1))).toMatchObject({ status: 0 });
    // Kept over a restart.
    await site.end(1);
    await site.start(1);
    expect(await sells(1, 'again')).toEqual([8]);

    // Both lost ones turn up, and would be a majority of the old generation: they stop, say why, and what to do.
    await Promise.all([2, 3].map((kiosk) => site.start(kiosk)));
    for (const kiosk of [2, 3])
      await expect
        .poll(() => site.ask(kiosk, { op: 'status' }), POLL)
        .toMatchObject({
          role: 'faulty',
          problem: expect.stringMatching(
            /^kiosk 1 goes on with generation 2 .* end every kiosk of the older generation, then start each with --rejoin; if not, end kiosk 1, then start this one again$/,
          ),
        });
    expect(await buy(2, 'uncounted')).toMatchObject({ ok: false, reason: 'faulty', message: expect.stringContaining('--rejoin') });
    await Promise.all([2, 3].map((kiosk) => site.end(kiosk)));
    for (const kiosk of [2, 3]) {
      await site.start(kiosk, site.data(kiosk), ['--rejoin']);
      expect(await site.ask(1, { op: 'add_kiosk', kiosk, timeoutMs: 60_000 })).toMatchObject({ ok: true });
    }
    expect(await sells(3, 'joined')).toEqual([9]);
  });
});
