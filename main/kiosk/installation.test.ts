import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSite } from '../site/create';
import { installationFile } from '../site/folders';
import { writeProvisioning } from '../site/provisioning';
import { findUnattended, installUnattended, kioskOf, readInstallation } from './installation';

let folder: string;
let provisioning: string;
let code: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-installation-'));
  const events = [{ id: 'match', name: 'Match', capacity: 10, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }];
  const site = path.join(folder, 'site');
  await createSite({ folder: site, site: 'gate', kiosks: 2, members: 1, host: '127.0.0.1', basePort: 7401, events, from: null });
  const written = await writeProvisioning(site, folder, 2);
  if (!written.ok) throw new Error(written.sentence);
  provisioning = written.value[0]!.file;
  code = path.join(folder, 'code');
  await writeFile(code, `${written.value[0]!.code}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a machine that is set up without a question', () => {
  it('becomes the kiosk of the file, and knows it at the next start', async () => {
    const home = path.join(folder, 'home');
    const order = path.join(folder, 'unattended.json');
    await writeFile(
      order,
      JSON.stringify({ provisioning: path.basename(provisioning), codeFile: 'code', language: 'de', startAtLogin: false }),
    );
    expect(await readInstallation(home)).toEqual({ ok: true, value: null });
    const found = await findUnattended(['--lang=en'], order);
    if (!found.ok || found.value === null) throw new Error('no order found');
    const installed = await installUnattended(found.value, home);
    const expected = { version: 1, site: 'gate', kiosk: 2, kioskMode: true, startAtLogin: false, language: 'de' } as const;
    expect(installed).toEqual({ ok: true, value: expected });
    expect(await readInstallation(home)).toEqual({ ok: true, value: expected });
    expect(kioskOf(expected, home)).toEqual({ kiosk: 2, sitePath: path.join(home, 'gate', 'site.json') });
    expect((await stat(installationFile(home))).mode & 0o777).toBe(0o600);
    // The code is nowhere in what was set up.
    expect(await readFile(installationFile(home), 'utf8')).not.toContain('code');
  });

  it('takes its order from the command line first, and needs both files', async () => {
    const found = await findUnattended([`--provision=${provisioning}`, '--code-file', code, '--kiosk-mode'], path.join(folder, 'none'));
    expect(found).toMatchObject({ ok: true, value: { provisioning, codeFile: code, choices: { kioskMode: true, startAtLogin: false } } });
    expect(await findUnattended(['--provision', provisioning])).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('belong together'),
    });
    expect(await findUnattended([], path.join(folder, 'none'))).toEqual({ ok: true, value: null });
  });

  it('says what is wrong with the files, and changes nothing', async () => {
    const home = path.join(folder, 'untouched');
    const choices = { kioskMode: false, startAtLogin: false, language: null };
    const wrong = path.join(folder, 'wrong');
    await writeFile(wrong, 'AAAAA-AAAAA-AAAAA-AAAAA');
    const tried = async (source: { provisioning: string; codeFile: string }) => {
      const result = await installUnattended({ ...source, choices }, home);
      return result.ok ? 'installed' : result.sentence;
    };
    expect(await tried({ provisioning, codeFile: wrong })).toContain('does not open');
    expect(await tried({ provisioning: path.join(folder, 'none'), codeFile: code })).toContain('there is no provisioning file');
    expect(await tried({ provisioning, codeFile: path.join(folder, 'none') })).toContain('with the code');
    expect(await tried({ provisioning: code, codeFile: code })).toContain('no provisioning file');
    // A program that was packed for another site.
    const resources = path.join(folder, 'resources');
    const events = [{ id: 'match', name: 'Match', capacity: 10, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }];
    const other = {
      folder: path.join(resources, 'site'),
      site: 'other',
      kiosks: 1,
      members: 1,
      host: '127.0.0.1',
      basePort: 7401,
      events,
      from: null,
    };
    await createSite(other);
    const packed = await installUnattended({ provisioning, codeFile: code, choices }, home, resources);
    expect(packed).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/for the site gate, and this program was packed for other/),
    });
    expect(await readInstallation(home)).toEqual({ ok: true, value: null });
    const order = path.join(folder, 'bad.json');
    for (const text of ['', '{}', '{"provisioning":"x"}', '{"provisioning":"x","codeFile":"y","root":true}']) {
      await writeFile(order, text);
      expect((await findUnattended([], order)).ok).toBe(false);
    }
  });
});
