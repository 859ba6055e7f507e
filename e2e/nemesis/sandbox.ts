import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Mounts, network and processes of its own, all gone with its first process, however that one ends: the system
 * itself takes them away, also after a kill -9.
 */
const UNSHARE = ['unshare', '--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child', '--propagation', 'private'];
/** The same for whoever is not root, where the system lets every user have name spaces. */
const AS_USER = ['--user', '--map-root-user'];
/** Where `ip netns` and iptables keep their names and locks. */
const RUN = '/run';

/** What a command has to begin with to run in name spaces of its own, or why it can't. */
export type Sandbox = { readonly ok: true; readonly command: readonly string[] } | { readonly ok: false; readonly why: string };

export async function findSandbox(): Promise<Sandbox> {
  if (process.platform !== 'linux') return { ok: false, why: 'name spaces are had on Linux alone' };
  const command = process.getuid?.() === 0 ? UNSHARE : [...UNSHARE, ...AS_USER];
  const [program = '', ...args] = command;
  try {
    await execute(program, [...args, 'true']);
    return { ok: true, command };
  } catch (error) {
    return { ok: false, why: `no name spaces for this user (${firstLine(error)})` };
  }
}

/** To be called first within the sandbox. @throws the system's error */
export async function furnish(): Promise<void> {
  await mountMemory(RUN);
  await mkdir(`${RUN}/netns`);
}

/** Mounts a file system in memory. @param size as mount takes it, for example 32m; left out: as large as the system allows */
export async function mountMemory(folder: string, size?: string): Promise<void> {
  await execute('mount', ['-t', 'tmpfs', ...(size === undefined ? [] : ['-o', `size=${size}`]), 'tmpfs', folder]);
}

/** A failed program's own words. */
export function firstLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  return (stderr?.trim() || message).split('\n')[0] ?? '';
}
