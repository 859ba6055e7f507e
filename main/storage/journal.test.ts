import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Store } from './store';

const disk = vi.hoisted(() => ({ fails: false }));
vi.mock('./files', async (original) => {
  const files = await original<typeof import('./files')>();
  return {
    ...files,
    syncFile: (file: string) =>
      disk.fails ? Promise.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })) : files.syncFile(file),
  };
});

const folders: string[] = [];
afterEach(async () => {
  disk.fails = false;
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

it('what was read of a journal counts only once it is sure to be on the disk: without, the kiosk does not start', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-journal-'));
  folders.push(folder);
  const options = { folder, kiosk: 1, uid: 'abcdefgh' };
  await (await Store.open(options)).close();
  disk.fails = true;
  await expect(Store.open(options)).rejects.toThrow(/EIO|i\/o error|disk/i);
  disk.fails = false;
  await (await Store.open(options)).close();
});
