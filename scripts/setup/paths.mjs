import os from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** What is fetched once for all checkouts of this user. */
export function cacheFolder(environment = process.env) {
  if (process.platform === 'win32') return path.join(environment.LOCALAPPDATA ?? os.homedir(), 'quorum-kiosk', 'cache');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'quorum-kiosk');
  return path.join(environment.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'quorum-kiosk');
}
