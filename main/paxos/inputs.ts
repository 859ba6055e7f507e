import type { JournalRecord } from '../../shared/journal';
import type { Said } from '../../shared/said';
import type { FoundingWait } from '../../shared/service';
import type { EventSpec } from '../../shared/site';
import type { HeldBack } from '../../shared/values';
import type { Remembered } from './durable';
import type { LogStart } from './log';
import type { Ballot, Command, Incarnation, KioskId, Member, Message, RequestId, Role, Slot, Snapshot, Value } from './types';

/** Milliseconds of a clock that never goes back; its zero means nothing. */
export type Millis = number;

/** Journal sequence number of a record that the replica asked to be written; 1, 2, 3, ... per replica object. */
export type Lsn = number;

/** A voter is a kiosk in one of its incarnations. */
export interface Identity {
  readonly kiosk: KioskId;
  readonly incarnation: Incarnation;
}

/** A peer as its link's handshake introduced it. */
export interface Peer extends Identity {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly priority: number;
  /** Version of the commands that it understands (rule 13). */
  readonly supports: number;
  /** What it has heard this incarnation of this kiosk vouch for; null for nothing (rule 8). */
  readonly remembers: Remembered | null;
}

/** What storage has of an earlier life. */
export interface Restored {
  /** The snapshot that the journal stands on, as the application has restored it; null before the first. */
  readonly start: LogStart | null;
  readonly snapshot: Snapshot | null;
  /** Highest promise of records that have been dropped. */
  readonly promised: Ballot;
  /** The journal, oldest first. */
  readonly records: readonly JournalRecord[];
}

export interface ReplicaConfig {
  /** This kiosk as it would stand in the member list. */
  readonly self: Member;
  readonly uid: string;
  /** The site file's founders and events; they count only while no log exists (rule 7). */
  readonly founders: readonly KioskId[];
  readonly events: readonly EventSpec[];
  /** False for a folder whose predecessor was lost or set aside: such a kiosk founds nothing, it joins (rule 7). */
  readonly mayFound: boolean;
  /** Version of the commands that this kiosk understands, and the one that the log is at (rule 13). */
  readonly supports: number;
  readonly logVersion: () => number;
  /** So many slots below the newest snapshot stay in memory, for kiosks that are a little behind. */
  readonly keptSlots: number;
  /** Batches of new commands that are on their way at a time, within ALPHA; what comes meanwhile shares the next. */
  readonly batchesInFlight: number;
  /**
   * A number that no earlier process of this kiosk was given; heartbeat rounds count from it, so that an
   * answer to an earlier life's round proves nothing now.
   */
  readonly firstRound: number;
  /** Whether the application, as far as it has applied the log, has an answer for this command already. */
  readonly isAnswered: (command: Command) => boolean;
}

export type Input =
  /** Time passes; to be given at least every TICK_MS. */
  | { readonly type: 'tick' }
  | { readonly type: 'message'; readonly from: Identity; readonly message: Message }
  /** A link to a peer is up (again) / is gone. A peer is known by one link at a time. */
  | { readonly type: 'connected'; readonly peer: Peer }
  | { readonly type: 'disconnected'; readonly kiosk: KioskId }
  /** A client's command; it is passed on until it is applied or withdrawn. A repeat is harmless. */
  | { readonly type: 'propose'; readonly command: Command }
  /** Stop passing this command on. What has left may still be chosen. */
  | { readonly type: 'withdraw'; readonly requestId: RequestId }
  /** Ask for a confirmed read; answered by `Ready.reads`, or withdrawn. */
  | { readonly type: 'read'; readonly id: RequestId }
  | { readonly type: 'withdraw-read'; readonly id: RequestId }
  /** All records up to this one are on disk (append and fsync). */
  | { readonly type: 'durable'; readonly lsn: Lsn }
  /** The application has executed the log up to this slot; hash is the chained state hash there, looked at where the slot is a multiple of HASH_INTERVAL. */
  | { readonly type: 'applied'; readonly slot: Slot; readonly hash: string }
  /** The newest snapshot is on disk: entries below it may leave memory, and this one is sent to whoever is too far behind. */
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** The snapshot of `Ready.install` is on disk, and the application goes on from it. */
  | { readonly type: 'installed'; readonly start: LogStart }
  /** The history on this kiosk's disk goes back to this slot without a gap. */
  | { readonly type: 'history'; readonly firstSlot: Slot }
  /** Rule 8, deliberate: begin a new generation with this kiosk alone. `at`: ms since 1970. */
  | { readonly type: 'recover'; readonly at: number; readonly heldBack?: HeldBack }
  /** The machine is about to sleep, or slept: nothing that was heard before counts, leadership neither (S29). */
  | { readonly type: 'slept' }
  /** `stop`: hand leadership over, if we have it, and take no new work. */
  | { readonly type: 'leave' };

export interface Envelope {
  readonly to: KioskId;
  readonly message: Message;
  /** May leave once all records up to this one are durable; 0 is at once (rule 1). */
  readonly after: Lsn;
}

export interface WriteRequest {
  readonly lsn: Lsn;
  readonly record: JournalRecord;
}

export interface Committed {
  readonly slot: Slot;
  readonly ballot: Ballot;
  readonly value: Value;
}

/**
 * What the driver has to carry out, taken with `replica.take()` after one or more inputs: append `writes`
 * in order; send each message once its `after` is durable; execute `committed` in order and report
 * `applied`; answer `reads` once their index is applied; on `fatal` stop, loudly.
 */
export interface Ready {
  readonly writes: readonly WriteRequest[];
  readonly messages: readonly Envelope[];
  readonly committed: readonly Committed[];
  readonly reads: readonly { readonly id: RequestId; readonly index: Slot }[];
  /** Commands that have, just now, left this kiosk or entered its journal for the first time: from here on "not sold" is not known (client contract, `no_majority`). */
  readonly departed: readonly RequestId[];
  /** A snapshot to go on from: the application and the disk take it, then `installed` is given. */
  readonly install: Snapshot | null;
  /** This kiosk has forgotten what it vouched for (rule 8): it must not vote, in words. */
  readonly amnesia: Said | null;
  /** A broken invariant, in words. */
  readonly fatal: string | null;
}

/** For status answers and the screen; a fresh value each time. */
export interface ReplicaView {
  readonly role: Exclude<Role, 'faulty'>;
  readonly ballot: Ballot;
  /** The leader that this kiosk follows or is, if it is content with one. */
  readonly leader: KioskId | null;
  /** It can get work done now: it leads and serves, or a leader that serves can be reached, directly or through one kiosk. */
  readonly selling: boolean;
  /** It hears a majority of the newest members, itself counted. */
  readonly majority: boolean;
  readonly connected: readonly KioskId[];
  readonly chosen: Slot;
  readonly applied: Slot;
  /** Newest chosen configuration. */
  readonly members: readonly Member[];
  /** Slot from which the newest configuration governs, and whether it does (rule 3's conditions are met). */
  readonly inForceFrom: Slot;
  readonly inForce: boolean;
  readonly generation: number;
  /** Which recovery began the generation; empty for the first. A kiosk that catches up may not have come to that yet. */
  readonly recovery: string;
  /** This kiosk was removed from the site, from this slot on. */
  readonly removedFrom: Slot | null;
  /** It is another incarnation of a member: `change readmit` lets it vote again (rule 8). */
  readonly estranged: boolean;
  /** A snapshot is being fetched: parts that are here, of how many. */
  readonly fetching: { readonly have: number; readonly of: number } | null;
  /** Requests of this kiosk's clients whose end is not known, oldest first. */
  readonly pending: readonly Command[];
  /** Founding: what it waits for; else null. */
  readonly waiting: FoundingWait | null;
  readonly peers: readonly {
    readonly kiosk: KioskId;
    readonly incarnation: Incarnation;
    readonly heardMs: Millis;
    readonly chosen: Slot;
    readonly applied: Slot;
    readonly firstSlot: Slot;
    /** Kiosks that it reaches, as it says. */
    readonly reaches: readonly KioskId[] | null;
  }[];
}
