import { canonicalJson } from '../../shared/hash';
import { type Said, said } from '../../shared/said';
import type { FoundingWait } from '../../shared/service';
import type { Core } from './core';
import type { Election } from './election';
import type { Identity, Millis } from './inputs';
import { sameIdentity } from './quorum';
import { HEARTBEAT_MS } from './timing';
import type { Ballot, Founding as FoundingValue, KioskId, Member } from './types';

/**
 * Rule 7: each founder, with an empty folder, durably signs one list of all founders' incarnations; the list
 * that all have signed is slot 1. An incarnation signs once, so no two lists can both be signed by all.
 */
export class Founding {
  private readonly signatures = new Map<KioskId, string>();
  private saidAt: Millis = Number.NEGATIVE_INFINITY;
  /** What is wrong with the signatures that came, by kiosk. */
  private readonly disagreements = new Map<KioskId, Said>();

  constructor(
    private readonly core: Core,
    private readonly election: Election,
  ) {}

  get isFounder(): boolean {
    return this.core.config.mayFound && this.core.config.founders.includes(this.core.config.self.kiosk);
  }

  /** What the opening of the site waits for; null when it is open, or when this kiosk is no founder. */
  get waiting(): FoundingWait | null {
    if (this.core.founded) return null;
    if (!this.isFounder) return { kind: 'connecting' };
    const [disagreement] = this.disagreements.values();
    if (disagreement !== undefined) return { kind: 'disagreement', said: disagreement };
    const missing = this.others().filter((kiosk) => this.election.neighbour(kiosk) === undefined);
    const awaited = missing.length > 0 ? missing : this.others().filter((kiosk) => !this.signatures.has(kiosk));
    return { kind: 'founding', awaited };
  }

  /** Signs, tells and looks whether all have signed. To be called after every input until the site is founded. */
  advance(): void {
    const { core } = this;
    if (core.founded || !this.isFounder) return;
    if (core.signed === null) {
      const founding = this.propose();
      if (founding === null) return;
      core.signed = founding;
      core.write({ t: 'sign', founding });
      this.saidAt = Number.NEGATIVE_INFINITY;
    }
    if (core.now - this.saidAt >= HEARTBEAT_MS) {
      this.saidAt = core.now;
      for (const kiosk of this.others()) this.tell(kiosk);
    }
    this.conclude(core.signed);
  }

  onSign(from: Identity, founding: FoundingValue): void {
    const { core } = this;
    if (core.founded || !founding.members.some((member) => sameIdentity(member, from))) return;
    this.signatures.set(from.kiosk, canonicalJson(founding));
    const mine = founding.members.find((member) => member.kiosk === core.config.self.kiosk);
    const disagreement = this.disagreement(from.kiosk, founding, mine);
    if (disagreement === null) this.disagreements.delete(from.kiosk);
    else this.disagreements.set(from.kiosk, disagreement);
  }

  onConnected(kiosk: KioskId): void {
    if (!this.core.founded && this.core.signed !== null) this.tell(kiosk);
  }

  private disagreement(kiosk: KioskId, founding: FoundingValue, mine: Member | undefined): Said | null {
    const { core } = this;
    if (founding.uid !== core.config.uid) return said('founder_of_other_site', kiosk);
    if (mine !== undefined && mine.incarnation !== core.config.self.incarnation) {
      return said('founder_of_earlier_data', kiosk);
    }
    if (core.signed === null || canonicalJson(core.signed) === canonicalJson(founding)) return null;
    return describeDifference(kiosk, core.signed, founding);
  }

  private others(): readonly KioskId[] {
    return this.core.config.founders.filter((kiosk) => kiosk !== this.core.config.self.kiosk);
  }

  private tell(kiosk: KioskId): void {
    if (this.core.signed === null || this.election.neighbour(kiosk) === undefined || !this.others().includes(kiosk)) return;
    this.core.out.vouch(kiosk, { t: 'sign', founding: this.core.signed });
  }

  /** The list, once every founder's incarnation is known from its link. */
  private propose(): FoundingValue | null {
    const members: Member[] = [];
    for (const kiosk of [...this.core.config.founders].sort((a, b) => a - b)) {
      if (kiosk === this.core.config.self.kiosk) members.push(this.core.config.self);
      else {
        const neighbour = this.election.neighbour(kiosk);
        // A founder that already knows a log makes this a learner: nothing is signed beside it.
        if (neighbour === undefined || neighbour.status === null || neighbour.status.chosen > 0) return null;
        const { incarnation, name, host, port, priority } = neighbour.peer;
        members.push({ kiosk, incarnation, name, host, port, priority });
      }
    }
    return { kind: 'founding', uid: this.core.config.uid, members, events: [...this.core.config.events] };
  }

  private conclude(signed: FoundingValue): void {
    const { core } = this;
    const text = canonicalJson(signed);
    const signatures = this.others().filter((kiosk) => this.signatures.get(kiosk) === text).length + 1;
    if (!core.rules.isFounded(signatures, core.config.founders.length)) return;
    const ballot = foundingBallot(signed);
    core.log.hold(1, ballot, signed);
    core.write({ t: 'learn', slot: 1, ballot, value: signed });
    core.log.choose(1);
  }
}

/** The same at every founder: below every ballot of a campaign. */
function foundingBallot(founding: FoundingValue): Ballot {
  const first = founding.members[0]!;
  return { round: 0, priority: 0, kiosk: first.kiosk, incarnation: first.incarnation };
}

function describeDifference(kiosk: KioskId, mine: FoundingValue, theirs: FoundingValue): Said {
  if (canonicalJson(mine.events) !== canonicalJson(theirs.events)) {
    return said('founder_with_other_events', kiosk);
  }
  return said('founder_with_other_list', kiosk);
}
