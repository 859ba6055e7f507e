import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readArchive, SnapshotFolder } from '../storage';
import { type ExportHead, type ExportTail, openExport } from './exportFile';

/** A history to be proved: the data folder of a kiosk, running or not, or an export. */
export interface Source {
  readonly name: string;
  /** Whose it is, as it says itself. */
  readonly uid: string;
  readonly kiosk: number;
  readonly entries: AsyncGenerator<unknown, SourceEnd>;
  /** Null for a data folder. */
  readonly head: ExportHead | null;
  /** What the newest snapshot of a data folder stands for. */
  readonly snapshot: { readonly slot: number; readonly hash: string } | null;
}

export type SourceEnd =
  | { readonly kind: 'whole'; readonly tail: ExportTail | null }
  /** It ends before it should; one sentence. */
  | { readonly kind: 'broken'; readonly what: string };

/** @param code opens an export that is sealed @returns one sentence where there is neither */
export async function openSource(given: string, code: string | null = null): Promise<Source | string> {
  let folder: boolean;
  try {
    folder = (await stat(given)).isDirectory();
  } catch (error) {
    return `there is nothing to read at ${given} (${(error as NodeJS.ErrnoException).code ?? String(error)}): name a kiosk's data folder or an export`;
  }
  if (!folder) {
    const opened = await openExport(given, code);
    if (typeof opened === 'string') return opened;
    const { head, entries } = opened;
    return { name: given, uid: head.uid, kiosk: head.kiosk, head, snapshot: null, entries };
  }
  const owner = await ownerOf(given);
  if (owner === null) return `${given} is no kiosk's data folder: it lies under the site's name in the user's data, or where --data said`;
  let snapshot: Source['snapshot'];
  try {
    snapshot = await new SnapshotFolder(given).newest();
  } catch (error) {
    return (error as Error).message;
  }
  return { name: given, ...owner, head: null, snapshot, entries: folderEntries(given) };
}

/** Who a data folder belongs to; null if it is none. */
export async function ownerOf(data: string): Promise<{ readonly uid: string; readonly kiosk: number } | null> {
  try {
    const marker = JSON.parse(await readFile(path.join(data, 'journal.exists'), 'utf8')) as { uid?: unknown; kiosk?: unknown };
    return typeof marker.uid === 'string' && typeof marker.kiosk === 'number' ? { uid: marker.uid, kiosk: marker.kiosk } : null;
  } catch {
    return null;
  }
}

async function* folderEntries(data: string): AsyncGenerator<unknown, SourceEnd> {
  const end = yield* readArchive(data);
  switch (end.kind) {
    case 'end':
      return { kind: 'whole', tail: null };
    case 'gap':
      return {
        kind: 'broken',
        what: `the history up to slot ${end.last} is not all here yet: a running kiosk fetches it from the others, so try later, or take another kiosk's`,
      };
    case 'damaged':
      return {
        kind: 'broken',
        what: `the file ${end.file} is damaged or was changed at slot ${end.slot}: a running kiosk fetches it anew from the others, or take another kiosk's`,
      };
  }
}
