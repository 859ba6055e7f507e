import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle, loadSite } from './load';
import { runSite } from './program';
import {
  gatherProvisioning,
  installProvisioning,
  openProvisioning,
  type Provisioning,
  readProvisioningHeader,
  sealProvisioning,
} from './provisioning';
import { newCode } from './seal';
import { loadTicketKey, loadTicketPublicKeys } from './ticketKeys';

let folder: string;
let site: string;
let contents: Provisioning;
let code: string;
let sealed: string;

/** Every file below a folder, as text. */
async function texts(below: string): Promise<string[]> {
  const files = (await readdir(below, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')));
}

async function run(...args: readonly string[]): Promise<{ status: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const status = await runSite(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { status, out, error };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-provisioning-'));
  site = path.join(folder, 'site');
  expect((await run('create', site, '--site', 'stadium', '--kiosks', '3')).status).toBe(0);
  const gathered = await gatherProvisioning(site, 2);
  if (!gathered.ok) throw new Error(gathered.sentence);
  contents = gathered.value;
  code = newCode();
  sealed = await sealProvisioning(contents, code);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a provisioning file', () => {
  it('says whose it is to anybody, and the rest to who has the code', async () => {
    expect(readProvisioningHeader(sealed)).toMatchObject({ ok: true, value: { site: 'stadium', kiosk: 2, name: 'Kiosk 2' } });
    expect(sealed).not.toContain('PRIVATE');
    expect(await openProvisioning(sealed, code)).toEqual({ ok: true, value: contents });
    expect(await openProvisioning(sealed, newCode())).toMatchObject({ ok: false, sentence: expect.stringContaining('does not open') });
  });

  it('takes a code as people type it', async () => {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect((await openProvisioning(sealed, typed)).ok).toBe(true);
  });

  it('is refused whatever of it was changed', { timeout: 120_000 }, async () => {
    const envelope = JSON.parse(sealed) as Record<string, unknown>;
    const flip = (text: string) => (text.startsWith('0') ? '1' : '0') + text.slice(1);
    const changes: Record<string, unknown> = {
      kiosk: 3,
      site: 'arena',
      uid: flip(String(envelope.uid)),
      name: 'North gate',
      cost: 16,
      salt: flip(String(envelope.salt)),
      iv: flip(String(envelope.iv)),
      tag: flip(String(envelope.tag)),
      sealed: `${String(envelope.sealed).startsWith('A') ? 'B' : 'A'}${String(envelope.sealed).slice(1)}`,
      version: 2,
      more: true,
    };
    for (const [name, value] of Object.entries(changes))
      expect((await openProvisioning(JSON.stringify({ ...envelope, [name]: value }), code)).ok, name).toBe(false);
    for (const text of ['', '{}', 'null', sealed.slice(0, -20), '[1]', 'x'.repeat(5_000_000)])
      expect((await openProvisioning(text, code)).ok).toBe(false);
  });

  it('is refused where what is in it does not belong together', async () => {
    const third = await gatherProvisioning(site, 3);
    if (!third.ok) throw new Error(third.sentence);
    const tried = async (changed: Partial<Provisioning>) => {
      const opened = await openProvisioning(await sealProvisioning({ ...contents, ...changed }, code), code);
      return opened.ok ? 'opened' : opened.sentence;
    };
    expect(await tried({})).toBe('opened');
    expect(await tried({ bundle: third.value.bundle })).toMatch(/is that of kiosk-3, not of kiosk-2/);
    const kiosks = contents.site.kiosks.filter(({ id }) => id !== 2);
    expect(await tried({ site: { ...contents.site, kiosks, members: [1, 3] } })).toContain('contradicts itself');
    expect(await tried({ site: { ...contents.site, uid: 'another0' } })).toContain('of another site');
  });

  it("holds this kiosk's own bundle, never the authority's key or another kiosk's", async () => {
    const all = JSON.stringify(contents);
    const secrets = async (of: string) => (await texts(of)).filter((text) => text.includes('PRIVATE'));
    const mine = await secrets(path.join(site, 'certificates/kiosk-2'));
    for (const key of mine) expect(all).toContain(JSON.stringify(key).slice(1, -1));
    const others = [
      await readFile(path.join(site, 'authority/ca.key'), 'utf8'),
      await readFile(path.join(site, 'certificates/kiosk-1/kiosk.key'), 'utf8'),
      await readFile(path.join(site, 'certificates/kiosk-3/kiosk.key'), 'utf8'),
    ];
    for (const key of others) expect(all).not.toContain(JSON.stringify(key).slice(1, -1));
  });

  it('makes a folder that a kiosk starts from, keys for their owner alone, and replaces the same site only', async () => {
    const home = path.join(folder, 'home');
    const installed = await installProvisioning(contents, home);
    expect(installed).toEqual({ ok: true, value: path.join(home, 'site.json') });
    expect((await loadSite(path.join(home, 'site.json'))).ok).toBe(true);
    expect((await loadBundle(home, 2, contents.site.uid)).ok).toBe(true);
    expect((await loadTicketKey(home, 2, contents.site.uid)).ok).toBe(true);
    expect((await loadTicketPublicKeys(home)).ok).toBe(true);
    for (const key of ['kiosk.key', 'tickets.key'])
      expect((await stat(path.join(home, 'certificates/kiosk-2', key))).mode & 0o777, key).toBe(0o600);
    expect((await stat(path.join(home, 'certificates/kiosk-2'))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.join(home, 'certificates'))).toEqual(['kiosk-2']);
    expect((await installProvisioning(contents, home)).ok).toBe(true);
    const other = { ...contents, site: { ...contents.site, uid: 'another0' } };
    expect(await installProvisioning(other, home)).toMatchObject({ ok: false, sentence: expect.stringContaining('another site') });
  });
});

describe('npm run site -- provision', () => {
  it('makes a file per kiosk and tells its code, once', async () => {
    const target = path.join(folder, 'sticks');
    const { status, out } = await run('provision', site, '--to', target);
    expect(status).toBe(0);
    expect((await readdir(target)).sort()).toEqual(['stadium-kiosk-1.provision', 'stadium-kiosk-2.provision', 'stadium-kiosk-3.provision']);
    for (const id of [1, 2, 3]) {
      const line = new RegExp(`^kiosk ${id} .* code (\\S+)$`, 'm').exec(out);
      const file = path.join(target, `stadium-kiosk-${id}.provision`);
      const text = await readFile(file, 'utf8');
      expect(await openProvisioning(text, line![1]!)).toMatchObject({ ok: true, value: { kiosk: id } });
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(text).not.toContain(line![1]!);
    }
  });

  it('makes one, and refuses in words', async () => {
    const target = path.join(folder, 'one');
    expect((await run('provision', site, '--kiosk', '3', '--to', target)).status).toBe(0);
    expect(await readdir(target)).toEqual(['stadium-kiosk-3.provision']);
    expect(await run('provision', site, '--kiosk', '9')).toMatchObject({ status: 1, error: expect.stringContaining('kiosk 9 is not in') });
    expect(await run('provision', path.join(folder, 'none'))).toMatchObject({ status: 1 });
    await writeFile(path.join(folder, 'file'), '');
    expect(await run('provision', site, '--to', path.join(folder, 'file'))).toMatchObject({ status: 1 });
  });
});
