import { readdir, readFile } from 'node:fs/promises';
import { treeOf } from './windowFigures';

const POLL_MS = 20;
const KB_PER_MB = 1_024;

/** A process and all that descend from it. */
export async function processTree(root: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    // After the name, which may hold anything: state, parent ...
    if (stat !== null) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return treeOf(root, parents);
}

/** Memory of a process and its descendants in MB: what is shared between several counts in parts, where the kernel can tell. */
export async function treeMemoryMb(root: number): Promise<number> {
  const parts = await Promise.all((await processTree(root)).map(memoryKb));
  return parts.reduce((sum, kb) => sum + kb, 0) / KB_PER_MB;
}

async function memoryKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => null);
  const pss = rollup === null ? null : /^Pss:\s+(\d+) kB/m.exec(rollup);
  if (pss !== null) return Number(pss[1]);
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
}

/** Resolves when none of them runs any more. */
export async function allGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    for (;;) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      if (stat === null || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
