import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The system cuts a longer path of a local socket off silently. */
const PATH_BYTES_MAX = 100;
const PRIVATE_FOLDER_MODE = 0o700;
const NOTE = 'endpoint';

function hashOf(folder: string): string {
  return createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 24);
}

/** Where a kiosk with this data folder listens for its local clients; made known in `<data>/endpoint` where it is elsewhere. */
export async function endpointAddress(data: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\quorum-kiosk-client-${hashOf(data)}`;
  const direct = path.join(data, 'client.sock');
  if (Buffer.byteLength(direct) <= PATH_BYTES_MAX) return direct;
  const folder = path.join(os.tmpdir(), `quorum-kiosk-${process.getuid?.() ?? 'user'}`);
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  const found = await lstat(folder);
  const own = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (!own)
    throw new Error(
      `the folder ${folder} is open to others or belongs to another user: remove it, or use a data folder with a shorter path`,
    );
  const file = path.join(folder, `${hashOf(data)}.sock`);
  await writeFile(path.join(data, NOTE), `${file}\n`);
  return file;
}

/** Where a client finds the kiosk with this data folder. */
export async function findEndpoint(data: string): Promise<string> {
  if (process.platform === 'win32') return endpointAddress(data);
  const direct = path.join(data, 'client.sock');
  if (Buffer.byteLength(direct) <= PATH_BYTES_MAX) return direct;
  return (await readFile(path.join(data, NOTE), 'utf8')).trim();
}
