import { randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Ballot, type Incarnation, type Slot, ZERO_BALLOT } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { JournalRecord } from '../../shared/journal';
import type { Snapshot } from '../../shared/snapshot';
import { Archive } from './archive';
import { identityOf, RETIRED, retire, retirement, setAside } from './aside';
import { ioError, StorageError } from './errors';
import { FOLDER_MODE, makeFolder, sizeOf, syncFolder, writeDurably } from './files';
import {
  type Head,
  JOURNAL_VERSION,
  type JournalOwner,
  JournalReader,
  type Part,
  REWRITE_NAME,
  refuseForeign,
  SEGMENT_NAME,
  Summary,
  segmentFile,
  slotOf,
} from './journal';
import { type Lock, lockFolder } from './lock';
import { type JournalDocument, Segment, type Sync, syncData } from './segment';
import { SnapshotFolder } from './snapshots';

/** A segment is closed after so many records or bytes, whichever comes first: NeDB loads it whole at a start. */
const SEGMENT_RECORDS = 5_000;
const SEGMENT_BYTES = 4 * 1024 * 1024;
const MARKER = 'journal.exists';
const INCARNATION_BYTES = 8;

export interface StoreOptions extends JournalOwner {
  /** Deliberate: put what is in the folder aside, and begin as another incarnation. */
  readonly rejoin?: boolean;
  /** How an append is made durable; fdatasync but in tests. */
  readonly sync?: Sync;
}

/** What an earlier life of this kiosk left on the disk. */
export interface RestoredState {
  readonly snapshot: Snapshot | null;
  /** Highest promise of journal records that were dropped. */
  readonly promised: Ballot;
  /** The journal, oldest first. */
  readonly records: readonly JournalRecord[];
}

interface Opened {
  readonly incarnation: Incarnation;
  readonly records: readonly JournalRecord[];
  readonly summary: Summary;
  readonly segment: Segment;
  readonly parts: Part[];
  readonly lastId: number;
  readonly notes: readonly string[];
  readonly snapshots: SnapshotFolder;
  readonly snapshot: Snapshot | null;
  readonly archive: Archive;
  /** What the first part that is left says of those before it. */
  readonly promisedBefore: Ballot;
  readonly rejoins: boolean;
}

/** The durable journal of one kiosk in one data folder. */
export class Store {
  /** What was repaired while opening, in words. */
  readonly notes: readonly string[];
  readonly incarnation: Incarnation;
  /** The folder took the place of one that was lost or set aside: this kiosk founds no site, it joins. */
  readonly rejoins: boolean;
  readonly archive: Archive;
  private restored: RestoredState | null;
  private readonly snapshots: SnapshotFolder;
  private readonly parts: Part[];
  private readonly summary: Summary;
  private segment: Segment;
  private lastId: number;
  private snapshotSlot: Slot;
  private failed: StorageError | null = null;

  /** @internal Use Store.open. */
  constructor(
    private readonly options: StoreOptions,
    private readonly lock: Lock,
    opened: Opened,
  ) {
    this.incarnation = opened.incarnation;
    this.notes = opened.notes;
    this.rejoins = opened.rejoins;
    this.archive = opened.archive;
    this.snapshots = opened.snapshots;
    this.restored = { snapshot: opened.snapshot, promised: opened.promisedBefore, records: opened.records };
    this.summary = opened.summary;
    this.segment = opened.segment;
    this.parts = opened.parts;
    this.lastId = opened.lastId;
    this.snapshotSlot = opened.snapshot?.slot ?? 0;
  }

  /** What an earlier life left; handed out once, then forgotten here. */
  takeRestored(): RestoredState {
    const { restored } = this;
    invariant(restored !== null, 'the journal is handed out twice');
    this.restored = null;
    return restored;
  }

  /** The first failure, which ended this store. */
  get fault(): StorageError | null {
    return this.failed;
  }

  /**
   * Appends one group; resolves once it is durable. The first failure of any kind is final: after a failed
   * fsync the kernel may call the same data clean (fsyncgate), so nothing is ever tried again.
   * Calls must not overlap.
   */
  async append(records: readonly JournalRecord[]): Promise<void> {
    if (this.failed !== null) throw this.failed;
    try {
      if (this.segment.count >= SEGMENT_RECORDS || this.segment.bytes >= SEGMENT_BYTES) await this.rotate(1);
      await this.write(records);
    } catch (error) {
      this.failed = ioError('journal', this.options.folder, error);
      throw this.failed;
    }
  }

  /** Resolves once the snapshot is on the disk, and everything that it stands for in the archive too. Calls must not overlap. */
  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    if (this.failed !== null) throw this.failed;
    try {
      await this.archive.sync();
      await this.snapshots.save(snapshot);
      this.snapshotSlot = snapshot.slot;
    } catch (error) {
      this.failed ??= ioError('snapshot', this.options.folder, error);
      throw this.failed;
    }
  }

  /**
   * Drops the parts of the journal that hold nothing above the newest snapshot. In this order: what is still
   * needed of them goes into a new part, that and its name are synced, then whole files are deleted. Takes turns
   * with `append`.
   * @param records what has to be said again
   */
  async checkpoint(records: readonly JournalRecord[]): Promise<void> {
    if (this.failed !== null) throw this.failed;
    try {
      const needed = this.parts.find(({ highest }) => highest > this.snapshotSlot)?.number;
      const first = needed ?? this.parts.at(-1)!.number + 1;
      await this.rotate(first, records);
      for (const { number } of this.parts.filter((part) => part.number < first)) await rm(segmentFile(this.options.folder, number));
      this.parts.splice(
        0,
        this.parts.findIndex(({ number }) => number >= first),
      );
      await syncFolder(this.options.folder);
    } catch (error) {
      this.failed ??= ioError('journal', this.options.folder, error);
      throw this.failed;
    }
  }

  async close(): Promise<void> {
    await this.archive.close();
    await this.segment.close();
    await this.lock.release();
  }

  private async write(records: readonly JournalRecord[]): Promise<void> {
    const documents = this.documents(records);
    await this.segment.append(documents);
    this.wrote(records);
  }

  private documents(records: readonly JournalRecord[]): JournalDocument[] {
    return records.map((record) => {
      this.lastId += 1;
      return { _id: this.lastId, r: record };
    });
  }

  private wrote(records: readonly JournalRecord[]): void {
    const part = this.parts.at(-1)!;
    for (const record of records) {
      this.summary.add(record);
      part.highest = Math.max(part.highest, slotOf(record));
    }
  }

  /** Begins a new part. @param first the lowest part that is still needed */
  private async rotate(first: number, records: readonly JournalRecord[] = []): Promise<void> {
    const number = this.parts.at(-1)!.number + 1;
    const head: Head = {
      version: JOURNAL_VERSION,
      kiosk: this.options.kiosk,
      uid: this.options.uid,
      incarnation: this.incarnation,
      promised: this.summary.promised,
      signed: this.summary.signed,
      chosen: this.summary.chosen,
      last: this.lastId,
      snapshot: this.snapshotSlot,
      first: Math.max(first, this.parts[0]!.number),
      rejoins: this.rejoins,
    };
    const headId = this.lastId + 1;
    this.lastId = headId;
    const old = this.segment;
    this.segment = await createSegment(this.options, number, [{ _id: headId, h: head }, ...this.documents(records)]);
    this.parts.push({ number, highest: 0 });
    this.wrote(records);
    await old.close();
  }

  /** The data in this folder must not vote again: the next start puts them aside and joins anew (rule 8). */
  async retire(reason: string): Promise<void> {
    await retire(this.options.folder, reason);
  }

  /** Opens the folder's journal, or begins one. @throws StorageError */
  static async open(options: StoreOptions): Promise<Store> {
    const { folder } = options;
    let lock: Lock | null = null;
    try {
      await makeFolder(folder, FOLDER_MODE);
      if (process.platform !== 'win32') await chmod(folder, FOLDER_MODE);
      lock = await lockFolder(folder);
      return await openLocked(options, lock);
    } catch (error) {
      await lock?.release();
      throw ioError('folder', folder, error);
    }
  }
}

async function createSegment(options: StoreOptions, number: number, documents: readonly JournalDocument[]): Promise<Segment> {
  const file = segmentFile(options.folder, number);
  const segment = await Segment.open(file, 0, options.sync ?? syncData);
  await segment.append(documents);
  await syncFolder(options.folder);
  return segment;
}

async function openLocked(options: StoreOptions, lock: Lock): Promise<Store> {
  const { folder } = options;
  const notes: string[] = [];
  if (options.rejoin && (await readMarker(options).catch(() => null)) !== null)
    await retire(folder, "the data were given up at the operator's wish");
  const retired = await retirement(folder);
  if (retired !== null) return rejoin(options, lock, retired);
  try {
    return await restore(options, lock, notes);
  } catch (error) {
    // Rule 8: what is damaged may have held a vote. It is put aside, and this kiosk joins anew, as another incarnation.
    if (!(error instanceof StorageError) || error.fault !== 'damaged') throw error;
    await retire(folder, error.message);
    return rejoin(options, lock, error.message);
  }
}

async function restore(options: StoreOptions, lock: Lock, notes: string[]): Promise<Store> {
  const { folder } = options;
  const names = await readdir(folder);
  for (const name of names) if (REWRITE_NAME.test(name)) await rm(path.join(folder, name));
  const numbers = names
    .map((name) => SEGMENT_NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
  const owner = await readMarker(options);
  if (numbers.length === 0 && owner !== null)
    throw new StorageError('damaged', `the data folder ${folder} was in use, but its journal is gone`);
  const reader = new JournalReader(options, notes);
  for (const [index, number] of numbers.entries()) {
    if (index > 0 && number !== numbers[index - 1]! + 1)
      throw new StorageError('damaged', `the journal in ${folder} lacks its part ${numbers[index - 1]! + 1}`);
    await reader.read(number, index === numbers.length - 1, owner !== null);
  }
  const snapshots = new SnapshotFolder(folder);
  if (reader.head === null) return begin(options, lock, { notes, rejoins: false });
  const { head } = reader;
  if (numbers[0]! > head.first) throw new StorageError('damaged', `the journal in ${folder} lacks its part ${numbers[0]! - 1}`);
  const snapshot = await snapshots.load();
  if ((snapshot?.slot ?? 0) < head.snapshot)
    throw new StorageError('damaged', `the snapshot of slot ${head.snapshot}, on which the journal in ${folder} stands, is gone`);
  if (owner === null) await mark(options, head.incarnation);
  const last = reader.parts.at(-1)!;
  const segment = await Segment.open(segmentFile(folder, last.number), reader.segmentCount, options.sync ?? syncData);
  const archive = await Archive.open(folder);
  const { records, summary, lastId, parts, promisedBefore } = reader;
  return new Store(options, lock, {
    incarnation: head.incarnation,
    records: [...records, ...(await appliedBefore(records, archive, Math.max(summary.chosen, snapshot?.slot ?? 0)))],
    summary,
    segment,
    parts,
    lastId,
    notes,
    snapshots,
    snapshot,
    archive,
    promisedBefore,
    rejoins: head.rejoins,
  });
}

/**
 * What was applied was chosen, and the history tells of it. The journal says so only with what was accepted next, which
 * a kiosk that sold its last ticket before a crash never did: without this it would not know its own sale for sold.
 * Entries that the journal holds with the same value are told of as chosen; they are no new votes, and none are lost.
 * @param chosen what the journal and the snapshot know
 */
async function appliedBefore(records: readonly JournalRecord[], archive: Archive, chosen: Slot): Promise<readonly JournalRecord[]> {
  if (archive.last <= chosen) return [];
  const held = new Map<Slot, Extract<JournalRecord, { t: 'accept' | 'learn' }>>();
  for (const record of records) if ((record.t === 'accept' || record.t === 'learn') && record.slot > chosen) held.set(record.slot, record);
  const known: JournalRecord[] = [];
  for (let slot = chosen + 1; ; slot += 1) {
    const own = held.get(slot);
    const [entry] = own === undefined ? [] : await archive.read(slot, 1);
    // The disk may have lost what the history already had, or hold an acceptance that another value overruled.
    if (own === undefined || entry === undefined || canonicalJson(entry.value) !== canonicalJson(own.value)) return known;
    known.push({ t: 'learn', slot, ballot: own.ballot, value: own.value });
  }
}

/** A fresh folder: a new incarnation. Nothing is voted on before the marker is durable. */
async function begin(
  options: StoreOptions,
  lock: Lock,
  how: { readonly notes: readonly string[]; readonly rejoins: boolean },
): Promise<Store> {
  const incarnation = randomBytes(INCARNATION_BYTES).toString('hex');
  const head: Head = {
    version: JOURNAL_VERSION,
    kiosk: options.kiosk,
    uid: options.uid,
    incarnation,
    promised: ZERO_BALLOT,
    signed: null,
    chosen: 0,
    last: 0,
    snapshot: 0,
    first: 1,
    rejoins: how.rejoins,
  };
  const segment = await createSegment(options, 1, [{ _id: 1, h: head }]);
  await mark(options, incarnation);
  const snapshots = new SnapshotFolder(options.folder);
  await snapshots.load();
  return new Store(options, lock, {
    incarnation,
    records: [],
    summary: new Summary(),
    segment,
    parts: [{ number: 1, highest: 0 }],
    lastId: 1,
    notes: how.notes,
    snapshots,
    snapshot: null,
    archive: await Archive.open(options.folder),
    promisedBefore: ZERO_BALLOT,
    rejoins: how.rejoins,
  });
}

/** Puts everything in the folder aside and begins a new incarnation, which founds nothing and does not vote until it is readmitted. */
async function rejoin(options: StoreOptions, lock: Lock, reason: string): Promise<Store> {
  const aside = await setAside(options.folder);
  const store = await begin(options, lock, {
    notes: [
      `${reason}. The data were put aside in ${aside}; this kiosk joins anew and does not vote until it is readmitted: change readmit ${options.kiosk}`,
    ],
    rejoins: true,
  });
  await rm(path.join(options.folder, RETIRED), { force: true });
  await syncFolder(options.folder);
  return store;
}

/** The marker tells an emptied journal from a fresh folder. */
async function mark(options: StoreOptions, incarnation: Incarnation): Promise<void> {
  const { kiosk, uid, folder } = options;
  const text = JSON.stringify({ kiosk, uid, incarnation, folder: await identityOf(folder) });
  await writeDurably(path.join(folder, MARKER), `${text}\n`);
  await syncFolder(path.dirname(folder));
}

/** Whether the folder was in use, and not by another kiosk or site; null for a fresh one. */
async function readMarker(options: StoreOptions): Promise<{ readonly incarnation: string } | null> {
  const file = path.join(options.folder, MARKER);
  if ((await sizeOf(file)) === null) return null;
  let owner: { kiosk?: unknown; uid?: unknown; incarnation?: unknown; folder?: unknown };
  try {
    owner = JSON.parse(await readFile(file, 'utf8')) as typeof owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new StorageError('damaged', `the file ${file} is damaged`);
  }
  refuseForeign(options, Number(owner.kiosk), String(owner.uid));
  // Rule 8: promises that were made since the copy was taken are not in it.
  if (owner.folder !== undefined && owner.folder !== (await identityOf(options.folder)))
    throw new StorageError('damaged', `the data folder ${options.folder} is a copy, for example from a backup`);
  return { incarnation: String(owner.incarnation) };
}
