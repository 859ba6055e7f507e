import { HASH_INTERVAL } from '../../shared/constants';
import type { Core } from './core';
import type { Election } from './election';
import type { Identity } from './inputs';
import { isMember, type VoterKey, voterKey } from './quorum';
import { CONTRADICTION_ROUNDS, HEARTBEAT_MS } from './timing';
import type { PeerStatus, Slot } from './types';

/** Own hashes are kept for this many multiples of HASH_INTERVAL. */
const HASHES_KEPT = 256;

/**
 * Rule 13: kiosks compare the chained hash of their state at multiples of HASH_INTERVAL. A kiosk contradicted
 * by a majority of the members stops; where neither side is a majority, all stop.
 */
export class Agreement {
  private readonly own = new Map<Slot, string>();
  private readonly opinions = new Map<VoterKey, boolean>();
  /** Somebody holds another state: asked after every input. */
  private contradicted = false;
  private contradictedAt: number | null = null;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
  ) {}

  applied(slot: Slot, hash: string): void {
    if (slot % HASH_INTERVAL !== 0) return;
    this.own.set(slot, hash);
    this.election.setHash(slot, hash);
    if (this.own.size > HASHES_KEPT) this.own.delete(this.own.keys().next().value!);
  }

  onStatus(from: Identity, status: PeerStatus): void {
    if (status.hash === undefined) return;
    const mine = this.own.get(status.hash.slot);
    if (mine === undefined) return;
    this.opinions.set(voterKey(from), mine === status.hash.hash);
    this.weigh();
  }

  onDisconnected(identity: Identity): void {
    this.opinions.delete(voterKey(identity));
    this.weigh();
  }

  private weigh(): void {
    this.contradicted = [...this.opinions.values()].includes(false);
  }

  /** A sentence if this kiosk has to stop, else null. */
  verdict(): string | null {
    if (!this.contradicted) {
      this.contradictedAt = null;
      return null;
    }
    const members = this.core.voters;
    const against = new Set<VoterKey>();
    const along = new Set<VoterKey>([voterKey(this.core.config.self)]);
    for (const [voter, agrees] of this.opinions) (agrees ? along : against).add(voter);
    const { quorum } = this.core.rules;
    if (quorum(members, against)) return this.sentence('a majority of the members holds another state');
    if (quorum(members, along) || !this.contradictedByMember(against)) return null;
    this.contradictedAt ??= this.core.now;
    // The others get a few rounds to say which side they are on.
    if (this.core.now - this.contradictedAt < CONTRADICTION_ROUNDS * HEARTBEAT_MS) return null;
    return this.sentence('the members disagree on the state, and neither side is a majority');
  }

  private contradictedByMember(against: ReadonlySet<VoterKey>): boolean {
    return this.core.voters.some((member) => against.has(voterKey(member))) && isMember(this.core.voters, this.core.config.self);
  }

  private sentence(what: string): string {
    return `kiosk ${this.core.config.self.kiosk} stops: ${what} at slot ${this.election.hash?.slot ?? 0} (state hash ${this.election.hash?.hash ?? 'none'})`;
  }
}
