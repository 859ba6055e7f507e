import { InTransit } from '../../shared/inTransit';
import type { Core } from './core';
import type { Election } from './election';
import type { Identity, Millis } from './inputs';
import { FORWARD_COMMANDS_MAX, FORWARD_RETRY_MS, TICK_MS } from './timing';
import type { Command, KioskId, Message, RequestId, Slot } from './types';

/** Most kiosks that pass a message on between its origin and the leader (rule 5: one hop). */
const HOPS_MAX = 1;
/** Reads that are passed on for others are remembered up to this number; a forgotten one is asked again by its origin. */
const RELAYED_READS_MAX = 1_000;

/** The leader's side: takes work into the log, or says that it doesn't lead. */
export interface Desk {
  readonly open: boolean;
  accept(command: Command): void;
  read(id: RequestId, from: KioskId): void;
  forget(id: RequestId): void;
}

interface Waiting {
  readonly command: Command;
  sentAt: Millis;
  departed: boolean;
}

/**
 * Brings this kiosk's commands and reads to the leader, directly or through one kiosk that is content with
 * it, again and again until they are applied or withdrawn; passes on those of others. Losing or doubling a
 * message does no harm: request ids make commands take effect once (rule 9).
 */
export class Routing {
  private readonly commands = new InTransit<RequestId, Waiting>();
  /** Those of them that were not passed on yet. */
  private fresh: Waiting[] = [];
  private reviewedAt: Millis = Number.NEGATIVE_INFINITY;
  private readonly reads = new InTransit<RequestId, Millis>();
  private readonly relayed = new Map<RequestId, KioskId>();
  /** Whom the last ones went to; a new one gets everything at once. */
  private target: KioskId | null = null;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
    private readonly desk: Desk,
  ) {
    // What was given up goes on being given up, and the site goes on trying to add a kiosk; a buy waits for its clerk.
    for (const command of core.pending.values()) if (goesOn(command)) this.add(command, true);
  }

  propose(command: Command): void {
    if (this.commands.has(command.requestId)) return;
    this.add(command, false);
    // Giving up is durable from its first moment, whether a leader can be reached or not (rule 10).
    if (command.op === 'cancel') this.remember(command);
  }

  private add(command: Command, departed: boolean): void {
    const waiting: Waiting = { command, sentAt: Number.NEGATIVE_INFINITY, departed };
    this.commands.set(command.requestId, waiting);
    this.fresh.push(waiting);
  }

  withdraw(id: RequestId): void {
    this.commands.delete(id);
    this.desk.forget(id);
  }

  read(id: RequestId): void {
    this.reads.set(id, Number.NEGATIVE_INFINITY);
    this.advance();
  }

  withdrawRead(id: RequestId): void {
    this.reads.delete(id);
  }

  /** An applied command needs no passing on. */
  applied(id: RequestId): void {
    this.commands.delete(id);
    this.core.pending.delete(id);
  }

  /**
   * A command whose end is not known is told again after a restart. What this kiosk then goes on with by itself is on its
   * way to the disk before it leaves. All else is only told to whoever asks: it takes the sync of the Accept that it
   * leads to, or of the next tick. A power cut before that loses what the sync never guarded, since nothing waited for
   * it: the log still has the one sale, under its id and unprinted, or never gets it (rules 9, 10; S18, S23).
   */
  private remember(command: Command): void {
    const { pending, out, now } = this.core;
    if (pending.has(command.requestId)) return;
    pending.set(command.requestId, command);
    const record = { t: 'pending', command } as const;
    if (goesOn(command)) out.write(record, now);
    else out.writeSoon(record);
  }

  /** A leader that serves can be reached from here. */
  get reachesLeader(): boolean {
    return this.desk.open || this.next() !== null;
  }

  onForward(message: Extract<Message, { t: 'forward' }>): void {
    if (this.desk.open) {
      for (const command of message.commands) this.desk.accept(command);
      return;
    }
    const leader = this.servingLeader();
    if (leader === null || message.hops >= HOPS_MAX) return;
    this.core.out.send(leader, { ...message, hops: message.hops + 1 });
  }

  onRead(from: Identity, message: Extract<Message, { t: 'read' }>): void {
    if (this.desk.open) {
      this.desk.read(message.id, from.kiosk);
      return;
    }
    const leader = this.servingLeader();
    if (leader === null || message.hops >= HOPS_MAX) return;
    if (this.relayed.size >= RELAYED_READS_MAX) this.relayed.clear();
    this.relayed.set(message.id, from.kiosk);
    this.core.out.send(leader, { ...message, hops: message.hops + 1 });
  }

  onReadIndex(id: RequestId, index: Slot): void {
    if (this.reads.delete(id)) this.core.out.readReady(id, index);
    const origin = this.relayed.get(id);
    if (origin === undefined) return;
    this.relayed.delete(id);
    this.core.out.send(origin, { t: 'read-index', id, index });
  }

  /** Sends what has not been sent to the present leader, or not been answered for long. To be called after every input. */
  advance(): void {
    if (this.commands.size === 0 && this.reads.size === 0) return;
    const self = this.core.config.self.kiosk;
    const target = this.desk.open ? self : this.next();
    if (target !== this.target) {
      this.target = target;
      this.fresh = [...this.commands.values()];
      for (const id of this.reads.keys()) this.reads.set(id, Number.NEGATIVE_INFINITY);
    }
    if (target === null) return;
    const { now } = this.core;
    const due = this.due();
    if (target === self) for (const { command } of due) this.desk.accept(command);
    else this.forward(target, due);
    for (const [id, sentAt] of this.reads) {
      if (now - sentAt < FORWARD_RETRY_MS) continue;
      this.reads.set(id, now);
      if (target === self) this.desk.read(id, self);
      else this.core.out.send(target, { t: 'read', id, hops: 0 });
    }
  }

  /** What is to be passed on now: all that is new, and what was passed on long ago and is not applied. */
  private due(): readonly Waiting[] {
    const { now } = this.core;
    const due = this.fresh.filter((waiting) => this.commands.get(waiting.command.requestId) === waiting);
    this.fresh = [];
    for (const waiting of due) waiting.sentAt = now;
    if (now - this.reviewedAt < TICK_MS) return due;
    this.reviewedAt = now;
    for (const waiting of this.commands.values()) {
      if (now - waiting.sentAt < FORWARD_RETRY_MS) continue;
      waiting.sentAt = now;
      due.push(waiting);
    }
    return due;
  }

  private forward(target: KioskId, due: readonly Waiting[]): void {
    for (const waiting of due) {
      if (waiting.departed) continue;
      this.core.out.depart(waiting.command.requestId);
      this.remember(waiting.command);
      waiting.departed = true;
    }
    for (let at = 0; at < due.length; at += FORWARD_COMMANDS_MAX) {
      const commands = due.slice(at, at + FORWARD_COMMANDS_MAX).map(({ command }) => command);
      this.core.out.send(target, { t: 'forward', commands, hops: 0 });
    }
  }

  /** The leader, or else a kiosk that hears it; nobody from a kiosk that was removed from the site. */
  private next(): KioskId | null {
    if (this.core.removed) return null;
    const leader = this.servingLeader();
    if (leader !== null) return leader;
    for (const neighbour of this.election.all()) {
      const { status } = neighbour;
      if (status?.content === true && !status.claims && this.election.reaches(neighbour)) return neighbour.peer.kiosk;
    }
    return null;
  }

  /** Whoever serves in the highest ballot, promised here or not: a learner has promised nothing. */
  private servingLeader(): KioskId | null {
    return this.election.servingNeighbour()?.peer.kiosk ?? null;
  }
}

/** After a restart this kiosk asks for it again by itself. */
function goesOn(command: Command): boolean {
  return command.op === 'cancel' || (command.op === 'change' && command.change.kind === 'add');
}
