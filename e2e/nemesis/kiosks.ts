import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../main/kiosk/testing/ports';
import type { KioskId } from '../../shared/ballot';
import type { SiteFile } from '../../shared/site';
import { Clock } from './clock';
import type { Hosts } from './hosts';

const execute = promisify(execFile);
/** A start reads the journal and opens the endpoint; no majority is needed for it. */
const READY_MS = 90_000;
/** On hosts of their own all kiosks have one port. */
const PORT = 7_400;

export interface SitePlan {
  /** For everything that belongs to this site. */
  readonly folder: string;
  /** Where the built programs are. */
  readonly programs: string;
  readonly kiosks: readonly KioskId[];
  readonly members: number;
  /** As `site create` takes them. */
  readonly events: readonly string[];
  /** Null: all kiosks on this machine's own network. */
  readonly hosts: Hosts | null;
  /** libfaketime, or null: all kiosks have the machine's clock. */
  readonly clockLibrary: string | null;
}

/** Headless kiosks of one site as real processes that can be ended, stopped and started again. */
export class Kiosks {
  private readonly running = new Map<KioskId, ChildProcess>();
  /** Ended by a fault, on their way up too. */
  private readonly killed = new WeakSet<ChildProcess>();
  private readonly clocks = new Map<KioskId, Clock>();
  /** Processes that ended although nobody had ended them. */
  readonly died: string[] = [];

  private constructor(private readonly plan: SitePlan) {}

  static async make(plan: SitePlan): Promise<Kiosks> {
    const kiosks = new Kiosks(plan);
    const args = ['--site', 'nemesis', '--kiosks', String(plan.kiosks.length), '--members', String(plan.members)];
    const events = plan.events.flatMap((event) => ['--event', event]);
    await execute(process.execPath, [path.join(plan.programs, 'site.js'), 'create', kiosks.siteFolder, ...args, ...events]);
    await kiosks.place();
    for (const kiosk of plan.kiosks) {
      await mkdir(kiosks.data(kiosk), { recursive: true });
      if (plan.clockLibrary !== null)
        kiosks.clocks.set(kiosk, await Clock.make(plan.clockLibrary, path.join(plan.folder, `clock-${kiosk}`)));
    }
    return kiosks;
  }

  get all(): readonly KioskId[] {
    return this.plan.kiosks;
  }

  data(kiosk: KioskId): string {
    return path.join(this.plan.folder, `k${kiosk}`);
  }

  isUp(kiosk: KioskId): boolean {
    return this.running.has(kiosk);
  }

  /** Resolves when the kiosk is ready, or was killed before it was; does nothing for one that runs. @throws Error with the kiosk's own words if it will not start */
  async start(kiosk: KioskId): Promise<void> {
    if (this.running.has(kiosk)) return;
    const [program = '', ...args] = this.command(kiosk);
    const clock = this.clocks.get(kiosk)?.environment ?? {};
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...clock } });
    this.running.set(kiosk, child);
    const log = createWriteStream(path.join(this.plan.folder, `kiosk-${kiosk}.log`), { flags: 'a' });
    const words = keepWords(child, log);
    child.once('exit', (status, signal) => {
      if (this.running.get(kiosk) !== child) return;
      this.running.delete(kiosk);
      this.died.push(`kiosk ${kiosk} ended by itself (${status ?? signal}): ${words()}`);
    });
    const late = AbortSignal.timeout(READY_MS);
    const exited = once(child, 'exit').then(() => {
      if (!this.killed.has(child)) throw new Error(`kiosk ${kiosk} did not start: ${words()}`);
    });
    await Promise.race([once(child.stdout!, 'data', { signal: late }), exited]).catch((error: Error) => {
      throw late.aborted ? new Error(`kiosk ${kiosk} was not ready within ${READY_MS} ms: ${words()}`) : error;
    });
    exited.catch(() => undefined);
  }

  /** As by a power cut. */
  async kill(kiosk: KioskId): Promise<void> {
    const child = this.running.get(kiosk);
    if (child === undefined) return;
    this.running.delete(kiosk);
    this.killed.add(child);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Stops or continues the process, if it runs. */
  signal(kiosk: KioskId, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.running.get(kiosk)?.kill(signal);
  }

  /** @param seconds off the true time; nothing happens where clocks can't be set */
  async setClock(kiosk: KioskId, seconds: number): Promise<void> {
    await this.clocks.get(kiosk)?.jump(seconds);
  }

  async killAll(): Promise<void> {
    await Promise.all(this.all.map((kiosk) => this.kill(kiosk)));
  }

  async startAll(): Promise<void> {
    await Promise.all(this.all.map((kiosk) => this.start(kiosk)));
  }

  async site(): Promise<SiteFile> {
    return JSON.parse(await readFile(this.siteFile, 'utf8')) as SiteFile;
  }

  private get siteFolder(): string {
    return path.join(this.plan.folder, 'site');
  }

  private get siteFile(): string {
    return path.join(this.siteFolder, 'site.json');
  }

  private command(kiosk: KioskId): readonly string[] {
    const { programs, hosts } = this.plan;
    const program = path.join(programs, 'kiosk.js');
    const command = [process.execPath, program, String(kiosk), '--site', this.siteFile, '--data', this.data(kiosk), '--headless'];
    return hosts === null ? command : hosts.on(kiosk, command);
  }

  /** Gives every kiosk the address at which it is. */
  private async place(): Promise<void> {
    const { hosts, kiosks } = this.plan;
    const site = await this.site();
    const ports = hosts === null ? await freePorts(kiosks.length) : kiosks.map(() => PORT);
    const placed = site.kiosks.map((kiosk, index) => ({
      ...kiosk,
      host: hosts === null ? kiosk.host : hosts.address(kiosk.id),
      port: ports[index]!,
    }));
    await writeFile(this.siteFile, JSON.stringify({ ...site, kiosks: placed }));
  }
}

/** Keeps what a kiosk says in a file; gives the end of it. */
function keepWords(child: ChildProcess, log: WriteStream): () => string {
  const LETTERS = 2_000;
  let words = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LETTERS);
    log.write(text);
  });
  child.once('close', () => log.end());
  return () => words.trim();
}
