import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { FOLDER_MODE, sizeOf, syncFolder, writeDurably } from './files';

/** A file that says why the data beside it must not be used again. */
export const RETIRED = 'journal.retired';
const ASIDE = 'aside';
/** No data of the site: what was put aside before, where local clients find the kiosk, and its log file. */
const STAYS = new Set([ASIDE, 'endpoint', 'logs']);

/** What a folder is known by: a copy of it, for example from a backup, is another one. Windows has no such thing that lasts. */
export async function identityOf(folder: string): Promise<string> {
  if (process.platform === 'win32') return 'folder';
  return String((await stat(folder, { bigint: true })).ino);
}

/** Durably marks the data in the folder as not to be used again. */
export async function retire(folder: string, reason: string): Promise<void> {
  if (await retirement(folder)) return;
  await writeDurably(path.join(folder, RETIRED), `${JSON.stringify({ reason })}\n`);
}

/** Why the data in the folder are not to be used again, or null. */
export async function retirement(folder: string): Promise<string | null> {
  const file = path.join(folder, RETIRED);
  if ((await sizeOf(file)) === null) return null;
  try {
    return String((JSON.parse(await readFile(file, 'utf8')) as { reason?: unknown }).reason);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    return 'the data in this folder were given up';
  }
}

/** Moves everything but the mark itself into a folder beside it, for inspection; returns that folder. A crash on the way is no harm: the mark stays until a new journal is there. */
export async function setAside(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name !== RETIRED && !STAYS.has(name) && !name.endsWith('.sock'));
  const base = path.join(folder, ASIDE);
  await mkdir(base, { recursive: true, mode: FOLDER_MODE });
  let number = (await readdir(base)).length + 1;
  let aside = path.join(base, String(number));
  while ((await sizeOf(aside)) !== null) {
    number += 1;
    aside = path.join(base, String(number));
  }
  await mkdir(aside, { mode: FOLDER_MODE });
  for (const name of names) await rename(path.join(folder, name), path.join(aside, name));
  await syncFolder(aside);
  await syncFolder(folder);
  return aside;
}
