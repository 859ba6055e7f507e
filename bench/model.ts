import { type Input, type Lsn, type Peer, Replica, TICK_MS, type WriteRequest } from '../main/paxos';
import { ZERO_BALLOT } from '../shared/ballot';
import type { Message } from '../shared/messages';
import type { Command, Member } from '../shared/values';
import { markdown, quantiles } from './report';

/** What things cost in the model, in ms. */
export interface Costs {
  /** One append and fsync, however many records it holds. */
  readonly sync: number;
  /** Between two kiosks and back. */
  readonly roundTrip: number;
  /** Processor time of a message, at its sender and at its receiver, and of a command, at every kiosk that applies it. */
  readonly message: number;
  readonly command: number;
}

/** As measured on the machine of docs/performance.md. */
const MEASURED = { message: 0.03, command: 0.025 } as const;

const MEMBERS = 3;
const SETTLE_MS = 2_000;
const KEPT_SLOTS = 512;
const BATCHES_IN_FLIGHT = 2;

function member(kiosk: number): Member {
  return {
    kiosk,
    incarnation: `model${String(kiosk).padStart(3, '0')}`,
    name: `Kiosk ${kiosk}`,
    host: '127.0.0.1',
    port: 7400,
    priority: kiosk === 1 ? 1 : 0,
  };
}

/** One real replica, with a processor and a disk that take their time. */
class ModelKiosk {
  readonly replica: Replica;
  busyUntil = 0;
  busyMs = 0;
  messages = 0;
  private writes: WriteRequest[] = [];
  private held: { readonly to: number; readonly message: Message; readonly after: Lsn }[] = [];
  private durable: Lsn = 0;
  private writing = false;

  constructor(
    readonly id: number,
    private readonly site: ModelSite,
  ) {
    const founding = {
      kind: 'founding',
      uid: 'model',
      members: Array.from({ length: MEMBERS }, (_, index) => member(index + 1)),
      events: [],
    } as const;
    const ballot = { ...ZERO_BALLOT, round: 1, kiosk: 1, incarnation: member(1).incarnation };
    this.replica = new Replica(
      {
        self: member(id),
        uid: 'model',
        founders: [1, 2, 3],
        events: [],
        mayFound: true,
        supports: 1,
        logVersion: () => 1,
        keptSlots: KEPT_SLOTS,
        batchesInFlight: BATCHES_IN_FLIGHT,
        firstRound: 0,
        isAnswered: () => false,
      },
      {
        start: null,
        snapshot: null,
        promised: ZERO_BALLOT,
        records: [{ t: 'learn', slot: 1, ballot, value: { ...founding, members: [...founding.members], events: [] } }],
      },
    );
  }

  /** The processor takes the input when it is free. @param cost of taking it */
  give(input: Input, cost: number): void {
    const at = Math.max(this.site.now, this.busyUntil);
    this.spend(at, cost);
    this.site.after(this.busyUntil - this.site.now, () => this.take(input));
  }

  private spend(from: number, cost: number): void {
    this.busyUntil = Math.max(from, this.busyUntil) + cost;
    this.busyMs += cost;
  }

  private take(input: Input): void {
    this.replica.step(this.site.now, input);
    for (;;) {
      const { writes, messages, committed } = this.replica.take();
      this.writes.push(...writes);
      for (const envelope of messages) {
        if (envelope.after <= this.durable) this.send(envelope.to, envelope.message);
        else this.held.push(envelope);
      }
      for (const { value } of committed) {
        if (value.kind !== 'batch') continue;
        this.spend(this.site.now, value.commands.length * this.site.costs.command);
        for (const command of value.commands) if (command.kiosk === this.id) this.site.sold(command);
      }
      const last = committed.at(-1);
      if (last === undefined) break;
      this.replica.step(this.site.now, { type: 'applied', slot: last.slot, hash: '' });
    }
    this.sync();
  }

  /** Group commit, as in the driver: what comes while one sync runs shares the next. */
  private sync(): void {
    if (this.writing || this.writes.length === 0) return;
    this.writing = true;
    const lsn = this.writes.at(-1)!.lsn;
    this.writes = [];
    this.site.after(this.site.costs.sync, () => {
      this.writing = false;
      this.durable = lsn;
      const free = this.held.filter(({ after }) => after <= lsn);
      this.held = this.held.filter(({ after }) => after > lsn);
      for (const { to, message } of free) this.send(to, message);
      this.take({ type: 'durable', lsn });
    });
  }

  private send(to: number, message: Message): void {
    this.messages += 1;
    this.spend(this.site.now, this.site.costs.message);
    const from = { kiosk: this.id, incarnation: member(this.id).incarnation };
    this.site.after(this.busyUntil - this.site.now + this.site.costs.roundTrip / 2, () =>
      this.site.kiosk(to).give({ type: 'message', from, message }, this.site.costs.message),
    );
  }
}

/** A site in simulated time: the real replicas, and costs that one chooses. */
class ModelSite {
  now = 0;
  private readonly kiosks: ModelKiosk[];
  /** A binary heap of what happens next. */
  private readonly heap: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  private order = 0;
  private readonly waiting = new Map<string, () => void>();

  constructor(
    count: number,
    readonly costs: Costs,
  ) {
    this.kiosks = Array.from({ length: count }, (_, index) => new ModelKiosk(index + 1, this));
    for (const kiosk of this.kiosks) {
      for (const other of this.kiosks) if (other !== kiosk) kiosk.give({ type: 'connected', peer: peer(other.id) }, 0);
      const tick = () => {
        kiosk.give({ type: 'tick' }, 0);
        this.after(TICK_MS, tick);
      };
      this.after((TICK_MS * kiosk.id) / count, tick);
    }
    this.run(SETTLE_MS);
  }

  kiosk(id: number): ModelKiosk {
    return this.kiosks[id - 1]!;
  }

  get all(): readonly ModelKiosk[] {
    return this.kiosks;
  }

  after(delay: number, run: () => void): void {
    this.order += 1;
    const { heap } = this;
    const item = { at: this.now + delay, order: this.order, run };
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent]!, item)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  run(ms: number): void {
    const until = this.now + ms;
    while (this.heap.length > 0 && this.heap[0]!.at <= until) {
      const { at, run } = this.pop();
      this.now = at;
      run();
    }
    this.now = until;
  }

  /** Clients that buy one after another at a kiosk; the times of what they bought within so long, in ms. */
  sell(kiosk: number, clients: number, ms: number, pauseMs = 0): number[] {
    const times: number[] = [];
    const until = this.now + ms;
    let count = 0;
    const buy = () => {
      if (this.now >= until) return;
      count += 1;
      const requestId = `m${kiosk}-${count}`;
      const at = this.now;
      this.waiting.set(requestId, () => {
        times.push(this.now - at);
        this.after(pauseMs, buy);
      });
      const command: Command = {
        op: 'buy',
        requestId,
        kiosk,
        clerk: 'model',
        issued: 1,
        at: 0,
        items: [{ event: 'demo', category: 'adult', n: 1 }],
      };
      this.kiosk(kiosk).give({ type: 'propose', command }, this.costs.message);
    };
    for (let client = 0; client < clients; client += 1) this.after(client * 0.01, buy);
    this.run(ms);
    return times;
  }

  sold(command: Command): void {
    this.waiting.get(command.requestId)?.();
    this.waiting.delete(command.requestId);
  }

  private pop() {
    const { heap } = this;
    const first = heap[0]!;
    const moved = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (before(moved, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
    return first;
  }
}

function before(a: { readonly at: number; readonly order: number }, b: { readonly at: number; readonly order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function peer(kiosk: number): Peer {
  return { ...member(kiosk), supports: 1, remembers: null };
}

export interface DiskRow {
  readonly syncMs: number;
  readonly roundTripMs: number;
  readonly leaderP50Ms: number;
  readonly followerP50Ms: number;
  readonly perSecond: number;
}

export interface SizeRow {
  readonly kiosks: number;
  readonly messagesPerSecond: number;
  readonly leaderShare: number;
  readonly learnerShare: number;
  readonly learnerP50Ms: number;
}

/** Latency and throughput with disks and networks other than this machine's. */
export function disks(syncs: readonly number[], roundTrips: readonly number[]): DiskRow[] {
  return roundTrips.flatMap((roundTrip) =>
    syncs.map((sync) => {
      const costs = { ...MEASURED, sync, roundTrip };
      const alone = new ModelSite(MEMBERS, costs);
      const leaderP50Ms = quantiles(alone.sell(1, 1, 2_000)).p50;
      const followerP50Ms = quantiles(alone.sell(2, 1, 2_000)).p50;
      const seconds = 2;
      const perSecond = new ModelSite(MEMBERS, costs).sell(1, 64, seconds * 1_000).length / seconds;
      return { syncMs: sync, roundTripMs: roundTrip, leaderP50Ms, followerP50Ms, perSecond };
    }),
  );
}

/** What more kiosks cost: three members, all others read the log and pass their sales on. Each kiosk has one clerk who sells once in ten seconds. */
export function sizes(counts: readonly number[]): SizeRow[] {
  return counts.map((kiosks) => {
    const site = new ModelSite(kiosks, { ...MEASURED, sync: 1, roundTrip: 0.3 });
    const ms = 3_000;
    const before = site.all.map(({ busyMs, messages }) => ({ busyMs, messages }));
    const times = site.sell(kiosks, Math.max(1, Math.round(kiosks / 3)), ms, 3_333);
    const used = site.all.map(({ busyMs, messages }, index) => ({
      busy: busyMs - before[index]!.busyMs,
      sent: messages - before[index]!.messages,
    }));
    return {
      kiosks,
      messagesPerSecond: used.reduce((sum, { sent }) => sum + sent, 0) / (ms / 1_000),
      leaderShare: used[0]!.busy / ms,
      learnerShare: used.at(-1)!.busy / ms,
      learnerP50Ms: quantiles(times).p50,
    };
  });
}

/** Both tables as text. */
export function modelText(diskRows: readonly DiskRow[], sizeRows: readonly SizeRow[]): string {
  const ofDisks = diskRows.map((row) => [
    String(row.syncMs),
    String(row.roundTripMs),
    row.leaderP50Ms.toFixed(2),
    row.followerP50Ms.toFixed(2),
    row.perSecond.toFixed(0),
  ]);
  const ofSizes = sizeRows.map((row) => [
    String(row.kiosks),
    row.messagesPerSecond.toFixed(0),
    `${(100 * row.leaderShare).toFixed(1)} %`,
    `${(100 * row.learnerShare).toFixed(1)} %`,
    row.learnerP50Ms.toFixed(2),
  ]);
  return [
    markdown(['fsync ms', 'round trip ms', 'leader p50 ms', 'follower p50 ms', 'sales/s (64)'], ofDisks),
    markdown(['kiosks', 'messages/s in all', 'leader, share of a core', 'learner, share of a core', 'sale at a learner, p50 ms'], ofSizes),
  ].join('\n');
}
