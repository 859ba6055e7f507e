import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Connection } from '../../main/client/connection';
import type { Processes } from '../../main/kiosk/testing/processes';
import { Random } from '../../main/simulator/random';
import { loadBundle } from '../../main/site/load';
import type { Answer, StatusAnswer } from '../../shared/answers';
import { PROTOCOL_VERSION } from '../../shared/constants';
import { ATTACKS } from './attacks';
import { KioskLink, type LinkOptions } from './link';
import { malformed } from './messages';

/** The rogue holds kiosk 1's certificate, and founds nothing; the others are the site. */
const ROGUE = 1;
export const MEMBERS = [2, 3, 4] as const;
/** At most one in so many of what is sent is a handshake: they are dear to the sender too. */
const PER_HANDSHAKE = 100;
/** So many messages are sent before the kiosk is asked whether it still answers. */
const BATCH = 500;
const CALM_MS = 3_000;
/** A sale, or an answer, that takes longer means that somebody stalled, unless sales took a third of it before: a busy machine. */
const STALL_MS = 5_000;
const CALM_TIMES = 3;
/** The kiosk may use so much more memory at the end than at the beginning. */
const GROWTH_BYTES_MAX = 200 * 1024 * 1024;
const KIB = 1024;

export interface Latencies {
  readonly sales: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

export interface FuzzResult {
  readonly seed: number;
  readonly sent: number;
  readonly handshakes: number;
  readonly seconds: number;
  readonly attacks: Readonly<Record<string, number>>;
  readonly calm: Latencies;
  readonly attacked: Latencies;
  /** The longest that the kiosk took to answer `status`. */
  readonly worstAnswerMs: number;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
  /** What went wrong, a sentence each. */
  readonly failures: readonly string[];
}

/**
 * Sends malformed frames and messages to a live kiosk, the one that leads, while all three kiosks of the site sell; at
 * most one in a hundred takes a handshake. The seed draws what is sent; when it arrives is the machine's.
 */
export async function fuzz(
  site: Processes,
  count: number,
  seed: number,
  onProgress: (sent: number) => void = () => {},
): Promise<FuzzResult> {
  const random = new Random(seed);
  const status = (await site.ask(MEMBERS[0], { op: 'status' })) as StatusAnswer;
  const victim = status.leader ?? MEMBERS[0];
  const target = await targetAt(site, victim);
  const { pid } = (await site.ask(victim, { op: 'status' })) as StatusAnswer;
  const memoryBefore = await memoryOf(pid);
  const failures: string[] = [];

  const calmSellers = MEMBERS.map((kiosk) => new Seller(site, kiosk, failures));
  await new Promise((resolve) => setTimeout(resolve, CALM_MS));
  const calm = latencies((await Promise.all(calmSellers.map((seller) => seller.stop()))).flat());

  const sellers = MEMBERS.map((kiosk) => new Seller(site, kiosk, failures));
  const began = performance.now();
  const sender = new Sender(target, random, site, victim);
  while (sender.sent < count) {
    await sender.batch(Math.min(BATCH, count - sender.sent));
    onProgress(sender.sent);
  }
  await sender.close();
  const seconds = (performance.now() - began) / 1_000;
  const attacked = latencies((await Promise.all(sellers.map((seller) => seller.stop()))).flat());

  const after = (await site.ask(victim, { op: 'status' })) as StatusAnswer;
  if (after.pid !== pid || after.problem !== null)
    failures.push(`kiosk ${victim} is not well: process ${pid}, then ${after.pid}, ${after.problem}`);
  // The attacker's own link may still be there.
  const lost = MEMBERS.filter((kiosk) => kiosk !== victim && !after.connected.includes(kiosk));
  if (lost.length > 0) failures.push(`kiosk ${victim} has lost its links with ${lost.join(' ')}`);
  const memoryAfter = await memoryOf(pid);
  if (memoryAfter - memoryBefore > GROWTH_BYTES_MAX) failures.push(`its memory grew from ${memoryBefore} to ${memoryAfter} bytes`);
  if (attacked.sales === 0) failures.push('nothing was sold meanwhile');
  const stall = Math.max(STALL_MS, CALM_TIMES * calm.worstMs);
  if (attacked.worstMs > stall) failures.push(`a sale took ${attacked.worstMs.toFixed(0)} ms`);
  if (sender.worstAnswerMs > stall) failures.push(`kiosk ${victim} took ${sender.worstAnswerMs.toFixed(0)} ms to answer`);
  return {
    seed,
    sent: sender.sent,
    handshakes: sender.handshakes,
    seconds,
    attacks: Object.fromEntries(sender.attacks),
    calm,
    attacked,
    worstAnswerMs: sender.worstAnswerMs,
    memoryBefore,
    memoryAfter,
    failures,
  };
}

async function targetAt(site: Processes, kiosk: number): Promise<LinkOptions> {
  const file = JSON.parse(await readFile(site.siteFile, 'utf8')) as { site: string; uid: string; kiosks: { id: number; port: number }[] };
  const bundle = await loadBundle(site.siteFolder, ROGUE, file.uid);
  if (!bundle.ok) throw new Error(bundle.sentence);
  const hello = {
    site: file.site,
    uid: file.uid,
    protocol: PROTOCOL_VERSION,
    kiosk: ROGUE,
    incarnation: 'feedfeedfeedfeed',
    host: '127.0.0.1',
    port: 1,
    name: 'Rogue',
    priority: 0,
    version: '0',
    generation: 0,
    supports: 1,
    remembers: [],
  };
  return { port: file.kiosks.find(({ id }) => id === kiosk)!.port, bundle: bundle.value, hello };
}

/** Sends; one link stays for the messages that a kiosk only ignores, all else takes a connection of its own. */
class Sender {
  sent = 0;
  handshakes = 0;
  worstAnswerMs = 0;
  readonly attacks = new Map<string, number>();
  private link: KioskLink | null = null;

  constructor(
    private readonly target: LinkOptions,
    private readonly random: Random,
    private readonly site: Processes,
    private readonly victim: number,
  ) {}

  async batch(count: number): Promise<void> {
    const until = this.sent + count;
    while (this.sent < until) {
      if ((this.handshakes + 2) * PER_HANDSHAKE <= this.sent && this.random.chance(0.02)) {
        const attack = this.random.pick(ATTACKS);
        // Not waited for: strangers don't stand in a queue.
        void attack.run(this.random, this.target).catch(() => undefined);
        this.handshakes += 1;
        this.count(attack.name, attack.sends);
        continue;
      }
      const link = await this.linked();
      // An array or a text beside the message is no message either.
      link.text(
        `42${JSON.stringify(this.random.chance(0.9) ? ['m', malformed(this.random)] : [malformed(this.random), malformed(this.random)])}`,
      );
      this.count('a malformed message', 1);
      await link.drained();
    }
    // It has taken all of them when it answers what was asked behind them, or nearly so.
    const asked = performance.now();
    await this.site.ask(this.victim, { op: 'status' });
    this.worstAnswerMs = Math.max(this.worstAnswerMs, performance.now() - asked);
  }

  async close(): Promise<void> {
    this.link?.close();
  }

  private count(name: string, sends: number): void {
    this.sent += sends;
    this.attacks.set(name, (this.attacks.get(name) ?? 0) + sends);
  }

  private async linked(): Promise<KioskLink> {
    while (this.link === null || !this.link.isOpen) {
      this.handshakes += 1;
      this.link = await KioskLink.open(this.target).catch(() => null);
      // The gate has seen too many of us.
      if (this.link === null) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return this.link;
  }
}

/** Sells one ticket after the other at one kiosk, until it is stopped. */
class Seller {
  private over = false;
  private readonly name = `seller-${randomUUID()}`;
  private readonly done: Promise<number[]>;

  constructor(
    site: Processes,
    private readonly kiosk: number,
    private readonly failures: string[],
  ) {
    this.done = this.sell(site);
  }

  stop(): Promise<number[]> {
    this.over = true;
    return this.done;
  }

  private async sell(site: Processes): Promise<number[]> {
    const times: number[] = [];
    const connection: Connection = await site.connect(this.kiosk);
    for (let number = 1; !this.over; number += 1) {
      const began = performance.now();
      const id = `${this.name}:${number}`;
      let answer: Answer;
      // What a change of leader leaves open is asked for again, as a clerk would: the time of it all counts.
      do answer = await connection.execute({ op: 'buy', items: [{ n: 1 }], id, timeoutMs: STALL_MS });
      while (!answer.ok && (answer.reason === 'no_majority' || answer.reason === 'timeout') && !this.over);
      times.push(performance.now() - began);
      if (answer.ok || this.over) continue;
      this.failures.push(`a sale at kiosk ${this.kiosk} was refused: ${answer.reason}: ${answer.message}`);
      break;
    }
    connection.close();
    return times;
  }
}

function latencies(times: readonly number[]): Latencies {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { sales: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), worstMs: sorted.at(-1) ?? 0 };
}

/** Resident memory of a process in bytes. */
async function memoryOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) * KIB;
}
