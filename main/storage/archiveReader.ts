import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Slot } from '../../shared/ballot';
import { ARCHIVE_FOLDER, type ArchiveEntry, OPEN_NAME, SEALED_NAME } from './archive';
import { readWhole } from './files';
import { scan } from './line';

/** Where reading a history ended, and why. */
export type ArchiveEnd =
  /** All that is there was read. */
  | { readonly kind: 'end' }
  /** Slots up to `last` are in no file, and later ones are. */
  | { readonly kind: 'gap'; readonly last: Slot }
  /** The file does not hold what its name says, or lines of it were changed: the first slot that is not to be had from it. */
  | { readonly kind: 'damaged'; readonly file: string; readonly slot: Slot };

interface ArchiveFile {
  readonly name: string;
  readonly first: Slot;
  /** Null for the one that is being written. */
  readonly last: Slot | null;
}

/**
 * Reads the history of a data folder from slot 1 on and changes nothing: the kiosk may be running. A file that is
 * sealed or filled meanwhile is found again; what is appended after the newest file was read is left for next time.
 * @returns where it ended
 */
export async function* readArchive(data: string): AsyncGenerator<ArchiveEntry, ArchiveEnd> {
  const folder = path.join(data, ARCHIVE_FOLDER);
  let next: Slot = 1;
  for (;;) {
    const files = await listFiles(folder);
    const file = files.find(({ first, last }) => first <= next && (last === null || last >= next));
    if (file === undefined) {
      const later = files.map(({ first }) => first).filter((first) => first > next);
      return later.length === 0 ? { kind: 'end' } : { kind: 'gap', last: Math.min(...later) - 1 };
    }
    const bytes = await readWhole(path.join(folder, file.name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    // It has its final name by now, or a peer's copy took its place.
    if (bytes === null) continue;
    let at = file.first;
    const { payloads, tail } = scan(bytes);
    for (const payload of payloads) {
      const entry = JSON.parse(payload) as ArchiveEntry;
      if (entry.slot !== at) break;
      at += 1;
      if (entry.slot < next) continue;
      next += 1;
      yield entry;
    }
    // What is being written may end within a line; all before that is as it was written.
    const whole = file.last === null ? tail !== 'damaged' && at === file.first + payloads.length : at > file.last;
    if (!whole) return { kind: 'damaged', file: path.join(folder, file.name), slot: at };
    if (file.last === null) return { kind: 'end' };
  }
}

async function listFiles(folder: string): Promise<readonly ArchiveFile[]> {
  const files = (await readdir(folder)).flatMap((name): ArchiveFile[] => {
    const [, first, last] = SEALED_NAME.exec(name) ?? OPEN_NAME.exec(name) ?? [];
    return first === undefined ? [] : [{ name, first: Number(first), last: last === undefined ? null : Number(last) }];
  });
  // Of two that hold a slot, the one that leads furthest; the one that is being written last.
  return files.sort((a, b) => (b.last ?? 0) - (a.last ?? 0));
}
