import { writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CommandResult } from '../../shared/answers';
import type { Ballot, Slot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import type { Value } from '../../shared/values';
import { ioError } from './errors';
import { FILE_MODE, FOLDER_MODE, readWhole, syncFolder } from './files';
import { asciiJson, lineBytes, linesOf, scan, writeLine } from './line';

/** One applied entry of the log, as it is kept for the season. */
export interface ArchiveEntry {
  readonly slot: Slot;
  readonly ballot: Ballot;
  readonly value: Value;
  readonly results: readonly CommandResult[];
  /** Chained state hash after it (rule 13). */
  readonly hash: string;
}

export const ARCHIVE_FOLDER = 'archive';
export const SEALED_NAME = /^(\d{12})-(\d{12})\.db$/;
/** A file that is being written; of no use after a crash. */
const UNFINISHED = '.new';
export const OPEN_NAME = /^(\d{12})-open\.db$/;
/** A file is sealed when it has so many bytes or entries, whichever comes first. */
const FILE_BYTES = 1024 * 1024;
const FILE_ENTRIES = 4_096;
/** The memory that the first open file's lines begin with; doubled where they need more. */
const FIRST_BYTES = 64 * 1024;
/** Errors of reading that mean: these bytes are lost. */
const LOST: ReadonlySet<string> = new Set(['ENOENT', 'EIO']);
/** Files that were read last stay in memory, for whoever pages on. */
const CACHED_FILES = 2;

interface Sealed {
  readonly first: Slot;
  readonly last: Slot;
}

/**
 * The file that is being written, and what stands in it, as bytes. Thousands of entries would be objects otherwise that
 * live just long enough for V8's collector of short-lived ones to copy each of them twice.
 */
class OpenFile {
  private length = 0;
  /** Where the line of each slot begins. */
  private readonly starts: number[] = [];

  /** @param bytes where its lines are kept: those of the file before, for a megabyte a second would bring on a whole collection each ten */
  constructor(
    readonly first: Slot,
    readonly handle: FileHandle,
    public bytes: Buffer,
  ) {}

  /** The newest slot in it; the one before its first for none. */
  get last(): Slot {
    return this.first + this.starts.length - 1;
  }

  get isFull(): boolean {
    return this.length >= FILE_BYTES || this.starts.length >= FILE_ENTRIES;
  }

  /** Writes consecutive entries from the next slot on until the file is full; how many they were. */
  append(entries: readonly ArchiveEntry[]): number {
    const from = this.length;
    let taken = 0;
    for (; taken < entries.length && entries[taken]!.slot === this.last + 1 && !this.isFull; taken += 1) this.add(entries[taken]!);
    writeBytes(this.handle, this.bytes.subarray(from, this.length));
    return taken;
  }

  private add(entry: ArchiveEntry): void {
    const payload = payloadOf(entry);
    const end = this.length + lineBytes(payload);
    if (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes], Math.max(end, 2 * this.bytes.length));
    this.starts.push(this.length);
    this.length = writeLine(this.bytes, this.length, payload, lineBytes(payload));
  }

  /** Entries of slots [from, to], which are in it: at least one, and as many from the one end as take `bytes`. */
  read(from: Slot, to: Slot, bytes: number, end: 'first' | 'last'): readonly ArchiveEntry[] {
    const startOf = (slot: Slot) => this.starts[slot - this.first] ?? this.length;
    if (end === 'first') while (to > from && startOf(to + 1) - startOf(from) > bytes) to -= 1;
    else while (from < to && startOf(to + 1) - startOf(from) > bytes) from += 1;
    return entriesOf(this.bytes.subarray(startOf(from), startOf(to + 1)), from);
  }
}

/**
 * The history of applied entries (rule 12), on disk in files of about a mebibyte, each line with the journal's
 * checksums; read by page. It is no vote: a damaged file is put aside and fetched again from a peer. Nothing here
 * waits for the disk until `sync`. It is no NeDB datastore, since that would keep every entry in memory.
 */
export class Archive {
  private readonly folder: string;
  private sealed: Sealed[] = [];
  private current: OpenFile | null = null;
  /** What the lines of the next open file are kept in. */
  private spare: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private readonly cache = new Map<string, readonly ArchiveEntry[]>();

  private constructor(data: string) {
    this.folder = path.join(data, ARCHIVE_FOLDER);
  }

  static async open(data: string): Promise<Archive> {
    const archive = new Archive(data);
    await mkdir(archive.folder, { recursive: true, mode: FOLDER_MODE });
    for (const name of (await readdir(archive.folder)).sort()) {
      const [, first, last] = SEALED_NAME.exec(name) ?? [];
      if (first !== undefined && last !== undefined) archive.sealed.push({ first: Number(first), last: Number(last) });
      else if (OPEN_NAME.test(name)) await archive.sealLeft(name);
      else if (name.endsWith(UNFINISHED)) await rm(path.join(archive.folder, name));
    }
    archive.sealed.sort((a, b) => a.first - b.first || b.last - a.last);
    archive.sealed = archive.sealed.filter(({ last }, index, all) => all.slice(0, index).every((before) => before.last < last));
    return archive;
  }

  /** The newest slot that is here; 0 for none. */
  get last(): Slot {
    return this.current?.last ?? this.sealed.at(-1)?.last ?? 0;
  }

  /** The slot from which everything up to the newest is here. */
  get firstSlot(): Slot {
    let first = this.current?.first ?? (this.sealed.at(-1)?.last ?? 0) + 1;
    for (const file of [...this.sealed].reverse()) {
      if (file.last < first - 1) break;
      first = Math.min(first, file.first);
    }
    return first;
  }

  /** Adds entries above all that are here, in order. A gap is allowed: a snapshot took the place of what is missing. */
  async append(entries: readonly ArchiveEntry[]): Promise<void> {
    try {
      await this.appendAll(entries);
    } catch (error) {
      throw ioError('history', this.folder, error);
    }
  }

  /** All that was appended is on the disk when this resolves. */
  async sync(): Promise<void> {
    await this.current?.handle.datasync();
    await syncFolder(this.folder);
  }

  /** Entries from a slot on, in order and without a gap, at least one if that slot is here; about `bytes` of them. */
  async read(from: Slot, bytes: number): Promise<readonly ArchiveEntry[]> {
    const { current } = this;
    if (current !== null && from >= current.first) return from > current.last ? [] : current.read(from, current.last, bytes, 'first');
    const file = this.sealed.find(({ first, last }) => first <= from && from <= last);
    if (file === undefined) return [];
    const entries = await this.readSealed(file);
    return entries === null ? [] : cut(entries.slice(from - file.first), bytes);
  }

  /** Entries up to a slot, as `read` gives them from one on. */
  async readBack(to: Slot, bytes: number): Promise<readonly ArchiveEntry[]> {
    const { current } = this;
    if (current !== null && to >= current.first) return current.read(current.first, Math.min(to, current.last), bytes, 'last');
    const file = this.sealed.find(({ first, last }) => first <= to && to <= last);
    if (file === undefined) return [];
    const entries = await this.readSealed(file);
    return entries === null ? [] : cutBack(entries.slice(0, to - file.first + 1), bytes);
  }

  /**
   * Consecutive entries, checked by the caller, that end right below what is here; those that are here already are
   * left out. Takes turns with `append`.
   */
  async insert(given: readonly ArchiveEntry[]): Promise<void> {
    const entries = given.filter(({ slot }) => !this.sealed.some((file) => file.first <= slot && slot <= file.last));
    if (entries.length === 0) return;
    const first = entries[0]!.slot;
    const last = entries.at(-1)!.slot;
    invariant(last - first + 1 === entries.length, 'history with a gap is inserted');
    try {
      // What is open ends below a snapshot that took the place of what came next.
      if (this.current !== null && this.last < first) await this.seal();
      await this.writeSealed({ first, last }, entries);
    } catch (error) {
      throw ioError('history', this.folder, error);
    }
    this.sealed.push({ first, last });
    this.sealed.sort((a, b) => a.first - b.first);
  }

  async close(): Promise<void> {
    await this.current?.handle.close();
    this.current = null;
  }

  private async appendAll(entries: readonly ArchiveEntry[]): Promise<void> {
    let rest = entries.filter(({ slot }) => slot > this.last);
    while (rest.length > 0) {
      const first = rest[0]!.slot;
      if (this.current !== null && first !== this.last + 1) await this.seal();
      this.current ??= await this.begin(first);
      rest = rest.slice(this.current.append(rest));
      if (this.current.isFull) await this.seal();
    }
  }

  private async writeSealed(file: Sealed, entries: readonly ArchiveEntry[]): Promise<void> {
    const name = sealedName(file);
    const handle = await open(path.join(this.folder, `${name}${UNFINISHED}`), 'w', FILE_MODE);
    try {
      await handle.writeFile(linesOf(entries.map(payloadOf), false));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(path.join(this.folder, `${name}${UNFINISHED}`), path.join(this.folder, name));
    await syncFolder(this.folder);
  }

  private async begin(first: Slot): Promise<OpenFile> {
    const handle = await open(path.join(this.folder, openName(first)), 'a', FILE_MODE);
    return new OpenFile(first, handle, this.spare);
  }

  private async seal(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    await current.handle.sync();
    await current.handle.close();
    const file = { first: current.first, last: current.last };
    await rename(path.join(this.folder, openName(current.first)), path.join(this.folder, sealedName(file)));
    await syncFolder(this.folder);
    this.current = null;
    this.spare = current.bytes;
    this.sealed.push(file);
  }

  /** A file that was open when the process ended: whatever whole lines it has are kept; the journal has the rest. */
  private async sealLeft(name: string): Promise<void> {
    const file = path.join(this.folder, name);
    const first = Number(OPEN_NAME.exec(name)![1]);
    const entries = entriesOf(await readWhole(file), first);
    if (entries.length > 0) await this.insert(entries);
    await rm(file, { force: true });
  }

  /** Null if it is damaged: then it is put aside, and the history has a gap until a peer has filled it. */
  private async readSealed(file: Sealed): Promise<readonly ArchiveEntry[] | null> {
    const name = path.join(this.folder, sealedName(file));
    const cached = this.cache.get(name);
    if (cached !== undefined) return cached;
    const entries = await readEntries(name, file.first);
    if (entries.length !== file.last - file.first + 1) {
      this.sealed = this.sealed.filter((other) => other !== file);
      await rename(name, `${name}.damaged`).catch(unlessGone);
      return null;
    }
    this.cache.set(name, entries);
    if (this.cache.size > CACHED_FILES) this.cache.delete(this.cache.keys().next().value!);
    return entries;
  }
}

function payloadOf({ slot, ballot, value, results, hash }: ArchiveEntry): string {
  return asciiJson(JSON.stringify({ slot, ballot, value, results, hash }));
}

/** The whole lines at the beginning of a file, as far as they are consecutive slots from `first` on. */
function entriesOf(bytes: Buffer, first: Slot): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  for (const payload of scan(bytes).payloads) {
    const entry = JSON.parse(payload) as ArchiveEntry;
    if (entry.slot !== first + entries.length) break;
    entries.push(entry);
  }
  return entries;
}

/** None where the file is gone, or the disk no longer gives it back. */
async function readEntries(file: string, first: Slot): Promise<ArchiveEntry[]> {
  try {
    return entriesOf(await readWhole(file), first);
  } catch (error) {
    if (!LOST.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return [];
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Into the page cache, by the thread that asks, as the journal: a hop to another one would take longer than the copy. */
function writeBytes({ fd }: FileHandle, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function cut(entries: readonly ArchiveEntry[], bytes: number): readonly ArchiveEntry[] {
  let sum = 0;
  const end = entries.findIndex((entry, index) => {
    sum += JSON.stringify(entry).length;
    return sum > bytes && index > 0;
  });
  return end === -1 ? entries : entries.slice(0, end);
}

function cutBack(entries: readonly ArchiveEntry[], bytes: number): readonly ArchiveEntry[] {
  let sum = 0;
  let start = entries.length;
  while (start > 0) {
    sum += JSON.stringify(entries[start - 1]).length;
    if (sum > bytes && start < entries.length) break;
    start -= 1;
  }
  return entries.slice(start);
}

function digits(slot: Slot): string {
  return String(slot).padStart(12, '0');
}

function sealedName({ first, last }: Sealed): string {
  return `${digits(first)}-${digits(last)}.db`;
}

function openName(first: Slot): string {
  return `${digits(first)}-open.db`;
}
