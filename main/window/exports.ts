import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { CsvFile } from '../../shared/desk';
import type { Exported } from '../../shared/ipc';
import { told } from '../../shared/said';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Files of one name; a clerk who has more should tidy up. */
const NAMES_MAX = 1_000;

/** Writes figures for a clerk to take away. @throws Error in words */
export async function writeExport(folder: string, { name, text, rows }: CsvFile): Promise<Exported> {
  return { file: await writeFresh(folder, name, text), rows };
}

/** Writes a file for a clerk to take away, under a name that was not used before. @returns its path @throws Error in words */
export async function writeFresh(folder: string, name: string, contents: string | Uint8Array): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const { name: base, ext } = path.parse(path.basename(name));
    for (let copy = 1; copy <= NAMES_MAX; copy += 1) {
      const file = path.join(folder, copy === 1 ? `${base}${ext}` : `${base}-${copy}${ext}`);
      if (await writeNew(file, contents)) return file;
    }
  } catch (error) {
    throw told('export_unwritable', folder, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  throw told('export_crowded', NAMES_MAX, folder);
}

async function writeNew(file: string, contents: string | Uint8Array): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', FILE_MODE);
    try {
      await handle.writeFile(contents);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
