import type { CommandResult } from '../../shared/answers';
import { type Ballot, compareBallots, formatBallot, ZERO_BALLOT } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import { canonicalJson } from '../../shared/hash';
import type { JournalRecord } from '../../shared/journal';
import type { Message } from '../../shared/messages';
import type { Snapshot } from '../../shared/snapshot';
import { type Command, commandsOf, type Member } from '../../shared/values';
import type { Committed } from '../paxos';
import { Books } from './books';
import type { SimulatedKiosk } from './kiosk';
import { demand, Violation } from './violation';

interface Chosen {
  readonly value: string;
  readonly hash: string;
}

/** What an incarnation has on its disk, as far as it may vouch for it. */
interface Durable {
  promised: Ballot;
  readonly held: Map<number, Ballot>;
  chosenHeld: number;
}

/** Sees everything, and asserts the invariants of `scenarios.md` at every step. Knows nothing of how the replica decides. */
export class Checker {
  private readonly chosen: Chosen[] = [];
  private configurations: { readonly from: number; readonly members: readonly Member[]; readonly gated: boolean }[] = [];
  /** Is being recovered: it alone decides (rule 8). */
  private recoverer: SimulatedKiosk | null = null;
  /** Durable acceptances: slot -> ballot and value -> voters. */
  private readonly accepted = new Map<number, Map<string, Set<string>>>();
  private readonly durable = new Map<string, Durable>();
  private readonly signed = new Set<string>();
  private readonly promisedAloud = new Map<string, Ballot>();
  /** Which life of a kiosk campaigned in a ballot. */
  private readonly ownBallots = new Map<string, object>();
  private readonly owners = new Map<string, string>();
  private readonly effects = new Map<string, { readonly slot: number; readonly result: CommandResult }>();
  private readonly acknowledged = new Map<string, string>();
  /** Up to which slot an incarnation has the log on disk, as chosen. */
  private readonly heldAsChosen = new Map<string, number>();
  private version = 1;
  private readonly books = new Books();
  /** Slots in which each ballot's leader proposed a change, and every such proposal of anybody. */
  private readonly changes = new Map<string, Set<number>>();
  private readonly proposedBefore = new Set<string>();
  private readonly forgetful = new Set<string>();
  /** Requests that were cancelled or whose sale was voided. */
  private readonly undone = new Set<string>();
  private highestAcknowledged = 0;

  /** The log as chosen, in words of (slot, request ids). */
  get length(): number {
    return this.chosen.length;
  }

  /** Newest chosen members. */
  get members(): readonly Member[] {
    return this.configurations.at(-1)?.members ?? [];
  }

  /** The newest members decide, and nobody else. */
  get inForce(): boolean {
    return this.length >= (this.configurations.at(-1)?.from ?? 1);
  }

  onDurable(kiosk: SimulatedKiosk, records: readonly JournalRecord[]): void {
    const voter = voterOf(kiosk);
    const durable = this.durableOf(kiosk);
    for (const record of records) {
      if (record.t === 'sign') this.signed.add(`${voter} ${canonicalJson(record.founding)}`);
      if (record.t === 'promise' || record.t === 'accept') durable.promised = higher(durable.promised, record.ballot);
      if (record.t === 'chosen') {
        durable.chosenHeld = Math.max(durable.chosenHeld, record.slot);
        this.holds(voter, record.slot);
      }
      if (record.t === 'accept' || record.t === 'learn') durable.held.set(record.slot, record.ballot);
      if (record.t !== 'accept') continue;
      if (record.value.kind === 'configuration') this.proposedBefore.add(`${record.slot} ${canonicalJson(record.value)}`);
      const bySlot = this.accepted.get(record.slot) ?? new Map<string, Set<string>>();
      this.accepted.set(record.slot, bySlot);
      const key = `${ballotKey(record.ballot)} ${canonicalJson(record.value)}`;
      bySlot.set(key, (bySlot.get(key) ?? new Set()).add(voter));
    }
  }

  onApplied(kiosk: SimulatedKiosk, entry: Committed, results: readonly CommandResult[]): void {
    const { slot } = entry;
    const value = canonicalJson(entry.value);
    const known = this.chosen[slot - 1];
    if (known === undefined) {
      demand(
        slot === this.chosen.length + 1,
        'order',
        `kiosk ${kiosk.id} applies slot ${slot} as the first, before slot ${this.chosen.length + 1}`,
      );
      this.checkQuorum(kiosk, entry, value);
      this.chosen.push({ value, hash: kiosk.tickets.hash });
      this.learn(entry);
      this.checkEffects(entry, results);
      return;
    }
    demand(known.value === value, 'one value per slot', `slot ${slot} was ${known.value}, and kiosk ${kiosk.id} applies ${value}`);
    demand(known.hash === kiosk.tickets.hash, 'equal state', `kiosk ${kiosk.id} has another state hash at slot ${slot}`);
  }

  onSend(kiosk: SimulatedKiosk, message: Message): void {
    switch (message.t) {
      case 'promise':
      case 'prepare':
        this.vouches(kiosk, message.t, message.ballot);
        return;
      case 'accepted': {
        this.vouches(kiosk, message.t, message.ballot);
        const { held } = this.durableOf(kiosk);
        for (const slot of message.slots) {
          const ballot = held.get(slot);
          const inSnapshot = slot <= (kiosk.disk.snapshot?.slot ?? 0);
          const kept = inSnapshot || (ballot !== undefined && (compareBallots(ballot, message.ballot) >= 0 || slot <= this.chosen.length));
          demand(
            kept,
            'durable first',
            `kiosk ${kiosk.id} says that it accepted slot ${slot} in ${formatBallot(message.ballot)} before that is on its disk`,
          );
        }
        return;
      }
      case 'sign':
        demand(
          this.signed.has(`${voterOf(kiosk)} ${canonicalJson(message.founding)}`),
          'durable first',
          `kiosk ${kiosk.id} tells a signature that is not on its disk`,
        );
        return;
      case 'held':
        demand(
          Math.max(this.durableOf(kiosk).chosenHeld, kiosk.disk.snapshot?.slot ?? 0) >= message.slot,
          'durable first',
          `kiosk ${kiosk.id} says that it holds all up to ${message.slot} before that is on its disk`,
        );
        return;
      case 'accept':
        for (const { slot, value } of message.entries) {
          demand(
            slot <= kiosk.tickets.applied + ALPHA,
            'window (S4)',
            `kiosk ${kiosk.id} proposes slot ${slot} with ${kiosk.tickets.applied} applied`,
          );
          this.checkGate(kiosk, slot);
          if (value.kind === 'configuration') this.checkAlone(kiosk, message.ballot, slot, canonicalJson(value));
        }
        return;
      default:
    }
  }

  /** A snapshot stands for the log below it: the same state at the same slot. */
  onInstalled(kiosk: SimulatedKiosk, snapshot: Snapshot): void {
    this.holds(voterOf(kiosk), snapshot.slot);
    demand(
      this.chosen[snapshot.slot - 1]?.hash === snapshot.hash && kiosk.tickets.hash === snapshot.hash,
      'equal state',
      `kiosk ${kiosk.id} goes on from a snapshot of slot ${snapshot.slot} that is not the site's state there`,
    );
  }

  /** @param recover what makes it begin a new generation */
  recovering(kiosk: SimulatedKiosk, recover: () => void): void {
    demand(kiosk.tickets.applied === this.length, 'recovery', `kiosk ${kiosk.id} does not hold all that was chosen`);
    this.recoverer = kiosk;
    recover();
    this.recoverer = null;
  }

  /** The disk of a kiosk has lost what it had called synced: from here on this incarnation must not vouch for anything. */
  onLoss(kiosk: SimulatedKiosk): void {
    this.forgetful.add(voterOf(kiosk));
  }

  /** A kiosk stops by itself only if its disk has lost data, or its program is too old. */
  onStopped(kiosk: SimulatedKiosk): void {
    const old = kiosk.supports < this.version;
    demand(
      old || this.forgetful.has(voterOf(kiosk)),
      'amnesia',
      `kiosk ${kiosk.id} stops, and its disk has lost nothing: ${kiosk.stopped}`,
    );
  }

  /** A restarted kiosk must know all that it said aloud. */
  onRestart(kiosk: SimulatedKiosk): void {
    if (this.forgetful.has(voterOf(kiosk))) return;
    const aloud = this.promisedAloud.get(voterOf(kiosk)) ?? ZERO_BALLOT;
    const now = kiosk.replica!.view(0).ballot;
    demand(
      compareBallots(now, aloud) >= 0,
      'promise never falls',
      `kiosk ${kiosk.id} promised ${formatBallot(aloud)} and after a restart ${formatBallot(now)}`,
    );
  }

  /** A client was told the end of its request. */
  onAnswer(command: Command, result: CommandResult): void {
    const effect = this.effects.get(command.requestId);
    demand(effect !== undefined, 'acknowledged means committed', `${command.requestId} was answered, but no slot holds it`);
    const { duplicate: _repeat, ...told } = result;
    const first = this.acknowledged.get(command.requestId);
    const text = canonicalJson(told);
    // What was undone since is answered otherwise, and by rule 9 that is all that may differ.
    const undone = command.op === 'buy' && (result.ok ? result.op === 'buy' && result.voided === true : result.reason === 'cancelled');
    demand(!undone || this.undone.has(command.requestId), 'one answer', `${command.requestId} is called undone, and nothing has undone it`);
    if (!undone && (result.ok || result.reason !== 'id_reused')) {
      demand(first === undefined || first === text, 'one answer', `${command.requestId} was answered ${first}, and then ${text}`);
      this.acknowledged.set(command.requestId, text);
    }
    this.highestAcknowledged = Math.max(this.highestAcknowledged, effect.slot);
  }

  /** To be remembered when a read begins: every sale that was answered by now must be in it. */
  readFloor(): number {
    return this.highestAcknowledged;
  }

  onRead(kiosk: SimulatedKiosk, floor: number): void {
    demand(
      kiosk.tickets.applied >= floor,
      'confirmed read',
      `kiosk ${kiosk.id} confirms a state of slot ${kiosk.tickets.applied}, and slot ${floor} was answered before the read began`,
    );
  }

  /** Rule 3: in the first slot of new members nothing is proposed before a majority of them has the old part on disk, as chosen. */
  private checkGate(kiosk: SimulatedKiosk, slot: number): void {
    const configuration = this.configurations.find(({ from, gated }) => gated && from === slot);
    if (configuration === undefined) return;
    const holding = configuration.members.filter(
      (member) => (this.heldAsChosen.get(`${member.kiosk}:${member.incarnation}`) ?? 0) >= slot - 1,
    );
    demand(
      2 * holding.length > configuration.members.length,
      'gate (rule 3)',
      `kiosk ${kiosk.id} proposes slot ${slot}, the first of new members, and only ${holding.length} of them hold all before it`,
    );
  }

  /** Rule 3: a leader proposes no change of its own beside one that it has proposed, or that is chosen and not yet in force. What it takes over it must propose. */
  private checkAlone(kiosk: SimulatedKiosk, ballot: Ballot, slot: number, value: string): void {
    const mine = this.changes.get(ballotKey(ballot)) ?? new Set();
    this.changes.set(ballotKey(ballot), mine);
    if (mine.has(slot)) return;
    const takenOver = this.proposedBefore.has(`${slot} ${value}`);
    this.proposedBefore.add(`${slot} ${value}`);
    const beside = [...mine].find((other) => Math.abs(other - slot) < ALPHA);
    mine.add(slot);
    if (takenOver) return;
    demand(
      beside === undefined,
      'one change at a time',
      `kiosk ${kiosk.id} proposes a change in slot ${slot} beside that in slot ${beside}`,
    );
    const pending = this.configurations.at(-1);
    const chosen = pending?.gated === true && slot > pending.from - ALPHA && slot < pending.from;
    demand(!chosen, 'one change at a time', `kiosk ${kiosk.id} proposes a change in slot ${slot}, before slot ${pending?.from}`);
  }

  private durableOf(kiosk: SimulatedKiosk): Durable {
    const voter = voterOf(kiosk);
    const found = this.durable.get(voter) ?? { promised: ZERO_BALLOT, held: new Map(), chosenHeld: 0 };
    this.durable.set(voter, found);
    return found;
  }

  private vouches(kiosk: SimulatedKiosk, what: string, ballot: Ballot): void {
    demand(!this.forgetful.has(voterOf(kiosk)), 'amnesia', `kiosk ${kiosk.id} sends ${what} after its disk has lost data`);
    demand(
      compareBallots(this.durableOf(kiosk).promised, ballot) >= 0,
      'durable first',
      `kiosk ${kiosk.id} sends ${what} ${formatBallot(ballot)} before it is on its disk`,
    );
    const voter = voterOf(kiosk);
    const before = this.promisedAloud.get(voter) ?? ZERO_BALLOT;
    if (what === 'prepare') {
      const owner = this.ownBallots.get(`${voter} ${ballotKey(ballot)}`);
      demand(
        owner === undefined || owner === kiosk.replica,
        'ballot reuse (S8)',
        `kiosk ${kiosk.id} campaigns again in ${formatBallot(ballot)} after a restart`,
      );
      this.ownBallots.set(`${voter} ${ballotKey(ballot)}`, kiosk.replica!);
    }
    if (compareBallots(ballot, before) > 0) this.promisedAloud.set(voter, ballot);
  }

  /** No slot is chosen without a majority of its own configuration, durably, in one ballot; slot 1 by every founder's signature. */
  private checkQuorum(kiosk: SimulatedKiosk, { slot, value: entry }: Committed, value: string): void {
    if (entry.kind === 'founding') {
      for (const member of entry.members) {
        // The last founder's own signature and slot 1 may be on their way to its disk together.
        const signature = this.signed.has(`${member.kiosk}:${member.incarnation} ${value}`) || member.kiosk === kiosk.id;
        demand(signature, 'founding', `slot 1 is opened without the signature of kiosk ${member.kiosk}`);
      }
      return;
    }
    if (kiosk === this.recoverer) return;
    const members = [...this.configurations].reverse().find(({ from }) => from <= slot)?.members ?? [];
    for (const [key, voters] of this.accepted.get(slot) ?? []) {
      if (!key.endsWith(` ${value}`)) continue;
      const votes = members.filter((member) => voters.has(`${member.kiosk}:${member.incarnation}`)).length;
      if (votes >= Math.floor(members.length / 2) + 1) return;
    }
    throw new Violation(
      `quorum: kiosk ${kiosk.id} applies slot ${slot} (${value.slice(0, 160)}), which no majority of its members ${members.map((member) => member.kiosk).join(' ')} has accepted in one ballot`,
    );
  }

  /** A snapshot of the kiosk's own is on its disk. */
  onSnapshot(kiosk: SimulatedKiosk, slot: number): void {
    this.holds(voterOf(kiosk), slot);
  }

  private holds(voter: string, slot: number): void {
    this.heldAsChosen.set(voter, Math.max(slot, this.heldAsChosen.get(voter) ?? 0));
  }

  private learn({ slot, value }: Committed): void {
    if (value.kind === 'version') this.version = value.version;
    if (value.kind === 'founding') this.configurations.push({ from: 1, members: value.members, gated: false });
    // One that was chosen beside another changes nothing.
    if (value.kind === 'configuration' && slot >= this.configurations.at(-1)!.from)
      this.configurations.push({ from: slot + ALPHA, members: value.members, gated: true });
    if (value.kind === 'recovery') {
      // A change that was not yet in force is void.
      this.configurations = this.configurations.filter(({ from }) => from <= slot);
      this.configurations.push({ from: slot + 1, members: value.members, gated: false });
    }
  }

  private checkEffects({ slot, value }: Committed, results: readonly CommandResult[]): void {
    for (const [index, command] of commandsOf(value).entries()) {
      const result = results[index]!;
      if (result.duplicate) continue;
      demand(
        !this.effects.has(command.requestId),
        'exactly once',
        `${command.requestId} takes effect in slot ${this.effects.get(command.requestId)?.slot} and again in slot ${slot}`,
      );
      this.effects.set(command.requestId, { slot, result });
      this.books.enter(command, result);
      if (!result.ok || (result.op !== 'buy' && result.op !== 'cancel' && result.op !== 'void')) continue;
      if (result.op === 'cancel') this.cancelled(result.target, slot, result);
      for (const { event, tickets } of result.items) {
        for (const number of tickets) {
          const ticket = `${event} ${number}`;
          if (result.op !== 'buy') {
            demand(
              this.owners.get(ticket) === result.sale,
              'no ticket twice',
              `ticket ${ticket} comes back from sale ${result.sale}, which does not own it`,
            );
            this.owners.delete(ticket);
            continue;
          }
          demand(
            !this.owners.has(ticket),
            'no ticket twice',
            `ticket ${ticket} is in sale ${this.owners.get(ticket)} and in sale ${result.sale}`,
          );
          this.owners.set(ticket, result.sale);
        }
      }
      if (result.op === 'void') this.undone.add(this.requestOf(result.sale));
    }
  }

  private cancelled(target: string, slot: number, result: CommandResult): void {
    this.undone.add(target);
    if (!this.effects.has(target)) this.effects.set(target, { slot, result });
  }

  private requestOf(sale: string): string {
    for (const [id, { result }] of this.effects) if (result.ok && result.op === 'buy' && result.sale === sale) return id;
    throw new Violation(`no ghosts: sale ${sale} is undone, and no request made it`);
  }
}

function higher(a: Ballot, b: Ballot): Ballot {
  return compareBallots(a, b) >= 0 ? a : b;
}

function voterOf(kiosk: SimulatedKiosk): string {
  return `${kiosk.id}:${kiosk.member.incarnation}`;
}

function ballotKey(ballot: Ballot): string {
  return `${ballot.round}.${ballot.priority}.${ballot.kiosk}.${ballot.incarnation}`;
}
