import type { KioskId } from '../../shared/ballot';
import { type JournalRecord, journalRecordSchema } from '../../shared/journal';
import type { Command, Member } from '../../shared/values';
import {
  type Committed,
  type Envelope,
  type Identity,
  type Input,
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
}

export interface KioskPorts {
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly syncMs: () => number;
  readonly send: (from: SimulatedKiosk, envelope: Envelope) => void;
  readonly onApplied: (kiosk: SimulatedKiosk, entry: Committed, results: ReturnType<Tickets['apply']>) => void;
  readonly onDurable: (kiosk: SimulatedKiosk, records: readonly JournalRecord[]) => void;
  readonly onRead: (kiosk: SimulatedKiosk, id: string) => void;
  readonly onRestart: (kiosk: SimulatedKiosk) => void;
}

/** One kiosk: the real replica and the real tickets, a disk that loses what was not synced, and the driver's discipline. */
export class SimulatedKiosk {
  replica: Replica | null = null;
  tickets = new Tickets();
  /** What is on the disk. */
  readonly disk: JournalRecord[] = [];
  member: Member;
  /** Highest lsn of this life that is durable. */
  private durable = 0;
  private writes: WriteRequest[] = [];
  private flying: readonly WriteRequest[] = [];
  private held: Envelope[] = [];
  private reads: { readonly id: string; readonly index: number }[] = [];
  private life = 0;
  private pausedUntil = 0;
  private waiting: Input[] = [];
  private readonly drift: number;
  private readonly offset: number;
  private lastNow = 0;

  constructor(
    readonly id: KioskId,
    member: Member,
    private readonly config: Omit<ReplicaConfig, 'self' | 'firstRound' | 'isAnswered'>,
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

  /** Its own clock, which never goes back. */
  clock(): number {
    this.lastNow = Math.max(this.lastNow, Math.floor(this.offset + this.ports.now() * this.drift));
    return this.lastNow;
  }

  start(): void {
    this.life += 1;
    const records = this.variant.restored?.(this.disk) ?? this.disk;
    this.replica = new Replica(
      {
        ...this.config,
        self: this.member,
        firstRound: this.life * 1_000_000,
        isAnswered: (command) => this.tickets.answer(command) !== null,
      },
      records,
      this.rules,
    );
    this.tickets = new Tickets();
    this.ports.onRestart(this);
    this.drain();
  }

  /** Power off: of the write under way any prefix may have reached the disk, of what waited nothing. */
  crash(): void {
    const survived = this.flying.slice(0, this.random.int(0, this.flying.length));
    this.store(survived);
    this.replica = null;
    this.life += 1;
    this.durable = 0;
    this.writes = [];
    this.flying = [];
    this.held = [];
    this.reads = [];
    this.waiting = [];
    this.pausedUntil = 0;
  }

  /** Another folder: nothing is left, and it is another incarnation. */
  wipe(incarnation: string): void {
    this.disk.length = 0;
    this.member = { ...this.member, incarnation };
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

  private drain(): void {
    for (;;) {
      const { replica } = this;
      if (replica === null) return;
      const ready = replica.take();
      if (ready.fatal !== null) throw new Error(ready.fatal);
      this.writes.push(...ready.writes);
      for (const envelope of ready.messages) {
        if (envelope.after <= this.durable || this.variant.votesBeforeSync) this.ports.send(this, envelope);
        else this.held.push(envelope);
      }
      this.reads.push(...ready.reads);
      for (const entry of ready.committed) this.ports.onApplied(this, entry, this.tickets.apply(entry.slot, entry.value));
      const answered = this.reads.filter(({ index }) => index <= this.tickets.applied);
      this.reads = this.reads.filter(({ index }) => index > this.tickets.applied);
      for (const { id } of answered) this.ports.onRead(this, id);
      this.sync();
      if (ready.committed.length === 0) return;
      replica.step(this.clock(), { type: 'applied', slot: this.tickets.applied, hash: this.tickets.hash });
    }
  }

  private sync(): void {
    if (this.flying.length > 0 || this.writes.length === 0) return;
    this.flying = this.writes;
    this.writes = [];
    const { life } = this;
    this.ports.after(this.ports.syncMs(), () => {
      if (life === this.life) this.synced();
    });
  }

  private synced(): void {
    const group = this.flying;
    this.flying = [];
    this.store(group);
    this.durable = group.at(-1)!.lsn;
    const free = this.held.filter(({ after }) => after <= this.durable);
    this.held = this.held.filter(({ after }) => after > this.durable);
    for (const envelope of free) this.ports.send(this, envelope);
    this.input({ type: 'durable', lsn: this.durable });
    this.sync();
  }

  private store(group: readonly WriteRequest[]): void {
    // Through the schema that the real journal is read back with.
    const records = group.map(({ record }) => journalRecordSchema.parse(JSON.parse(JSON.stringify(record))));
    this.disk.push(...records);
    if (records.length > 0) this.ports.onDurable(this, records);
  }
}
