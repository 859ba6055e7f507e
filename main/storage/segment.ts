import { accessSync, constants, fdatasync, statSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import Datastore from 'nedb-promises';
import { invariant } from '../../shared/invariant';
import type { JournalRecord } from '../../shared/journal';
import { said } from '../../shared/said';
import { valueText } from '../../shared/valueText';
import { ioError, StorageError } from './errors';
import { FILE_MODE, FOLDER_MODE } from './files';
import { asciiJson, decodeLine, encodeLine, lineBytes, linesOf } from './line';

/** A document of the journal: `_id` ascends from 1, without a gap, over all segments. */
export interface JournalDocument {
  readonly _id: number;
  readonly r?: JournalRecord;
  readonly [field: string]: unknown;
}

/** The one system call that makes an append durable; a test may stand in for the disk. */
export type Sync = (handle: FileHandle) => Promise<void>;

/** By the plain call: the promise of a file handle takes longer than a disk that answers at once. */
export function syncData(handle: FileHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(handle.fd, (error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * The segment that is being appended to: a NeDB datastore that NeDB loads and we write. NeDB's own insert copies
 * and checks each document, keeps it in memory and in an index, serializes it, then opens, writes and closes the
 * file, and syncs nothing; a journal needs one write and one fdatasync of a line, and nothing in memory. So each
 * document is appended in NeDB's form on a descriptor of our own, and NeDB reads it at the next start.
 */
export class Segment {
  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly sync: Sync,
    /** What the descriptor has, as long as it is open. */
    private readonly inode: number,
    public count: number,
    public bytes: number,
  ) {}

  /**
   * Loads (or creates) the file, which was scanned before: NeDB rewrites and syncs what it read, so that
   * nothing is voted on that only the page cache holds.
   */
  static async open(file: string, count: number, sync: Sync): Promise<Segment> {
    try {
      const held = await load(file);
      if (held !== count) throw new StorageError('damaged', said('journal_miscounted', file, count, held));
      const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
      const { ino, size } = await handle.stat();
      return new Segment(file, handle, sync, ino, count, size);
    } catch (error) {
      throw ioError('load', file, error);
    }
  }

  /** Appends one group and returns once it is on the disk. The first failure must be the last append. */
  async append(documents: readonly JournalDocument[]): Promise<void> {
    try {
      const lines = linesOf(
        documents.map((document) => asciiJson(textOf(document))),
        true,
      );
      writeAll(this.handle.fd, lines);
      this.bytes += lines.length;
      this.count += documents.length;
      // The name is looked at while the disk works.
      const synced = this.sync(this.handle);
      try {
        this.checkName();
      } finally {
        await synced;
      }
      this.checkWritable();
    } catch (error) {
      throw ioError('write', this.file, error);
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /**
   * Where ext4 has met an error and made itself read-only, a sync of what was written just before says that all is well,
   * and writes nothing. It never becomes writable again by itself: whoever looks afterwards sees it.
   */
  private checkWritable(): void {
    if (process.platform === 'win32') return;
    accessSync(this.file, constants.W_OK);
  }

  /** A descriptor of a file that was replaced would sync a deleted inode, and say that all is well. */
  private checkName(): void {
    if (process.platform === 'win32') return;
    invariant(statSync(this.file).ino === this.inode, `the journal ${this.file} was replaced while it was open`);
  }
}

/** NeDB reads the whole file and writes it anew; returns how many documents it has found. */
async function load(file: string): Promise<number> {
  const store = Datastore.create({
    filename: file,
    autoload: false,
    corruptAlertThreshold: 0,
    modes: { fileMode: FILE_MODE, dirMode: FOLDER_MODE },
    // Each record is then a group of its own.
    afterSerialization: (json: string) => encodeLine(asciiJson(json), lineBytes(asciiJson(json))),
    beforeDeserialization: decodeLine,
  } as Parameters<typeof Datastore.create>[0]);
  await store.load();
  return store.count({});
}

/** As JSON.stringify writes it, with a text of the value that may be at hand. */
function textOf(document: JournalDocument): string {
  const { _id, r: record } = document;
  if (record?.t !== 'accept') return JSON.stringify(document);
  const { t, slot, ballot, value, chosen } = record;
  return `{"_id":${_id},"r":{"t":"${t}","slot":${slot},"ballot":${JSON.stringify(ballot)},"value":${valueText(value)},"chosen":${chosen}}}`;
}

/** Into the page cache, by the thread that asks: a hop to another one would take longer than the copy. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
