import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../../../shared/answers';
import type { Request } from '../../../shared/requests';
import type { SiteFile } from '../../../shared/site';
import { findEndpoint } from '../../client/address';
import { Connection } from '../../client/connection';
import { placeAtFreePorts } from './ports';

const PROGRAMS = path.resolve(import.meta.dirname, '../../../out/main');
const execute = promisify(execFile);

export type LinedAnswer = Answer & { readonly line: number };

export interface ClientRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly answers: readonly LinedAnswer[];
}

/** Headless kiosks as real processes, with a site, ports and a folder of their own. */
export class Processes {
  private readonly kiosks = new Map<number, ChildProcess>();
  private readonly said = new Map<number, string>();

  private constructor(
    readonly folder: string,
    /** The build that is run; another one from the next start on, if it is set. */
    public programs: string,
  ) {}

  static async make(events: readonly string[] = ['match=100:1200'], kiosks = 5, members = 3, programs = PROGRAMS): Promise<Processes> {
    if (!existsSync(path.join(programs, 'kiosk.js'))) throw new Error('the programs are not built: npm test builds them');
    const site = new Processes(await mkdtemp(path.join(os.tmpdir(), 'qk-kiosks-')), programs);
    const args = ['create', site.siteFolder, '--site', 'test', '--kiosks', String(kiosks), '--members', String(members)];
    await site.program('site', [...args, ...events.flatMap((event) => ['--event', event])]);
    await placeAtFreePorts(site.siteFile);
    return site;
  }

  get siteFolder(): string {
    return path.join(this.folder, 'site');
  }

  get siteFile(): string {
    return path.join(this.siteFolder, 'site.json');
  }

  data(kiosk: number): string {
    return path.join(this.folder, `k${kiosk}`);
  }

  async editSite(edit: (site: SiteFile) => SiteFile): Promise<SiteFile> {
    const site = edit(JSON.parse(await readFile(this.siteFile, 'utf8')) as SiteFile);
    await writeFile(this.siteFile, JSON.stringify(site));
    return site;
  }

  /** Runs a program to its end. */
  async program(name: string, args: readonly string[], input = ''): Promise<ClientRun> {
    const child = spawn(process.execPath, [path.join(this.programs, `${name}.js`), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    child.stdin.end(input);
    const [status] = (await once(child, 'close')) as [number];
    const answers = output.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LinedAnswer);
    return { status, ...output, answers };
  }

  /** One command, or with null the lines of `input`, at a kiosk's local client. */
  client(kiosk: number, command: readonly string[] | null, { json = true, input = '' } = {}): Promise<ClientRun> {
    const args = [String(kiosk), '--site', this.siteFile, '--data', this.data(kiosk), ...(json ? ['--json'] : []), ...(command ?? [])];
    return this.program('client', args, input);
  }

  /** What a kiosk's processes have written to standard error. */
  words(kiosk: number): string {
    return this.said.get(kiosk) ?? '';
  }

  /** One request over the local socket itself: quicker than a client process for each. */
  async ask(kiosk: number, request: Request): Promise<Answer> {
    const connection = await this.connect(kiosk);
    try {
      return await connection.execute(request);
    } finally {
      connection.close();
    }
  }

  async connect(kiosk: number): Promise<Connection> {
    return Connection.open(await findEndpoint(this.data(kiosk)));
  }

  /** SIGSTOP, SIGCONT and the like. */
  signal(kiosk: number, signal: NodeJS.Signals): void {
    this.kiosks.get(kiosk)!.kill(signal);
  }

  /** Starts a kiosk; resolves with its ready line. */
  async start(kiosk: number, data = this.data(kiosk), more: readonly string[] = []): Promise<{ kiosk: number; pid: number; port: number }> {
    const child = spawn(
      process.execPath,
      [path.join(this.programs, 'kiosk.js'), String(kiosk), '--site', this.siteFile, '--data', data, '--headless', ...more],
      // As a service or an icon starts it: from a folder that has nothing to do with the program.
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder },
    );
    this.kiosks.set(kiosk, child);
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      this.said.set(kiosk, this.words(kiosk) + text);
    });
    const failed = once(child, 'exit').then(([status]) => {
      throw new Error(`kiosk ${kiosk} ended with ${String(status)}: ${errors}`);
    });
    failed.catch(() => undefined);
    const [text] = (await Promise.race([once(child.stdout, 'data'), failed])) as [Buffer];
    return JSON.parse(/^ready (\{.*\})$/m.exec(String(text))![1]!) as { kiosk: number; pid: number; port: number };
  }

  /** Starts a kiosk that must refuse to; resolves with its exit status and what it said. */
  async refused(kiosk: number, args: readonly string[] = []): Promise<{ status: number; stderr: string }> {
    const { status, stderr } = await this.program('kiosk', [
      String(kiosk),
      '--site',
      this.siteFile,
      '--data',
      this.data(kiosk),
      '--headless',
      ...args,
    ]);
    return { status, stderr };
  }

  /** Ends a kiosk by a signal; resolves with its exit status, or the signal's name. */
  async end(kiosk: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string> {
    const child = this.kiosks.get(kiosk)!;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode!;
    const exited = once(child, 'exit');
    // One that is stopped hears of nothing else.
    if (signal === 'SIGKILL') child.kill('SIGCONT');
    child.kill(signal);
    const [status, by] = (await exited) as [number | null, string | null];
    return status ?? by!;
  }

  /** Waits for a kiosk's process to end by itself. */
  async gone(kiosk: number): Promise<number | string> {
    const child = this.kiosks.get(kiosk)!;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode!;
    const [status, by] = (await once(child, 'exit')) as [number | null, string | null];
    return status ?? by!;
  }

  async remove(): Promise<void> {
    await Promise.all([...this.kiosks.keys()].map((kiosk) => this.end(kiosk)));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs a shell script in mount and process namespaces of its own, where this test run is root; null where it is not. */
export async function inPrivateNamespace(script: string, args: readonly string[]): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const { stdout } = await execute('unshare', ['--mount', '--propagation', 'private', 'bash', '-eu', '-c', script, 'bash', ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

export { PROGRAMS };
