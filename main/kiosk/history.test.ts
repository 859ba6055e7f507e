import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../shared/messages';
import { Archive, type ArchiveEntry } from '../storage';
import { chainHash, FIRST_HASH } from '../tickets';
import { Historian } from './historian';
import { History } from './history';

const BALLOT = { round: 1, priority: 0, kiosk: 1, incarnation: 'incarnation1' };
/** More than one file of the archive, and than one page of a message. */
const LENGTH = 10_000;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-histories-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Applied entries with the chain of hashes that they really have. */
function log(length: number, from = 1, before = FIRST_HASH): ArchiveEntry[] {
  let hash = before;
  return Array.from({ length }, (_, index) => {
    const slot = from + index;
    hash = chainHash(hash, slot, { kind: 'no-op' }, []);
    return { slot, ballot: BALLOT, value: { kind: 'no-op' }, results: [], hash };
  });
}

/** A kiosk's history, with whom it asks. */
class Keeper {
  readonly faults: Error[] = [];
  readonly words: string[] = [];
  readonly sent: Message[] = [];
  firstSlot = 0;
  now = 0;
  readonly historian: Historian;

  constructor(
    readonly folder: string,
    readonly archive: Archive,
    readonly history: History,
  ) {
    this.historian = new Historian(history, {
      now: () => this.now,
      send: (_to, message) => this.sent.push(message),
      source: () => 2,
      onFirstSlot: (slot) => {
        this.firstSlot = slot;
      },
      onFault: (error) => this.faults.push(error),
      log: (line) => this.words.push(line),
    });
  }

  /** @param base the snapshot that it stands on */
  static async open(name: string, base: { slot: number; hash: string } = { slot: 0, hash: '' }): Promise<Keeper> {
    const folder = path.join(root, name);
    const archive = await Archive.open(folder);
    const faults: Error[] = [];
    return new Keeper(folder, archive, new History(archive, base, (error) => faults.push(error)));
  }

  async add(entries: readonly ArchiveEntry[]): Promise<void> {
    for (const entry of entries) this.history.add(entry);
    await this.history.flush();
  }

  async files(): Promise<string[]> {
    return (await readdir(path.join(this.folder, 'archive'))).sort();
  }

  async damage(file: string): Promise<void> {
    const name = path.join(this.folder, 'archive', file);
    const bytes = await readFile(name);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(name, bytes);
  }
}

/** Hands messages to and fro until nobody has any more to say. */
async function exchange(asker: Keeper, giver: Keeper): Promise<number> {
  let pages = 0;
  asker.now += 10_000;
  asker.historian.review();
  for (;;) {
    await new Promise(setImmediate);
    const asked = asker.sent.shift();
    if (asked === undefined) return pages;
    giver.historian.onMessage(1, asked);
    await expect.poll(() => giver.sent.length + giver.words.length).toBeGreaterThan(0);
    const page = giver.sent.shift();
    if (page === undefined) return pages;
    pages += 1;
    const before = asker.firstSlot;
    asker.historian.onMessage(2, page);
    await expect.poll(() => asker.firstSlot !== before || asker.faults.length > 0).toBe(true);
  }
}

describe('the history that a kiosk lacks (rule 12)', () => {
  it('comes page by page, from the newest back to slot 1', async () => {
    const entries = log(LENGTH);
    const giver = await Keeper.open('giver');
    await giver.add(entries);
    const base = entries[LENGTH - 101]!;
    const asker = await Keeper.open('asker', base);
    expect(asker.history.wanted()).toEqual({ t: 'history-request', to: base.slot });
    await asker.add(entries.slice(LENGTH - 100));
    expect(asker.history.firstSlot).toBe(LENGTH - 99);
    expect(await exchange(asker, giver)).toBeGreaterThan(3);
    expect(asker.firstSlot).toBe(1);
    expect(asker.history.wanted()).toBeNull();
    expect((await asker.history.range(1, LENGTH)).map(({ slot }) => slot)).toEqual(entries.map(({ slot }) => slot));
    await Promise.all([asker.archive.close(), giver.archive.close()]);
  });

  it('is taken only if the chain of hashes leads up to what is here', async () => {
    const entries = log(200);
    const giver = await Keeper.open('giver');
    await giver.add(entries);
    const asker = await Keeper.open('asker', entries[149]!);
    const page = (await giver.history.page(150))!;
    const first = page.entries[0] as ArchiveEntry;
    const forged = [
      { ...page, entries: [{ ...first, value: { kind: 'version', version: 2 } }, ...page.entries.slice(1)] },
      { ...page, entries: log(150, 1, 'f'.repeat(64)), before: 'f'.repeat(64) },
      { ...page, entries: page.entries.slice(0, -1) },
      { ...page, entries: page.entries.filter((_, index) => index !== 7) },
      { ...page, entries: [] },
      { ...page, entries: ['nonsense'] },
      { ...page, before: 'a'.repeat(64) },
      {
        ...page,
        entries: page.entries.map((entry, index) => (index === 7 ? { ...(entry as ArchiveEntry), hash: 'b'.repeat(64) } : entry)),
      },
    ];
    for (const wrong of forged) expect(await asker.history.take(wrong)).toBe(false);
    expect(asker.history.firstSlot).toBe(151);
    expect(await asker.history.take(page)).toBe(true);
    expect(asker.history.firstSlot).toBe(1);
    await Promise.all([asker.archive.close(), giver.archive.close()]);
  });

  it('a damaged or lost file is found as it is read, put aside and fetched again; what is shown has no gap', async () => {
    const entries = log(LENGTH);
    const giver = await Keeper.open('giver');
    const keeper = await Keeper.open('keeper');
    for (const each of [giver, keeper]) await each.add(entries);
    const [first = '', second = ''] = await keeper.files();
    await keeper.damage(second);
    const shown = await keeper.history.range(1, LENGTH);
    expect(shown[0]!.slot).toBe(keeper.history.firstSlot);
    expect(shown.map(({ slot }) => slot)).toEqual(Array.from({ length: shown.length }, (_, index) => shown[0]!.slot + index));
    expect(await keeper.files()).toContain(`${second}.damaged`);
    await exchange(keeper, giver);
    expect(keeper.firstSlot).toBe(1);
    await rm(path.join(keeper.folder, 'archive', first));
    expect(await keeper.history.range(1, 3)).toEqual([]);
    await exchange(keeper, giver);
    expect((await keeper.history.range(1, LENGTH)).map(({ slot }) => slot)).toEqual(entries.map(({ slot }) => slot));
    expect([...keeper.faults, ...giver.faults]).toEqual([]);
    await Promise.all([keeper.archive.close(), giver.archive.close()]);
  });

  it('that can not be read is not given, and costs no vote; that can not be written does', async () => {
    const entries = log(200);
    const giver = await Keeper.open('giver');
    await giver.add(entries);
    const asker = await Keeper.open('asker', entries[149]!);
    Object.assign(giver.archive, { readBack: () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' })) });
    expect(await exchange(asker, giver)).toBe(0);
    expect(giver.words).toEqual(['history up to slot 150 can not be read for kiosk 1: too many open files']);
    expect(giver.faults).toEqual([]);
    Object.assign(giver.archive, { readBack: Archive.prototype.readBack });
    giver.words.length = 0;
    await rm(path.join(asker.folder, 'archive'), { recursive: true });
    await exchange(asker, giver);
    expect(asker.faults.map(({ message }) => message)).toEqual([expect.stringContaining('write the history in')]);
    await Promise.all([asker.archive.close(), giver.archive.close()]);
  });
});
