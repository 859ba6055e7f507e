import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, ShowAnswer, StatusAnswer } from '../../shared/answers';
import { Processes } from './testing/processes';

/** Whom a running site lets in, and what of it others on the same machine can read. */

const POLL = { timeout: 40_000, interval: 100 };
const SLOW = { timeout: 120_000 };

let site: Processes;
beforeEach(async () => {
  site = await Processes.make(['match=1000:1200']);
});
afterEach(() => site.remove());

function buy(kiosk: number, id: string, timeoutMs = 5_000): Promise<Answer> {
  return site.ask(kiosk, { op: 'buy', items: [{ n: 1 }], id, timeoutMs });
}

async function status(kiosk: number): Promise<StatusAnswer> {
  return (await site.ask(kiosk, { op: 'status' })) as StatusAnswer;
}

async function open(): Promise<void> {
  await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
  for (const kiosk of [1, 2, 3]) await expect.poll(() => buy(kiosk, `open-${kiosk}`), POLL).toMatchObject({ ok: true });
}

function change(at: number, kind: 'add' | 'remove', kiosk: number): Promise<Answer> {
  return site.ask(at, { op: 'change', change: kind, kiosk, timeoutMs: 60_000 });
}

describe('a stolen kiosk', () => {
  it('is shut out by change remove with its valid certificate, its data or none, until it is added again by name', SLOW, async () => {
    await open();
    expect(await change(1, 'remove', 3)).toMatchObject({ ok: true, members: [1, 2] });
    // It is told on its link, which is then closed: it can neither sell nor listen.
    await expect.poll(() => status(1), POLL).toMatchObject({ connected: [2] });
    await expect.poll(() => status(3), POLL).toMatchObject({ role: 'removed', connected: [], majority: false });
    const known = (await status(3)).applied;
    expect(await buy(3, 'stolen')).toMatchObject({ ok: false, reason: 'no_majority' });
    expect(await buy(2, 'after')).toMatchObject({ ok: true });

    // Wiped, it is another incarnation of which no log speaks, and has its certificate still.
    await site.end(3);
    await rm(site.data(3), { recursive: true });
    await site.start(3);
    await expect
      .poll(() => site.words(1) + site.words(2), POLL)
      .toMatch(/kiosk 3 was removed from the site at slot \d+; add it again with add_kiosk 3/);
    await expect.poll(() => status(3), POLL).toMatchObject({ role: 'removed', connected: [], applied: 0 });
    expect(known).toBeGreaterThan(0);
    expect(await buy(3, 'wiped', 1_000)).toMatchObject({ ok: false, reason: 'no_majority' });

    expect(await change(2, 'add', 3)).toMatchObject({ ok: true, members: [1, 2, 3] });
    await expect.poll(() => buy(3, 'back'), POLL).toMatchObject({ ok: true });
    const show = (await site.ask(1, { op: 'show' })) as ShowAnswer;
    expect(show.state.events[0]!.sold).toBe(5);
  });

  it('is shut out by site revoke, in its own certificate alone: the one that is made next is let in', SLOW, async () => {
    await open();
    expect(await site.program('site', ['revoke', site.siteFolder, '--kiosk', '3'])).toMatchObject({ status: 0 });
    await expect.poll(() => status(1), POLL).toMatchObject({ connected: [2] });
    await expect.poll(() => site.words(1) + site.words(2), POLL).toMatch(/the certificate of kiosk-3 is revoked/);
    // The third may have been the one that led.
    await expect.poll(async () => (await status(1)).leader, POLL).toBeOneOf([1, 2]);
    expect(await buy(1, 'without-three')).toMatchObject({ ok: true });
    // The replacement, with the same number and data: it takes the new certificate without a restart.
    expect(await site.program('site', ['renew', site.siteFolder, '--kiosk', '3'])).toMatchObject({ status: 0 });
    await expect.poll(() => site.words(3), POLL).toMatch(/the certificate of kiosk 3 was renewed: it is good until 20\d\d-/);
    await expect.poll(() => buy(3, 'renewed'), POLL).toMatchObject({ ok: true });
  });
});

describe('others on the same machine', () => {
  it('can read nothing of the data folder, and can not use the socket', SLOW, async () => {
    // Whatever the umask of whoever starts it.
    const before = process.umask(0);
    await open().finally(() => process.umask(before));
    const readable: string[] = [];
    const look = async (folder: string): Promise<void> => {
      for (const name of await readdir(folder)) {
        const file = path.join(folder, name);
        const found = await lstat(file);
        if ((found.mode & 0o077) !== 0) readable.push(`${path.relative(site.folder, file)} ${(found.mode & 0o777).toString(8)}`);
        if (found.isDirectory()) await look(file);
      }
    };
    expect((await lstat(site.data(1))).mode & 0o777).toBe(0o700);
    await look(site.data(1));
    expect(readable).toEqual([]);
    expect((await lstat(path.join(site.data(1), 'client.sock'))).mode & 0o777).toBe(0o600);
  });
});
