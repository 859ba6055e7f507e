import { compareBallots, sameBallot } from '../../shared/ballot';
import { HASH_INTERVAL } from '../../shared/constants';
import type { Core } from './core';
import type { Identity, Millis, Peer } from './inputs';
import { sameIdentity, type VoterKey, voterKey } from './quorum';
import { DEFER_MS, GRACES_MAX, HEARTBEAT_MS, REACH_MS, STALL_MS, SUSPECT_MS } from './timing';
import type { Ballot, KioskId, Member, PeerStatus } from './types';

/** One linked peer. */
export interface Neighbour {
  readonly peer: Peer;
  status: PeerStatus | null;
  /** When the newest round that it answered began: proof of a two-way link at that time. */
  twoWayAt: Millis;
  /** How often it was given more time since then, because this kiosk itself stood still. */
  graces: number;
  /** The newest round that it answered. */
  answered: number;
  heardAt: Millis;
  /** Its highest promise as told in its answer to a round. */
  confirmed: { readonly round: number; readonly promised: Ballot } | null;
}

/** What leadership tells the election of itself. */
export interface Claim {
  /** Leads or campaigns in the promised ballot. */
  readonly claims: boolean;
  readonly serves: boolean;
}

/**
 * Election by quorum connectivity, after ballot leader election in Omni-Paxos (Ng, Haridi, Carbone,
 * EuroSys 23, section 5): heartbeat rounds tell each kiosk whom it reaches both ways; a kiosk takes over
 * only if it reaches a majority and nobody that it hears is content with a leader. Time is only a hint here;
 * ballots alone keep the log safe.
 */
export class Election {
  private readonly neighbours = new Map<KioskId, Neighbour>();
  private readonly rounds = new Map<number, Millis>();
  private round: number;
  private roundAt: Millis = Number.NEGATIVE_INFINITY;
  private tickAt: Millis = Number.POSITIVE_INFINITY;
  /** The first round begun since this kiosk became discontent. */
  private discontentRound = 0;
  private discontentAt: Millis | null = null;
  /** What `majority` last came to, among whom, and how long it holds if nothing is heard: who is reached fades with time alone. */
  private lately: { readonly is: boolean; readonly voters: readonly Member[]; readonly until: Millis } | null = null;
  /** Newest (slot, hash) at a multiple of HASH_INTERVAL. */
  hash: PeerStatus['hash'];

  constructor(
    private readonly core: Core,
    private readonly claim: () => Claim,
  ) {
    this.round = core.config.firstRound;
  }

  connected(peer: Peer): void {
    // A new link replaces the old one; nothing that was heard over that one vouches for this one.
    this.neighbours.set(peer.kiosk, {
      peer,
      status: null,
      twoWayAt: Number.NEGATIVE_INFINITY,
      graces: 0,
      answered: 0,
      heardAt: Number.NEGATIVE_INFINITY,
      confirmed: null,
    });
    this.lately = null;
    this.startRound();
  }

  /** A closed socket: most often a crash, so a round starts at once. */
  disconnected(kiosk: KioskId): void {
    if (!this.neighbours.delete(kiosk)) return;
    this.lately = null;
    this.startRound();
  }

  /** Nobody counts as reached until it answers a round that begins after now: a sleep need not show on this kiosk's clock. */
  forget(): void {
    this.rounds.clear();
    for (const neighbour of this.neighbours.values()) neighbour.twoWayAt = Number.NEGATIVE_INFINITY;
    this.lately = null;
    this.discontentAt = null;
  }

  neighbour(kiosk: KioskId): Neighbour | undefined {
    return this.neighbours.get(kiosk);
  }

  /** The neighbour that speaks in exactly this incarnation. */
  linked(identity: Identity): Neighbour | undefined {
    const neighbour = this.neighbours.get(identity.kiosk);
    return neighbour !== undefined && sameIdentity(neighbour.peer, identity) ? neighbour : undefined;
  }

  all(): readonly Neighbour[] {
    return [...this.neighbours.values()];
  }

  /** A peer answered a round that began within REACH_MS: it hears us and we hear it. */
  reaches(neighbour: Neighbour): boolean {
    return this.core.now - neighbour.twoWayAt <= REACH_MS;
  }

  /** Whom one waits for no longer: a leader is missed sooner than a majority is given up. */
  private missed(neighbour: Neighbour): boolean {
    return this.core.now - neighbour.twoWayAt > SUSPECT_MS;
  }

  /** The kiosks reached both ways, this one included. */
  reached(): ReadonlySet<VoterKey> {
    const set = new Set<VoterKey>([voterKey(this.core.config.self)]);
    for (const neighbour of this.neighbours.values()) if (this.reaches(neighbour)) set.add(voterKey(neighbour.peer));
    return set;
  }

  /** This kiosk hears a majority of those that decide the next slot. */
  majority(): boolean {
    const { core, lately } = this;
    if (!core.founded) return false;
    const { voters } = core;
    if (lately !== null && lately.voters === voters && core.now <= lately.until) return lately.is;
    const is = core.rules.quorum(voters, this.reached());
    let until = Number.POSITIVE_INFINITY;
    for (const neighbour of this.neighbours.values()) if (this.reaches(neighbour)) until = Math.min(until, neighbour.twoWayAt + REACH_MS);
    this.lately = { is, voters, until };
    return is;
  }

  /**
   * Satisfied with the leader of the promised ballot: as that leader, by reaching a majority; as another, by
   * reaching the leader while it claims that ballot and reaches a majority itself.
   */
  content(): boolean {
    if (!this.core.founded) return false;
    if (this.claim().claims) return this.majority();
    const leader = this.leaderNeighbour();
    return leader?.status?.connected === true;
  }

  /** The reached neighbour that claims this kiosk's promised ballot. */
  leaderNeighbour(): Neighbour | null {
    const neighbour = this.linked(this.core.promised);
    if (neighbour === undefined || this.missed(neighbour) || neighbour.status === null) return null;
    return neighbour.status.claims && sameBallot(neighbour.status.promised, this.core.promised) ? neighbour : null;
  }

  /** The reached neighbour that serves, by its own word, in the highest ballot. */
  servingNeighbour(): Neighbour | null {
    let best: Neighbour | null = null;
    for (const neighbour of this.neighbours.values()) {
      const { status } = neighbour;
      if (status === null || !status.claims || !status.serves || !status.connected || !this.reaches(neighbour)) continue;
      if (best?.status == null || compareBallots(status.promised, best.status.promised) > 0) best = neighbour;
    }
    return best;
  }

  status(): PeerStatus {
    const { claims, serves } = this.claim();
    return {
      promised: this.core.promised,
      claims,
      serves,
      connected: this.majority(),
      content: this.content(),
      chosen: this.core.log.chosen,
      applied: this.core.applied,
      firstSlot: this.core.firstSlot,
      slow: this.core.slow,
      reaches: this.all().flatMap((neighbour) => (this.reaches(neighbour) ? [neighbour.peer.kiosk] : [])),
      ...(this.hash === undefined ? {} : { hash: this.hash }),
    };
  }

  /** Begins a heartbeat round and returns its number; whoever answers it was reached after this moment. */
  startRound(): number {
    this.round += 1;
    this.roundAt = this.core.now;
    this.rounds.set(this.round, this.core.now);
    for (const [round, at] of this.rounds) if (this.core.now - at > REACH_MS) this.rounds.delete(round);
    const status = this.status();
    for (const kiosk of this.neighbours.keys()) this.core.out.send(kiosk, { t: 'ping', round: this.round, status });
    return this.round;
  }

  onPing(from: Identity, round: number, status: PeerStatus): void {
    if (this.linked(from) === undefined) return;
    this.hear(from, status);
    this.core.out.send(from.kiosk, { t: 'pong', round, status: this.status() });
  }

  /** Returns false for an answer to a round that is forgotten: it proves nothing about now (S29). */
  onPong(from: Identity, round: number, status: PeerStatus): boolean {
    const neighbour = this.linked(from);
    const began = this.rounds.get(round);
    if (neighbour === undefined || began === undefined) return false;
    this.hear(from, status);
    if (round > neighbour.answered) {
      neighbour.answered = round;
      neighbour.twoWayAt = began;
      this.lately = null;
      neighbour.graces = 0;
      neighbour.confirmed = { round, promised: status.promised };
    }
    return true;
  }

  /** Who has said, in a round begun at or after this one, that its promise is not above the ballot; this kiosk too (rule 11). */
  confirming(round: number, ballot: Ballot): ReadonlySet<VoterKey> {
    const voters = new Set<VoterKey>();
    if (compareBallots(this.core.promised, ballot) <= 0) voters.add(voterKey(this.core.config.self));
    for (const { peer, confirmed } of this.neighbours.values()) {
      if (confirmed !== null && this.core.rules.confirms(confirmed.round, round) && compareBallots(confirmed.promised, ballot) <= 0) {
        voters.add(voterKey(peer));
      }
    }
    return voters;
  }

  /** A Prepare or Accept of its own ballot says that the sender claims it. */
  claimed(from: Identity): void {
    const neighbour = this.linked(from);
    if (neighbour?.status == null) return;
    neighbour.heardAt = this.core.now;
    const { status } = neighbour;
    const { promised } = this.core;
    if (status.claims && status.connected && sameBallot(status.promised, promised)) return;
    neighbour.status = { ...status, promised, claims: true, connected: true };
  }

  tick(): void {
    this.forgiveStall();
    if (this.core.now - this.roundAt >= HEARTBEAT_MS) this.startRound();
  }

  /**
   * Whom this kiosk reached before it stood still (a busy machine, a suspended process) gets one more round: the answers
   * may lie in its sockets, behind the tick that came late. Leadership alone rests on this, never a vote or a read.
   */
  private forgiveStall(): void {
    const { now } = this.core;
    const before = this.tickAt;
    this.tickAt = now;
    if (now - before <= STALL_MS) return;
    for (const neighbour of this.neighbours.values()) {
      if (before - neighbour.twoWayAt > SUSPECT_MS || neighbour.graces >= GRACES_MAX) continue;
      neighbour.graces += 1;
      neighbour.twoWayAt = Math.max(neighbour.twoWayAt, now - SUSPECT_MS + HEARTBEAT_MS);
      this.lately = null;
    }
  }

  /** Whether to take over now. Called after every input; cheap while content. */
  shouldTakeOver(): boolean {
    if (!this.core.founded || this.core.leaving || !this.core.isVoter || this.claim().claims) return false;
    if (this.content()) {
      this.discontentAt = null;
      return false;
    }
    if (this.discontentAt === null) {
      this.discontentAt = this.core.now;
      this.discontentRound = this.startRound();
    }
    if (!this.majority() || (this.core.slow && this.core.voters.length > 1)) return false;
    const answered: Neighbour[] = [];
    let waitingFor = 0;
    for (const neighbour of this.neighbours.values()) {
      if (neighbour.answered >= this.discontentRound) answered.push(neighbour);
      else if (!this.missed(neighbour)) waitingFor += 1;
    }
    // What was heard before this kiosk lost its leader is no news: wait for the round, but not for the dead.
    if (waitingFor > 0 && this.core.now - this.discontentAt < HEARTBEAT_MS) return false;
    const heard = answered.filter((neighbour) => this.reaches(neighbour));
    if (heard.some((neighbour) => neighbour.status?.content === true)) return false;
    const voters = new Set([voterKey(this.core.config.self), ...heard.map((neighbour) => voterKey(neighbour.peer))]);
    if (!this.core.rules.quorum(this.core.voters, voters)) return false;
    return this.core.now - this.discontentAt >= this.rank(heard) * DEFER_MS;
  }

  /** How many of the kiosks heard could take over as well and go first: higher priority, then lower id. They are waited for only so long. */
  private rank(heard: readonly Neighbour[]): number {
    const { self } = this.core.config;
    return heard.filter(({ peer, status }) => {
      if (status?.connected !== true || status.slow || !this.core.voters.some((member) => sameIdentity(member, peer))) return false;
      return peer.priority > self.priority || (peer.priority === self.priority && peer.kiosk < self.kiosk);
    }).length;
  }

  /** The campaign began, or a leader was found: discontent starts anew the next time. */
  settled(): void {
    this.discontentAt = null;
  }

  /** Tells everyone at once of a change that others wait for, instead of with the next round. */
  announce(): void {
    this.startRound();
  }

  /** A new (slot, hash) to be carried by heartbeats. */
  setHash(slot: number, hash: string): void {
    if (slot % HASH_INTERVAL === 0) this.hash = { slot, hash };
  }

  private hear(from: Identity, status: PeerStatus): void {
    const neighbour = this.linked(from);
    if (neighbour === undefined) return;
    // Statuses may overtake each other on a lossy network; what only grows shows the newer one.
    const before = neighbour.status;
    if (before !== null && (compareBallots(status.promised, before.promised) < 0 || status.chosen < before.chosen)) return;
    neighbour.status = status;
    neighbour.heardAt = this.core.now;
    this.core.sawRound(status.promised);
  }
}
