import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalRecord } from '../../shared/journal';
import type { Snapshot, SnapshotPart } from '../../shared/snapshot';
import { type ArchiveEntry, Store, type StoreOptions } from './index';

let root: string;
let options: StoreOptions;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-history-'));
  options = { folder: path.join(root, 'kiosk-1'), kiosk: 1, uid: 'uid00000' };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const BALLOT = { round: 7, priority: 0, kiosk: 1, incarnation: 'incarnation1' };
const HASH = 'a'.repeat(64);

function accept(slot: number): JournalRecord {
  return { t: 'accept', slot, ballot: BALLOT, chosen: slot - 1, value: { kind: 'no-op' } };
}

function part(text: string): SnapshotPart {
  return { kind: 'sales', bytes: Buffer.from(text) };
}

function snapshot(slot: number, ...parts: SnapshotPart[]): Snapshot {
  return { slot, hash: HASH, parts };
}

function texts(of: Snapshot | null): string[] | undefined {
  return of?.parts.map(({ bytes }) => Buffer.from(bytes).toString());
}

function entry(slot: number, padding = ''): ArchiveEntry {
  return { slot, ballot: BALLOT, value: { kind: 'no-op' }, results: [], hash: `${padding}hash of ${slot}` };
}

function entries(from: number, to: number, padding = ''): ArchiveEntry[] {
  return Array.from({ length: to - from + 1 }, (_, index) => entry(from + index, padding));
}

async function files(folder: string): Promise<string[]> {
  return (await readdir(path.join(options.folder, folder))).sort();
}

async function journals(): Promise<string[]> {
  return (await readdir(options.folder)).filter((name) => name.endsWith('.db')).sort();
}

async function reopen(): Promise<Store> {
  return Store.open(options);
}

describe('what was applied before a crash', () => {
  it('is told of as chosen, though nothing was accepted after it; what the journal lacks or holds otherwise is not', async () => {
    const other: JournalRecord = { ...accept(4), value: { kind: 'version', version: 2 } } as JournalRecord;
    const store = await reopen();
    await store.append([accept(1), accept(2), accept(3)]);
    await store.archive.append(entries(1, 3));
    await store.close();
    const again = await reopen();
    // The journal itself knows of slots 1 and 2.
    const last = { t: 'learn', slot: 3, ballot: BALLOT, value: { kind: 'no-op' } };
    expect(again.takeRestored().records).toEqual([accept(1), accept(2), accept(3), last]);
    // Another value was chosen there, and this kiosk did not get to writing that down.
    await again.append([other, accept(5)].map((record) => ({ ...record, chosen: 2 }) as JournalRecord));
    await again.archive.append(entries(4, 6));
    await again.close();
    const third = await reopen();
    expect(third.takeRestored().records.slice(5)).toEqual([last]);
    await third.close();
  });
});

describe('snapshots on disk (rule 12)', () => {
  it('come back whole, and a part that did not change is not written again', async () => {
    const store = await reopen();
    const old = part('never changed');
    await store.saveSnapshot(snapshot(5, part('head 5'), old));
    const before = await files('snapshot');
    await store.saveSnapshot(snapshot(9, part('head 9'), old));
    const after = await files('snapshot');
    expect(after.filter((name) => before.includes(name))).toHaveLength(1);
    expect(after).toHaveLength(3);
    await store.close();
    const again = await reopen();
    const { snapshot: loaded } = again.takeRestored();
    expect(loaded?.slot).toBe(9);
    expect(texts(loaded)).toEqual(['head 9', 'never changed']);
    await again.saveSnapshot(snapshot(12, part('head 12'), loaded!.parts[1]!));
    expect((await files('snapshot')).filter((name) => before.includes(name))).toHaveLength(1);
    await again.close();
  });

  it('cut short while written: the old one, never a mixture (S16)', async () => {
    const store = await reopen();
    await store.saveSnapshot(snapshot(5, part('five')));
    await store.close();
    const folder = path.join(options.folder, 'snapshot');
    const [manifest = ''] = (await files('snapshot')).filter((name) => name.startsWith('manifest'));
    const bytes = await readFile(path.join(folder, manifest));
    await writeFile(path.join(folder, 'part-000000000008-00000.bin'), 'half of a part');
    for (const length of [0, 10, bytes.length - 20]) {
      await writeFile(path.join(folder, 'manifest-000000000008.db'), bytes.subarray(0, length));
      const again = await reopen();
      expect(texts(again.takeRestored().snapshot)).toEqual(['five']);
      await again.close();
      expect(await files('snapshot')).toHaveLength(2);
    }
  });

  it('damaged: the kiosk joins anew (rule 8)', async () => {
    const store = await reopen();
    await store.append([accept(1)]);
    await store.saveSnapshot(snapshot(5, part('five')));
    await store.close();
    const [name = ''] = (await files('snapshot')).filter((file) => file.startsWith('part'));
    await writeFile(path.join(options.folder, 'snapshot', name), 'fivf');
    const again = await reopen();
    expect(again.rejoins).toBe(true);
    expect(again.notes.join()).toMatch(/part-.* is damaged or gone.*change readmit 1/);
    await again.close();
  });
});

describe('the journal below a snapshot', () => {
  it('is dropped by whole files, and what is said again is there', async () => {
    const store = await reopen();
    await store.append([{ t: 'promise', ballot: { ...BALLOT, round: 99 } }, accept(1), accept(2)]);
    await store.saveSnapshot(snapshot(2, part('two')));
    await store.checkpoint([{ t: 'chosen', slot: 2 }]);
    expect(await journals()).toEqual(['journal-000002.db']);
    await store.append([accept(3)]);
    // Slot 3 is above the snapshot: its file stays.
    await store.checkpoint([{ t: 'chosen', slot: 2 }]);
    expect(await journals()).toEqual(['journal-000002.db', 'journal-000003.db']);
    await store.close();
    const again = await reopen();
    const restored = again.takeRestored();
    expect(restored.promised.round).toBe(99);
    expect(restored.records).toEqual([{ t: 'chosen', slot: 2 }, accept(3), { t: 'chosen', slot: 2 }]);
    expect(restored.snapshot?.slot).toBe(2);
    await again.append([accept(4)]);
    await again.close();
  });

  it('is summed up with the promise that an acceptance was, in this life and in the next', async () => {
    const store = await reopen();
    await store.append([accept(1)]);
    await store.close();
    const second = await reopen();
    await second.append([{ ...accept(2), ballot: { ...BALLOT, round: 8 } } as JournalRecord]);
    await second.saveSnapshot(snapshot(2, part('two')));
    await second.checkpoint([]);
    expect(await journals()).toEqual(['journal-000002.db']);
    await second.close();
    const third = await reopen();
    expect(third.takeRestored().promised).toEqual({ ...BALLOT, round: 8 });
    await third.append([{ ...accept(3), ballot: { ...BALLOT, round: 9 } } as JournalRecord]);
    await third.saveSnapshot(snapshot(3, part('three')));
    await third.close();
    const fourth = await reopen();
    await fourth.checkpoint([]);
    expect(await journals()).toEqual(['journal-000003.db']);
    await fourth.close();
    const last = await reopen();
    expect(last.takeRestored().promised).toEqual({ ...BALLOT, round: 9 });
    await last.close();
  });

  it('is missed where it is still needed, and so is the snapshot that it stands on', async () => {
    const make = async () => {
      const store = await reopen();
      await store.append([accept(1), accept(2)]);
      await store.saveSnapshot(snapshot(1, part('one')));
      await store.checkpoint([]);
      await store.append([accept(3)]);
      await store.checkpoint([]);
      expect(await journals()).toEqual(['journal-000001.db', 'journal-000002.db', 'journal-000003.db']);
      await store.close();
    };
    await make();
    await rm(path.join(options.folder, 'journal-000001.db'));
    const lost = await reopen();
    expect(lost.notes.join()).toMatch(/lacks its part 1/);
    await lost.close();
    await rm(options.folder, { recursive: true });
    await make();
    await rm(path.join(options.folder, 'snapshot'), { recursive: true });
    const bare = await reopen();
    expect(bare.notes.join()).toMatch(/snapshot of slot 1.*is gone/);
    await bare.close();
  });

  it('killed between the new file and the deletion of the old ones goes on from either', async () => {
    const store = await reopen();
    await store.append([accept(1)]);
    const old = await readFile(path.join(options.folder, 'journal-000001.db'));
    await store.saveSnapshot(snapshot(1, part('one')));
    await store.checkpoint([]);
    await store.append([accept(2)]);
    await store.close();
    await writeFile(path.join(options.folder, 'journal-000001.db'), old);
    const again = await reopen();
    expect(again.rejoins).toBe(false);
    expect(again.takeRestored().records).toEqual([accept(1), accept(2)]);
    await again.checkpoint([]);
    expect(await journals()).toEqual(['journal-000002.db', 'journal-000003.db']);
    await again.close();
  });
});

describe('the archive', () => {
  it('is read by page from any slot, over files and restarts', async () => {
    let store = await reopen();
    const padding = 'x'.repeat(400);
    await store.archive.append(entries(1, 6_000, padding));
    await store.archive.sync();
    expect((await files('archive')).length).toBeGreaterThan(2);
    await store.close();
    store = await reopen();
    expect([store.archive.firstSlot, store.archive.last]).toEqual([1, 6_000]);
    // What is replayed from the journal is there already.
    await store.archive.append(entries(5_990, 6_010, padding));
    expect(store.archive.last).toBe(6_010);
    for (const from of [1, 2, 2_000, 5_999, 6_001, 6_010]) {
      const page = await store.archive.read(from, 10_000);
      expect(page[0]?.slot).toBe(from);
      expect(page.map(({ slot }) => slot)).toEqual(page.map((_, index) => from + index));
      expect(page.length).toBeLessThan(30);
    }
    expect((await store.archive.readBack(4_000, 10_000)).at(-1)?.slot).toBe(4_000);
    expect(await store.archive.read(6_011, 10)).toEqual([]);
    await store.close();
  });

  it('has pages of the size that is asked for in the file that is being written, too, and one entry at the least', async () => {
    const store = await reopen();
    await store.archive.append(entries(1, 400, 'x'.repeat(400)));
    for (const [from, first, last] of [
      [1, 1, 400],
      [200, 1, 400],
      [400, 400, 400],
    ] as const) {
      const on = await store.archive.read(from, 10_000);
      const back = await store.archive.readBack(from, 10_000);
      expect([on[0]?.slot, back.at(-1)?.slot]).toEqual([from, from]);
      for (const page of [on, back]) {
        expect(page.map(({ slot }) => slot)).toEqual(page.map((_, index) => page[0]!.slot + index));
        expect(JSON.stringify(page).length).toBeLessThan(11_000);
      }
      expect(on.length > 10 || on.at(-1)?.slot === last).toBe(true);
      expect(back.length > 10 || back[0]?.slot === first).toBe(true);
    }
    expect([await store.archive.read(7, 1), await store.archive.readBack(7, 1)].map((page) => page.map(({ slot }) => slot))).toEqual([
      [7],
      [7],
    ]);
    expect((await store.archive.readBack(500, 1))[0]?.slot).toBe(400);
    expect(await store.archive.read(401, 10)).toEqual([]);
    await store.close();
  });

  it('keeps the lines of the open file in the memory of the file before', async () => {
    const store = await reopen();
    const grown = vi.spyOn(Buffer, 'concat');
    const growing = async (from: number, to: number): Promise<number> => {
      grown.mockClear();
      await store.archive.append(entries(from, to, 'x'.repeat(400)));
      return grown.mock.calls.filter(([, length = 0]) => length > 64 * 1024).length;
    };
    const first = await growing(1, 3_000);
    const sealed = (await files('archive')).filter((name) => !name.includes('open')).length;
    const later = await growing(3_001, 9_000);
    grown.mockRestore();
    expect(sealed).toBeGreaterThan(0);
    expect([first > 0, later]).toEqual([true, 0]);
    for (const slot of [1, 2_999, 3_001, 9_000]) expect((await store.archive.read(slot, 1)).map((read) => read.slot)).toEqual([slot]);
    await store.close();
  });

  it('that can not be written says which folder, why, and what to do', async () => {
    const store = await reopen();
    const folder = path.join(options.folder, 'archive');
    await rm(folder, { recursive: true });
    const sentence = `could not write the history in ${folder} (ENOENT); check the disk, then start this kiosk again`;
    await expect(store.archive.append(entries(3, 4))).rejects.toThrow(sentence);
    await expect(store.archive.insert(entries(1, 2))).rejects.toThrow(sentence);
    await store.close();
  });

  it('throws away a file that was cut short while it was being written', async () => {
    await (await reopen()).close();
    const unfinished = path.join(options.folder, 'archive', '000000000001-000000000009.db.new');
    await writeFile(unfinished, 'half');
    const store = await reopen();
    expect(await files('archive')).toEqual([]);
    await store.archive.insert(entries(1, 9));
    expect(store.archive.firstSlot).toBe(1);
    await store.close();
  });

  it('has a gap after a snapshot, until the history is put in from behind', async () => {
    let store = await reopen();
    await store.archive.append(entries(1, 10));
    await store.archive.append(entries(101, 105));
    expect(store.archive.firstSlot).toBe(101);
    await store.archive.insert(entries(61, 100));
    expect(store.archive.firstSlot).toBe(61);
    // Overlapping what was there before the gap.
    await store.archive.insert(entries(4, 60));
    expect(store.archive.firstSlot).toBe(1);
    await store.close();
    store = await reopen();
    expect([store.archive.firstSlot, store.archive.last]).toEqual([1, 105]);
    for (const from of [1, 4, 10, 11, 61, 101]) expect((await store.archive.read(from, 100_000))[0]?.slot).toBe(from);
    await store.close();
  });

  it('keeps whole lines of a file that was cut short, and puts a damaged one aside', async () => {
    let store = await reopen();
    await store.archive.append(entries(1, 10));
    await store.close();
    const [open = ''] = await files('archive');
    const file = path.join(options.folder, 'archive', open);
    await truncate(file, (await readFile(file)).length - 30);
    store = await reopen();
    expect(store.archive.last).toBe(9);
    await store.archive.append(entries(10, 20));
    await store.close();
    const [first = ''] = (await files('archive')).filter((name) => name.includes('-00000'));
    const sealed = path.join(options.folder, 'archive', first);
    const bytes = await readFile(sealed);
    bytes[200]! ^= 1;
    await writeFile(sealed, bytes);
    store = await reopen();
    expect(await store.archive.read(3, 1_000)).toEqual([]);
    expect(store.archive.firstSlot).toBe(10);
    expect((await files('archive')).some((name) => name.endsWith('.damaged'))).toBe(true);
    expect(store.rejoins).toBe(false);
    await store.archive.insert(entries(1, 9));
    expect(store.archive.firstSlot).toBe(1);
    await store.close();
  });
});
