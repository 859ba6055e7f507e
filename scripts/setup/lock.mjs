import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 200;
/** A lock without a readable owner is taken over after this. */
const ORPHAN_MS = 10_000;

/** Whether the process of a pid still runs (a zombie does not). @param {number} pid */
export function isAlive(pid) {
  try {
    if (process.platform === 'linux') return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Runs `work` while no other set-up works in the same folder. A killed owner's lock is taken over.
 * @template T
 * @param {string} folder @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once, if another one is at work
 */
export async function withLock(folder, work, onWait = () => undefined) {
  mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, '.setup-lock');
  let said = false;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isOrphan(lock)) {
        rmSync(lock, { recursive: true, force: true });
        continue;
      }
      if (!said) onWait();
      said = true;
      await wait(RETRY_MS);
    }
  }
  try {
    writeFileSync(path.join(lock, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isOrphan(lock) {
  try {
    return !isAlive(Number(readFileSync(path.join(lock, 'pid'), 'utf8')));
  } catch {
    try {
      return Date.now() - statSync(lock).mtimeMs > ORPHAN_MS;
    } catch {
      return false;
    }
  }
}
