import type { CommandResult } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { JournalRecord } from '../../shared/journal';
import type { Message } from '../../shared/messages';
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
import type { Tickets } from '../tickets';

export interface AppliedEntry extends Committed {
  readonly results: readonly CommandResult[];
}

export interface DriverPorts {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves when the records are durable; a rejection ends this kiosk's voting. */
  readonly append: (records: readonly JournalRecord[]) => Promise<void>;
  readonly send: (to: KioskId, message: Message) => void;
  readonly onApplied: (entry: AppliedEntry) => void;
  /** A read that was asked for is confirmed, and all that it covers is applied. */
  readonly onRead: (id: string) => void;
  readonly onDeparted: (requestId: string) => void;
  /** Everything that one input led to is carried out. */
  readonly onSettled: () => void;
  /** The disk failed: nothing was acted on, and nothing more is said. */
  readonly onFault: (error: Error) => void;
  /** A broken invariant: this kiosk must end. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Feeds the replica and carries out what it asks: one append and fsync at a time while it keeps stepping
 * (group commit: what arrives while one runs shares the next), messages that vouch for a write after that
 * write, everything else at once.
 */
export class Driver {
  private readonly replica: Replica;
  private readonly clock: NodeJS.Timeout;
  private writes: WriteRequest[] = [];
  private held: Envelope[] = [];
  private reads: { readonly id: string; readonly index: number }[] = [];
  private durable: Lsn = 0;
  private writing = false;
  private ended = false;

  constructor(
    config: ReplicaConfig,
    records: readonly JournalRecord[],
    private readonly tickets: Tickets,
    private readonly ports: DriverPorts,
  ) {
    this.replica = new Replica(config, records);
    this.clock = setInterval(() => this.input({ type: 'tick' }), TICK_MS);
  }

  /** Gives one input to the replica and carries out what follows. Does nothing once ended. */
  input(input: Input): void {
    if (this.ended) return;
    try {
      this.replica.step(this.ports.now(), input);
      this.carryOut();
    } catch (error) {
      this.end();
      this.ports.onFatal(error as Error);
      return;
    }
    this.ports.onSettled();
  }

  view(): ReplicaView {
    return this.replica.view(this.ports.now());
  }

  /** No protocol message leaves after this, and no input is taken. */
  end(): void {
    this.ended = true;
    clearInterval(this.clock);
  }

  private carryOut(): void {
    for (;;) {
      const ready = this.replica.take();
      if (ready.fatal !== null) throw new Error(ready.fatal);
      for (const id of ready.departed) this.ports.onDeparted(id);
      this.writes.push(...ready.writes);
      for (const envelope of ready.messages) {
        if (envelope.after <= this.durable) this.ports.send(envelope.to, envelope.message);
        else this.held.push(envelope);
      }
      this.reads.push(...ready.reads);
      this.apply(ready.committed);
      this.answerReads();
      if (ready.committed.length === 0) break;
      this.replica.step(this.ports.now(), { type: 'applied', slot: this.tickets.applied, hash: this.tickets.hash });
    }
    // In a microtask, so that all inputs of one turn share the group.
    if (this.writes.length > 0 && !this.writing) {
      this.writing = true;
      queueMicrotask(() => void this.write());
    }
  }

  private apply(committed: readonly Committed[]): void {
    for (const entry of committed) {
      const results = this.tickets.apply(entry.slot, entry.value);
      this.ports.onApplied({ ...entry, results });
    }
  }

  private answerReads(): void {
    if (this.reads.length === 0) return;
    const ready = this.reads.filter(({ index }) => index <= this.tickets.applied);
    if (ready.length === 0) return;
    this.reads = this.reads.filter(({ index }) => index > this.tickets.applied);
    for (const { id } of ready) this.ports.onRead(id);
  }

  private async write(): Promise<void> {
    while (this.writes.length > 0 && !this.ended) {
      const group = this.writes;
      this.writes = [];
      try {
        await this.ports.append(group.map(({ record }) => record));
      } catch (error) {
        this.end();
        this.ports.onFault(error as Error);
        return;
      }
      if (this.ended) return;
      this.durable = group.at(-1)!.lsn;
      const free = this.held.filter(({ after }) => after <= this.durable);
      this.held = this.held.filter(({ after }) => after > this.durable);
      for (const { to, message } of free) this.ports.send(to, message);
      this.input({ type: 'durable', lsn: this.durable });
    }
    this.writing = false;
  }
}
