import { compareBallots } from '../../shared/ballot';
import type { InTransit } from '../../shared/inTransit';
import type { DurableState } from './durable';
import type { Lsn, Millis, ReplicaConfig } from './inputs';
import type { Log } from './log';
import { Outbox } from './outbox';
import { PeerMemory } from './peerMemory';
import { isMember } from './quorum';
import type { Rules } from './rules';
import { SLOW_DISK_MS } from './timing';
import type { Ballot, Command, Founding, JournalRecord, Member, RequestId, Slot } from './types';

/** One of the logs that recoveries have made of a site's (rule 8), by its newest generation and the recovery that began it. */
export interface Lineage {
  readonly generation: number;
  readonly recovery: string;
}

/**
 * What the parts of a replica share: the durable state and its outbox. `promised` never falls, here or on
 * disk, and applied <= chosen.
 */
export class Core {
  readonly out = new Outbox();
  readonly log: Log;
  /** Time of the current input. */
  now: Millis = 0;
  /** The application has executed the log up to here. */
  applied: Slot = 0;
  signed: Founding | null;
  /** `stop` was asked for: never lead again. */
  leaving = false;
  /** Highest slot whose "chosen and held" record was written. */
  chosenHeld: Slot;
  /** Commands of this kiosk's clients that left it and have no answer yet; they outlive a restart. */
  readonly pending: InTransit<RequestId, Command>;
  readonly peers: PeerMemory;
  /** The slot from which this kiosk has the whole history; 1 is all of it (rule 12). */
  firstSlot: Slot = 1;
  /** A snapshot is taking the place of the log, which must not move meanwhile. */
  frozen = false;
  /** The log that the pages are of which this kiosk takes, and it may not have come to that generation yet; null before the first page. */
  followed: Lineage | null = null;
  /** What was on the disk when this life began. */
  readonly found: { readonly ballot: Ballot; readonly slot: Slot };
  /** Highest slot that this life has vouched for. */
  vouched: Slot = 0;
  private highestPromise: Ballot;
  private highestRound: number;

  constructor(
    readonly config: ReplicaConfig,
    readonly rules: Rules,
    durable: DurableState,
  ) {
    this.log = durable.log;
    this.signed = durable.signed;
    this.highestPromise = durable.promised;
    this.highestRound = durable.promised.round;
    this.chosenHeld = durable.chosenHeld;
    this.applied = durable.log.base;
    this.found = { ballot: durable.promised, slot: durable.log.last };
    this.pending = durable.pending;
    this.peers = new PeerMemory(durable.peers);
  }

  get promised(): Ballot {
    return this.highestPromise;
  }

  write(record: JournalRecord): Lsn {
    return this.out.write(record, this.now);
  }

  /** Promises a ballot: in memory now, and in the journal before any word of it leaves. */
  promise(ballot: Ballot): void {
    this.raise(ballot);
    this.write({ t: 'promise', ballot });
  }

  /** The promise that an acceptance of this ballot implies. */
  raise(ballot: Ballot): void {
    if (compareBallots(ballot, this.highestPromise) > 0) this.highestPromise = ballot;
    this.sawRound(ballot);
  }

  sawRound(ballot: Ballot): void {
    if (ballot.round > this.highestRound) this.highestRound = ballot.round;
  }

  nextBallot(): Ballot {
    const { kiosk, incarnation, priority } = this.config.self;
    return { round: this.rules.nextRound(this.highestRound), priority, kiosk, incarnation };
  }

  /** True once slot 1 is known here: nobody votes before (rule 7). */
  get founded(): boolean {
    return this.log.chosen > 0;
  }

  /** Which log this kiosk has, or has the beginning of. */
  get lineage(): Lineage {
    const { generation, recovery } = this.log.configurations;
    return (this.founded ? this.followed : null) ?? { generation, recovery };
  }

  /** The members that decide a slot; none before the founding. */
  electorate(slot: Slot): readonly Member[] {
    return this.rules.electorate(this.log.configurations, slot) ?? [];
  }

  /** The members that decide the next open slot. */
  get voters(): readonly Member[] {
    return this.electorate(this.log.chosen + 1);
  }

  get isVoter(): boolean {
    return isMember(this.voters, this.config.self);
  }

  /** The disk does not keep up: others should lead (S30). */
  get slow(): boolean {
    return this.out.waitingFor(this.now) > SLOW_DISK_MS;
  }

  /** It was a member once, in this incarnation, and is none now. */
  get removed(): boolean {
    return this.removedFrom !== null;
  }

  get removedFrom(): Slot | null {
    return this.founded && !this.isVoter ? this.log.configurations.removedFrom(this.config.self) : null;
  }

  /** A kiosk of a site's newest members, in another incarnation than theirs: it lost its data, and does not vote (rule 8). */
  get estranged(): boolean {
    const { kiosk, incarnation } = this.config.self;
    const members = this.log.configurations.newest?.members ?? [];
    return members.some((member) => member.kiosk === kiosk && member.incarnation !== incarnation);
  }
}
