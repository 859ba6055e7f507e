import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../shared/answers';
import type { PrinterState, PrinterView } from '../../../shared/printing';
import type { KioskService } from '../../../shared/service';
import type { SiteFile } from '../../../shared/site';
import { skipBecause } from '../../../shared/testing/skip';
import { startEndpoint } from '../../client/endpoint';
import { PrivateMounts } from '../../kiosk/testing/mounts';
import { freePorts } from '../../kiosk/testing/ports';
import { createKioskCertificate } from '../../site/authority';
import { readAuthority } from '../../site/create';
import { bundleFolder, loadBundle, loadSite, siteFileIn } from '../../site/load';
import { runSite } from '../../site/program';
import { checkRuntime } from './checks';
import { examine, runDoctor } from './doctor';
import { checkFonts, hasLetter } from './fonts';
import { checkPrinter } from './network';

let root: string;
let folder: string;
let data: string;
let site: SiteFile;
const closers: (() => unknown)[] = [];
const SILENT = { out: () => undefined, error: () => undefined };

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-doctor-'));
  folder = path.join(root, 'site');
  data = path.join(root, 'data');
  expect(await runSite(['create', folder, '--site', 'test', '--kiosks', '3'], SILENT)).toBe(0);
  const ports = await freePorts(3);
  site = JSON.parse(await readFile(siteFileIn(folder), 'utf8')) as SiteFile;
  site = { ...site, kiosks: site.kiosks.map((kiosk, index) => ({ ...kiosk, port: ports[index]! })) };
  await writeFile(siteFileIn(folder), JSON.stringify(site));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await rm(root, { recursive: true, force: true });
});

/** Another kiosk, as far as a doctor sees it. @param date what its clock says */
async function peer(kiosk: number, as = kiosk, date: string | null = null): Promise<void> {
  const bundle = await loadBundle(folder, as);
  if (!bundle.ok) throw new Error(bundle.sentence);
  const server = https.createServer({ ...bundle.value, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
    if (date !== null) response.setHeader('date', date);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(site.kiosks[kiosk - 1]!.port, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
}

async function find(name: string) {
  const found = (await examine(1, siteFileIn(folder), data)).filter((check) => check.name === name);
  expect(found.length, name).toBeGreaterThan(0);
  return found[0]!;
}

describe('the doctor', () => {
  it('finds all well where it is, and leaves no trace', async () => {
    await mkdir(data, { mode: 0o700 });
    await Promise.all([peer(2), peer(3)]);
    const checks = await examine(1, siteFileIn(folder), data);
    expect(checks.filter(({ state }) => state === 'bad')).toEqual([]);
    for (const name of [
      'runtime',
      'site file',
      'certificate',
      'data folder',
      'disk space',
      'disk speed',
      'kiosk',
      'port',
      'kiosk 2',
      'clock of kiosk 3',
      'printer',
    ])
      expect(checks.map((check) => check.name)).toContain(name);
    expect(checks.find(({ name }) => name === 'clock of kiosk 2')).toMatchObject({ state: 'good', what: 'agrees with this one' });
    expect(await readdir(data)).toEqual([]);
    for (const { state, remedy } of checks) expect(remedy === null).toBe(state === 'good');
  });

  it('finds a clock that is wrong, another kiosk at an address, and one that is away', async () => {
    await Promise.all([peer(2, 2, new Date(Date.now() - 3_600_000).toUTCString()), peer(3, 2)]);
    expect(await find('clock of kiosk 2')).toMatchObject({
      state: 'bad',
      what: expect.stringMatching(/^3(599|600|601) s apart/),
      remedy: expect.stringContaining('NTP'),
    });
    expect(await find('kiosk 3')).toMatchObject({
      state: 'bad',
      what: expect.stringContaining('answers kiosk-2'),
      remedy: expect.stringContaining('change address 3'),
    });
    await closers.splice(0).reduce((before, close) => before.then(() => void close()), Promise.resolve());
    expect(await find('kiosk 2')).toMatchObject({
      state: 'warning',
      what: expect.stringContaining('nothing listens'),
      remedy: expect.stringContaining('start kiosk 2'),
    });
  });

  it('finds what is wrong with certificate, keys and data folder', async () => {
    await runSite(['renew', folder, '--kiosk', '1', '--days', '10'], SILENT);
    expect(await find('certificate')).toMatchObject({
      state: 'warning',
      what: expect.stringMatching(/^it ends on 20/),
      remedy: expect.stringContaining('renew'),
    });
    await runSite(['revoke', folder, '--kiosk', '1'], SILENT);
    expect(await find('certificate')).toMatchObject({ state: 'bad', what: expect.stringContaining('revoked') });
    await chmod(path.join(bundleFolder(folder, 1), 'kiosk.key'), 0o644);
    expect(await find('keys')).toMatchObject({ state: 'bad', remedy: expect.stringContaining('chmod 600') });
    await chmod(path.join(bundleFolder(folder, 1), 'kiosk.key'), 0o600);
    await rm(path.join(folder, 'tickets.pub'));
    expect(await find('keys')).toMatchObject({ state: 'warning', what: expect.stringMatching(/tickets\.pub; copy it from where/) });
    const authority = await readAuthority(folder);
    if (!authority.ok) throw new Error(authority.sentence);
    const expired = await createKioskCertificate(authority.value, 1, '127.0.0.1', -1);
    await writeFile(path.join(bundleFolder(folder, 1), 'kiosk.key'), expired.key);
    await writeFile(path.join(bundleFolder(folder, 1), 'kiosk.crt'), expired.cert);
    expect(await find('certificate')).toMatchObject({
      state: 'bad',
      what: expect.stringContaining('set the clock, or renew them'),
      remedy: expect.stringMatching(/^if this machine's clock is right: a new bundle, .* renew <folder> --kiosk 1/),
    });
    await rm(path.join(bundleFolder(folder, 1), 'kiosk.crt'));
    expect(await find('certificate')).toMatchObject({ state: 'bad', what: expect.stringContaining('there is no certificate') });
    await mkdir(data, { mode: 0o755 });
    expect(await find('data folder')).toMatchObject({ state: 'warning', remedy: expect.stringContaining('chmod 700') });
    await chmod(data, 0o700);
    await writeFile(path.join(data, 'journal.exists'), JSON.stringify({ kiosk: 2, uid: site.uid }));
    expect(await find('data folder')).toMatchObject({ state: 'bad', what: expect.stringContaining('belongs to kiosk 2') });
  });

  it('finds a port that is taken by another program, and asks the kiosk if it runs', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(site.kiosks[0]!.port, '127.0.0.1', resolve));
    closers.push(() => server.close());
    expect(await find('port')).toMatchObject({ state: 'bad', what: expect.stringContaining('in use by another program') });
    expect(await find('kiosk')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('start it: npm run kiosk -- 1, or Quorum Kiosk from the menu'),
    });
    await mkdir(data, { mode: 0o700 });
    const status = {
      ok: true,
      op: 'status',
      role: 'candidate',
      majority: false,
      connected: [],
      members: [1, 2, 3],
      problem: null,
      notSelling: 'kiosk 2 goes on with generation 2; start each with --rejoin',
      version: '0',
    };
    const endpoint = await startEndpoint(data, { execute: () => Promise.resolve(status as unknown as Answer) } as unknown as KioskService);
    closers.push(() => endpoint.close());
    expect(await find('port')).toMatchObject({ state: 'good' });
    expect(await find('kiosk')).toMatchObject({
      state: 'bad',
      what: expect.stringContaining('linked with nobody of the members 1, 2, 3'),
      remedy: expect.stringContaining('start each with --rejoin'),
    });
  });

  it('tells a disk that can only be read, and a name that nobody knows, from a wrong user and a wrong port', async (context) => {
    const name = 'nowhere.invalid';
    await writeFile(
      siteFileIn(folder),
      JSON.stringify({ ...site, kiosks: site.kiosks.map((one) => (one.id === 1 ? { ...one, host: name } : one)) }),
    );
    expect(await find('port')).toMatchObject({ state: 'bad', remedy: expect.stringContaining("correct this kiosk's host") });
    const mounts = await PrivateMounts.open();
    if (typeof mounts === 'string') skipBecause(context, mounts);
    closers.push(() => mounts.close());
    await mkdir(data);
    await mounts.run('mount -t tmpfs -o ro,mode=0700 none $1', data);
    data = mounts.seen(data);
    expect(await find('data folder')).toMatchObject({
      state: 'bad',
      what: expect.stringContaining('can only be read'),
      remedy: expect.stringContaining('check the disk'),
    });
  });

  it('names letters of the site file that no font of the machine has: they would be boxes', async () => {
    const loaded = await loadSite(siteFileIn(folder));
    if (!loaded.ok) throw new Error(loaded.sentence);
    const [event, ...events] = loaded.value.events;
    const named = {
      ...loaded.value,
      place: 'Malmö',
      events: [{ ...event!, name: '漢字 Ночь かな', categories: event!.categories }, ...events],
    };
    const asked: string[] = [];
    const has = (missing: string) => async (letter: string) => {
      asked.push(letter);
      return !missing.includes(letter);
    };
    expect(await checkFonts(named, has('漢かな'), 'linux')).toEqual([
      {
        name: 'fonts',
        state: 'warning',
        what: expect.stringContaining('has 漢 か な: they are boxes'),
        remedy: expect.stringContaining('fonts-noto-cjk'),
      },
    ]);
    expect(asked).toEqual(['漢', '字', 'か', 'な']);
    expect(await checkFonts(named, has(''), 'linux')).toMatchObject([{ name: 'fonts', state: 'good' }]);
    // A system that can't be asked, or that needs no asking, is not guessed at.
    expect(await checkFonts(named, async () => null, 'linux')).toEqual([]);
    expect(await checkFonts(named, has('漢'), 'win32')).toEqual([]);
  });

  it('asks the system itself for a letter', async (context) => {
    if ((await hasLetter('A')) === null) return skipBecause(context, 'this machine has no fc-list');
    expect(await hasLetter('A')).toBe(true);
    // Of a private area: no font says that it has it.
    expect(await hasLetter('\u{10fffd}')).toBe(false);
  });

  it('asks for printers as the kiosk does: one that is ready is enough', async () => {
    const printer = (name: string, state: PrinterState) => ({ name, label: `The ${name}`, isDefault: false, state, detail: null });
    const found = (...printers: readonly PrinterView[]) => checkPrinter({ printers: async () => printers });
    expect(await found(printer('box', 'ready'))).toEqual([{ name: 'printer', state: 'good', what: 'The box', remedy: null }]);
    expect(await found(printer('box', 'stopped'))).toMatchObject([
      { state: 'bad', what: 'The box: stopped', remedy: expect.stringContaining('cupsenable box') },
    ]);
    expect(await found(printer('box', 'out_of_paper'), printer('office', 'ready'))).toMatchObject([
      { state: 'warning', what: 'The box: out of paper', remedy: expect.stringContaining('put paper in') },
      { state: 'good' },
    ]);
    expect(await found(printer('box', 'unreachable'))).toMatchObject([{ state: 'bad', remedy: expect.stringContaining('switched on') }]);
    expect(await found()).toMatchObject([{ state: 'warning', what: expect.stringContaining('no printer is set up') }]);
    expect(await checkPrinter({ printers: async () => null })).toMatchObject([
      { state: 'warning', what: expect.stringContaining('no printing system'), remedy: expect.stringContaining('systemctl start cups') },
    ]);
  });

  it('is a program with text, JSON and an exit status', async () => {
    const run = async (...args: string[]) => {
      let out = '';
      let error = '';
      const status = await runDoctor(args, { out: (text) => (out += text), error: (text) => (error += text) });
      return { status, out, error };
    };
    const args = ['1', '--site', siteFileIn(folder), '--data', data];
    expect(await run(...args)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\[ ok \] runtime: Node .*\n.*\[WARN\] kiosk 2: nothing listens .*\n {7}-> start kiosk 2/s),
    });
    expect(JSON.parse((await run(...args, '--json')).out)[0]).toMatchObject({ name: 'runtime' });
    expect(await run('7', '--site', siteFileIn(folder))).toMatchObject({ status: 1, out: expect.stringContaining('[BAD ] site file') });
    expect(await run('1', '--site', path.join(root, 'none.json'))).toMatchObject({ status: 1 });
    expect(await run()).toMatchObject({ status: 2 });
    expect(checkRuntime('18.1.0')).toMatchObject({ state: 'bad' });
    expect(checkRuntime('20.18.0')).toMatchObject({ state: 'good' });
  });
});
