import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZERO_BALLOT } from '../../shared/ballot';
import { siteFileIn } from '../site/load';
import { runSite } from '../site/program';
import { Store } from '../storage';
import { runAudit } from './audit';
import { runBackup } from './backup';
import { runRestore } from './restore';
import { folderOf, sold, UID } from './testing/sold';

const LAST = 60;

let root: string;
let site: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-backup-'));
  const folder = path.join(root, 'site');
  await said(runSite, 'create', folder, '--site', 'one', '--kiosks', '1');
  site = siteFileIn(folder);
  await writeFile(site, JSON.stringify({ ...JSON.parse(await readFile(site, 'utf8')), uid: UID }));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function said(program: typeof runBackup, ...args: readonly string[]) {
  let out = '';
  let error = '';
  const status = await program(args, { out: (text) => (out += text), error: (text) => (error += text) });
  return { status, out, error };
}

function backup(data: string, file: string) {
  return said(runBackup, '1', file, '--site', site, '--data', data);
}

describe('a backup', () => {
  it('of a data folder is whole, signed, for its owner alone, and proved', async () => {
    const { entries, tickets } = sold(LAST);
    const data = path.join(root, 'data');
    await folderOf(data, entries, tickets);
    const file = path.join(root, 'season.backup');
    expect(await backup(data, file)).toMatchObject({
      status: 0,
      out: expect.stringContaining(`slots 1 to ${LAST}, hash ${tickets.hash}`),
      error: expect.stringMatching(/^it is not sealed/),
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await said(runAudit, file, '--site', site)).toMatchObject({ status: 0, out: expect.stringContaining('signed by the site') });
  });

  it('of a folder that is another site’s, or no kiosk’s, is not written; nothing is restored into one that is in use', async () => {
    const { entries } = sold(LAST);
    const data = path.join(root, 'data');
    await folderOf(data, entries);
    const file = path.join(root, 'season.backup');
    expect(await said(runRestore, data, '1', '--site', site, '--data', data, '--nothing-since')).toMatchObject({
      status: 1,
      error: expect.stringContaining('holds data already'),
    });
    expect(await backup(path.join(root, 'nowhere'), file)).toMatchObject({
      status: 1,
      error: expect.stringContaining("is no kiosk's data folder"),
    });
    await writeFile(site, JSON.stringify({ ...JSON.parse(await readFile(site, 'utf8')), uid: `${UID}x` }));
    expect(await backup(data, file)).toMatchObject({
      status: 1,
      error: expect.stringContaining('belongs to kiosk 1 of the site with uid'),
    });
    expect((await readdir(root)).sort()).toEqual(['data', 'site']);
  });

  it('makes a kiosk that has promised a ballot above all that are in the log: the first one of its own is higher still', async () => {
    const { entries } = sold(LAST);
    const data = path.join(root, 'data');
    const later = { round: 41, priority: 9, kiosk: 9, incarnation: 'ffffffffffffffff' };
    await folderOf(
      data,
      entries.map((entry) => (entry.slot === 30 ? { ...entry, ballot: later } : entry)),
    );
    const restored = path.join(root, 'restored');
    expect(await said(runRestore, data, '1', '--site', site, '--data', restored, '--nothing-since')).toMatchObject({ status: 0 });
    const store = await Store.open({ folder: restored, kiosk: 1, uid: UID });
    const { snapshot, promised, records } = store.takeRestored();
    await store.close();
    expect(promised).toEqual(ZERO_BALLOT);
    expect(records).toMatchObject([{ t: 'promise', ballot: { round: 42, kiosk: 1, incarnation: store.incarnation } }]);
    expect(snapshot).toMatchObject({ slot: LAST + 1 });
  });

  it('makes no site before the operator has said, of each event with tickets left, what was sold since', async () => {
    const { entries } = sold(LAST);
    const data = path.join(root, 'data');
    await folderOf(data, entries);
    const restored = path.join(root, 'restored');
    const asked = await said(runRestore, data, '1', '--site', site, '--data', restored);
    expect(asked).toMatchObject({ status: 1, error: expect.stringContaining('would be sold AGAIN') });
    const events = [...asked.error.matchAll(/--sold-up-to (\S+?)=/g)].map(([, event]) => event!);
    expect(events.length).toBeGreaterThan(0);
    expect(await said(runRestore, data, '1', '--site', site, '--data', restored, '--sold-up-to', 'nothing=1')).toMatchObject({
      status: 1,
      error: expect.stringContaining('there is no event "nothing"'),
    });
    expect((await readdir(root)).sort()).toEqual(['data', 'site']);
    const all = events.flatMap((event) => ['--sold-up-to', `${event}=1`]);
    expect(await said(runRestore, data, '1', '--site', site, '--data', restored, ...all)).toMatchObject({ status: 0 });
  });

  it.each([
    ['has lost its end', (slot: number) => slot <= 50, /ends at slot 50, and a snapshot was taken of slot 60/],
    ['has lost its beginning', (slot: number) => slot > 10, /history up to slot 10 is still on its way/],
  ])('of a history that %s is not written', async (_what, kept, words) => {
    const { entries, tickets } = sold(LAST);
    const data = path.join(root, 'data');
    await folderOf(
      data,
      entries.filter(({ slot }) => kept(slot)),
      tickets,
    );
    expect(await backup(data, path.join(root, 'season.backup'))).toMatchObject({
      status: 1,
      error: expect.stringMatching(words),
    });
    // Nor is a site made of it.
    const restored = await said(runRestore, data, '1', '--site', site, '--data', path.join(root, 'restored'), '--nothing-since');
    expect(restored).toMatchObject({ status: 1, error: expect.stringContaining('nothing was restored: only what is proved is') });
    expect((await readdir(root)).sort()).toEqual(['data', 'site']);
  });
});
