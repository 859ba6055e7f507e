import type { CommandResult } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import { type Message, messageSchema } from '../../shared/messages';
import type {
  AdmitCommand,
  BuyCommand,
  CancelCommand,
  Change,
  ChangeCommand,
  ClerkCommand,
  Command,
  EventCommand,
  Member,
  PrintCommand,
  ShiftCommand,
  VoidCommand,
} from '../../shared/values';
import { type Envelope, type Peer, type ReplicaConfig, RULES, type Rules, TICK_MS } from '../paxos';
import { Checker } from './checker';
import { CALM, type Faults } from './faults';
import { CRASH_POINTS, type CrashPoint, type DriverVariant, SimulatedKiosk } from './kiosk';
import { Random } from './random';
import { Schedule } from './schedule';
import { describeMessage } from './trace';

/** How long a link that comes up, or a closed socket, takes to be noticed. */
const LINK_MS = { min: 1, max: 20 };
/** A link that went silent is noticed by the engine's own heartbeat after this. */
const SILENCE_MS = { min: 2_000, max: 3_000 };
/** Where a scenario does not say otherwise. */
const SNAPSHOT_EVERY = 100;
const KEPT_SLOTS = 20;
/** Crash points that are passed all the time are used so much more seldom. */
const RARE = 0.02;
const DOWN_MS = { min: 50, max: 2_000 };
/** So many messages are kept for an echo. */
const ECHOES_MAX = 20_000;
/** One message in so many goes through the wire's schema; each one crosses as JSON. */
const SCHEMA_SAMPLE = 16;

export interface SiteOptions {
  readonly seed: number;
  readonly founders: number;
  readonly kiosks?: number;
  readonly capacity?: number;
  readonly faults?: Faults;
  /** Slots between two snapshots, and slots kept in memory below one. */
  readonly snapshotEvery?: number;
  readonly keptSlots?: number;
  /** As many as the window has room for where it is not said: more of it is seen. */
  readonly batchesInFlight?: number;
  /** Version of the commands that a kiosk understands; 1 where it is not said. */
  readonly supports?: ReadonlyMap<KioskId, number>;
  readonly priorities?: ReadonlyMap<KioskId, number>;
  readonly rules?: Partial<Rules>;
  readonly variant?: DriverVariant;
  readonly trace?: (line: string) => void;
  /** A founder whose site file names another capacity. */
  readonly odd?: { readonly kiosk: KioskId; readonly capacity: number };
}

/** A client's request and, once it is known, its definite end. */
export interface Asked {
  readonly command: Command;
  result: CommandResult | null;
}

export interface AskedRead {
  readonly kiosk: KioskId;
  readonly floor: number;
  confirmed: boolean;
}

/** What a command of the box office asks for, without who asks. */
export type OfficeContents =
  | Pick<BuyCommand, 'op' | 'items' | 'payment' | 'shift'>
  | Pick<AdmitCommand, 'op' | 'sale' | 'event' | 'number'>
  | Pick<EventCommand, 'op' | 'action'>
  | Pick<ClerkCommand, 'op' | 'action'>
  | Pick<ShiftCommand, 'op' | 'action'>;

/** A whole simulated site: kiosks, network and clients, driven by one seed. */
export class Site {
  readonly random: Random;
  readonly checker = new Checker();
  readonly kiosks = new Map<KioskId, SimulatedKiosk>();
  readonly messageCounts = new Map<string, number>();
  faults: Faults;
  steps = 0;
  /** How often each crash point was passed, and used. */
  readonly crashPoints = new Map<CrashPoint, { passed: number; crashed: number }>(
    CRASH_POINTS.map((name) => [name, { passed: 0, crashed: 0 }]),
  );
  private readonly schedule = new Schedule();
  /** Directed pairs that let nothing through. */
  private readonly cuts = new Set<string>();
  /** Directed: the first knows of a link with the second. */
  private readonly links = new Set<string>();
  private readonly asked = new Map<KioskId, Set<Asked>>();
  private readonly reads = new Map<string, AskedRead>();
  private readonly trace: (line: string) => void;
  private readonly slow = new Map<KioskId, number>();
  private echoes: (() => void)[] | null = null;
  private counter = 0;
  private troubles = 0;
  private incarnations = 0;

  constructor(private readonly options: SiteOptions) {
    this.random = new Random(options.seed);
    this.faults = options.faults ?? CALM;
    this.trace = options.trace ?? (() => {});
    const count = options.kiosks ?? options.founders;
    for (let id = 1; id <= count; id += 1) this.kiosks.set(id, this.make(id));
    for (let id = 1; id <= count; id += 1) this.start(id);
  }

  get now(): number {
    return this.schedule.now;
  }

  kiosk(id: KioskId): SimulatedKiosk {
    return this.kiosks.get(id)!;
  }

  /** Lets simulated time pass. */
  run(ms: number): void {
    const end = this.now + ms;
    while (this.schedule.step(end)) this.steps += 1;
  }

  /** Runs until the condition holds; false if it does not within the time. */
  until(condition: () => boolean, withinMs: number): boolean {
    const end = this.now + withinMs;
    while (!condition()) {
      if (this.now >= end) return false;
      this.run(TICK_MS);
    }
    return true;
  }

  start(id: KioskId): void {
    const kiosk = this.kiosk(id);
    if (kiosk.alive) return;
    this.say(id, 'starts');
    kiosk.start();
    if (!kiosk.alive) return;
    this.tick(kiosk);
    for (const other of this.kiosks.keys()) if (other !== id) this.relink(id, other);
  }

  /** kill -9, or a power cut. */
  crash(id: KioskId): void {
    const kiosk = this.kiosk(id);
    if (!kiosk.alive) return;
    this.say(id, 'dies');
    kiosk.crash();
    this.gone(id);
  }

  /** What it writes next fails, and it ends. */
  failDisk(id: KioskId): void {
    this.say(id, 'has a disk that fails');
    this.kiosk(id).failDisk();
  }

  /** Its disk is whole again; it is started, as its screen says, if it ended. */
  mendDisk(id: KioskId): void {
    this.kiosk(id).mendDisk();
    this.start(id);
  }

  /** Rule 8: a new generation begins at this kiosk, which has to hold all that was chosen; every link is made anew. */
  recover(id: KioskId): void {
    this.say(id, 'is recovered');
    this.checker.recovering(this.kiosk(id), () => this.kiosk(id).input({ type: 'recover', at: Math.round(this.now) }));
    for (const other of this.kiosks.keys()) {
      if (other === id) continue;
      for (const [self, peer] of [
        [id, other],
        [other, id],
      ] as const)
        if (this.links.delete(pair(self, peer))) this.kiosk(self).input({ type: 'disconnected', kiosk: peer });
      this.relink(id, other);
    }
  }

  /** What the others see of a kiosk that ended. */
  private gone(id: KioskId): void {
    this.asked.delete(id);
    for (const other of this.kiosks.keys()) {
      this.links.delete(pair(id, other));
      if (other !== id) this.unlink(other, id, this.random.int(LINK_MS.min, LINK_MS.max));
    }
  }

  /** Its data are deleted, marker included: it comes back as another incarnation. */
  wipe(id: KioskId, known = false): void {
    this.incarnations += 1;
    this.say(id, 'has lost its data');
    this.kiosk(id).wipe(`incarnation${id}x${this.incarnations}`, known);
  }

  /** A dead kiosk's disk loses the newest records that it had called synced. */
  lose(id: KioskId, records: number): void {
    this.say(id, `loses the last ${records} records of its journal`);
    this.kiosk(id).lose(records);
    this.checker.onLoss(this.kiosk(id));
  }

  pause(id: KioskId, ms: number): void {
    this.say(id, `is paused for ${ms} ms`);
    this.kiosk(id).pause(ms);
  }

  /** Each sync of a kiosk's disk takes so much longer from now on. */
  slowDisk(id: KioskId, ms: number): void {
    this.say(id, `has a disk that takes ${ms} ms longer`);
    this.slow.set(id, ms);
  }

  /** Nothing passes from one kiosk to another. `loud`: both see their link closed at once. */
  cutOneWay(from: KioskId, to: KioskId, loud = false): void {
    this.cuts.add(pair(from, to));
    this.say(from, `is cut off from kiosk ${to}`);
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      this.unlink(a, b, loud ? this.random.int(LINK_MS.min, LINK_MS.max) : this.random.int(SILENCE_MS.min, SILENCE_MS.max));
    }
  }

  cut(a: KioskId, b: KioskId, loud = false): void {
    this.cutOneWay(a, b, loud);
    this.cutOneWay(b, a, loud);
  }

  /** Cuts every link between the two groups. */
  split(left: readonly KioskId[], right: readonly KioskId[], loud = false): void {
    for (const a of left) for (const b of right) this.cut(a, b, loud);
  }

  /** Cuts a kiosk off from all others. */
  isolate(id: KioskId, loud = false): void {
    this.split(
      [id],
      [...this.kiosks.keys()].filter((other) => other !== id),
      loud,
    );
  }

  heal(): void {
    this.say(0, 'all links are whole again');
    this.cuts.clear();
    for (const a of this.kiosks.keys()) for (const b of this.kiosks.keys()) if (a < b) this.relink(a, b);
  }

  /** The kiosk that leads and serves, by its own word; null if there is none, or if several say so. */
  leader(): KioskId | null {
    const leaders = [...this.kiosks.values()].filter((kiosk) => kiosk.replica?.view(kiosk.clock()).role === 'leader');
    return leaders.length === 1 ? leaders[0]!.id : null;
  }

  view(id: KioskId) {
    const kiosk = this.kiosk(id);
    return kiosk.replica!.view(kiosk.clock());
  }

  awaitLeader(withinMs = 5_000): KioskId {
    if (!this.until(() => this.leader() !== null, withinMs)) throw new Error(`no leader within ${withinMs} ms`);
    return this.leader()!;
  }

  buy(kiosk: KioskId, n = 1, requestId = this.newId('r')): Asked {
    const command: BuyCommand = { op: 'buy', ...this.base(kiosk, requestId), items: [{ event: 'demo', category: 'adult', n }] };
    return this.ask(kiosk, command);
  }

  change(kiosk: KioskId, kind: Exclude<Change['kind'], 'address'>, target: KioskId, requestId = this.newId('c')): Asked {
    const command: ChangeCommand = { op: 'change', ...this.base(kiosk, requestId), change: { kind, kiosk: target } };
    return this.ask(kiosk, command);
  }

  move(kiosk: KioskId, target: KioskId, port: number): Asked {
    const change: Change = { kind: 'address', kiosk: target, host: '127.0.0.1', port };
    return this.ask(kiosk, { op: 'change', ...this.base(kiosk, this.newId('c')), change });
  }

  cancel(kiosk: KioskId, target: string, requestId = this.newId('x')): Asked {
    const command: CancelCommand = { op: 'cancel', ...this.base(kiosk, requestId), target };
    return this.ask(kiosk, command);
  }

  /** @param shift whose drawer the money comes from */
  void(kiosk: KioskId, sale: string, requestId = this.newId('v'), shift?: number): Asked {
    const command: VoidCommand = { op: 'void', ...this.base(kiosk, requestId), sale, ...(shift === undefined ? {} : { shift }) };
    return this.ask(kiosk, command);
  }

  /** Claims all tickets of a sale for the printer. */
  print(kiosk: KioskId, sale: string, numbers: readonly number[], requestId = this.newId('p')): Asked {
    const tickets = numbers.map((number) => ({ event: 'demo', number }));
    const command: PrintCommand = { op: 'print', ...this.base(kiosk, requestId), sale, tickets };
    return this.ask(kiosk, command);
  }

  /** Whatever else a box office's day brings. */
  office(kiosk: KioskId, contents: OfficeContents, requestId = this.newId('o')): Asked {
    return this.ask(kiosk, { ...contents, ...this.base(kiosk, requestId) });
  }

  /** Stops passing a buy on, as a clerk's time-out does. */
  withdraw(kiosk: KioskId, asked: Asked): void {
    this.kiosk(kiosk).input({ type: 'withdraw', requestId: asked.command.requestId });
  }

  /** The same request, asked at another kiosk. */
  retry(kiosk: KioskId, { command }: Asked): Asked {
    return this.ask(kiosk, { ...command, kiosk });
  }

  read(kiosk: KioskId): AskedRead {
    const read: AskedRead = { kiosk, floor: this.checker.readFloor(), confirmed: false };
    const id = this.newId('read');
    this.reads.set(id, read);
    this.kiosk(kiosk).input({ type: 'read', id });
    return read;
  }

  /** All living kiosks have applied the same slots. */
  converged(): boolean {
    const alive = [...this.kiosks.values()].filter((kiosk) => kiosk.alive);
    return alive.every((kiosk) => kiosk.tickets.applied === this.checker.length);
  }

  /** How many requests of the log took effect at a kiosk, by what it has applied. */
  sold(id: KioskId): number {
    return this.kiosk(id).tickets.events()[0]?.sold ?? 0;
  }

  /** Something that will be done to the site, unless it is told to be quiet before. */
  later(ms: number, run: () => void): void {
    const { troubles } = this;
    this.schedule.after(ms, () => {
      if (troubles === this.troubles) run();
    });
  }

  /** Forgets what was planned for later. */
  quiet(): void {
    this.troubles += 1;
  }

  say(kiosk: KioskId, text: string): void {
    this.trace(`${String(Math.round(this.now)).padStart(7)} ${kiosk === 0 ? ' ' : kiosk}  ${text}`);
  }

  private ask(kiosk: KioskId, command: Command): Asked {
    const asked: Asked = { command, result: null };
    this.say(
      kiosk,
      `is asked: ${command.op} ${command.op === 'change' ? `${command.change.kind} ${command.change.kiosk}` : ''} (${command.requestId})`,
    );
    const { alive } = this.kiosk(kiosk);
    if (!alive) return asked;
    const known = this.kiosk(kiosk).answer(command);
    if (known !== null) {
      asked.result = known;
      this.checker.onAnswer(command, known);
      return asked;
    }
    const open = this.asked.get(kiosk) ?? new Set<Asked>();
    this.asked.set(kiosk, open.add(asked));
    this.kiosk(kiosk).input({ type: 'propose', command });
    return asked;
  }

  private base(kiosk: KioskId, requestId: string) {
    return { requestId, kiosk, clerk: 'ann', issued: this.kiosk(kiosk).tickets.applied, at: Math.round(this.now) };
  }

  private newId(what: string): string {
    this.counter += 1;
    return `${what}${this.counter}`;
  }

  private make(id: KioskId): SimulatedKiosk {
    const { options } = this;
    const capacity = options.odd?.kiosk === id ? options.odd.capacity : (options.capacity ?? 1_000);
    const config: Omit<ReplicaConfig, 'self' | 'firstRound' | 'isAnswered' | 'mayFound' | 'logVersion'> = {
      uid: 'uid00000',
      supports: options.supports?.get(id) ?? 1,
      keptSlots: options.keptSlots ?? KEPT_SLOTS,
      batchesInFlight: options.batchesInFlight ?? ALPHA,
      founders: Array.from({ length: options.founders }, (_, index) => index + 1),
      events: [{ id: 'demo', name: 'Demo', capacity, categories: [{ id: 'adult', name: 'Adult', price: 1200 }] }],
    };
    const member = { ...memberOf(id), priority: options.priorities?.get(id) ?? 0 };
    const every = options.snapshotEvery ?? SNAPSHOT_EVERY;
    return new SimulatedKiosk(id, member, config, every, { ...RULES, ...options.rules }, options.variant ?? {}, this.random, {
      now: () => this.now,
      after: (delayMs, run) => this.schedule.after(delayMs, run),
      syncMs: (kiosk) => this.random.int(this.faults.syncMin, this.faults.syncMax) + (this.slow.get(kiosk.id) ?? 0),
      send: (from, envelope) => this.send(from, envelope),
      onApplied: (kiosk, entry, results) => {
        this.checker.onApplied(kiosk, entry, results);
        this.say(kiosk.id, `applies ${entry.slot}: ${entry.value.kind}`);
        this.answer(kiosk);
      },
      onDurable: (kiosk, records) => this.checker.onDurable(kiosk, records),
      onRead: (kiosk, readId) => {
        const read = this.reads.get(readId);
        if (read === undefined || read.kiosk !== kiosk.id) return;
        read.confirmed = true;
        this.checker.onRead(kiosk, read.floor);
      },
      onStopped: (kiosk) => {
        this.say(kiosk.id, `stops: ${kiosk.stopped}`);
        this.checker.onStopped(kiosk);
        this.gone(kiosk.id);
      },
      onFault: (kiosk) => {
        this.say(kiosk.id, 'stops: its disk failed');
        this.gone(kiosk.id);
      },
      onRestart: (kiosk) => this.checker.onRestart(kiosk),
      onSnapshot: (kiosk, slot) => this.checker.onSnapshot(kiosk, slot),
      onInstalled: (kiosk, snapshot) => {
        this.say(kiosk.id, `goes on from the snapshot of slot ${snapshot.slot}`);
        this.checker.onInstalled(kiosk, snapshot);
        this.answer(kiosk);
      },
      historyAt: (kiosk) =>
        [...this.kiosks.values()].some(
          (other) =>
            other !== kiosk &&
            other.alive &&
            other.disk.firstSlot === 1 &&
            other.tickets.applied > 0 &&
            this.links.has(pair(kiosk.id, other.id)),
        ),
      crashPoint: (kiosk, name) => this.crashPoint(kiosk, name),
    });
  }

  /** Named moments in which the power may go; it comes back a little later. */
  private crashPoint(kiosk: SimulatedKiosk, name: CrashPoint): boolean {
    const count = this.crashPoints.get(name)!;
    count.passed += 1;
    const rare =
      name === 'after-append' || name === 'after-send' || name === 'after-apply' || name === 'after-sync' || name === 'before-send';
    if (!this.random.chance(this.faults.crashPointChance * (rare ? RARE : 1))) return false;
    count.crashed += 1;
    this.say(kiosk.id, `dies ${name.replace('-', ' ')}`);
    kiosk.crash();
    this.gone(kiosk.id);
    this.schedule.after(this.random.int(DOWN_MS.min, DOWN_MS.max), () => this.start(kiosk.id));
    return true;
  }

  private answer(kiosk: SimulatedKiosk): void {
    for (const asked of this.asked.get(kiosk.id) ?? []) {
      const result = kiosk.answer(asked.command);
      if (result === null) continue;
      asked.result = result;
      this.asked.get(kiosk.id)!.delete(asked);
      this.checker.onAnswer(asked.command, result);
    }
  }

  private tick(kiosk: SimulatedKiosk): void {
    const { replica } = kiosk;
    this.schedule.after(TICK_MS, () => {
      if (kiosk.replica !== replica) return;
      kiosk.input({ type: 'tick' });
      this.tick(kiosk);
    });
  }

  /** From now on what is delivered is kept, to be delivered once more by `echo`. */
  listen(): void {
    this.echoes = [];
  }

  /** Everything that was heard since `listen` arrives again. Returns how much that was. */
  echo(): number {
    const echoes = this.echoes ?? [];
    this.echoes = null;
    for (const again of echoes) again();
    return echoes.length;
  }

  private send(from: SimulatedKiosk, { to, message }: Envelope): void {
    this.checker.onSend(from, message);
    this.messageCounts.set(message.t, (this.messageCounts.get(message.t) ?? 0) + 1);
    // Sent only when connected; nothing is kept for a peer that is away.
    if (!this.links.has(pair(from.id, to))) return;
    const { faults, random } = this;
    const copies = random.chance(faults.doubling) ? 2 : 1;
    const { identity } = from;
    for (let copy = 0; copy < copies; copy += 1) {
      if (random.chance(faults.loss) || this.cuts.has(pair(from.id, to))) continue;
      const late = random.chance(faults.lateChance) ? random.int(0, faults.lateMax) : 0;
      const delay = random.int(faults.delayMin, faults.delayMax) + late;
      const arrived = travel(message);
      this.schedule.after(delay, () => this.deliver(from.id, to, identity, arrived()));
    }
  }

  private deliver(from: KioskId, to: KioskId, identity: { kiosk: KioskId; incarnation: string }, json: Message): void {
    if (this.cuts.has(pair(from, to)) || !this.kiosk(to).alive) return;
    this.counter += 1;
    if (this.echoes !== null && this.echoes.length < ECHOES_MAX) this.echoes.push(() => this.deliver(from, to, identity, json));
    const message = this.counter % SCHEMA_SAMPLE === 0 ? messageSchema.parse(json) : json;
    if (message.t !== 'ping' && message.t !== 'pong') this.say(to, `<- ${from}  ${describeMessage(message)}`);
    this.kiosk(to).input({ type: 'message', from: identity, message });
  }

  /** Both ends learn of a link, if it is whole and both live. */
  private relink(a: KioskId, b: KioskId): void {
    for (const [self, other] of [
      [a, b],
      [b, a],
    ] as const) {
      this.schedule.after(this.random.int(LINK_MS.min, LINK_MS.max), () => {
        const whole = !this.cuts.has(pair(a, b)) && !this.cuts.has(pair(b, a));
        if (!whole || !this.kiosk(a).alive || !this.kiosk(b).alive || this.links.has(pair(self, other))) return;
        if (!this.sameGeneration(a, b)) return;
        this.links.add(pair(self, other));
        this.kiosk(self).input({ type: 'connected', peer: this.introduced(other, self) });
      });
    }
  }

  /** Older generations are never linked with (rule 8); a kiosk without a log is of none yet. */
  private sameGeneration(a: KioskId, b: KioskId): boolean {
    const [one, two] = [this.view(a), this.view(b)];
    if (one.generation === 0 || two.generation === 0) return true;
    return one.generation === two.generation && one.recovery === two.recovery;
  }

  /** What the handshake tells one kiosk of another. */
  private introduced(other: KioskId, to: KioskId): Peer {
    const { member, supports, replica } = this.kiosk(other);
    const { incarnation } = this.kiosk(to).member;
    const remembers = replica?.remembers(to).find((remembered) => remembered.incarnation === incarnation) ?? null;
    return { ...member, supports, remembers };
  }

  private unlink(self: KioskId, other: KioskId, delayMs: number): void {
    if (!this.links.has(pair(self, other))) return;
    const gone = this.kiosk(other).replica;
    this.schedule.after(delayMs, () => {
      const back =
        gone === null
          ? false
          : this.kiosk(other).replica === gone && !this.cuts.has(pair(self, other)) && !this.cuts.has(pair(other, self));
      if (back || !this.links.delete(pair(self, other))) return;
      this.kiosk(self).input({ type: 'disconnected', kiosk: other });
      // The mesh dials again by itself.
      this.relink(self, other);
    });
  }
}

/** As it crosses the wire: what arrives shares nothing with what was sent. */
function travel(message: Message): () => Message {
  if (message.t === 'snapshot-page') {
    const { bytes, ...rest } = message;
    const copy = bytes.slice();
    return () => ({ ...rest, bytes: copy });
  }
  const text = JSON.stringify(message);
  return () => JSON.parse(text) as Message;
}

function pair(from: KioskId, to: KioskId): string {
  return `${from}>${to}`;
}

function memberOf(kiosk: KioskId): Member {
  return { kiosk, incarnation: `incarnation${kiosk}`, name: `Kiosk ${kiosk}`, host: '127.0.0.1', port: 7400 + kiosk, priority: 0 };
}
