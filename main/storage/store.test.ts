import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../shared/journal';
import { StorageError, Store, type StoreOptions } from './index';
import { scan } from './line';

let root: string;
let options: StoreOptions;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-store-'));
  options = { folder: path.join(root, 'kiosk-1'), kiosk: 1, uid: 'uid00000' };
});
afterEach(() => rm(root, { recursive: true, force: true }));

function ballot(round: number) {
  return { round, priority: 0, kiosk: 1, incarnation: 'incarnation1' };
}

function accept(slot: number, text = 'ann'): JournalRecord {
  return {
    t: 'accept',
    slot,
    ballot: ballot(slot),
    chosen: slot - 1,
    value: {
      kind: 'batch',
      commands: [
        { op: 'buy', requestId: `r${slot}`, kiosk: 1, clerk: text, issued: 0, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] },
      ],
    },
  };
}

/** Writes groups of records and closes; returns all of them. */
async function fill(groups: readonly (readonly JournalRecord[])[]): Promise<JournalRecord[]> {
  const store = await Store.open(options);
  for (const group of groups) await store.append(group);
  await store.close();
  return groups.flat();
}

async function reopened(): Promise<{ records: readonly JournalRecord[]; notes: readonly string[]; incarnation: string }> {
  const store = await Store.open(options);
  const { notes, incarnation } = store;
  const { records } = store.takeRestored();
  await store.close();
  return { records, notes, incarnation };
}

/** Rule 8: what is damaged is put aside, and the kiosk joins as another incarnation that founds nothing. */
async function expectRejoin(before: string, words: RegExp): Promise<void> {
  const store = await Store.open(options);
  expect(store.notes.join()).toMatch(words);
  expect(store.rejoins).toBe(true);
  expect(store.incarnation).not.toBe(before);
  expect(store.takeRestored()).toMatchObject({ snapshot: null, records: [] });
  await store.close();
  // Nothing is thrown away.
  const kept = await readdir(path.join(options.folder, 'aside'));
  expect(kept.length).toBeGreaterThan(0);
  const again = await reopened();
  expect(again).toMatchObject({ incarnation: store.incarnation, records: [], notes: [] });
}

async function incarnationOf(): Promise<string> {
  return (JSON.parse(await readFile(path.join(options.folder, 'journal.exists'), 'utf8')) as { incarnation: string }).incarnation;
}

function journalFile(number = 1): string {
  return path.join(options.folder, `journal-${String(number).padStart(6, '0')}.db`);
}

describe('the journal', () => {
  it('gives back every record in order, with the same incarnation', async () => {
    const first = await Store.open(options);
    await first.append([{ t: 'promise', ballot: ballot(3) }, accept(1), accept(2, 'line\u2028end \u0085 Käthe')]);
    await first.append([{ t: 'chosen', slot: 2 }]);
    const { incarnation } = first;
    await first.close();
    const again = await reopened();
    expect(again.incarnation).toBe(incarnation);
    expect(again.records).toEqual([
      { t: 'promise', ballot: ballot(3) },
      accept(1),
      accept(2, 'line\u2028end \u0085 Käthe'),
      { t: 'chosen', slot: 2 },
    ]);
    expect(again.notes).toEqual([]);
  });

  it('runs on over several segments, keeps them out of memory and checks that they join', async () => {
    const groups = Array.from({ length: 12 }, (_, group) => Array.from({ length: 1_000 }, (_, index) => accept(group * 1_000 + index + 1)));
    const records = await fill(groups);
    expect((await readdir(options.folder)).filter((name) => name.endsWith('.db'))).toHaveLength(3);
    expect((await reopened()).records).toEqual(records);
    await rm(journalFile(2));
    await expectRejoin(await incarnationOf(), /lacks its part 2/);
  });

  it('does not resolve an append before the disk has synced it', async () => {
    const order: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let armed = false;
    const store = await Store.open({
      ...options,
      sync: async (handle) => {
        if (armed) await gate;
        await handle.datasync();
        order.push('synced');
      },
    });
    armed = true;
    order.length = 0;
    const append = store.append([accept(1)]).then(() => order.push('resolved'));
    while ((await readFile(journalFile(), 'utf8')).split('\n').length < 3) await new Promise(setImmediate);
    expect(order).toEqual([]);
    release();
    await append;
    expect(order).toEqual(['synced', 'resolved']);
    await store.close();
  });

  it('is closed to the owner alone', async () => {
    await fill([[accept(1)]]);
    expect((await stat(options.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(journalFile())).mode & 0o777).toBe(0o600);
  });

  it('ends at the first failed sync, for ever, in words', async () => {
    let broken = false;
    const store = await Store.open({
      ...options,
      sync: async (handle) => {
        if (broken) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
        await handle.datasync();
      },
    });
    await store.append([accept(1)]);
    broken = true;
    await expect(store.append([accept(2)])).rejects.toThrow(/EIO.*check or replace/);
    broken = false;
    await expect(store.append([accept(3)])).rejects.toBeInstanceOf(StorageError);
    expect(store.fault?.fault).toBe('io');
    await store.close();
  });

  it('ends when its file was replaced while it was open, whose sync would say that all is well', async () => {
    const store = await Store.open(options);
    await store.append([accept(1)]);
    await cp(journalFile(), `${journalFile()}.copy`);
    await rename(`${journalFile()}.copy`, journalFile());
    await expect(store.append([accept(2)])).rejects.toThrow(/was replaced while it was open/);
    expect(store.fault).toBeInstanceOf(StorageError);
    await expect(store.append([accept(3)])).rejects.toBe(store.fault);
    await store.close();
  });
});

describe('a damaged journal (S13)', () => {
  const groups = [[accept(1)], [accept(2), accept(3)], [{ t: 'promise' as const, ballot: ballot(9) }, accept(10), accept(11, 'Zoë')]];

  /** Some 300 records, alone and in groups of up to six. */
  function longGroups(): JournalRecord[][] {
    const records: JournalRecord[] = Array.from({ length: 300 }, (_, index) => {
      const slot = index + 1;
      if (slot % 20 === 0) return accept(slot, slot % 40 === 0 ? 'Zoë' : 'ann');
      return slot % 7 === 0 ? { t: 'promise', ballot: ballot(slot) } : { t: 'chosen', slot };
    });
    const long: JournalRecord[][] = [];
    while (records.length > 0) long.push(records.splice(0, 1 + (long.length % 6)));
    return long;
  }

  it('truncated at any byte of the last group opens with what is whole', async () => {
    const records = await fill(groups);
    const bytes = await readFile(journalFile());
    const whole = [0, ...[...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1)];
    const lastGroup = whole[whole.length - 4]!;
    for (let length = lastGroup; length <= bytes.length; length += 1) {
      const result = scan(bytes.subarray(0, length));
      // A line counts as soon as only its newline is missing.
      const expected = whole.filter((end) => end > 0 && end <= length + 1).length;
      expect({ length, tail: result.tail === 'damaged', payloads: result.payloads.length }).toEqual({
        length,
        tail: false,
        payloads: expected,
      });
    }
    for (const length of [lastGroup, lastGroup + 1, lastGroup + 40, bytes.length - 300, bytes.length - 2, bytes.length - 1]) {
      await writeFile(journalFile(), bytes.subarray(0, length));
      const again = await reopened();
      expect(records.slice(0, again.records.length)).toEqual(again.records);
      expect(again.records.length).toBeGreaterThanOrEqual(3);
      if (length > lastGroup && length < bytes.length - 1) expect(again.notes.join()).toMatch(/cut short by a crash/);
    }
  });

  it('cut before the last group is damage only where a later group shows it', async () => {
    await fill(groups);
    const bytes = await readFile(journalFile());
    const middle = Buffer.concat([bytes.subarray(0, 700), bytes.subarray(705)]);
    await writeFile(journalFile(), middle);
    await expectRejoin(await incarnationOf(), /is damaged at byte/);
  });

  it("of 300 records: every flipped bit is refused, the very last newline's too", { timeout: 120_000 }, async () => {
    await fill(longGroups());
    const bytes = await readFile(journalFile());
    expect(scan(bytes).payloads.length).toBeGreaterThan(300);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    // The scanner forgets a group that it has left behind: each flip is looked at from the beginning of its group,
    // and some of them from that of the file.
    const sizes = [1, ...longGroups().map(({ length }) => length)];
    const starts = sizes.map((_, index) => ends[sizes.slice(0, index).reduce((sum, size) => sum + size, 0) - 1] ?? 0);
    const silent: number[] = [];
    const flip = (bit: number, from: number) => {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      if (scan(bytes.subarray(from)).tail !== 'damaged') silent.push(bit);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    };
    for (const [index, start] of starts.entries())
      for (let bit = start * 8; bit < (starts[index + 1] ?? bytes.length) * 8; bit += 1) flip(bit, start);
    for (let bit = 0; bit < bytes.length * 8; bit += 101) flip(bit, 0);
    expect(silent).toEqual([]);
  });

  it('of 300 records: cut at any byte of the last group it has all that is whole, cut before that it is shorter by whole groups or torn', async () => {
    await fill(longGroups());
    const bytes = await readFile(journalFile());
    const intact = scan(bytes).payloads;
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    const lastGroup = ends[ends.length - 1 - longGroups().at(-1)!.length]!;
    for (let length = bytes.length; length >= lastGroup; length -= 1) {
      const result = scan(bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length + 1).length;
      expect({ length, tail: result.tail === 'damaged', payloads: result.payloads.length }).toEqual({
        length,
        tail: false,
        payloads: whole,
      });
    }
    // Whatever is read of a shorter file was written: nothing is ever made up.
    for (let length = lastGroup - 1; length > 0; length -= 7) {
      const { payloads } = scan(bytes.subarray(0, length));
      expect(payloads).toEqual(intact.slice(0, payloads.length));
    }
  });

  it('500 flipped bits through the whole store: each time the kiosk joins anew, and forgets nothing silently', {
    timeout: 120_000,
  }, async () => {
    await fill(longGroups());
    const bytes = await readFile(journalFile());
    const marker = await readFile(path.join(options.folder, 'journal.exists'));
    const incarnation = await incarnationOf();
    const step = Math.max(1, Math.floor((bytes.length * 8) / 500));
    let flips = 0;
    for (let bit = 3; bit < bytes.length * 8 && flips < 500; bit += step, flips += 1) {
      await rm(options.folder, { recursive: true });
      await mkdir(options.folder);
      // The same folder as far as the marker goes: its number stands in there.
      const folder = String((await stat(options.folder, { bigint: true })).ino);
      await writeFile(path.join(options.folder, 'journal.exists'), JSON.stringify({ ...JSON.parse(marker.toString()), folder }));
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await writeFile(journalFile(), flipped);
      const store = await Store.open(options);
      expect({ bit, rejoins: store.rejoins, same: store.incarnation === incarnation }).toEqual({ bit, rejoins: true, same: false });
      expect(store.takeRestored().records).toEqual([]);
      await store.close();
    }
    expect(flips).toBe(500);
  });

  it('whole sectors of zeros in the last group are a torn tail; elsewhere they are damage', async () => {
    const big = Array.from({ length: 20 }, (_, index) => accept(index + 4));
    const records = await fill([[accept(1)], [accept(2)], [accept(3)], big]);
    const bytes = await readFile(journalFile());
    const sectors = Math.floor(bytes.length / 512);
    const tail = Buffer.from(bytes);
    tail.fill(0, (sectors - 3) * 512, (sectors - 1) * 512);
    await writeFile(journalFile(), tail);
    const again = await reopened();
    expect(again.records.length).toBeLessThan(records.length);
    expect(again.records.length).toBeGreaterThanOrEqual(3);
    expect(records.slice(0, again.records.length)).toEqual(again.records);
    const early = Buffer.from(bytes);
    early.fill(0, 512, 1024);
    await writeFile(journalFile(), early);
    await expectRejoin(await incarnationOf(), /is damaged/);
  });

  it('zeros after the last group are cut', async () => {
    const records = await fill(groups);
    const bytes = await readFile(journalFile());
    await writeFile(journalFile(), Buffer.concat([bytes, Buffer.alloc(4096)]));
    expect((await reopened()).records).toEqual(records);
  });

  it('emptied or deleted, with the marker left, is not a fresh folder (S14)', async () => {
    await fill(groups);
    await truncate(journalFile(), 0);
    await expectRejoin(await incarnationOf(), /is empty/);
    await rm(journalFile());
    await expectRejoin(await incarnationOf(), /journal is gone/);
  });

  it('a folder killed while it was being made is made anew', async () => {
    await fill([]);
    await rm(path.join(options.folder, 'journal.exists'));
    const bytes = await readFile(journalFile());
    await writeFile(journalFile(), bytes.subarray(0, 20));
    expect((await reopened()).records).toEqual([]);
  });

  it('of a newer version is refused with the remedy', async () => {
    await fill([]);
    const { encodeLine, lineBytes } = await import('./line');
    const payload = JSON.stringify({ _id: 1, h: { version: 99 } });
    await writeFile(journalFile(), `${encodeLine(payload, lineBytes(payload))}\n`);
    await expect(Store.open(options)).rejects.toThrow(/newer version.*update this kiosk/);
  });
});

describe('a data folder', () => {
  it.skipIf(process.platform !== 'linux')(
    'that can not be made is an error, also where the system only says that there is nothing',
    async () => {
      for (const folder of ['/proc/none/kiosk-1', '/dev/null'])
        await expect(Store.open({ ...options, folder }), folder).rejects.toThrow(StorageError);
    },
  );

  it('of another kiosk or another site is refused, both named', async () => {
    await fill([[accept(1)]]);
    await expect(Store.open({ ...options, kiosk: 2 })).rejects.toThrow(/belongs to kiosk 1, not to kiosk 2/);
    await expect(Store.open({ ...options, uid: 'other000' })).rejects.toThrow(/uid uid00000, this site's is other000/);
  });

  it('that was copied, as from a backup, does not vote as the one that it was', async () => {
    await fill([[accept(1)]]);
    const before = await incarnationOf();
    const copy = path.join(root, 'copy');
    await cp(options.folder, copy, { recursive: true });
    await rm(options.folder, { recursive: true });
    options = { ...options, folder: copy };
    await expectRejoin(before, /is a copy, for example from a backup/);
  });

  it('that was told not to vote again is put aside at the next start', async () => {
    const store = await Store.open(options);
    await store.append([accept(1)]);
    await store.retire('its disk has lost data');
    await store.close();
    await expectRejoin(store.incarnation, /its disk has lost data/);
  });

  it('serves one process at a time, and is free again after kill -9', async () => {
    const store = await Store.open(options);
    await expect(Store.open(options)).rejects.toMatchObject({ fault: 'locked' });
    await store.close();
    const { createHash } = await import('node:crypto');
    const { realpath } = await import('node:fs/promises');
    const name = `quorum-kiosk-${createHash('sha256')
      .update(await realpath(options.folder))
      .digest('hex')
      .slice(0, 32)}`;
    const holder = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen('\\0${name}', () => console.log('held')); setInterval(() => {}, 1e6)`,
    ]);
    await once(holder.stdout, 'data');
    await expect(Store.open(options)).rejects.toThrow(/another process already uses/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await Store.open(options)).close();
  });
});
