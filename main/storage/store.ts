import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  ballotSchema,
  compareBallots,
  type Incarnation,
  incarnationSchema,
  type KioskId,
  kioskIdSchema,
  sameBallot,
  ZERO_BALLOT,
} from '../../shared/ballot';
import { type JournalRecord, journalRecordSchema } from '../../shared/journal';
import { foundingSchema } from '../../shared/values';
import { ioError, StorageError } from './errors';
import { cutAside, FOLDER_MODE, sizeOf, syncFile, syncFolder, writeDurably } from './files';
import { scan } from './line';
import { type Lock, lockFolder } from './lock';
import { type JournalDocument, Segment, type Sync } from './segment';

/** Version of the journal's format; a kiosk refuses a newer one. */
const JOURNAL_VERSION = 1;
/** A segment is closed after so many records or bytes, whichever comes first: NeDB keeps the open one in memory. */
const SEGMENT_RECORDS = 5_000;
const SEGMENT_BYTES = 4 * 1024 * 1024;
const SEGMENT_NAME = /^journal-(\d{6})\.db$/;
/** What NeDB leaves behind when it is killed while it rewrites a file; the file itself is whole. */
const REWRITE_NAME = /^journal-\d{6}\.db~$/;
const MARKER = 'journal.exists';
const INCARNATION_BYTES = 8;

/** First record of each segment: who owns the journal, and what the segments before it add up to. */
const headSchema = z.strictObject({
  version: z.int(),
  kiosk: kioskIdSchema,
  uid: z.string(),
  incarnation: incarnationSchema,
  /** Highest ballot promised or accepted before this segment; covers this kiosk's own highest round. */
  promised: ballotSchema,
  signed: foundingSchema.nullable(),
  chosen: z.int().min(0),
  /** Last _id before this segment. */
  last: z.int().min(0),
});
type Head = z.infer<typeof headSchema>;

export interface StoreOptions {
  readonly folder: string;
  readonly kiosk: KioskId;
  readonly uid: string;
  /** How an append is made durable; fdatasync but in tests. */
  readonly sync?: Sync;
}

/** What the records so far add up to, restated at the head of the next segment. */
class Summary {
  promised = ZERO_BALLOT;
  signed: Head['signed'] = null;
  chosen = 0;

  add(record: JournalRecord): void {
    if (record.t === 'sign') this.signed = record.founding;
    if (record.t === 'promise' || record.t === 'accept') {
      if (compareBallots(record.ballot, this.promised) > 0) this.promised = record.ballot;
    }
    if (record.t === 'accept') this.chosen = Math.max(this.chosen, record.chosen);
    if (record.t === 'learn' || record.t === 'chosen') this.chosen = Math.max(this.chosen, record.slot);
  }
}

interface Opened {
  readonly incarnation: Incarnation;
  readonly records: readonly JournalRecord[];
  readonly summary: Summary;
  readonly segment: Segment;
  readonly segmentNumber: number;
  readonly lastId: number;
  readonly notes: readonly string[];
}

/** The durable journal of one kiosk in one data folder. */
export class Store {
  /** What was repaired while opening, in words. */
  readonly notes: readonly string[];
  readonly incarnation: Incarnation;
  private restored: readonly JournalRecord[];
  private readonly summary: Summary;
  private segment: Segment;
  private segmentNumber: number;
  private lastId: number;
  private failed: StorageError | null = null;

  /** @internal Use Store.open. */
  constructor(
    private readonly options: StoreOptions,
    private readonly lock: Lock,
    opened: Opened,
  ) {
    this.incarnation = opened.incarnation;
    this.notes = opened.notes;
    this.restored = opened.records;
    this.summary = opened.summary;
    this.segment = opened.segment;
    this.segmentNumber = opened.segmentNumber;
    this.lastId = opened.lastId;
  }

  /** The records that were read, oldest first; handed out once, then forgotten here. */
  takeRecords(): readonly JournalRecord[] {
    const records = this.restored;
    this.restored = [];
    return records;
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
      if (this.segment.count >= SEGMENT_RECORDS || this.segment.bytes >= SEGMENT_BYTES) await this.rotate();
      const documents: JournalDocument[] = records.map((record) => {
        this.lastId += 1;
        return { _id: this.lastId, r: record };
      });
      await this.segment.append(documents);
      for (const record of records) this.summary.add(record);
    } catch (error) {
      this.failed = ioError('write the journal in', this.options.folder, error);
      throw this.failed;
    }
  }

  async close(): Promise<void> {
    await this.segment.close();
    await this.lock.release();
  }

  private async rotate(): Promise<void> {
    const number = this.segmentNumber + 1;
    const next = await createSegment(this.options, number, this.lastId, {
      version: JOURNAL_VERSION,
      kiosk: this.options.kiosk,
      uid: this.options.uid,
      incarnation: this.incarnation,
      promised: this.summary.promised,
      signed: this.summary.signed,
      chosen: this.summary.chosen,
      last: this.lastId,
    });
    const old = this.segment;
    this.segment = next;
    this.segmentNumber = number;
    this.lastId += 1;
    await old.close();
  }

  /** Opens the folder's journal, or begins one. @throws StorageError */
  static async open(options: StoreOptions): Promise<Store> {
    const { folder } = options;
    let lock: Lock | null = null;
    try {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
      if (process.platform !== 'win32') await chmod(folder, FOLDER_MODE);
      lock = await lockFolder(folder);
      return await openLocked(options, lock);
    } catch (error) {
      await lock?.release();
      throw ioError('open the data folder', folder, error);
    }
  }
}

function segmentFile(folder: string, number: number): string {
  return path.join(folder, `journal-${String(number).padStart(6, '0')}.db`);
}

function syncData(handle: Parameters<Sync>[0]): Promise<void> {
  return handle.datasync();
}

async function createSegment(options: StoreOptions, number: number, lastId: number, head: Head): Promise<Segment> {
  const file = segmentFile(options.folder, number);
  const segment = await Segment.open(file, 0, options.sync ?? syncData);
  await segment.append([{ _id: lastId + 1, h: head }]);
  await syncFolder(options.folder);
  return segment;
}

async function openLocked(options: StoreOptions, lock: Lock): Promise<Store> {
  const { folder } = options;
  const names = await readdir(folder);
  for (const name of names) if (REWRITE_NAME.test(name)) await rm(path.join(folder, name));
  const numbers = names
    .map((name) => SEGMENT_NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
  const marked = (await sizeOf(path.join(folder, MARKER))) !== null;
  if (marked) await checkMarker(options);
  if (numbers.length === 0 && marked) {
    throw new StorageError(
      'damaged',
      `the data folder ${folder} was in use, but its journal is gone; this kiosk must not vote with it: bring the journal back, or remove the whole folder and let the kiosk join anew`,
    );
  }
  const reader = new JournalReader(options);
  for (const [index, number] of numbers.entries()) {
    if (number !== index + 1)
      throw new StorageError('damaged', `the journal in ${folder} lacks its part ${index + 1}; this kiosk must not vote`);
    await reader.read(number, index === numbers.length - 1, marked);
  }
  if (reader.head === null) return begin(options, lock, reader.notes);
  if (!marked) await mark(options, reader.head.incarnation);
  const segment = await Segment.open(segmentFile(folder, reader.segmentNumber), reader.segmentCount, options.sync ?? syncData);
  const { head, records, summary, segmentNumber, lastId, notes } = reader;
  return new Store(options, lock, { incarnation: head.incarnation, records, summary, segment, segmentNumber, lastId, notes });
}

/** A fresh folder: a new incarnation. Nothing is voted on before the marker is durable. */
async function begin(options: StoreOptions, lock: Lock, notes: readonly string[]): Promise<Store> {
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
  };
  const segment = await createSegment(options, 1, 0, head);
  await mark(options, incarnation);
  return new Store(options, lock, { incarnation, records: [], summary: new Summary(), segment, segmentNumber: 1, lastId: 1, notes });
}

/** The marker tells an emptied journal from a fresh folder. */
async function mark(options: StoreOptions, incarnation: Incarnation): Promise<void> {
  const { kiosk, uid, folder } = options;
  await writeDurably(path.join(folder, MARKER), `${JSON.stringify({ kiosk, uid, incarnation })}\n`);
  await syncFolder(path.dirname(folder));
}

async function checkMarker(options: StoreOptions): Promise<void> {
  const file = path.join(options.folder, MARKER);
  let owner: { kiosk?: unknown; uid?: unknown };
  try {
    owner = JSON.parse(await readFile(file, 'utf8')) as typeof owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new StorageError('damaged', `the file ${file} is damaged; this kiosk must not vote with this data folder`);
  }
  refuseForeign(options, Number(owner.kiosk), String(owner.uid));
}

function refuseForeign(options: StoreOptions, kiosk: number, uid: string): void {
  if (kiosk !== options.kiosk) {
    throw new StorageError(
      'foreign',
      `the data folder ${options.folder} belongs to kiosk ${kiosk}, not to kiosk ${options.kiosk}; give each kiosk a folder of its own`,
    );
  }
  if (uid !== options.uid) {
    throw new StorageError(
      'foreign',
      `the data folder ${options.folder} belongs to another site (uid ${uid}, this site's is ${options.uid}); give this site a folder of its own`,
    );
  }
}

/** Reads and checks the segments in order. */
class JournalReader {
  readonly records: JournalRecord[] = [];
  readonly summary = new Summary();
  readonly notes: string[] = [];
  head: Head | null = null;
  lastId = 0;
  segmentNumber = 0;
  segmentCount = 0;

  constructor(private readonly options: StoreOptions) {}

  async read(number: number, last: boolean, marked: boolean): Promise<void> {
    const file = segmentFile(this.options.folder, number);
    const bytes = await readFile(file);
    const result = scan(bytes);
    const bad = result.tail !== 'whole';
    if (bad && (result.tail === 'damaged' || !last)) throw this.damaged(file, `is damaged at byte ${result.at}`);
    if (result.payloads.length === 0) {
      // Only a segment that was just being made has no whole head: nothing was appended to it yet.
      if (!last || (number === 1 && marked)) throw this.damaged(file, 'is empty');
      await this.dropUnborn(file, bytes);
      return;
    }
    if (bad) {
      const copy = await cutAside(file, result.goodBytes, bytes);
      this.notes.push(
        `the last write was cut short by a crash: ${bytes.length - result.goodBytes} bytes cut from ${file}, copied to ${copy}`,
      );
    } else await syncFile(file);
    for (const [index, payload] of result.payloads.entries()) this.take(file, payload, index === 0);
    this.segmentNumber = number;
    this.segmentCount = result.payloads.length;
  }

  private async dropUnborn(file: string, bytes: Buffer): Promise<void> {
    if (bytes.length > 0)
      this.notes.push(`a new part of the journal was cut short by a crash before it was used: ${await cutAside(file, 0, bytes)}`);
    await rm(file);
    await syncFolder(this.options.folder);
  }

  private take(file: string, payload: string, first: boolean): void {
    let document: { _id?: unknown; h?: unknown; r?: unknown };
    try {
      document = JSON.parse(payload) as typeof document;
    } catch {
      throw this.damaged(file, 'holds a record that is not JSON');
    }
    if (document._id !== this.lastId + 1) throw this.damaged(file, `holds record ${String(document._id)} after record ${this.lastId}`);
    if (first) this.takeHead(file, document.h);
    else this.takeRecord(file, document.r);
    this.lastId += 1;
  }

  private takeHead(file: string, value: unknown): void {
    const version = (value as { version?: unknown } | undefined)?.version;
    if (typeof version === 'number' && version > JOURNAL_VERSION) {
      throw new StorageError('newer', `the journal ${file} was written by a newer version (format ${version}); update this kiosk`);
    }
    const parsed = headSchema.safeParse(value);
    if (!parsed.success) throw this.damaged(file, 'does not begin with its head');
    const head = parsed.data;
    refuseForeign(this.options, head.kiosk, head.uid);
    const { summary } = this;
    const continues =
      head.last === this.lastId &&
      sameBallot(head.promised, summary.promised) &&
      head.chosen === summary.chosen &&
      (this.head === null || this.head.incarnation === head.incarnation);
    if (!continues) throw this.damaged(file, 'does not go on where the part before it ends');
    this.head = head;
  }

  private takeRecord(file: string, value: unknown): void {
    const parsed = journalRecordSchema.safeParse(value);
    if (!parsed.success) throw this.damaged(file, `holds a record of an unknown form (number ${this.lastId + 1})`);
    this.records.push(parsed.data);
    this.summary.add(parsed.data);
  }

  private damaged(file: string, what: string): StorageError {
    return new StorageError(
      'damaged',
      `the journal ${file} ${what}; it may hold a vote, so this kiosk must not vote with it: keep the folder for inspection, give the kiosk an empty one, remove it from the site and add it again`,
    );
  }
}
