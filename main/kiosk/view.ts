import type { EventState } from '../../shared/answers';
import { formatBallot, type KioskId } from '../../shared/ballot';
import type { DeskView } from '../../shared/desk';
import { englishOf, notSellingText, type Said } from '../../shared/said';
import type { CertificateView, Connection, KioskOnScreen, KioskView, NearbyKiosk, NotSelling } from '../../shared/service';
import type { KioskSpec, SiteFile } from '../../shared/site';
import type { ReplicaView } from '../paxos';
import type { Addresses } from './addresses';
import type { ChosenPrinters } from './chosenPrinters';
import { UNHEARD_MS } from './timing';

/** A peer's age is shown in steps, so that a quiet site's screen does not change all the time: seconds, then minutes. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export interface ViewSources {
  readonly replica: ReplicaView;
  readonly site: SiteFile;
  readonly self: KioskSpec;
  readonly events: readonly EventState[];
  readonly addresses: Addresses;
  readonly printers: Pick<ChosenPrinters, 'of'>;
  /** How long ago a kiosk that is not linked now was last heard; null for never. */
  readonly awayMs: (kiosk: KioskId) => number | null;
  readonly problem: Said | null;
  /** It was opened just now, and has not sold yet. */
  readonly starting: boolean;
  readonly desk: DeskView;
  readonly nearby: readonly NearbyKiosk[];
  /** Others say that this kiosk was removed from the site. */
  readonly saidRemovedFrom: number | null;
  readonly certificate: CertificateView;
  readonly runtime: string;
  readonly appVersion: string;
}

/** All that the screen shows, but for its version. */
export function viewOf(sources: ViewSources): Omit<KioskView, 'version'> {
  const { replica, site, self, events, problem, runtime, appVersion } = sources;
  const reached = reachedMembers(replica, self.id);
  const connection = connectionOf(sources, reached);
  const why = connection === 'selling' ? null : whyNot(sources, reached);
  return {
    kiosk: { id: self.id, name: self.name },
    site: { id: site.site, place: site.place, currency: site.currency, timeZone: site.timeZone },
    connection,
    reason: why === null ? null : notSellingText(why, self.id),
    why,
    role: problem === null ? roleOf(sources) : 'faulty',
    leader: problem === null ? replica.leader : null,
    ballot: formatBallot(replica.ballot),
    reached: reached.length,
    memberCount: replica.members.length,
    events,
    kiosks: kiosksOf(sources),
    nearby: nearbyOf(sources),
    desk: sources.desk,
    applied: replica.applied,
    runtime,
    appVersion,
    pending: replica.pending.map((command) => ({
      requestId: command.requestId,
      op: command.op,
      clerk: command.clerk,
      at: command.at,
      items: command.op === 'buy' ? command.items : [],
      target: command.op === 'cancel' ? command.target : null,
    })),
    estranged: replica.estranged,
    generation: replica.generation,
    certificate: sources.certificate,
    problem: problem === null ? null : englishOf(problem),
  };
}

/** Kiosks on the network that stand nowhere on the list of kiosks, or run elsewhere than it says: each is offered once. */
function nearbyOf({ nearby, replica, addresses }: ViewSources): readonly NearbyKiosk[] {
  return nearby.filter(({ id, host, port }) => {
    if (replica.members.some((member) => member.kiosk === id)) return false;
    const listed = addresses.all().find(({ kiosk }) => kiosk === id);
    return listed === undefined || listed.host !== host || listed.port !== port;
  });
}

function roleOf({ replica, saidRemovedFrom }: ViewSources): KioskView['role'] {
  return saidRemovedFrom === null ? replica.role : 'removed';
}

function reachedMembers(replica: ReplicaView, self: number): readonly number[] {
  return replica.members
    .filter((member) => member.kiosk === self || replica.peers.some((peer) => peer.kiosk === member.kiosk && peer.heardMs < UNHEARD_MS))
    .map(({ kiosk }) => kiosk);
}

/** @param reached members, itself counted where it is one */
export function connectionOf(
  { replica, self, problem, starting, saidRemovedFrom }: Pick<ViewSources, 'replica' | 'self' | 'problem' | 'starting' | 'saidRemovedFrom'>,
  reached: readonly number[],
): Connection {
  if (problem !== null) return 'cut_off';
  if (replica.selling && replica.role !== 'removed') return 'selling';
  // What is known for sure is said at once: founders that can't agree, and that it belongs to the site no more.
  const sure = replica.role === 'removed' || saidRemovedFrom !== null || replica.waiting?.kind === 'disagreement';
  if (starting && !sure) return 'starting';
  const others = replica.members.length > 0 ? reached.filter((kiosk) => kiosk !== self.id) : replica.connected;
  return others.length === 0 && replica.members.length !== 1 ? 'cut_off' : 'waiting';
}

function whyNot({ replica, problem, saidRemovedFrom }: ViewSources, reached: readonly number[]): NotSelling {
  if (problem !== null) return { kind: 'problem', said: problem };
  if (replica.waiting !== null) return replica.waiting;
  const slot = saidRemovedFrom ?? replica.removedFrom;
  if (slot !== null) return { kind: 'removed', slot };
  if (replica.fetching !== null) return { kind: 'fetching', ...replica.fetching };
  return { kind: replica.majority ? 'electing' : 'no_majority', reached: reached.length, members: replica.members.length };
}

function kiosksOf({ replica, addresses, printers, awayMs, self }: ViewSources): readonly KioskOnScreen[] {
  const furthest = Math.max(replica.chosen, ...replica.peers.map(({ chosen }) => chosen));
  return addresses.all().map(({ kiosk, name, host, port }) => {
    const peer = replica.peers.find((other) => other.kiosk === kiosk);
    const isSelf = kiosk === self.id;
    const chosen = isSelf ? replica.chosen : peer?.chosen;
    return {
      id: kiosk,
      name,
      address: `${host}:${port}`,
      standing: standingOf(replica, kiosk, isSelf, peer?.incarnation),
      leader: replica.leader === kiosk,
      self: isSelf,
      linked: isSelf || peer !== undefined,
      lag: chosen === undefined ? null : furthest - chosen,
      heardMs: isSelf ? 0 : inSteps(peer === undefined ? awayMs(kiosk) : peer.heardMs),
      reaches: isSelf ? replica.peers.filter(({ heardMs }) => heardMs < UNHEARD_MS).map((other) => other.kiosk) : (peer?.reaches ?? null),
      printer: printers.of(kiosk),
    };
  });
}

function inSteps(ms: number | null): number | null {
  if (ms === null || !Number.isFinite(ms)) return null;
  const step = ms < MINUTE_MS ? SECOND_MS : MINUTE_MS;
  return Math.floor(ms / step) * step;
}

function standingOf(replica: ReplicaView, kiosk: number, isSelf: boolean, incarnation: string | undefined): KioskOnScreen['standing'] {
  const member = replica.members.find((other) => other.kiosk === kiosk);
  if (isSelf) {
    if (replica.role === 'removed') return 'removed';
    if (replica.estranged) return 'lost';
    return replica.role === 'learner' ? 'learner' : replica.inForce || member === undefined ? 'member' : 'joining';
  }
  if (member === undefined) return incarnation === undefined ? 'none' : 'learner';
  if (incarnation !== undefined && incarnation !== member.incarnation) return 'lost';
  return replica.inForce ? 'member' : 'joining';
}
