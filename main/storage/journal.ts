import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  ballotSchema,
  compareBallots,
  incarnationSchema,
  type KioskId,
  kioskIdSchema,
  type Slot,
  sameBallot,
  ZERO_BALLOT,
} from '../../shared/ballot';
import { type JournalRecord, journalRecordSchema } from '../../shared/journal';
import { foundingSchema } from '../../shared/values';
import { StorageError } from './errors';
import { cutAside, syncFile, syncFolder } from './files';
import { scan } from './line';

/** Version of the journal's format; a kiosk refuses a newer one. */
export const JOURNAL_VERSION = 1;
export const SEGMENT_NAME = /^journal-(\d{6})\.db$/;
/** What NeDB leaves behind when it is killed while it rewrites a file; the file itself is whole. */
export const REWRITE_NAME = /^journal-\d{6}\.db~$/;

/** From so many records on, code is made for their schema: that takes 4 ms, and more than it saves for fewer. */
const CODED_AFTER = 200;

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
  /** The snapshot that the journal stands on from here on; 0 for none. */
  snapshot: z.int().min(0).default(0),
  /** Parts of the journal below this one hold nothing that the snapshot does not. */
  first: z.int().min(1).default(1),
  /** The folder took the place of one that was lost: it founds no site (rule 7). */
  rejoins: z.boolean().default(false),
});
export type Head = z.infer<typeof headSchema>;

/** Whose journal it is, and where it lies. */
export interface JournalOwner {
  readonly folder: string;
  readonly kiosk: KioskId;
  readonly uid: string;
}

/** What the records so far add up to, restated at the head of the next segment. */
export class Summary {
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

/** One file of the journal, as far as dropping it goes. */
export interface Part {
  readonly number: number;
  /** Highest slot that it has an entry of. */
  highest: Slot;
}

export function segmentFile(folder: string, number: number): string {
  return path.join(folder, `journal-${String(number).padStart(6, '0')}.db`);
}

/** Reads and checks the segments in order. */
export class JournalReader {
  readonly records: JournalRecord[] = [];
  readonly summary = new Summary();
  readonly parts: Part[] = [];
  head: Head | null = null;
  promisedBefore = ZERO_BALLOT;
  lastId = 0;
  segmentCount = 0;

  constructor(
    private readonly owner: JournalOwner,
    readonly notes: string[],
  ) {}

  async read(number: number, last: boolean, marked: boolean): Promise<void> {
    const file = segmentFile(this.owner.folder, number);
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
    }
    // What was read counts only once it is sure to be on the disk; it is looked through meanwhile.
    const synced = bad ? null : syncFile(file);
    try {
      this.parts.push({ number, highest: 0 });
      for (const [index, payload] of result.payloads.entries()) this.take(file, payload, index === 0);
      this.segmentCount = result.payloads.length;
    } finally {
      await synced;
    }
  }

  private async dropUnborn(file: string, bytes: Buffer): Promise<void> {
    if (bytes.length > 0)
      this.notes.push(`a new part of the journal was cut short by a crash before it was used: ${await cutAside(file, 0, bytes)}`);
    await rm(file);
    await syncFolder(this.owner.folder);
  }

  private take(file: string, payload: string, first: boolean): void {
    let document: { _id?: unknown; h?: unknown; r?: unknown };
    try {
      document = JSON.parse(payload) as typeof document;
    } catch {
      throw this.damaged(file, 'holds a record that is not JSON');
    }
    if (first) this.takeHead(file, document.h);
    if (document._id !== this.lastId + 1) throw this.damaged(file, `holds record ${String(document._id)} after record ${this.lastId}`);
    if (!first) this.takeRecord(file, document.r);
    this.lastId += 1;
  }

  private takeHead(file: string, value: unknown): void {
    const version = (value as { version?: unknown } | undefined)?.version;
    if (typeof version === 'number' && version > JOURNAL_VERSION) {
      throw new StorageError('newer', `the journal ${file} was written by a newer version (format ${version}); update this kiosk`);
    }
    const parsed = headSchema.safeParse(value, { jitless: true });
    if (!parsed.success) throw this.damaged(file, 'does not begin with its head');
    const head = parsed.data;
    refuseForeign(this.owner, head.kiosk, head.uid);
    const { summary } = this;
    if (this.head === null) {
      // What was before the first part that is left is what its head says of it.
      this.lastId = head.last;
      this.promisedBefore = head.promised;
      summary.promised = head.promised;
      summary.signed = head.signed;
      summary.chosen = head.chosen;
    }
    const continues =
      head.last === this.lastId &&
      sameBallot(head.promised, summary.promised) &&
      head.chosen === summary.chosen &&
      (this.head === null || this.head.incarnation === head.incarnation);
    if (!continues) throw this.damaged(file, 'does not go on where the part before it ends');
    this.head = head;
  }

  private takeRecord(file: string, value: unknown): void {
    const parsed = journalRecordSchema.safeParse(value, { jitless: this.records.length < CODED_AFTER });
    if (!parsed.success) throw this.damaged(file, `holds a record of an unknown form (number ${this.lastId + 1})`);
    this.records.push(parsed.data);
    this.summary.add(parsed.data);
    const part = this.parts.at(-1)!;
    part.highest = Math.max(part.highest, slotOf(parsed.data));
  }

  private damaged(file: string, what: string): StorageError {
    return new StorageError('damaged', `the journal ${file} ${what}, and it may have held a vote`);
  }
}

/** The slot that the record has an entry of; 0 for none. */
export function slotOf(record: JournalRecord): Slot {
  return record.t === 'accept' || record.t === 'learn' ? record.slot : 0;
}

/** @throws StorageError if a folder of that kiosk and site is not this owner's */
export function refuseForeign(options: JournalOwner, kiosk: number, uid: string): void {
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
