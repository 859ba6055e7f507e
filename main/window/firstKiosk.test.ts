import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findKnown } from './firstKiosk';

let home: string;
let site: string;
const SITE = { site: 'match', kiosks: [{ id: 1, name: 'North gate' }] };

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'qk-first-'));
  site = path.join(home, 'match', 'site.json');
  await mkdir(path.dirname(site));
  vi.stubEnv('QUORUM_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const write = (file: string, value: unknown) => writeFile(file, `\uFEFF${JSON.stringify(value)}`);

describe('the kiosk that a window is opened for', () => {
  it('is the one that the words name, with its own folder or the one they name', async () => {
    await write(site, SITE);
    const folder = path.join(home, 'match', 'kiosk-1');
    expect(findKnown(['1', '--site', site], false)).toEqual({ kiosk: 1, folder, title: 'Kiosk 1 · North gate · match', locked: false });
    expect(findKnown(['1', '--site', site, '--data', '/srv/k1'], false)?.folder).toBe('/srv/k1');
  });

  it('is the one that this machine was set up as, where that may be meant', async () => {
    await write(site, SITE);
    await write(path.join(home, 'installed.json'), { site: 'match', kiosk: 1, kioskMode: true });
    expect(findKnown([], true)).toMatchObject({ kiosk: 1, locked: true });
    expect(findKnown([], false)).toBeNull();
    // An order to set it up anew is looked at with care.
    expect(findKnown(['--provision', 'a.kiosk', '--code-file', 'a.txt'], true)).toBeNull();
  });

  it.each([
    ['no site file', undefined],
    ['a site that could name another folder', { ...SITE, site: '../match' }],
    ['a site without this kiosk', { ...SITE, kiosks: [{ id: 2, name: 'South' }] }],
    ['kiosks that are none', { ...SITE, kiosks: 'all' }],
    ['a kiosk without a name', { ...SITE, kiosks: [{ id: 1 }] }],
    ['no object', 7],
  ])('is left to whoever reads it all: %s', async (_what, value) => {
    if (value !== undefined) await write(site, value);
    expect(findKnown(['1', '--site', site], false)).toBeNull();
  });

  it('is left so where the words are wrong, or what was installed is', async () => {
    await write(site, SITE);
    expect(findKnown(['0', '--site', site], true)).toBeNull();
    for (const wrong of [{ site: 'match', kiosk: 300 }, { site: '..', kiosk: 1 }, { kiosk: 1 }]) {
      await write(path.join(home, 'installed.json'), wrong);
      expect(findKnown([], true)).toBeNull();
    }
  });
});
