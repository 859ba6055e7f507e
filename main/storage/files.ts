import { createHash } from 'node:crypto';
import { copyFile, type FileHandle, mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import path from 'node:path';

export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** Size of a file in bytes; null only if it is not there. Any other answer of the system is an error, never "no file" (facts: NeDB would empty it). */
export async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** All bytes of a file, in memory of their own. */
export async function readWhole(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, size - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return at === size ? bytes : bytes.subarray(0, at);
  } finally {
    await handle.close();
  }
}

async function withHandle(file: string, flags: string, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(file, flags, FILE_MODE);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

export function syncFile(file: string): Promise<void> {
  return withHandle(file, 'r+', (handle) => handle.sync());
}

/** Makes names in a folder durable; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await withHandle(folder, 'r', (handle) => handle.sync());
}

/** Writes a small file so that, after a crash, it is there whole or not at all. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  await withHandle(temporary, 'w', async (handle) => {
    await handle.writeFile(text);
    await handle.sync();
  });
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
}

/** Cuts a file after a copy was put aside; returns the copy's name. */
export async function cutAside(file: string, bytes: number, contents: Buffer): Promise<string> {
  const mark = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const copy = `${file}.torn-${mark}`;
  await copyFile(file, copy);
  await syncFile(copy);
  await truncate(file, bytes);
  await syncFile(file);
  await syncFolder(path.dirname(file));
  return copy;
}

/**
 * Makes a folder and those above it that are missing. Node's own way to do so never comes back where the system takes no
 * new folder and says that the one above is missing, as in /proc.
 * @throws the system's error, with the path that can't be made
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !(await isFolder(at)); at = path.dirname(at)) missing.unshift(at);
  for (const next of missing) {
    await mkdir(next, mode === undefined ? {} : { mode }).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else may have been quicker; or it is a file.
      if (error.code !== 'EEXIST' || !(await isFolder(next))) throw error;
    });
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
