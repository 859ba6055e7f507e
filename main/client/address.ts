import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The system cuts a longer path of a local socket off silently. */
const PATH_BYTES_MAX = 100;
const PRIVATE_FOLDER_MODE = 0o700;
const MODE_OF_OTHERS = 0o077;
const SOCKET = 'client.sock';
/** Names the socket where it is not in the data folder. */
const NOTE = 'endpoint';
const HASH_DIGITS = 24;

function hashOf(folder: string): string {
  return createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, HASH_DIGITS);
}

function fits(file: string): boolean {
  return Buffer.byteLength(file) <= PATH_BYTES_MAX;
}

/**
 * Where a kiosk with this data folder listens for its local clients; made known in `<data>/endpoint` where it is elsewhere.
 * @throws Error with a sentence for the operator, if there is no private place with a short path
 */
export async function endpointAddress(data: string): Promise<string> {
  if (process.platform === 'win32') return pipeName(data);
  const direct = path.join(data, SOCKET);
  if (fits(direct)) return direct;
  const folder = path.join(os.tmpdir(), `quorum-kiosk-${process.getuid?.() ?? 'user'}`);
  const file = path.join(folder, `${hashOf(data)}.sock`);
  if (!fits(file))
    throw new Error(
      `the paths ${direct} and ${file} are both too long for a local socket (${PATH_BYTES_MAX} bytes): use a data folder with a shorter path`,
    );
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  // Others may write in the folder above it: it could be theirs, or a link of theirs.
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & MODE_OF_OTHERS) !== 0)
    throw new Error(
      `the folder ${folder} is open to others or belongs to another user: remove it, or use a data folder with a shorter path`,
    );
  await writeFile(path.join(data, NOTE), `${file}\n`);
  return file;
}

/**
 * Where a client finds the kiosk with this data folder.
 * @throws the system's error (ENOENT), if no kiosk has ever been there
 */
export async function findEndpoint(data: string): Promise<string> {
  if (process.platform === 'win32') return pipeName(data);
  const direct = path.join(data, SOCKET);
  return fits(direct) ? direct : (await readFile(path.join(data, NOTE), 'utf8')).trim();
}

function pipeName(data: string): string {
  return `\\\\.\\pipe\\quorum-kiosk-client-${hashOf(data)}`;
}
