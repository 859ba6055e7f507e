import type { CommandResult } from '../../shared/answers';
import type { Ballot, KioskId, Slot } from '../../shared/ballot';
import { HASH_INTERVAL } from '../../shared/constants';
import type { JournalRecord } from '../../shared/journal';
import type { Message } from '../../shared/messages';
import { type Said, told } from '../../shared/said';
import type { Snapshot } from '../../shared/snapshot';
import { type Command, commandsOf, type RequestId, type Value } from '../../shared/values';
import {
  type Committed,
  type Envelope,
  type Input,
  type Lsn,
  Replica,
  type ReplicaConfig,
  type ReplicaView,
  TICK_MS,
  type WriteRequest,
} from '../paxos';
import type { ArchiveEntry, RestoredState } from '../storage';
import { Tickets } from '../tickets';
import { CROWD, CROWD_MAX, SNAPSHOT_COMMANDS, SNAPSHOT_SLOTS } from './timing';

export interface DriverPorts {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves when the records are durable; a rejection ends this kiosk's voting. */
  readonly append: (records: readonly JournalRecord[]) => Promise<void>;
  /** As `append`, and then drops what of the journal the newest snapshot stands for. */
  readonly checkpoint: (records: readonly JournalRecord[]) => Promise<void>;
  /** Resolves when the snapshot is durable, and the history that it stands for. */
  readonly saveSnapshot: (snapshot: Snapshot) => Promise<void>;
  readonly send: (to: KioskId, message: Message) => void;
  readonly onApplied: (entry: ArchiveEntry) => void;
  /** The application goes on from a snapshot of another kiosk. */
  readonly onInstalled: (snapshot: Snapshot) => void;
  /** A read that was asked for is confirmed, and all that it covers is applied. */
  readonly onRead: (id: string) => void;
  readonly onDeparted: (requestId: string) => void;
  /** Everything that one input led to is carried out. */
  readonly onSettled: () => void;
  /** The disk failed: nothing was acted on, and nothing more is said. */
  readonly onFault: (error: Error) => void;
  /** The disk has lost what this kiosk vouched for (rule 8). */
  readonly onAmnesia: (why: Said) => void;
  /** A broken invariant: this kiosk must end. */
  readonly onFatal: (error: Error) => void;
}

/** Writes that reach the disk together. */
interface Group {
  readonly writes: WriteRequest[];
  /** They restate what is still needed of the journal below the newest snapshot. */
  readonly checkpoint: boolean;
}

/** An entry that was applied; its hash is made when it is asked for. */
class Applied implements ArchiveEntry {
  constructor(
    readonly slot: Slot,
    readonly ballot: Ballot,
    readonly value: Value,
    readonly results: readonly CommandResult[],
    private readonly hashLater: () => string,
  ) {}

  get hash(): string {
    return this.hashLater();
  }
}

export type DriverConfig = Omit<ReplicaConfig, 'isAnswered' | 'logVersion'>;

/**
 * Feeds the replica and carries out what it asks: one append and fsync at a time while it keeps stepping
 * (group commit: what arrives while one runs shares the next), messages that vouch for a write after that
 * write, everything else at once. Takes snapshots now and then, and goes on from another kiosk's where asked.
 */
export class Driver {
  private readonly replica: Replica;
  private readonly clock: NodeJS.Timeout;
  private application: Tickets;
  private groups: Group[] = [];
  private held: Envelope[] = [];
  private reads: { readonly id: string; readonly index: number }[] = [];
  private durable: Lsn = 0;
  private writing = false;
  private ended = false;
  private saving = false;
  private snapshotSlot: number;
  private commandsSince = 0;
  /** Commands that came about now: they enter the replica together. */
  private proposals: Input[] = [];

  constructor(
    private readonly config: DriverConfig,
    restored: RestoredState,
    private readonly ports: DriverPorts,
  ) {
    const { snapshot, promised, records } = restored;
    this.application = new Tickets(snapshot);
    this.snapshotSlot = snapshot?.slot ?? 0;
    this.replica = new Replica(
      {
        ...config,
        isAnswered: (command) => this.application.answer(command) !== null,
        logVersion: () => this.application.commandsVersion,
      },
      {
        start: snapshot === null ? null : { slot: snapshot.slot, memberships: this.application.memberships },
        snapshot,
        promised,
        records,
      },
    );
    this.clock = setInterval(() => this.input({ type: 'tick' }), TICK_MS);
  }

  /** What the log means, as far as it is applied. A fresh object after a snapshot was installed. */
  get tickets(): Tickets {
    return this.application;
  }

  /** Gives a client's command to the replica, with others that come about now. */
  propose(command: Command): void {
    if (this.proposals.push({ type: 'propose', command }) === 1) this.gather(0);
  }

  /**
   * Commands of one turn of the event loop enter together, and a crowd waits for those of the next turn, until no crowd
   * follows: they share a slot, which costs as much as ten of them. One clerk waits for nobody.
   */
  private gather(before: number): void {
    setImmediate(() => {
      const { length } = this.proposals;
      if (length - before >= CROWD && length < CROWD_MAX) this.gather(length);
      else if (length > 0) this.inputs(this.takeProposals());
    });
  }

  /** Gives one input to the replica and carries out what follows. Does nothing once ended. */
  input(input: Input): void {
    // Whatever is about a command comes after it; what other kiosks and the disk say is about none.
    const apart = this.proposals.length === 0 || input.type === 'message' || input.type === 'durable';
    this.inputs(apart ? [input] : [...this.takeProposals(), input]);
  }

  private takeProposals(): Input[] {
    const { proposals } = this;
    this.proposals = [];
    return proposals;
  }

  private inputs(inputs: readonly Input[]): void {
    if (this.ended) return;
    try {
      this.replica.step(this.ports.now(), ...inputs);
      this.carryOut(inputs.at(-1)?.type === 'snapshot');
    } catch (error) {
      this.end();
      this.ports.onFatal(error as Error);
      return;
    }
    this.ports.onSettled();
  }

  /** A command of this kiosk's clients that has left it and has no answer yet; null for none. */
  pending(id: RequestId): Command | null {
    return this.replica.pending(id);
  }

  /** As the view has it, which is much to be made for this alone. */
  get selling(): boolean {
    return this.replica.selling;
  }

  view(): ReplicaView {
    return this.replica.view(this.ports.now());
  }

  /** What a peer's handshake is to tell it of itself (rule 8). */
  remembers(kiosk: KioskId): ReturnType<Replica['remembers']> {
    return this.replica.remembers(kiosk);
  }

  /** The slot from which the kiosk, in this incarnation or altogether, is shut out of the site; null where it is not. */
  shutOutFrom(identity: { readonly kiosk: KioskId; readonly incarnation: string }): number | null {
    return this.replica.shutOutFrom(identity);
  }

  /** No protocol message leaves after this, and no input is taken. */
  end(): void {
    this.ended = true;
    clearInterval(this.clock);
  }

  /** @param checkpoint what is to be written now restates the journal below a snapshot */
  private carryOut(checkpoint: boolean): void {
    for (;;) {
      const ready = this.replica.take();
      if (ready.fatal !== null) throw new Error(ready.fatal);
      if (ready.amnesia !== null) {
        this.end();
        this.ports.onAmnesia(ready.amnesia);
        return;
      }
      for (const id of ready.departed) this.ports.onDeparted(id);
      this.enqueue(ready.writes, checkpoint);
      checkpoint = false;
      for (const envelope of ready.messages) {
        if (envelope.after <= this.durable) this.ports.send(envelope.to, envelope.message);
        else this.held.push(envelope);
      }
      // The disk works while this kiosk goes on with what is chosen already.
      this.startWriting();
      this.reads.push(...ready.reads);
      if (!this.apply(ready.committed)) return;
      this.answerReads();
      if (ready.install !== null) void this.install(ready.install);
      if (ready.committed.length === 0) break;
      const slot = this.application.applied;
      this.replica.step(this.ports.now(), { type: 'applied', slot, hash: slot % HASH_INTERVAL === 0 ? this.application.hash : '' });
    }
    this.takeSnapshot();
  }

  private startWriting(): void {
    if (this.groups.length === 0 || this.writing) return;
    this.writing = true;
    void this.write();
  }

  private enqueue(writes: readonly WriteRequest[], checkpoint: boolean): void {
    if (writes.length === 0 && !checkpoint) return;
    const last = this.groups.at(-1);
    if (checkpoint || last === undefined || last.checkpoint) this.groups.push({ writes: [...writes], checkpoint });
    else last.writes.push(...writes);
  }

  /** False if an entry is beyond this version: then nothing more is applied (rule 13). */
  private apply(committed: readonly Committed[]): boolean {
    for (const { slot, ballot, value } of committed) {
      if (value.kind === 'version' && value.version > this.config.supports) {
        this.end();
        this.ports.onFault(told('too_old', value.version));
        return false;
      }
      const results: readonly CommandResult[] = this.application.apply(slot, value);
      this.commandsSince += commandsOf(value).length;
      const hash = this.application.hashLater();
      this.ports.onApplied(new Applied(slot, ballot, value, results, hash));
    }
    return true;
  }

  private answerReads(): void {
    if (this.reads.length === 0) return;
    const ready = this.reads.filter(({ index }) => index <= this.application.applied);
    if (ready.length === 0) return;
    this.reads = this.reads.filter(({ index }) => index > this.application.applied);
    for (const { id } of ready) this.ports.onRead(id);
  }

  private takeSnapshot(): void {
    const due = this.application.applied >= this.snapshotSlot + SNAPSHOT_SLOTS || this.commandsSince >= SNAPSHOT_COMMANDS;
    if (!due || this.saving || this.application.applied === this.snapshotSlot) return;
    const snapshot = this.application.snapshot();
    this.commandsSince = 0;
    void this.save(snapshot, () => this.input({ type: 'snapshot', snapshot }));
  }

  private async install(snapshot: Snapshot): Promise<void> {
    // A snapshot of this kiosk's own may be on its way to the disk: one at a time.
    while (this.saving) await new Promise(setImmediate);
    if (this.ended) return;
    await this.save(snapshot, () => {
      this.application = new Tickets(snapshot);
      this.commandsSince = 0;
      this.ports.onInstalled(snapshot);
      this.input({ type: 'installed', start: { slot: snapshot.slot, memberships: this.application.memberships } });
      this.input({ type: 'snapshot', snapshot });
    });
  }

  /** The old one stays until the new one is on the disk (S16). */
  private async save(snapshot: Snapshot, then: () => void): Promise<void> {
    this.saving = true;
    try {
      await this.ports.saveSnapshot(snapshot);
    } catch (error) {
      this.fault(error as Error);
      return;
    } finally {
      this.saving = false;
    }
    if (this.ended) return;
    this.snapshotSlot = Math.max(this.snapshotSlot, snapshot.slot);
    try {
      then();
    } catch (error) {
      this.end();
      this.ports.onFatal(error as Error);
    }
  }

  private async write(): Promise<void> {
    for (let group = this.groups.shift(); group !== undefined && !this.ended; group = this.groups.shift()) {
      const records = group.writes.map(({ record }) => record);
      try {
        await (group.checkpoint ? this.ports.checkpoint(records) : this.ports.append(records));
      } catch (error) {
        this.fault(error as Error);
        return;
      }
      if (this.ended) return;
      this.durable = group.writes.at(-1)?.lsn ?? this.durable;
      const free = this.held.filter(({ after }) => after <= this.durable);
      this.held = this.held.filter(({ after }) => after > this.durable);
      for (const { to, message } of free) this.ports.send(to, message);
      this.input({ type: 'durable', lsn: this.durable });
    }
    this.writing = false;
  }

  private fault(error: Error): void {
    if (this.ended) return;
    this.end();
    this.ports.onFault(error);
  }
}
