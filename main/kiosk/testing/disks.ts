import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Answer, BuyAnswer, LogEntryView, ShowAnswer } from '../../../shared/answers';
import { type Ballot, compareBallots, ZERO_BALLOT } from '../../../shared/ballot';
import { BUY_TIMEOUT_MS, type Request } from '../../../shared/requests';
import { findEndpoint } from '../../client/address';
import { Connection } from '../../client/connection';
import { scan } from '../../storage/line';
import { DISKS, type Failure, type PrivateMounts } from './mounts';
import { type ClientRun, PROGRAMS, Processes } from './processes';

/** A headless kiosk as a process, whose every line is kept. */
export class KioskProcess {
  readonly lines: string[] = [];
  private readonly listeners = new Set<() => void>();
  /** Settles with exit status or signal, after the last line. */
  readonly ended: Promise<number | string>;
  private isOver = false;

  constructor(private readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        this.tell();
      });
    }
    this.ended = once(child, 'close').then(([status, signal]) => {
      this.isOver = true;
      this.tell();
      return (status as number | null) ?? (signal as string);
    });
  }

  get over(): boolean {
    return this.isOver;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The first line that matches, as soon as it is there; null if the process ends without. */
  async said(pattern: RegExp): Promise<string | null> {
    for (;;) {
      const line = this.lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) return line;
      if (this.isOver) return null;
      await new Promise<void>((resolve) => this.listeners.add(resolve));
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}

/** What stands between a kiosk's command line and its process. */
export interface Launch {
  /** Runs the command that follows it, in place of itself. */
  readonly wrapper?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** As much of the journal's format as tells promises. */
interface JournalDocument {
  readonly h?: { readonly promised: Ballot };
  readonly r?: { readonly t: string; readonly ballot?: Ballot };
}

/** Kiosks whose data folders may lie on disks that fail, and the books of what they acknowledged. */
export class DiskSite {
  /** Tickets by request id, as acknowledged. */
  readonly sold = new Map<string, readonly number[]>();
  /** Ids whose end is not known. */
  readonly unknown = new Set<string>();
  private readonly kiosks = new Map<number, KioskProcess>();
  private readonly connections = new Map<number, Connection>();
  private counter = 0;

  private constructor(
    private readonly site: Processes,
    private readonly mounts: PrivateMounts | null,
  ) {}

  /** @param mounts where the data folders are; null: in the open */
  static async make(mounts: PrivateMounts | null, members = 3): Promise<DiskSite> {
    return new DiskSite(await Processes.make(['match=100000:1200'], members, members), mounts);
  }

  data(kiosk: number): string {
    return this.site.data(kiosk);
  }

  kiosk(kiosk: number): KioskProcess {
    return this.kiosks.get(kiosk)!;
  }

  /** Puts a kiosk's data folder on a disk that can be made to fail; in words why it can't be had here, or null. */
  async mount(kiosk: number, failure: Failure): Promise<string | null> {
    await Promise.all([mkdir(this.backing(kiosk)), mkdir(this.data(kiosk))]);
    try {
      await this.mounts!.run(DISKS[failure].make, this.backing(kiosk), this.data(kiosk));
      return null;
    } catch (error) {
      return `needs a small disk of its own, which can't be made here: ${(error as Error).message}`;
    }
  }

  async failDisk(kiosk: number, failure: Failure): Promise<void> {
    await this.mounts!.run(DISKS[failure].fail, this.backing(kiosk), this.data(kiosk));
  }

  /** The kiosk must not be running: its folder is mounted anew. */
  async mendDisk(kiosk: number, failure: Failure): Promise<void> {
    await this.mounts!.run(DISKS[failure].mend, this.backing(kiosk), this.data(kiosk));
  }

  /** Starts a kiosk's process; whether it gets ready is for the caller to see. */
  launch(kiosk: number, { wrapper = [], environment = {} }: Launch = {}): KioskProcess {
    const program = [process.execPath, path.join(PROGRAMS, 'kiosk.js'), String(kiosk), '--headless'];
    const command = [...wrapper, ...program, '--site', this.site.siteFile, '--data', this.data(kiosk)];
    const [file, ...args] = this.mounts === null ? command : this.mounts.inside(command);
    const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    const started = new KioskProcess(child);
    this.kiosks.set(kiosk, started);
    return started;
  }

  /** Starts a kiosk that must get ready. */
  async start(kiosk: number, launch: Launch = {}): Promise<KioskProcess> {
    const started = this.launch(kiosk, launch);
    if ((await started.said(/^ready \{/)) === null) throw new Error(`kiosk ${kiosk} did not start: ${started.lines.join('\n')}`);
    return started;
  }

  /** One command by the command-line client. */
  client(kiosk: number, ...command: readonly string[]): Promise<ClientRun> {
    return this.site.program('client', [String(kiosk), '--site', this.site.siteFile, '--data', this.seen(kiosk), '--json', ...command]);
  }

  /** One request over the kiosk's local socket; what can't be reached says so in the answer. */
  async ask(kiosk: number, request: Request): Promise<Answer> {
    let connection = this.connections.get(kiosk);
    if (connection === undefined || connection.closed) {
      try {
        connection = await Connection.open(await findEndpoint(this.seen(kiosk)));
      } catch (error) {
        return { ok: false, op: request.op, reason: 'unreachable', message: (error as Error).message };
      }
      this.connections.set(kiosk, connection);
    }
    return connection.execute(request);
  }

  /** Buys one ticket and enters what came of it in the books. */
  async buy(kiosk: number, id = this.newId(), timeoutMs = BUY_TIMEOUT_MS): Promise<Answer> {
    const answer = await this.ask(kiosk, { op: 'buy', items: [{ n: 1 }], id, timeoutMs });
    if (answer.ok) {
      this.sold.set(id, (answer as BuyAnswer).tickets);
      this.unknown.delete(id);
    } else if (answer.reason === 'timeout') this.unknown.add(id);
    return answer;
  }

  newId(): string {
    this.counter += 1;
    return `sale-${this.counter}`;
  }

  async show(kiosk: number): Promise<ShowAnswer> {
    const answer = await this.ask(kiosk, { op: 'show', last: 1 });
    if (!answer.ok) throw new Error(`kiosk ${kiosk}: ${answer.message}`);
    return answer as ShowAnswer;
  }

  /** All applied entries that a kiosk knows, from slot 1 on. */
  async log(kiosk: number): Promise<readonly LogEntryView[]> {
    const entries: LogEntryView[] = [];
    for (let from: number | undefined = 1; from !== undefined; ) {
      const page = await this.ask(kiosk, { op: 'show', from });
      if (!page.ok) throw new Error(`kiosk ${kiosk}: ${page.message}`);
      entries.push(...(page as ShowAnswer).log);
      from = (page as ShowAnswer).nextSlot;
    }
    return entries;
  }

  /** Ends a kiosk and empties its folder and the books: nothing was ever sold. */
  async forget(kiosk: number): Promise<void> {
    await this.kiosk(kiosk).end('SIGKILL');
    await rm(this.data(kiosk), { recursive: true, force: true });
    this.sold.clear();
    this.unknown.clear();
  }

  /** What the folder of a kiosk that does not run, and the books, are now; the result makes them so again, in the same folder. */
  async keep(kiosk: number): Promise<() => Promise<void>> {
    const copy = path.join(this.site.folder, `kept-${kiosk}`);
    await cp(this.data(kiosk), copy, { recursive: true, filter: (file) => !file.endsWith('.sock') });
    const [sold, unknown] = [[...this.sold], [...this.unknown]];
    return async () => {
      for (const name of await readdir(this.data(kiosk))) await rm(path.join(this.data(kiosk), name), { recursive: true });
      await cp(copy, this.data(kiosk), { recursive: true });
      this.sold.clear();
      for (const [id, tickets] of sold) this.sold.set(id, tickets);
      this.unknown.clear();
      for (const id of unknown) this.unknown.add(id);
    };
  }

  /** The highest ballot that a kiosk which does not run has promised, by its journal. */
  async promised(kiosk: number): Promise<Ballot> {
    let highest = ZERO_BALLOT;
    for (const name of (await readdir(this.data(kiosk))).filter((file) => /^journal-\d+\.db$/.test(file))) {
      for (const payload of scan(await readFile(path.join(this.data(kiosk), name))).payloads) {
        const { h, r } = JSON.parse(payload) as JournalDocument;
        const ballot = h?.promised ?? (r?.t === 'promise' || r?.t === 'accept' ? r.ballot : undefined);
        if (ballot !== undefined && compareBallots(ballot, highest) > 0) highest = ballot;
      }
    }
    return highest;
  }

  async remove(): Promise<void> {
    for (const connection of this.connections.values()) connection.close();
    await Promise.all([...this.kiosks.values()].map((kiosk) => (kiosk.over ? null : kiosk.end('SIGKILL'))));
    await this.mounts?.close();
    await this.site.remove();
  }

  private backing(kiosk: number): string {
    return path.join(this.site.folder, `disk-${kiosk}`);
  }

  private seen(kiosk: number): string {
    return this.mounts === null ? this.data(kiosk) : this.mounts.seen(this.data(kiosk));
  }
}
