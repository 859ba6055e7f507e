import { X509Certificate } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSite, type SiteFile } from '../../shared/site';
import { createAuthority, createKioskCertificate } from './authority';
import { bundleFolder, checkBundle, findKiosk, loadBundle, loadSite, siteFileIn } from './load';
import { runSite } from './program';

let root: string;
/** A site of three kiosks that tests may read and copy, never change. */
let model: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-site-'));
  model = path.join(root, 'model');
  expect(await run('create', model, '--site', 'model', '--kiosks', '3')).toMatchObject({ status: 0 });
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  count += 1;
  folder = path.join(root, `site-${count}`);
});

async function run(...args: string[]): Promise<{ status: number; out: string; error: string }> {
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

async function copyOfModel(): Promise<string> {
  await cp(model, folder, { recursive: true });
  return folder;
}

async function readSite(of: string): Promise<SiteFile> {
  const loaded = await loadSite(siteFileIn(of));
  if (!loaded.ok) throw new Error(loaded.sentence);
  return loaded.value;
}

async function writeSite(of: string, change: (site: SiteFile) => unknown): Promise<void> {
  const site = await readSite(of);
  await writeFile(siteFileIn(of), JSON.stringify(change(site)));
}

describe('create', () => {
  it('makes site.json, the authority and a bundle per kiosk, with keys for their owner alone', async () => {
    const done = await run('create', folder, '--site', 'arena');
    expect(done).toMatchObject({ status: 0, error: '' });
    expect(done.out).toContain(`made site arena in ${folder}: 5 kiosks, members 1 2 3, events demo`);
    const site = await readSite(folder);
    expect(site).toMatchObject({ site: 'arena', currency: 'USD', members: [1, 2, 3] });
    expect(site.uid).toMatch(/^[a-f0-9]{24}$/);
    expect(site.kiosks.map(({ id, name, host, port }) => [id, name, host, port])).toEqual(
      [1, 2, 3, 4, 5].map((id) => [id, `Kiosk ${id}`, '127.0.0.1', 7400 + id]),
    );
    expect(site.events).toEqual([{ id: 'demo', name: 'demo', capacity: 100, categories: [{ id: 'adult', name: 'Adult', price: 1200 }] }]);
    expect((await readdir(folder)).sort()).toEqual(['authority', 'certificates', 'site.json', 'tickets.pub']);
    expect((await readdir(path.join(folder, 'certificates', 'kiosk-2'))).sort()).toEqual([
      'ca.crt',
      'kiosk.crt',
      'kiosk.key',
      'tickets.key',
    ]);
    const mode = async (...names: string[]) => ((await stat(path.join(folder, ...names))).mode & 0o777).toString(8);
    expect(await mode('site.json')).toBe('644');
    expect([await mode('authority', 'ca.key'), await mode('certificates', 'kiosk-2', 'kiosk.key')]).toEqual(['600', '600']);
    expect([await mode('authority'), await mode('certificates', 'kiosk-2')]).toEqual(['700', '700']);
    expect(await run('check', folder)).toMatchObject({ status: 0, out: expect.stringContaining('all is well (site.json and 5 bundles)') });
  });

  it('gives a site of before tickets were signed its key, and changes nothing else', async () => {
    await copyOfModel();
    const all = async (name: string) =>
      Promise.all([1, 2, 3].map((id) => readFile(path.join(folder, 'certificates', `kiosk-${id}`, name), 'utf8')));
    const before = [await readFile(siteFileIn(folder), 'utf8'), ...(await all('kiosk.key'))];
    await rm(path.join(folder, 'tickets.pub'));
    for (const place of ['authority', ...[1, 2, 3].map((id) => `certificates/kiosk-${id}`)])
      await rm(path.join(folder, place, 'tickets.key'));
    expect(await run('check', folder)).toMatchObject({ status: 1, error: expect.stringContaining('no key for tickets') });
    expect(await run('create', folder, '--site', 'other')).toMatchObject({ status: 1, error: expect.stringContaining('there is a site') });
    const done = await run('create', folder, '--site', 'model');
    expect(done).toMatchObject({
      status: 0,
      out: expect.stringContaining('was made before tickets were signed: it has a key for that now'),
    });
    expect([await readFile(siteFileIn(folder), 'utf8'), ...(await all('kiosk.key'))]).toEqual(before);
    expect(new Set(await all('tickets.key')).size).toBe(1);
    expect(await run('check', folder)).toMatchObject({ status: 0 });
    expect(await run('create', folder, '--site', 'model')).toMatchObject({ status: 1 });
    // A kiosk that is added later signs as the others do, and another site's key is found out.
    expect(await run('add', folder, '--kiosk', '4')).toMatchObject({ status: 0 });
    const bundle = path.join(folder, 'certificates', 'kiosk-4', 'tickets.key');
    expect(await readFile(bundle, 'utf8')).toBe((await all('tickets.key'))[0]);
    await cp(path.join(model, 'authority', 'tickets.key'), bundle);
    expect(await run('check', folder)).toMatchObject({ status: 1, error: expect.stringContaining('is not that of') });
  });

  it('takes every option', async () => {
    const options = [
      '--kiosks',
      '2',
      '--members',
      '1',
      '--host',
      'till.example',
      '--base-port',
      '9000',
      '--event',
      'a=5',
      '--event=b=7:250',
    ];
    expect(await run('create', '--site', 'arena', ...options, folder)).toMatchObject({ status: 0 });
    const site = await readSite(folder);
    expect(site.kiosks.map(({ host, port }) => `${host}:${port}`)).toEqual(['till.example:9000', 'till.example:9001']);
    expect(site.members).toEqual([1]);
    expect(site.events.map(({ id, capacity, categories }) => [id, capacity, categories[0]?.price])).toEqual([
      ['a', 5, 0],
      ['b', 7, 250],
    ]);
  });

  it.each([
    ['America/Los_Angeles', true],
    // Not on the list of names, and understood all the same.
    ['UTC', true],
    ['Asia/Kolkata', true],
    ['Europe/Atlantis', false],
  ])('%s is a time zone: %s', async (timeZone, known) => {
    const site = await readSite(model);
    expect(parseSite(JSON.stringify({ ...site, timeZone }))).toMatchObject(
      known ? { ok: true } : { ok: false, message: expect.stringContaining('is not a time zone that this machine knows') },
    );
  });

  it('takes the season of another site file, under its own certificates and uid', async () => {
    const example = path.resolve('examples/ucsb-soccer/site.json');
    const season = parseSite(await readFile(example, 'utf8'));
    if (!season.ok) throw new Error(season.message);
    expect(await run('create', folder, '--from', example)).toMatchObject({ status: 0 });
    const site = await readSite(folder);
    expect(site).toEqual({ ...season.site, uid: site.uid });
    expect(site.uid).not.toBe(season.site.uid);
    await rm(folder, { recursive: true });
    expect(await run('create', folder, '--from', example, '--site', 'mine', '--kiosks', '6', '--event', 'one=1')).toMatchObject({
      status: 0,
    });
    const mine = await readSite(folder);
    expect(mine).toMatchObject({ site: 'mine', place: season.site.place, events: [{ id: 'one' }] });
    expect(mine.kiosks.map(({ name }) => name)).toEqual([...season.site.kiosks.map(({ name }) => name), 'Kiosk 6']);
  });

  it('never writes over a site', async () => {
    await copyOfModel();
    const before = await readFile(siteFileIn(folder), 'utf8');
    expect(await run('create', folder, '--site', 'other')).toMatchObject({
      status: 1,
      error: expect.stringContaining('there is a site in'),
    });
    await rm(siteFileIn(folder));
    const authority = await readFile(path.join(folder, 'authority', 'ca.key'), 'utf8');
    expect(await run('create', folder, '--site', 'other')).toMatchObject({
      status: 1,
      error: expect.stringContaining('site.json is gone'),
    });
    expect(await readFile(path.join(folder, 'authority', 'ca.key'), 'utf8')).toBe(authority);
    expect(before).toBe(await readFile(siteFileIn(model), 'utf8'));
  });

  it('begins anew where a creation was cut short', async () => {
    await copyOfModel();
    await rm(siteFileIn(folder));
    await writeFile(path.join(folder, '.unfinished'), '');
    expect(await run('create', folder, '--site', 'arena', '--kiosks', '3')).toMatchObject({ status: 0 });
    expect(await run('check', folder)).toMatchObject({ status: 0 });
    expect((await readdir(folder)).sort()).toEqual(['authority', 'certificates', 'site.json', 'tickets.pub']);
  });

  it('says in words why it can not write', async () => {
    await writeFile(folder, 'a file, not a folder');
    const done = await run('create', path.join(folder, 'site'), '--site', 'arena');
    expect(done).toMatchObject({
      status: 1,
      error: expect.stringMatching(/can't be used \(ENOTDIR\): choose a folder that you may write in/),
    });
  });

  it.each([
    [['create'], "name the site's folder"],
    [['create', 'x', 'y', '--site', 'a'], 'takes one folder; what is "y"'],
    [['create', 'x'], '--site ID'],
    [['create', 'x', '--site', 'a/b'], '"a/b" does not'],
    [['create', 'x', '--site', 'a', '--kiosks', '0'], '--kiosks is a whole number from 1 to 255, not "0"'],
    [['create', 'x', '--site', 'a', '--kiosks', '1e2'], 'not "1e2"'],
    [['create', 'x', '--site', 'a', '--kiosks', '2', '--members', '3'], '--members is a whole number from 1 to 2, not "3"'],
    [['create', 'x', '--site', 'a', '--members', '7'], '--members 7 is more than the 5 kiosks'],
    [['create', 'x', '--site', 'a', '--host', 'a b'], '--host is a host name or an IP address, not "a b"'],
    [['create', 'x', '--site', 'a', '--base-port', '65533'], 'leaves no room for 5 kiosks'],
    [['create', 'x', '--site', 'a', '--base-port=-1'], '--base-port is a whole number from 1 to 65535, not "-1"'],
    [['create', 'x', '--site', 'a', '--event', 'match'], '--event is ID=CAPACITY or ID=CAPACITY:PRICE_CENTS'],
    [['create', 'x', '--site', 'a', '--event', 'm/x=5'], 'id: must be 1 to 64 of'],
    [['create', 'x', '--site', 'a', '--event', 'm=0'], 'the capacity is a whole number from 1 to 1000000'],
    [['create', 'x', '--site', 'a', '--event', 'm=5:99999999'], 'the price is a whole number of cents from 0 to 10000000'],
    [['create', 'x', '--site', 'a', '--event', 'm=5', '--event', 'm=6'], '--event m stands there twice'],
    [['create', 'x', '--site', 'a', '--colour', 'red'], "Unknown option '--colour'"],
    [['create', 'x', '--site'], '--site needs a value'],
    [['create', 'x', '--site', 'a', '--kiosks', '-3'], '--kiosks needs a value'],
    [['remove', 'x'], 'there is no command "remove"'],
    [['add', 'x'], 'say which kiosk: --kiosk ID'],
    [['add', 'x', '--kiosk', '256'], 'a whole number from 1 to 255'],
    [['add', 'x', '--kiosk', '6', '--port', '0'], '--port is a whole number from 1 to 65535, not "0"'],
    [['check', 'x', '--kiosk', '6'], "Unknown option '--kiosk'"],
    [['list'], "name the site's folder"],
  ])('refuses %j as bad use', async (args, words) => {
    expect(await run(...args)).toMatchObject({ status: 2, out: '', error: expect.stringContaining(words) });
  });

  it.each([[[]], [['--help']], [['create', '--help']], [['help']]])('%j is answered with the help', async (args) => {
    expect(await run(...args)).toMatchObject({ status: 0, error: '', out: expect.stringContaining('npm run site -- <command> <folder>') });
  });
});

describe('a folder that can not be', () => {
  it.skipIf(process.platform !== 'linux')('is refused in words, also where the system only says that there is nothing', async () => {
    for (const impossible of ['/proc/none', '/proc/none/deeper', '/dev/null/site'])
      expect(await run('create', impossible, '--site', 'arena')).toMatchObject({
        status: 1,
        error: expect.stringMatching(/can't be used \(E\w+\): choose a folder that you may write in/),
      });
    await copyOfModel();
    expect(await run('provision', folder, '--kiosk', '1', '--to', '/proc/none')).toMatchObject({
      status: 1,
      error: expect.stringContaining('/proc/none'),
    });
  });
});

describe('keys for tickets', () => {
  const keyOf = (place: string) => readFile(path.join(folder, place, 'tickets.key'), 'utf8');
  const good = async () => (await readFile(path.join(folder, 'tickets.pub'), 'utf8')).match(/BEGIN/g)?.length;

  it('are made anew for every kiosk; what the old ones signed stays good until they are dropped', async () => {
    await copyOfModel();
    const before = await keyOf('authority');
    const list = await readFile(path.join(folder, 'tickets.pub'), 'utf8');
    expect(await run('rotate', folder)).toMatchObject({ status: 0, out: expect.stringContaining('2 are good') });
    const after = await keyOf('authority');
    expect(after).not.toBe(before);
    for (const kiosk of [1, 2, 3]) expect(await keyOf(`certificates/kiosk-${kiosk}`)).toBe(after);
    expect((await stat(path.join(folder, 'certificates/kiosk-1/tickets.key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(path.join(folder, 'tickets.pub'), 'utf8')).endsWith(list)).toBe(true);
    expect(await run('check', folder)).toMatchObject({ status: 0 });
    expect(await run('add', folder, '--kiosk', '4')).toMatchObject({ status: 0 });
    expect(await keyOf('certificates/kiosk-4')).toBe(after);

    expect(await run('rotate', folder)).toMatchObject({ status: 0 });
    expect(await good()).toBe(3);
    expect(await run('drop-old-keys', folder)).toMatchObject({ status: 0 });
    expect(await good()).toBe(1);
    expect(await run('check', folder)).toMatchObject({ status: 0 });
    // Exports of before are signed with them.
    const dropped = await readFile(path.join(folder, 'tickets.old.pub'), 'utf8');
    expect(dropped.match(/BEGIN/g)).toHaveLength(2);
    expect(dropped.endsWith(list)).toBe(true);
    expect(await run('drop-old-keys', folder)).toMatchObject({ status: 0 });
    expect(await readFile(path.join(folder, 'tickets.old.pub'), 'utf8')).toBe(dropped);
  });

  it('are told to be old where a change of them was cut short; it is done by doing it again', async () => {
    await copyOfModel();
    const old = await keyOf('certificates/kiosk-2');
    await run('rotate', folder);
    await writeFile(path.join(folder, 'certificates/kiosk-2/tickets.key'), old, { mode: 0o600 });
    expect(await run('check', folder)).toMatchObject({ status: 1, error: expect.stringContaining('is an old one') });
    expect(await run('rotate', folder)).toMatchObject({ status: 0 });
    expect(await run('check', folder)).toMatchObject({ status: 0 });
  });

  it('are made where the authority is, and not without end', async () => {
    await copyOfModel();
    for (let count = 2; count <= 16; count += 1) expect(await run('rotate', folder)).toMatchObject({ status: 0 });
    expect(await run('rotate', folder)).toMatchObject({ status: 1, error: expect.stringContaining('drop-old-keys first') });
    await rm(path.join(folder, 'authority'), { recursive: true });
    for (const command of ['rotate', 'drop-old-keys'])
      expect(await run(command, folder)).toMatchObject({ status: 1, error: expect.stringContaining('authority is not in') });
    // The folder of a kiosk that has the new list, and not yet its new bundle.
    expect(await run('check', folder)).toMatchObject({ status: 0 });
  });
});

describe('add', () => {
  it('puts a kiosk into site.json and makes its bundle under the same authority', async () => {
    await copyOfModel();
    expect(await run('add', folder, '--kiosk', '6')).toMatchObject({
      status: 0,
      out: expect.stringContaining('kiosk 6 added at 127.0.0.1:7404'),
    });
    expect(await run('add', folder, '--kiosk', '4', '--host', 'gate.example', '--port', '9000')).toMatchObject({ status: 0 });
    const { kiosks, members } = await readSite(folder);
    expect(kiosks.map(({ id }) => id)).toEqual([1, 2, 3, 4, 6]);
    expect(members).toEqual([1, 2, 3]);
    expect(await run('check', folder)).toMatchObject({ status: 0, out: expect.stringContaining('5 bundles') });
    // Hosts differ now, so none can be guessed.
    expect(await run('add', folder, '--kiosk', '7')).toMatchObject({ status: 1, error: expect.stringContaining('say --host for kiosk 7') });
    expect(await run('add', folder, '--kiosk', '7', '--host', 'hall.example')).toMatchObject({
      status: 0,
      out: expect.stringContaining('hall.example:7401'),
    });
  });

  it('makes the bundle of a kiosk that is in the file already, and refuses one that is whole', async () => {
    await copyOfModel();
    expect(await run('add', folder, '--kiosk', '2')).toMatchObject({
      status: 1,
      error: expect.stringContaining('kiosk 2 is in the site file'),
    });
    await rm(bundleFolder(folder, 2), { recursive: true });
    expect(await run('add', folder, '--kiosk', '2', '--port', '9999')).toMatchObject({
      status: 1,
      error: expect.stringContaining('at 127.0.0.1:7402; change its address there first'),
    });
    expect(await run('add', folder, '--kiosk', '2')).toMatchObject({ status: 0 });
    expect(await loadBundle(folder, 2)).toMatchObject({ ok: true });
    expect((await readSite(folder)).kiosks).toHaveLength(3);
  });

  it('refuses an address that is taken, a missing authority and a missing site', async () => {
    await copyOfModel();
    expect(await run('add', folder, '--kiosk', '4', '--port', '7402')).toMatchObject({
      status: 1,
      error: expect.stringContaining('address 127.0.0.1:7402 appears twice'),
    });
    await rm(path.join(folder, 'authority'), { recursive: true });
    expect(await run('add', folder, '--kiosk', '4')).toMatchObject({
      status: 1,
      error: expect.stringContaining('certificates are made where the site was made'),
    });
    expect(await run('add', path.join(root, 'nowhere'), '--kiosk', '4')).toMatchObject({
      status: 1,
      error: expect.stringContaining('there is no site file'),
    });
  });
});

describe('check and list', () => {
  it('lists kiosks and events', async () => {
    const { out } = await run('list', model);
    expect(out).toMatch(/^site model \(uid [a-f0-9]+\), no place given, USD, America\/Los_Angeles\n/);
    expect(out).toContain('kiosk 1  Kiosk 1  127.0.0.1:7401  founding member\n');
    expect(out).toContain('event demo  demo  100 tickets: adult 12.00\n');
    expect(await run('list', folder)).toMatchObject({ status: 1, error: expect.stringContaining('there is no site file') });
  });

  it.each<[string, (of: string) => Promise<unknown>, RegExp]>([
    [
      'a missing bundle',
      (of) => rm(bundleFolder(of, 2), { recursive: true }),
      /kiosk 2 has no bundle: make it with `npm run site -- add .* --kiosk 2`/,
    ],
    ['half a bundle', (of) => rm(path.join(bundleFolder(of, 2), 'kiosk.crt')), /lacks kiosk\.crt/],
    [
      "another kiosk's bundle",
      async (of) => cp(bundleFolder(of, 1), bundleFolder(of, 2), { recursive: true }),
      /is that of kiosk-1, not of kiosk-2: each kiosk has its own bundle/,
    ],
    [
      "another kiosk's key",
      (of) => cp(path.join(bundleFolder(of, 1), 'kiosk.key'), path.join(bundleFolder(of, 2), 'kiosk.key')),
      /the key in .* does not belong to its certificate/,
    ],
    [
      'a key that is none',
      (of) => writeFile(path.join(bundleFolder(of, 2), 'kiosk.key'), 'x'),
      /kiosk\.key can't be read: it is no PEM key/,
    ],
    [
      'a certificate that is none',
      (of) => writeFile(path.join(bundleFolder(of, 2), 'kiosk.crt'), 'x'),
      /kiosk\.crt can't be read: it is no PEM certificate/,
    ],
    ['an open key', (of) => chmod(path.join(bundleFolder(of, 2), 'kiosk.key'), 0o644), /kiosk\.key can be read by others: chmod 600 it/],
    ['an authority without its key', (of) => rm(path.join(of, 'authority', 'ca.key')), /the authority in .* lacks ca\.key/],
    [
      'an authority of another key',
      (of) => cp(path.join(bundleFolder(of, 1), 'kiosk.key'), path.join(of, 'authority', 'ca.key')),
      /the authority's key in .* does not belong/,
    ],
    [
      'another uid',
      (of) => writeSite(of, (site) => ({ ...site, uid: 'another0' })),
      /of another site \(uid [a-f0-9]+\), not of this one \(uid another0\)/,
    ],
    ['a broken site file', (of) => writeFile(siteFileIn(of), '{"site": '), /site\.json is not right: not valid JSON/],
    [
      'a wrong value',
      (of) => writeSite(of, (site) => ({ ...site, events: [{ ...site.events[0], capacity: 0 }] })),
      /site\.json is not right: events\[0\]\.capacity: /,
    ],
  ])('finds %s', async (_what, spoil, words) => {
    await copyOfModel();
    await spoil(folder);
    expect(await run('check', folder)).toMatchObject({ status: 1, out: '', error: expect.stringMatching(words) });
  });

  it("an installed kiosk's folder holds its own bundle alone, and is well", async () => {
    await mkdir(path.join(folder, 'certificates'), { recursive: true });
    await cp(siteFileIn(model), siteFileIn(folder));
    expect(await run('check', folder)).toMatchObject({
      status: 1,
      error: expect.stringContaining("neither an authority nor any kiosk's bundle"),
    });
    await cp(bundleFolder(model, 2), bundleFolder(folder, 2), { recursive: true });
    expect(await run('check', folder)).toMatchObject({ status: 0, out: expect.stringContaining('site.json and 1 bundle)') });
  });
});

describe('what a kiosk loads at its start', () => {
  it('site and bundle', async () => {
    const site = await readSite(model);
    expect(findKiosk(site, 'site.json', 2)).toMatchObject({ ok: true, value: { id: 2, port: 7402 } });
    const bundle = await loadBundle(model, 2, site.uid);
    if (!bundle.ok) throw new Error(bundle.sentence);
    const certificate = new X509Certificate(bundle.value.cert);
    expect(certificate.subject).toBe('CN=kiosk-2');
    expect(certificate.subjectAltName).toBe('DNS:kiosk-2, IP Address:127.0.0.1');
    expect(certificate.ca).toBe(false);
    const years = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (365.25 * 24 * 3600 * 1000);
    expect(years).toBeCloseTo(801 / 365.25, 1);
  });

  it('a byte order mark does no harm', async () => {
    await copyOfModel();
    await writeFile(siteFileIn(folder), `\uFEFF${await readFile(siteFileIn(model), 'utf8')}`);
    expect(await loadSite(siteFileIn(folder))).toMatchObject({ ok: true });
  });

  it('refusals name the file and what to do', async () => {
    const sentence = async (loaded: Promise<{ ok: boolean; sentence?: string }>) => (await loaded).sentence ?? 'none';
    expect(await sentence(loadSite(path.join(root, 'none.json')))).toMatch(
      /there is no site file .*none\.json; make one with `npm run site -- create/,
    );
    expect(await sentence(loadSite(model))).toMatch(/is a folder; name the file in it/);
    expect(findKiosk(await readSite(model), 'f.json', 9)).toMatchObject({
      ok: false,
      sentence: 'kiosk 9 is not in the site file f.json; it names kiosks 1, 2, 3',
    });
    expect(await sentence(loadBundle(model, 9))).toMatch(
      /there is no key .*kiosk-9.*; make it with `npm run site -- add .* --kiosk 9`, or copy it/,
    );
    expect(await sentence(loadBundle(model, 2, 'another0'))).toMatch(/of another site/);
  });

  it('a certificate of another authority, or out of its time, is refused', async () => {
    const [own, other] = await Promise.all([createAuthority('a', 'uid00000'), createAuthority('a', 'uid00000')]);
    const bundle = { ...(await createKioskCertificate(own, 1, 'till.example')), ca: own.cert };
    const now = new Date();
    const inYears = (years: number) => new Date(now.getTime() + years * 366 * 24 * 3600 * 1000);
    expect(checkBundle('f', 1, bundle, now, 'uid00000')).toBeNull();
    expect(checkBundle('f', 1, { ...bundle, ca: other.cert }, now)).toMatch(/was not made by the authority in its ca\.crt/);
    expect(checkBundle('f', 1, bundle, inYears(11))).toMatch(/are good from .* to .*, and now is .*: set the clock/);
    expect(checkBundle('f', 1, bundle, inYears(-1))).toMatch(/set the clock/);
    expect(checkBundle('f', 1, bundle, inYears(2))).toBeNull();
    expect(new X509Certificate(bundle.cert).subjectAltName).toBe('DNS:kiosk-1, DNS:till.example');
  });
});

describe('the season of examples/', () => {
  it('holds a season that no till would refuse', async () => {
    const loaded = await loadSite(path.resolve('examples/ucsb-soccer/site.json'));
    if (!loaded.ok) throw new Error(loaded.sentence);
    const { kiosks, members, events } = loaded.value;
    expect([kiosks.length, members]).toEqual([5, [1, 2, 3]]);
    expect(events.length).toBeGreaterThanOrEqual(8);
    const starts = events.map((event) => Date.parse(event.starts ?? ''));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const { id, starts: begin } of events) expect(begin).toContain(id.slice(0, 'yyyy-mm-dd'.length));
  });

  it('more events than one message can carry are refused at once, not when the kiosks meet', async () => {
    await writeFile(
      folder,
      JSON.stringify({
        ...(await readSite(model)),
        events: Array.from({ length: 200 }, (_, event) => ({
          id: `event-${event}`,
          name: '\u5238'.repeat(120),
          capacity: 1,
          categories: Array.from({ length: 20 }, (__, category) => ({ id: `category-${category}`, name: '\u5238'.repeat(80), price: 0 })),
        })),
      }),
    );
    expect(await loadSite(folder)).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/events: take \d+ bytes, and at most 262144/),
    });
  });
});

describe('renew and revoke', () => {
  it('renew makes new certificates for one kiosk or all, which link with the old ones', async () => {
    const site = await copyOfModel();
    const before = await Promise.all([1, 2, 3].map((kiosk) => loadBundle(site, kiosk)));
    const one = await run('renew', site, '--kiosk', '2');
    expect(one).toMatchObject({ status: 0, error: '' });
    expect(one.out).toMatch(/^made new certificates for kiosk 2, good until 20\d\d-\d\d-\d\d; copy each new bundle/);
    const after = await Promise.all([1, 2, 3].map((kiosk) => loadBundle(site, kiosk)));
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    if (!before[1]!.ok || !after[1]!.ok) throw new Error('a bundle can not be loaded');
    expect(after[1]!.value.key).not.toBe(before[1]!.value.key);
    expect(after[1]!.value.ca).toBe(before[1]!.value.ca);
    expect((await stat(path.join(bundleFolder(site, 2), 'kiosk.key'))).mode & 0o777).toBe(0o600);
    expect((await run('renew', site)).out).toMatch(/^made new certificates for kiosks 1 2 3/);
    expect(await run('check', site)).toMatchObject({ status: 0 });
  });

  it('an authority that would end first is renewed under its own key: bundles of before stay good', async () => {
    const site = await copyOfModel();
    const { uid } = await readSite(site);
    const authority = await createAuthority('model', uid, 60);
    await writeFile(path.join(site, 'authority', 'ca.key'), authority.key);
    await writeFile(path.join(site, 'authority', 'ca.crt'), authority.cert);
    const old = { ...(await createKioskCertificate(authority, 1, '127.0.0.1')), ca: authority.cert };
    expect(await run('renew', site)).toMatchObject({ status: 0 });
    const ca = await readFile(path.join(site, 'authority', 'ca.crt'), 'utf8');
    expect(ca).not.toBe(authority.cert);
    const renewed = await loadBundle(site, 2, uid);
    if (!renewed.ok) throw new Error(renewed.sentence);
    expect(checkBundle('f', 1, { ...old, ca }, new Date(), uid)).toBeNull();
    expect(checkBundle('f', 2, { ...renewed.value, ca: authority.cert }, new Date(), uid)).toBeNull();
  });

  it('check tells what is about to expire, and what is revoked', async () => {
    const site = await copyOfModel();
    await run('renew', site, '--kiosk', '1', '--days', '30');
    const soon = await run('check', site);
    expect(soon.status).toBe(1);
    expect(soon.error).toMatch(
      /^the certificate in .*kiosk-1 expires on 20\d\d-\d\d-\d\d: make a new one with `npm run site -- renew .* --kiosk 1`\n$/,
    );
    const revoked = await run('revoke', site, '--kiosk', '1');
    expect(revoked).toMatchObject({ status: 0 });
    const serial = /\(([0-9A-F]+)\) is revoked; copy site.json to every kiosk/.exec(revoked.out)![1]!;
    expect((await readSite(site)).revoked).toEqual([serial]);
    expect((await run('check', site)).error).toMatch(/the certificate in .*kiosk-1 is revoked: make a new one/);
    expect(await run('revoke', site, '--kiosk', '1')).toMatchObject({ status: 1, error: expect.stringContaining('is revoked already') });
    await run('renew', site, '--kiosk', '1');
    expect(await run('check', site)).toMatchObject({ status: 0 });
  });

  it.each([
    [['renew'], "name the site's folder"],
    [['renew', 'f', '--kiosk', 'x'], 'say which kiosk'],
    [['renew', 'f', '--days', '0'], '--days is a whole number from 1 to 3650'],
    [['revoke', 'f'], 'say which kiosk'],
  ])('%j is bad use', async (args, words) => {
    expect(await run(...args)).toMatchObject({ status: 2, error: expect.stringContaining(words) });
  });
});
