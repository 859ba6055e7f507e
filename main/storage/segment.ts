import { fstatSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import Datastore from 'nedb-promises';
import { invariant } from '../../shared/invariant';
import { ioError, StorageError } from './errors';
import { FILE_MODE, FOLDER_MODE } from './files';
import { asciiJson, decodeLine, encodeLine, lineBytes } from './line';

/** A document of the journal: `_id` ascends from 1, without a gap, over all segments. */
export interface JournalDocument {
  readonly _id: number;
  readonly [field: string]: unknown;
}

/** The one system call that makes an append durable; a test may stand in for the disk. */
export type Sync = (handle: FileHandle) => Promise<void>;

/**
 * The segment that is being appended to: a NeDB datastore, whose appends become durable by fdatasync on a
 * descriptor of our own. NeDB itself never syncs an insert, keeps a failed one in memory and replaces its file
 * when it compacts; so it is never asked to update, remove or compact, and the first failure ends it.
 */
export class Segment {
  private readonly expected: { readonly payload: string; readonly remaining: number }[] = [];
  private readonly store: Datastore<JournalDocument>;
  private handle: FileHandle | null = null;
  bytes = 0;
  count = 0;

  private constructor(
    readonly file: string,
    private readonly sync: Sync,
  ) {
    this.store = Datastore.create({
      filename: file,
      autoload: false,
      corruptAlertThreshold: 0,
      modes: { fileMode: FILE_MODE, dirMode: FOLDER_MODE },
      afterSerialization: (json: string) => this.line(json),
      beforeDeserialization: decodeLine,
    } as Parameters<typeof Datastore.create>[0]) as unknown as Datastore<JournalDocument>;
  }

  /**
   * Loads (or creates) the file, which was scanned before: NeDB rewrites and syncs what it read, so that
   * nothing is voted on that only the page cache holds.
   */
  static async open(file: string, count: number, sync: Sync): Promise<Segment> {
    const segment = new Segment(file, sync);
    try {
      await segment.store.load();
      segment.handle = await open(file, 'r+');
    } catch (error) {
      throw ioError('load', file, error);
    }
    const held = await segment.store.count({});
    if (held !== count)
      throw new StorageError(
        'damaged',
        `the journal ${file} holds ${count} records, but the database reads ${held}; this kiosk must not vote`,
      );
    segment.count = count;
    segment.bytes = (await segment.handle.stat()).size;
    return segment;
  }

  /** Appends one group and returns once it is on the disk. */
  async append(documents: readonly JournalDocument[]): Promise<void> {
    const payloads = documents.map((document) => asciiJson(JSON.stringify(document)));
    let remaining = payloads.reduce((sum, payload) => sum + lineBytes(payload), 0);
    this.bytes += remaining;
    this.count += documents.length;
    for (const payload of payloads) {
      this.expected.push({ payload, remaining });
      remaining -= lineBytes(payload);
    }
    try {
      await this.store.insertMany([...documents]);
      invariant(this.expected.length === 0, 'the database did not write every record of a group');
      await this.synchronize();
    } catch (error) {
      throw ioError('write', this.file, error);
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  private async synchronize(): Promise<void> {
    const { handle } = this;
    invariant(handle !== null, `the journal ${this.file} is closed`);
    // A descriptor of a file that was replaced would sync a deleted inode, and say that all is well.
    if (process.platform !== 'win32') {
      const named = statSync(this.file);
      invariant(fstatSync(handle.fd).ino === named.ino, `the journal ${this.file} was replaced while it was open`);
    }
    await this.sync(handle);
  }

  private line(json: string): string {
    const payload = asciiJson(json);
    const next = this.expected.shift();
    // While loading, NeDB rewrites what it has read: each record is then a group of its own.
    if (next === undefined) return encodeLine(payload, lineBytes(payload));
    invariant(next.payload === payload, 'the database serializes a record otherwise than it was announced');
    return encodeLine(payload, next.remaining);
  }
}
