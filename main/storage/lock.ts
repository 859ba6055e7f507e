import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { StorageError } from './errors';

export interface Lock {
  release(): Promise<void>;
}

/**
 * One process per data folder, by a lock that dies with its process: a socket in Linux's abstract name space,
 * a named pipe on Windows, a socket file elsewhere (checked for life, since a killed process leaves the file).
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const real = await realpath(folder);
  const name = `quorum-kiosk-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return listen(`\0${name}`, folder);
  if (process.platform === 'win32') return listen(`\\\\.\\pipe\\${name}`, folder);
  const file = path.join('/tmp', name);
  if (await answers(file)) throw inUse(folder);
  await rm(file, { force: true });
  return listen(file, folder);
}

function inUse(folder: string): StorageError {
  return new StorageError(
    'locked',
    `another process already uses the data folder ${folder}; end it first, or give this kiosk a folder of its own`,
  );
}

function listen(address: string, folder: string): Promise<Lock> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? inUse(folder) : error);
    });
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
