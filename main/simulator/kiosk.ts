import type { Ballot, KioskId } from '../../shared/ballot';
import { compareBallots, ZERO_BALLOT } from '../../shared/ballot';
import { type JournalRecord, journalRecordSchema } from '../../shared/journal';
import { englishOf } from '../../shared/said';
import type { Snapshot } from '../../shared/snapshot';
import type { Command, Member } from '../../shared/values';
import {
  type Committed,
  type Envelope,
  type Identity,
  type Input,
  type Lsn,
  Replica,
  type ReplicaConfig,
  type Rules,
  type WriteRequest,
} from '../paxos';
import { Tickets } from '../tickets';
import type { Random } from './random';

/** How a simulated kiosk's driver is made wrong on purpose. */
export interface DriverVariant {
  /** Sends what vouches for a write before the write is on the disk (against rule 1). */
  readonly votesBeforeSync?: boolean;
  /** What a restart reads of the journal. */
  readonly restored?: (records: readonly JournalRecord[]) => readonly JournalRecord[];
  /** The promise that a restart takes from the journal's head. */
  readonly restoredPromise?: (promised: Ballot) => Ballot;
  /** Drops journal records above the snapshot, too (against rule 12). */
  readonly dropsTooMuch?: boolean;
  /** Breaks the application, each time that it is made. */
  readonly spoil?: (tickets: Tickets) => void;
  /** Goes on from a snapshot that is not on the disk yet (S16). */
  readonly installsBeforeSync?: boolean;
  /** Goes on after a write that failed as if it had not (S12). */
  readonly ignoresDiskErrors?: boolean;
}

export interface KioskPorts {
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly syncMs: (kiosk: SimulatedKiosk) => number;
  readonly send: (from: SimulatedKiosk, envelope: Envelope) => void;
  readonly onApplied: (kiosk: SimulatedKiosk, entry: Committed, results: ReturnType<Tickets['apply']>) => void;
  readonly onDurable: (kiosk: SimulatedKiosk, records: readonly JournalRecord[]) => void;
  readonly onRead: (kiosk: SimulatedKiosk, id: string) => void;
  readonly onStopped: (kiosk: SimulatedKiosk) => void;
  /** Its disk failed, and it has ended. */
  readonly onFault: (kiosk: SimulatedKiosk) => void;
  readonly onRestart: (kiosk: SimulatedKiosk) => void;
  /** A snapshot of this slot is on the disk. */
  readonly onSnapshot: (kiosk: SimulatedKiosk, slot: number) => void;
  readonly onInstalled: (kiosk: SimulatedKiosk, snapshot: Snapshot) => void;
  /** Some kiosk that this one reaches has the whole history. */
  readonly historyAt: (kiosk: SimulatedKiosk) => boolean;
  /** A named moment at which a kiosk may be made to crash; true if it was. */
  readonly crashPoint: (kiosk: SimulatedKiosk, name: CrashPoint) => boolean;
}

/** Moments between two steps of the driver at which the power may go. */
export const CRASH_POINTS = [
  'after-append',
  'after-sync',
  'before-send',
  'after-send',
  'after-apply',
  'snapshot-written',
  'snapshot-told',
  'before-prune',
  'after-prune',
  'install-begun',
  'install-written',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What survives a crash. */
interface Disk {
  readonly records: JournalRecord[];
  /** Highest promise of records that were dropped. */
  promised: Ballot;
  snapshot: Snapshot | null;
  firstSlot: number;
}

/** How often a kiosk that lacks history looks for it. */
const HISTORY_MS = { min: 100, max: 2_000 };

/** One kiosk: the real replica and the real tickets, a disk that loses what was not synced, and the driver's discipline. */
export class SimulatedKiosk {
  replica: Replica | null = null;
  tickets: Tickets = new Tickets();
  disk: Disk = { records: [], promised: ZERO_BALLOT, snapshot: null, firstSlot: 1 };
  member: Member;
  /** Why it stopped by itself: it has forgotten what it vouched for, or is too old for the log. */
  stopped: string | null = null;
  /** A folder whose predecessor was lost founds nothing. */
  private mayFound = true;
  /** Highest lsn of this life that is durable. */
  private durable = 0;
  private written: Lsn = 0;
  private writes: WriteRequest[] = [];
  private flying: readonly WriteRequest[] = [];
  private held: Envelope[] = [];
  private reads: { readonly id: string; readonly index: number }[] = [];
  private saving = false;
  private pruneAt: { readonly lsn: Lsn; readonly slot: number } | null = null;
  /** Whatever is written next fails. */
  private failing = false;
  private life = 0;
  private pausedUntil = 0;
  private waiting: Input[] = [];
  private readonly drift: number;
  private readonly offset: number;
  private jumped = 0;
  private lastNow = 0;

  constructor(
    readonly id: KioskId,
    member: Member,
    private readonly config: Omit<ReplicaConfig, 'self' | 'firstRound' | 'isAnswered' | 'mayFound' | 'logVersion'>,
    /** A snapshot is taken after so many slots. */
    private readonly snapshotEvery: number,
    private readonly rules: Rules,
    private readonly variant: DriverVariant,
    private readonly random: Random,
    private readonly ports: KioskPorts,
  ) {
    this.member = member;
    this.drift = 1 + (random.next() - 0.5) * 0.02;
    this.offset = random.int(0, 1_000_000);
  }

  get alive(): boolean {
    return this.replica !== null;
  }

  get identity(): Identity {
    return { kiosk: this.id, incarnation: this.member.incarnation };
  }

  get paused(): boolean {
    return this.ports.now() < this.pausedUntil;
  }

  get supports(): number {
    return this.config.supports;
  }

  /** Its own clock, which never goes back. */
  clock(): number {
    this.lastNow = Math.max(this.lastNow, Math.floor(this.offset + this.jumped + this.ports.now() * this.drift));
    return this.lastNow;
  }

  /** Its clock leaps ahead, as after a sleep that a monotonic clock counts. */
  jump(ms: number): void {
    this.jumped += ms;
  }

  /** Full, or broken: the next write fails, of whatever kind it is. */
  failDisk(): void {
    this.failing = true;
  }

  mendDisk(): void {
    this.failing = false;
  }

  start(): void {
    this.life += 1;
    const { disk } = this;
    this.tickets = this.application(disk.snapshot);
    this.replica = new Replica(
      {
        ...this.config,
        self: this.member,
        mayFound: this.mayFound,
        firstRound: this.life * 1_000_000,
        isAnswered: (command) => this.tickets.answer(command) !== null,
        logVersion: () => this.tickets.commandsVersion,
      },
      {
        start: disk.snapshot === null ? null : { slot: disk.snapshot.slot, memberships: this.tickets.memberships },
        snapshot: disk.snapshot,
        promised: this.variant.restoredPromise?.(disk.promised) ?? disk.promised,
        records: this.variant.restored?.(disk.records) ?? disk.records,
      },
      this.rules,
    );
    this.ports.onRestart(this);
    this.replica.step(this.clock(), { type: 'history', firstSlot: disk.firstSlot });
    this.drain();
    if (disk.firstSlot > 1) this.seekHistory();
  }

  /** Power off: of the write under way any prefix may have reached the disk, of what waited nothing. */
  crash(): void {
    const survived = this.flying.slice(0, this.random.int(0, this.flying.length));
    this.store(survived);
    this.replica = null;
    this.life += 1;
    this.durable = 0;
    this.written = 0;
    this.writes = [];
    this.flying = [];
    this.held = [];
    this.reads = [];
    this.waiting = [];
    this.saving = false;
    this.pruneAt = null;
    this.pausedUntil = 0;
  }

  /** Another folder: nothing is left, and it is another incarnation. @param known it is known that there was one before */
  wipe(incarnation: string, known: boolean): void {
    this.disk = { records: [], promised: ZERO_BALLOT, snapshot: null, firstSlot: 1 };
    this.member = { ...this.member, incarnation };
    this.mayFound = !known;
    this.stopped = null;
  }

  /** The disk loses what it had called synced. */
  lose(records: number): void {
    this.disk.records.splice(Math.max(0, this.disk.records.length - records));
  }

  /** Stops being scheduled, as by SIGSTOP or a sleeping laptop; what arrives waits. */
  pause(ms: number): void {
    this.pausedUntil = this.ports.now() + ms;
    const { life } = this;
    this.ports.after(ms, () => {
      if (life !== this.life || this.paused) return;
      const inputs = this.waiting;
      this.waiting = [];
      for (const input of inputs) this.input(input);
    });
  }

  input(input: Input): void {
    if (this.replica === null) return;
    if (this.paused) {
      if (input.type !== 'tick') this.waiting.push(input);
      return;
    }
    this.replica.step(this.clock(), input);
    this.drain();
  }

  /** The definite answer of what is applied here. */
  answer(command: Command) {
    return this.tickets.answer(command);
  }

  private application(snapshot: Snapshot | null): Tickets {
    const tickets = new Tickets(snapshot);
    this.variant.spoil?.(tickets);
    return tickets;
  }

  private crashed(point: CrashPoint): boolean {
    return this.ports.crashPoint(this, point);
  }

  private drain(): void {
    for (;;) {
      const { replica } = this;
      if (replica === null) return;
      const ready = replica.take();
      if (ready.fatal !== null) throw new Error(ready.fatal);
      this.writes.push(...ready.writes);
      this.written = ready.writes.at(-1)?.lsn ?? this.written;
      if (ready.writes.length > 0 && this.crashed('after-append')) return;
      for (const envelope of ready.messages) {
        if (envelope.after <= this.durable || this.variant.votesBeforeSync) this.ports.send(this, envelope);
        else this.held.push(envelope);
      }
      if (ready.messages.length > 0 && this.crashed('after-send')) return;
      if (ready.amnesia !== null) {
        this.stop(englishOf(ready.amnesia));
        return;
      }
      this.reads.push(...ready.reads);
      for (const entry of ready.committed) {
        if (entry.value.kind === 'version' && entry.value.version > this.config.supports) {
          this.stop('update this kiosk');
          return;
        }
        this.ports.onApplied(this, entry, this.tickets.apply(entry.slot, entry.value));
      }
      if (ready.committed.length > 0 && this.crashed('after-apply')) return;
      const answered = this.reads.filter(({ index }) => index <= this.tickets.applied);
      this.reads = this.reads.filter(({ index }) => index > this.tickets.applied);
      for (const { id } of answered) this.ports.onRead(this, id);
      if (ready.install !== null) this.install(ready.install);
      this.sync();
      if (ready.committed.length === 0) break;
      replica.step(this.clock(), { type: 'applied', slot: this.tickets.applied, hash: this.tickets.hash });
    }
    this.takeSnapshot();
  }

  /** It found out by itself that it must not go on. */
  private stop(why: string): void {
    this.stopped = why;
    this.crash();
    this.ports.onStopped(this);
  }

  /** A write has failed; true if the kiosk ended, as it must. Any part of the write may be on the disk. */
  private writeFails(): boolean {
    if (!this.failing || this.variant.ignoresDiskErrors) return false;
    this.crash();
    this.ports.onFault(this);
    return true;
  }

  private takeSnapshot(): void {
    if (this.saving || this.tickets.applied < (this.disk.snapshot?.slot ?? 0) + this.snapshotEvery) return;
    this.saving = true;
    const snapshot = this.tickets.snapshot();
    this.later(2 * this.ports.syncMs(this), () => {
      this.saving = false;
      if (snapshot.slot <= (this.disk.snapshot?.slot ?? 0) || this.writeFails()) return;
      this.disk.snapshot = snapshot;
      this.ports.onSnapshot(this, snapshot.slot);
      if (this.crashed('snapshot-written')) return;
      this.input({ type: 'snapshot', snapshot });
      if (this.crashed('snapshot-told')) return;
      this.pruneAt = { lsn: this.written, slot: snapshot.slot };
      this.prune();
    });
  }

  /** Once all that has to be restated is on the disk: whole files from the journal's head, which hold nothing above the snapshot. */
  private prune(): void {
    if (this.pruneAt === null || this.pruneAt.lsn > this.durable) return;
    const { slot } = this.pruneAt;
    this.pruneAt = null;
    if (this.crashed('before-prune')) return;
    const { disk } = this;
    const needed = disk.records.findIndex((record) => (record.t === 'accept' || record.t === 'learn') && record.slot > slot);
    const most = this.variant.dropsTooMuch ? disk.records.length : needed === -1 ? disk.records.length : needed;
    for (const record of disk.records.splice(0, this.random.int(0, most))) {
      if (record.t !== 'promise' && record.t !== 'accept') continue;
      if (compareBallots(record.ballot, disk.promised) > 0) disk.promised = record.ballot;
    }
    this.crashed('after-prune');
  }

  private install(snapshot: Snapshot): void {
    if (this.crashed('install-begun')) return;
    const done = () => {
      this.tickets = this.application(snapshot);
      this.ports.onInstalled(this, snapshot);
      this.input({ type: 'installed', start: { slot: snapshot.slot, memberships: this.tickets.memberships } });
      this.input({ type: 'snapshot', snapshot });
      this.input({ type: 'history', firstSlot: this.disk.firstSlot });
      this.seekHistory();
    };
    const write = () => {
      this.disk.snapshot = snapshot;
      this.disk.firstSlot = snapshot.slot + 1;
      this.ports.onSnapshot(this, snapshot.slot);
    };
    if (this.variant.installsBeforeSync) done();
    this.later(3 * this.ports.syncMs(this), () => {
      if (this.writeFails()) return;
      write();
      if (this.crashed('install-written')) return;
      if (!this.variant.installsBeforeSync) done();
    });
  }

  /** Whoever took a snapshot fetches the history below it in the background (rule 12). */
  private seekHistory(): void {
    this.later(this.random.int(HISTORY_MS.min, HISTORY_MS.max), () => {
      if (this.disk.firstSlot === 1) return;
      if (this.ports.historyAt(this)) {
        this.disk.firstSlot = 1;
        this.input({ type: 'history', firstSlot: 1 });
      } else this.seekHistory();
    });
  }

  /** Later in this life, and not while it is paused. */
  private later(ms: number, run: () => void): void {
    const { life } = this;
    this.ports.after(ms, () => {
      if (life !== this.life) return;
      if (this.paused) this.later(Math.max(1, this.pausedUntil - this.ports.now()), run);
      else run();
    });
  }

  private sync(): void {
    if (this.flying.length > 0 || this.writes.length === 0) return;
    this.flying = this.writes;
    this.writes = [];
    this.later(this.ports.syncMs(this), () => this.synced());
  }

  private synced(): void {
    if (this.writeFails()) return;
    const group = this.flying;
    this.flying = [];
    if (!this.failing) this.store(group);
    this.durable = group.at(-1)!.lsn;
    if (this.crashed('after-sync')) return;
    const free = this.held.filter(({ after }) => after <= this.durable);
    this.held = this.held.filter(({ after }) => after > this.durable);
    if (free.length > 0 && this.crashed('before-send')) return;
    for (const envelope of free) this.ports.send(this, envelope);
    this.input({ type: 'durable', lsn: this.durable });
    this.prune();
    this.sync();
  }

  private store(group: readonly WriteRequest[]): void {
    // Through the schema that the real journal is read back with.
    const records = group.map(({ record }) => journalRecordSchema.parse(JSON.parse(JSON.stringify(record))));
    this.disk.records.push(...records);
    if (records.length > 0) this.ports.onDurable(this, records);
  }
}
