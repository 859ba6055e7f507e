import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findEndpoint } from '../main/client/address';
import { Connection } from '../main/client/connection';
import { START_OPTIONS } from '../main/kiosk/runtime';
import { placeAtFreePorts } from '../main/kiosk/testing/ports';
import type { Answer } from '../shared/answers';

const execute = promisify(execFile);
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(1));

/** Nothing that a bench has started outlives it, however it ends. */
export function endWithThis(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

const PROGRAMS = import.meta.dirname;
const ANSWER_POLL_MS = 2;

/** Runs inside a kiosk that is measured: writes, once a second, the longest time in ms that its event loop stood still. */
const STALLS = `import { monitorEventLoopDelay } from 'node:perf_hooks';
import { writeFileSync } from 'node:fs';
const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
setInterval(() => { writeFileSync(process.env.QK_BENCH_STALLS, String(delay.max / 1e6)); }, 1000).unref();
process.on('SIGUSR2', () => delay.reset());`;

export interface BenchSiteOptions {
  /** Watches how long the kiosks' event loops stand still; costs each 500 timers a second. */
  readonly watchStalls?: boolean;
  /** Kiosks that found the site; all of them if left out. */
  readonly members?: number;
  /** Where the kiosks' data are; beside the site file if left out. */
  readonly data?: string;
}

/** Kiosks of one site on this machine, each a process without a window. */
export class BenchSite {
  private readonly processes = new Map<number, ChildProcess>();

  constructor(
    private readonly folder: string,
    readonly kiosks: number,
    private readonly options: BenchSiteOptions = {},
  ) {}

  get site(): string {
    return path.join(this.folder, 'site', 'site.json');
  }

  data(kiosk: number): string {
    return path.join(this.options.data ?? this.folder, `k${kiosk}`);
  }

  async make(): Promise<void> {
    const site = path.join(this.folder, 'site');
    const args = [
      'create',
      site,
      '--site',
      'bench',
      '--kiosks',
      String(this.kiosks),
      '--members',
      String(this.options.members ?? this.kiosks),
    ];
    await execute(process.execPath, [path.join(PROGRAMS, 'site.js'), ...args, '--event', 'bench=1000000', '--event', 'more=1000000']);
    await placeAtFreePorts(this.site);
  }

  /** Resolves when it is ready: its local endpoint answers. @param wrapper a command that the kiosk is started by, and becomes */
  async start(kiosk: number, wrapper: readonly string[] = []): Promise<void> {
    const program = path.join(PROGRAMS, 'kiosk.js');
    const [command, ...first] = [...wrapper, process.execPath];
    const child = spawn(
      command!,
      [
        ...first,
        ...START_OPTIONS,
        ...(this.options.watchStalls ? [`--import=data:text/javascript,${encodeURIComponent(STALLS)}`] : []),
        program,
        String(kiosk),
        '--site',
        this.site,
        '--data',
        this.data(kiosk),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, QK_BENCH_STALLS: this.stallsFile(kiosk) } },
    );
    this.processes.set(kiosk, child);
    endWithThis(child);
    await once(child.stdout!, 'data');
  }

  async kill(kiosk: number): Promise<void> {
    const child = this.processes.get(kiosk)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async connect(kiosk: number): Promise<Connection> {
    return Connection.open(await findEndpoint(this.data(kiosk)));
  }

  async leader(at: Connection): Promise<number> {
    for (;;) {
      const status = await at.execute({ op: 'status' });
      if (status.ok && status.op === 'status' && status.leader !== null && status.majority && status.applied > 0) return status.leader;
      await new Promise((resolve) => setTimeout(resolve, ANSWER_POLL_MS));
    }
  }

  /** Waits until all kiosks are linked and have applied the same, and says who leads. */
  async whole(): Promise<number> {
    const kiosks = [...this.processes.keys()];
    const connections = await Promise.all(kiosks.map((kiosk) => this.connect(kiosk)));
    try {
      for (;;) {
        const answers = await Promise.all(connections.map((connection) => connection.execute({ op: 'status' })));
        const states = answers.flatMap((answer) => (answer.ok && answer.op === 'status' ? [answer] : []));
        const [first] = states;
        const agreed = states.length === kiosks.length && states.every(({ leader, majority }) => leader === first?.leader && majority);
        const linked = states.every(({ connected }) => connected.length === kiosks.length - 1);
        const level = states.every(({ applied }) => applied > 0 && Math.abs(applied - (first?.applied ?? 0)) <= 2);
        if (agreed && linked && level && first?.leader != null) return first.leader;
        await new Promise((resolve) => setTimeout(resolve, ANSWER_POLL_MS));
      }
    } finally {
      for (const connection of connections) connection.close();
    }
  }

  pid(kiosk: number): number {
    return this.processes.get(kiosk)!.pid!;
  }

  /** Who leads, as one of these kiosks says. */
  async leaderOf(kiosks: readonly number[]): Promise<number> {
    const connection = await this.connect(kiosks[0]!);
    const leader = await this.leader(connection);
    connection.close();
    return leader;
  }

  /** A killed kiosk is no part of the whole any more. */
  forget(kiosk: number): void {
    this.processes.delete(kiosk);
  }

  /** What the kiosk's data take on the disk, in MB. */
  async diskMb(kiosk: number): Promise<number> {
    const { stdout } = await execute('du', ['-sk', this.data(kiosk)]);
    return Number.parseInt(stdout, 10) / 1024;
  }

  /** Microseconds of processor time that the kiosk's process has used. */
  processorTime(kiosk: number): Promise<number> {
    return processorTime(this.pid(kiosk));
  }

  /** Resident memory of a kiosk's process, in MB. */
  async memoryMb(kiosk: number): Promise<number> {
    const status = await readFile(`/proc/${this.processes.get(kiosk)!.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  /** Forgets the stalls so far. */
  resetStalls(kiosk: number): void {
    this.processes.get(kiosk)!.kill('SIGUSR2');
  }

  /** The longest time, in ms, that the kiosk's event loop stood still since the reset. */
  async stallMs(kiosk: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return Number(await readFile(this.stallsFile(kiosk), 'utf8'));
  }

  async end(): Promise<void> {
    const alive = [...this.processes].filter(([, child]) => child.exitCode === null && child.signalCode === null);
    await Promise.all(alive.map(([kiosk]) => this.kill(kiosk)));
  }

  private stallsFile(kiosk: number): string {
    return path.join(this.folder, `stalls-${kiosk}`);
  }
}

const MICROSECONDS_PER_TICK = 10_000;

/** Microseconds of processor time that a process has used. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
}

export function sold(answer: Answer): void {
  if (!answer.ok) throw new Error(`a buy was refused: ${answer.reason}: ${answer.message}`);
}
