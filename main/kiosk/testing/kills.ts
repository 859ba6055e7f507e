import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { KioskProcess, Launch } from './disks';

const execute = promisify(execFile);

/** strace counts calls per thread, so a kiosk under it does all its file work in one. */
const ONE_DISK_THREAD = { UV_THREADPOOL_SIZE: '1' };
/** A call that will not happen begins so long before the kill: whatever the kiosk says without waiting for it gets out. */
const TALK_US = 50_000;
/** Far longer than it takes to see the call done and to kill. */
const HOLD_US = 20_000_000;
/** The system calls by which what was written is made durable, and by which files come and go. */
const STEP_CALLS = ['fsync', 'fdatasync', 'rename', 'unlink'] as const;
/** State of a connected socket in /proc/net. */
const CONNECTED = { peers: '01', clients: '03' } as const;

/**
 * A point at which a running kiosk is killed: as it enters a system call, which then does not happen, or as the
 * call is done and nothing has come of it yet. All on its journal's file, its links to peers, or those to clients.
 */
export interface CrashPoint {
  readonly calls: string;
  readonly on: 'journal' | 'peers' | 'clients';
  readonly at: 'enter' | 'exit';
}

/** One step of a kiosk towards the disk: its n-th call of that name since its start, and the file by its kind. */
export interface Step {
  readonly call: string;
  readonly n: number;
  readonly file: string;
}

/** Why strace can't be had here, in words; null if it can. */
export async function withoutStrace(): Promise<string | null> {
  if (process.platform !== 'linux') return 'needs Linux: it kills kiosks at chosen system calls by strace';
  try {
    await execute('strace', ['-f', '-qq', '-o', '/dev/null', 'true']);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'needs strace, which is not installed (Debian: apt-get install strace)'
      : 'needs strace, which may not trace here (ptrace is not permitted)';
  }
}

/** A kiosk that can be killed by crash points while it runs. */
export const TRACEABLE: Launch = { environment: ONE_DISK_THREAD };

/** A kiosk that is killed as it enters the n-th such call since its start; it may not come to that. */
export function killedAt({ call, n }: Pick<Step, 'call' | 'n'>): Launch {
  return underStrace(['-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${n}`]);
}

/** A kiosk whose steps are written to a file. */
export function recorded(file: string): Launch {
  return underStrace(['-qq', '-y', '-o', file, '-e', `trace=${STEP_CALLS.join(',')}`]);
}

/** -D: the kiosk is our child, and strace is beside it; --seccomp-bpf: all other calls run at full speed. */
function underStrace(args: readonly string[]): Launch {
  return { wrapper: ['strace', '-D', '-f', '--seccomp-bpf', ...args], environment: ONE_DISK_THREAD };
}

/** What `recorded` wrote, in order; of calls that repeat on files of the same kind just the first and the last. */
export async function readSteps(file: string): Promise<readonly Step[]> {
  const counts = new Map<string, number>();
  const steps: Step[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [, call, named] = /^\d+ +([a-z]+)\((?:"([^"]*)"|\d+<[^>]*>)/.exec(line) ?? [];
    if (call === undefined) continue;
    const target = named ?? /<([^>]*)>/.exec(line)![1]!;
    const n = (counts.get(call) ?? 0) + 1;
    counts.set(call, n);
    const step = { call, n, file: path.basename(target).replace(/\d+/g, '#') };
    const same = (other: Step | undefined) => other?.call === step.call && other.file === step.file;
    if (same(steps.at(-1)) && same(steps.at(-2))) steps.pop();
    steps.push(step);
  }
  return steps;
}

/** Kills a running kiosk at the n-th such call from now on, counted in its one disk thread; resolves when it is gone. */
export async function killAtCall(victim: KioskProcess, { call, n }: Pick<Step, 'call' | 'n'>): Promise<void> {
  await trace(victim, call, [], `signal=KILL:when=${n}`);
}

/** Kills a kiosk at the next such point of its life; something must be sold meanwhile, so that it comes to that. */
export async function crash(victim: KioskProcess, folder: string, { calls, on, at }: CrashPoint): Promise<void> {
  const files = on === 'journal' ? [await newestSegment(folder)] : await sockets(victim.pid, on);
  const inject = at === 'enter' ? `delay_enter=${TALK_US}:signal=KILL` : `delay_exit=${HOLD_US}`;
  await trace(
    victim,
    calls,
    files.flatMap((file) => ['-P', file]),
    `${inject}:when=1`,
  );
}

async function trace(victim: KioskProcess, calls: string, filter: readonly string[], inject: string): Promise<void> {
  const tracer = spawn('strace', ['-f', '-p', String(victim.pid), ...filter, '-e', `trace=${calls}`, '-e', `inject=${calls}:${inject}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(tracer, 'close');
  const seen: string[] = [];
  createInterface({ input: tracer.stderr }).on('line', (line) => {
    seen.push(line);
    if (!line.endsWith('(DELAYED)')) return;
    void victim.end('SIGKILL');
    // It would sit the delay out before it lets the dead go.
    tracer.kill('SIGKILL');
  });
  await closed;
  if (!seen.some((line) => /\(DELAYED\)$|killed by SIGKILL/.test(line)))
    throw new Error(`strace did not get the kiosk to its ${calls}: ${seen.join('\n')}`);
  await victim.ended;
}

async function newestSegment(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^journal-\d+\.db$/.test(name)).sort();
  return path.join(folder, names.at(-1)!);
}

/** A process's open sockets to other kiosks, or to clients, as the system names them. */
async function sockets(pid: number, to: 'peers' | 'clients'): Promise<readonly string[]> {
  const table = await readFile(`/proc/${pid}/net/${to === 'peers' ? 'tcp' : 'unix'}`, 'utf8');
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  const inodes = rows.filter((row) => row[to === 'peers' ? 3 : 5] === CONNECTED[to]).map((row) => row[to === 'peers' ? 9 : 6]);
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return inodes.map((inode) => `socket:[${inode}]`).filter((name) => targets.includes(name));
}
