import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../shared/hash';
import { type ArchiveEntry, readArchive } from '../storage';
import { chainHash, FIRST_HASH, type Tickets } from '../tickets';
import { audit, reportText, runAudit } from './audit';
import { writeExport } from './exportFile';
import { openSource, type Source } from './source';
import { folderOf, sold, UID } from './testing/sold';

const KEYS = generateKeyPairSync('ed25519');
const SITE = { uid: UID, publicKeys: [KEYS.publicKey], droppedKeys: [] };
const LAST = 60;

let root: string;
let entries: readonly ArchiveEntry[];
let tickets: Tickets;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-audit-'));
  ({ entries, tickets } = sold(LAST));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function source(given: string): Promise<Source> {
  const opened = await openSource(given);
  if (typeof opened === 'string') throw new Error(opened);
  return opened;
}

/** An entry changed, and with `rehash` every hash after it made anew, as one who knows the program would. */
function forge(change: (entry: ArchiveEntry) => ArchiveEntry, slot: number, rehash: boolean): ArchiveEntry[] {
  let hash = FIRST_HASH;
  return entries.map((original) => {
    const entry = original.slot === slot ? change(original) : original;
    if (rehash) hash = chainHash(hash, entry.slot, entry.value, entry.results);
    return rehash ? { ...entry, hash } : entry;
  });
}

function cheaper(entry: ArchiveEntry): ArchiveEntry {
  return JSON.parse(JSON.stringify(entry).replace(/"total":\d+/, '"total":1')) as ArchiveEntry;
}

/** Another clerk stands there: no result depends on it. */
function blamed(entry: ArchiveEntry): ArchiveEntry {
  return JSON.parse(JSON.stringify(entry).replace('"operator"', '"somebody"')) as ArchiveEntry;
}

async function auditFolder(forged: readonly ArchiveEntry[], snapshot: Tickets | null = null) {
  const folder = path.join(root, `data-${(await readdir(root)).length}`);
  await folderOf(folder, forged, snapshot);
  return (await audit([await source(folder)], null))[0]!;
}

async function exported(file: string, key: typeof KEYS.privateKey | null = KEYS.privateKey): Promise<string> {
  const target = path.join(root, file);
  async function* all() {
    yield* entries;
  }
  expect(await writeExport(target, { site: 'one', uid: UID, kiosk: 1, version: '0.1.0', at: 1 }, all(), key)).toMatchObject({ ok: true });
  return target;
}

describe('the audit of a data folder', () => {
  it('proves what was sold and adds it up anew', async () => {
    const result = await auditFolder(entries, tickets);
    expect(result).toMatchObject({ finding: null, problems: [], signature: 'none' });
    // Worked out by hand from the values: two tickets a sale, adults in even slots, every seventh slot gives back the sale of two slots before.
    let taken = 0;
    let back = 0;
    let sales = 0;
    const priced = (slot: number) => 2 * (slot % 2 === 0 ? 1200 : 500);
    const isSale = (slot: number) => slot > 1 && slot % 10 !== 0 && slot % 7 !== 0;
    for (let slot = 1; slot <= LAST; slot += 1) {
      if (isSale(slot)) {
        sales += 1;
        taken += priced(slot);
      } else if (slot % 7 === 0 && slot % 10 !== 0 && isSale(slot - 2)) back += priced(slot - 2);
    }
    expect(result.totals).toMatchObject({ slots: LAST, hash: tickets.hash, sales, taken, givenBack: back });
    const [event] = result.totals.events;
    expect(event!.sold).toBe(2 * sales - result.totals.returned);
    expect(event!.sold + event!.remaining).toBe(500);
    expect(reportText(result)).toMatch(/proved: slots 1 to 60, generation 1, hash [0-9a-f]{64}\n.*ALL IS AS IT WAS SOLD/s);
  });

  it.each([2, 3, 33, LAST])('shows slot %i where its result was changed', async (slot) => {
    const target =
      entries.find((entry) => entry.slot >= slot && JSON.stringify(entry).includes('"total"'))?.slot ??
      entries.findLast((entry) => JSON.stringify(entry).includes('"total"'))!.slot;
    const result = await auditFolder(forge(cheaper, target, false));
    expect(result.finding).toMatchObject({ slot: target, what: expect.stringMatching(/^the chain of hashes breaks here/) });
    expect(result.totals.slots).toBe(target - 1);
    const text = reportText(result);
    expect(text).toMatch(new RegExp(`FIRST ENTRY THAT IS NOT AS IT WAS: slot ${target}: `));
    expect(text).toContain('THIS HISTORY IS NOT PROVED');
  });

  it('shows an entry whose hashes were all made anew, where the rules give another result', async () => {
    const result = await auditFolder(forge(cheaper, 33, true));
    expect(result.finding).toMatchObject({
      slot: 33,
      what: expect.stringMatching(/not those that the rules give: command 1 says .*"total":1.*should say .*"total":1000/),
    });
  });

  it('a rewriting that breaks no rule is found by the snapshot, by another kiosk, and by a signed export', async () => {
    const forged = forge(blamed, 33, true);
    expect(canonicalJson(forged[32])).not.toBe(canonicalJson(entries[32]));
    expect(await auditFolder(forged)).toMatchObject({ finding: null, problems: [] });
    expect((await auditFolder(forged, tickets)).problems).toEqual([
      expect.stringMatching(/the snapshot there was taken of .*rewritten, hashes and all/),
    ]);
    await folderOf(path.join(root, 'a'), forged);
    await folderOf(path.join(root, 'b'), entries);
    const [first, second] = await audit([await source(path.join(root, 'a')), await source(path.join(root, 'b'))], null);
    // Which of the two is not known: neither is proved.
    for (const [result, other] of [
      [first!, 'b'],
      [second!, 'a'],
    ] as const) {
      const what = expect.stringMatching(new RegExp(`^it parts here from .*${other}, which holds: 33 .*One of the two was rewritten`));
      expect(result).toMatchObject({ finding: { slot: 33, what }, totals: { slots: LAST } });
      expect(reportText(result)).toMatch(/what follows counts all of it.*THIS HISTORY IS NOT PROVED/s);
    }
    const file = await exported('season.export');
    const [folder, signed] = await audit([await source(path.join(root, 'a')), await source(file)], SITE);
    expect(signed).toMatchObject({ finding: { slot: 33 }, signature: 'checked' });
    expect(folder).toMatchObject({ finding: { slot: 33 }, signature: 'none', totals: { slots: LAST } });
  });

  it('shows the very first entry, and results that are too few or too many', async () => {
    const renamed = (entry: ArchiveEntry) => JSON.parse(JSON.stringify(entry).replace('"Match"', '"Mitch"')) as ArchiveEntry;
    expect(await auditFolder(forge(renamed, 1, false))).toMatchObject({ finding: { slot: 1 }, totals: { slots: 0 } });
    const none = (entry: ArchiveEntry) => ({ ...entry, results: [] });
    const twice = (entry: ArchiveEntry) => ({ ...entry, results: [...entry.results, ...entry.results] });
    for (const change of [none, twice])
      expect(await auditFolder(forge(change, 33, true))).toMatchObject({
        finding: { slot: 33, what: expect.stringContaining('not those that the rules give') },
      });
  });

  it('tells of entries at the end that were taken away', async () => {
    expect((await auditFolder(entries.slice(0, LAST - 5), tickets)).problems).toEqual([
      expect.stringMatching(/it ends at slot 55, and a snapshot was taken of slot 60: what was between is missing/),
    ]);
    await folderOf(path.join(root, 'whole'), entries);
    await folderOf(path.join(root, 'cut'), entries.slice(0, LAST - 5));
    const [whole, cut] = await audit([await source(path.join(root, 'whole')), await source(path.join(root, 'cut'))], null);
    expect(reportText(whole!)).not.toContain('goes on');
    expect(reportText(cut!)).toMatch(/whole goes on for 5 slots more/);
  });

  it('an entry that is left out, doubled or no entry at all is shown', async () => {
    const file = path.join(root, 'x.export');
    const tampered: readonly [unknown[], RegExp][] = [
      [entries.filter(({ slot }) => slot !== 20), /slot 21 stands where slot 20 belongs/],
      [entries.flatMap((entry) => (entry.slot === 20 ? [entry, entry] : [entry])), /slot 20 stands where slot 21 belongs/],
      [entries.map((entry) => (entry.slot === 20 ? 'sold' : entry)), /this is no entry of a log/],
    ];
    for (const [list, words] of tampered) {
      const lines = gunzipSync(await readFile(await exported('good.export')))
        .toString()
        .trim()
        .split('\n');
      await writeFile(file, gzipSync([lines[0], ...list.map((item) => JSON.stringify(item)), lines.at(-1)].join('\n')));
      expect((await audit([await source(file)], SITE))[0]!.finding!.what).toMatch(words);
    }
  });

  it('shows the slot of a line that was changed by hand, in the file that is being written too; a torn end is none', async () => {
    const folder = path.join(root, 'data');
    await folderOf(folder, entries);
    const [name] = await readdir(path.join(folder, 'archive'));
    expect(name).toMatch(/-open\.db$/);
    const file = path.join(folder, 'archive', name!);
    const text = await readFile(file, 'latin1');
    const lines = text.split('\n');
    for (const slot of [1, 2, 33, LAST]) {
      const edited = lines.map((line, index) => (index === slot - 1 ? line.replace(/"round":1/, '"round":2') : line));
      expect(edited).not.toEqual(lines);
      await writeFile(file, edited.join('\n'), 'latin1');
      const [result] = await audit([await source(folder)], null);
      expect(result).toMatchObject({ problems: [expect.stringContaining(`was changed at slot ${slot}:`)], totals: { slots: slot - 1 } });
    }
    await writeFile(file, text.slice(0, -40), 'latin1');
    expect((await audit([await source(folder)], null))[0]).toMatchObject({ problems: [], totals: { slots: LAST - 1 } });
  });

  it('a damaged file is told, and so is history that is not here yet', async () => {
    const folder = path.join(root, 'data');
    await folderOf(folder, entries);
    const [name] = await readdir(path.join(folder, 'archive'));
    const file = path.join(folder, 'archive', name!);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    // As a kiosk leaves it when it is started again: sealed under its slots.
    await rm(file);
    await writeFile(path.join(folder, 'archive', `${'1'.padStart(12, '0')}-${String(LAST).padStart(12, '0')}.db`), bytes);
    expect((await audit([await source(folder)], null))[0]!.problems).toEqual([
      expect.stringMatching(/the file .* is damaged or was changed at slot 3\d: a running kiosk fetches it anew/),
    ]);
    const late = path.join(root, 'late');
    await folderOf(late, entries.slice(30));
    expect((await audit([await source(late)], null))[0]!.problems).toEqual([
      expect.stringMatching(/the history up to slot 30 is not all here yet/),
    ]);
  });
});

describe('an export', () => {
  it('signed by the site is proved; every byte of it counts', { timeout: 60_000 }, async () => {
    const file = await exported('season.export');
    expect((await audit([await source(file)], SITE))[0]).toMatchObject({
      finding: null,
      problems: [],
      signature: 'checked',
      totals: { slots: LAST },
    });
    const text = gunzipSync(await readFile(file)).toString();
    const other = path.join(root, 'other.export');
    for (let at = 0; at < text.length; at += 997) {
      const letter = text[at] === '1' ? '2' : '1';
      await writeFile(other, gzipSync(text.slice(0, at) + letter + text.slice(at + 1)));
      const opened = await openSource(other);
      if (typeof opened === 'string') continue;
      const [result] = await audit([opened], SITE);
      expect(result!.finding !== null || result!.problems.length > 0, `byte ${at} (${text.slice(at - 10, at + 10)})`).toBe(true);
    }
  });

  it('without a key, by another key, of another site, or unchecked, is not proved', async () => {
    const problems = async (file: string, site: typeof SITE | null) => (await audit([await source(file)], site))[0]!.problems;
    const file = await exported('season.export');
    expect(await problems(file, null)).toEqual([expect.stringContaining('its signature is not checked: say --site FILE')]);
    expect(await problems(await exported('plain.export', null), SITE)).toEqual([expect.stringContaining('it is not signed')]);
    const foreign = generateKeyPairSync('ed25519');
    expect(await problems(file, { ...SITE, publicKeys: [foreign.publicKey] })).toEqual([expect.stringContaining('not by this site')]);
    const [old] = await audit([await source(file)], { ...SITE, publicKeys: [foreign.publicKey], droppedKeys: [KEYS.publicKey] });
    expect(old).toMatchObject({ problems: [], signature: 'checked_old' });
    expect(reportText(old!)).toContain('with a key that was dropped since');
    expect(await problems(file, { ...SITE, uid: 'uid11111' })).toEqual([
      expect.stringContaining('it belongs to another site (uid uid00000)'),
    ]);
  });

  it('that is cut short anywhere, or no export, is told', async () => {
    const file = await exported('season.export');
    const bytes = await readFile(file);
    const cut = path.join(root, 'cut.export');
    for (const length of [0, 1, 20, bytes.length >> 1, bytes.length - 1]) {
      await writeFile(cut, bytes.subarray(0, length));
      const opened = await openSource(cut);
      if (typeof opened === 'string') expect(opened).toMatch(/is no export of a site/);
      else expect((await audit([opened], SITE))[0]!.problems[0]).toMatch(/cut short/);
    }
    await writeFile(cut, gzipSync('hello\n'));
    expect(await openSource(cut)).toMatch(/is no export of a site/);
  });
});

describe('what an export says of itself', () => {
  it('is signed for its site, its length and its end, in words that stay as they are', async () => {
    const lines = gunzipSync(await readFile(await exported('good.export')))
      .toString()
      .trim()
      .split('\n');
    const file = path.join(root, 'said.export');
    const problems = async (change: { uid?: string; slots?: number; hash?: string }) => {
      const digest = createHash('sha256')
        .update(
          lines
            .slice(0, -1)
            .map((line) => `${line}\n`)
            .join(''),
        )
        .digest('hex');
      const { uid, slots, hash } = { uid: UID, slots: LAST, hash: tickets.hash, ...change };
      const signature = sign(null, Buffer.from(`quorum-kiosk export 1\0${uid}\0${slots}\0${hash}\0${digest}`), KEYS.privateKey);
      const tail = JSON.stringify({ slots, hash, digest, signature: signature.toString('base64') });
      await writeFile(file, gzipSync([...lines.slice(0, -1), tail].join('\n')));
      return (await audit([await source(file)], SITE))[0]!.problems;
    };
    expect(await problems({})).toEqual([]);
    expect(await problems({ slots: LAST + 1 })).toEqual([expect.stringContaining(`says that it ends at slot ${LAST + 1}`)]);
    expect(await problems({ hash: 'f'.repeat(64) })).toEqual([expect.stringContaining('with hash ffff')]);
    expect(await problems({ uid: 'uid11111' })).toEqual([expect.stringContaining('not by this site')]);
  });

  it('is never written of what is not proved', async () => {
    const before = await readFile(await exported('season.export'));
    async function* forged() {
      yield* forge(cheaper, 33, true);
    }
    const file = path.join(root, 'season.export');
    const head = { site: 'one', uid: UID, kiosk: 1, version: '0.1.0', at: 1 };
    expect(await writeExport(file, head, forged(), KEYS.privateKey)).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/^slot 33: /),
    });
    expect(await readFile(file)).toEqual(before);
    expect(await readdir(root)).toEqual(['season.export']);
  });
});

describe('npm run audit', () => {
  async function run(...args: string[]) {
    let out = '';
    let error = '';
    const status = await runAudit(args, { out: (text) => (out += text), error: (text) => (error += text) });
    return { status, out, error };
  }

  it('answers in text and in JSON, with its exit status', async () => {
    const folder = path.join(root, 'data');
    await folderOf(folder, entries);
    expect(await run(folder)).toMatchObject({ status: 0, out: expect.stringContaining('ALL IS AS IT WAS SOLD') });
    expect(JSON.parse((await run(folder, '--json')).out)).toMatchObject({ finding: null, totals: { slots: LAST } });
    const forged = path.join(root, 'forged');
    await folderOf(forged, forge(cheaper, 33, false));
    expect(await run(forged)).toMatchObject({ status: 1, out: expect.stringMatching(/slot 33.*\n {4}33 {2}1\.0\.1 .*buy 2 match/) });
    const rewritten = path.join(root, 'rewritten');
    await folderOf(rewritten, forge(blamed, 33, true), tickets);
    expect(await run(rewritten)).toMatchObject({ status: 1, out: expect.stringMatching(/NOT PROVED: .*THIS HISTORY IS NOT PROVED/s) });
    expect(await run()).toMatchObject({ status: 2 });
    expect(await run(path.join(root, 'nothing'))).toMatchObject({
      status: 2,
      error: expect.stringContaining('there is nothing to read at'),
    });
    expect(await run(root)).toMatchObject({ status: 2, error: expect.stringContaining("is no kiosk's data folder") });
    expect(await run('--fast')).toMatchObject({ status: 2 });
  });

  it('reads a folder and leaves it as it was', async () => {
    const folder = path.join(root, 'data');
    await folderOf(folder, entries, tickets);
    const look = async () => {
      const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      return Promise.all(
        names.map(async ({ name, parentPath }) => `${name} ${(await readFile(path.join(parentPath, name))).toString('base64')}`),
      );
    };
    const before = await look();
    expect((await run(folder)).status).toBe(0);
    expect(await look()).toEqual(before);
    let count = 0;
    for await (const _ of readArchive(folder)) count += 1;
    expect(count).toBe(LAST);
  });
});
