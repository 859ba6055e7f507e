import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { said } from '../../shared/said';
import { SNAPSHOT_PART_BYTES, SNAPSHOT_PART_KINDS, type Snapshot, type SnapshotPart } from '../../shared/snapshot';
import { StorageError } from './errors';
import { FILE_MODE, FOLDER_MODE, readWhole, syncFolder } from './files';
import { scan } from './line';
import { Segment } from './segment';

const FOLDER = 'snapshot';
const MANIFEST_NAME = /^manifest-(\d{12})\.db$/;
const PART_NAME = /^part-\d{12}-\d{5}\.bin$/;
/** Parts read at a time. */
const READS = 16;

/** One record: what the snapshot is of, and its parts in order. */
const manifestSchema = z.strictObject({
  slot: z.int().min(1),
  hash: z.string().length(64),
  parts: z
    .array(
      z.strictObject({
        kind: z.enum(SNAPSHOT_PART_KINDS),
        file: z.string().regex(PART_NAME),
        bytes: z.int().min(1).max(SNAPSHOT_PART_BYTES),
        crc: z.int().min(0),
      }),
    )
    .min(1),
});
type Manifest = z.infer<typeof manifestSchema>;

/**
 * Snapshots on disk (rule 12): the manifest is a NeDB datastore of one record, the parts are files beside it,
 * because NeDB would keep their text in memory and write all of it anew at each start. A part that is the same as
 * in the snapshot before is not written again.
 */
export class SnapshotFolder {
  private readonly folder: string;
  /** Files that hold these very bytes. */
  private readonly files = new WeakMap<Uint8Array, Manifest['parts'][number]>();

  constructor(data: string) {
    this.folder = path.join(data, FOLDER);
  }

  /** The newest snapshot that was wholly written, or null. @throws StorageError if it is damaged */
  async load(): Promise<Snapshot | null> {
    await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
    for (const slot of await this.slots()) {
      const manifest = await this.readManifest(slot);
      if (manifest === null) continue;
      const snapshot = await this.readParts(manifest);
      await this.tidy(manifest);
      return snapshot;
    }
    return null;
  }

  /** Resolves once it is on the disk, whole; until then the one before it stays. Calls must not overlap. */
  async save(snapshot: Snapshot): Promise<void> {
    const parts: Manifest['parts'] = [];
    for (const [index, part] of snapshot.parts.entries()) {
      const known = this.files.get(part.bytes);
      parts.push(known ?? (await this.writePart(snapshot.slot, index, part)));
    }
    await syncFolder(this.folder);
    const manifest: Manifest = { slot: snapshot.slot, hash: snapshot.hash, parts };
    const file = this.manifestFile(snapshot.slot);
    await rm(file, { force: true });
    const segment = await Segment.open(file, 0, (handle) => handle.sync());
    await segment.append([{ _id: 1, m: manifest }]);
    await segment.close();
    await syncFolder(this.folder);
    for (const [index, part] of snapshot.parts.entries()) this.files.set(part.bytes, parts[index]!);
    await this.tidy(manifest);
  }

  private manifestFile(slot: number): string {
    return path.join(this.folder, `manifest-${String(slot).padStart(12, '0')}.db`);
  }

  private async writePart(slot: number, index: number, { kind, bytes }: SnapshotPart): Promise<Manifest['parts'][number]> {
    const file = `part-${String(slot).padStart(12, '0')}-${String(index).padStart(5, '0')}.bin`;
    const handle = await open(path.join(this.folder, file), 'w', FILE_MODE);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { kind, file, bytes: bytes.length, crc: crc32(bytes) };
  }

  /** What the newest snapshot is of, by its manifest alone; null for none. Changes nothing. @throws StorageError if it is damaged */
  async newest(): Promise<{ readonly slot: number; readonly hash: string } | null> {
    for (const slot of await this.slots()) {
      const manifest = await this.readManifest(slot);
      if (manifest !== null) return { slot: manifest.slot, hash: manifest.hash };
    }
    return null;
  }

  /** Of which slots there are manifests, newest first. */
  private async slots(): Promise<readonly number[]> {
    return (await readdir(this.folder))
      .map((name) => MANIFEST_NAME.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** Null for one that was being written when the power went. */
  private async readManifest(slot: number): Promise<Manifest | null> {
    const file = this.manifestFile(slot);
    const { payloads, tail } = scan(await readWhole(file));
    if (tail === 'damaged') throw damaged(file);
    const [payload] = payloads;
    if (payload === undefined || tail === 'torn') return null;
    const parsed = manifestSchema.safeParse((JSON.parse(payload) as { m?: unknown }).m);
    if (!parsed.success || parsed.data.slot !== slot) throw damaged(file);
    return parsed.data;
  }

  private async readParts(manifest: Manifest): Promise<Snapshot> {
    const parts: SnapshotPart[] = [];
    for (let at = 0; at < manifest.parts.length; at += READS) {
      parts.push(...(await Promise.all(manifest.parts.slice(at, at + READS).map((part) => this.readPart(part)))));
    }
    return { slot: manifest.slot, hash: manifest.hash, parts };
  }

  private async readPart(part: Manifest['parts'][number]): Promise<SnapshotPart> {
    const file = path.join(this.folder, part.file);
    let bytes: Uint8Array;
    try {
      bytes = await readWhole(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged(file);
      throw error;
    }
    if (bytes.length !== part.bytes || crc32(bytes) !== part.crc) throw damaged(file);
    this.files.set(bytes, part);
    return { kind: part.kind, bytes };
  }

  /** Removes what the newest snapshot does not stand on. */
  private async tidy(manifest: Manifest): Promise<void> {
    const needed = new Set([path.basename(this.manifestFile(manifest.slot)), ...manifest.parts.map(({ file }) => file)]);
    for (const name of await readdir(this.folder)) if (!needed.has(name)) await rm(path.join(this.folder, name), { force: true });
  }
}

function damaged(file: string): StorageError {
  return new StorageError('damaged', said('snapshot_damaged', file));
}
