import { compareBallots, sameBallot } from '../../shared/ballot';
import { ALPHA, PAGE_BYTES } from '../../shared/constants';
import { InTransit } from '../../shared/inTransit';
import { invariant } from '../../shared/invariant';
import { commandsOf, NO_OP } from '../../shared/values';
import type { Configuration } from './configurations';
import type { Core } from './core';
import type { Election } from './election';
import type { Identity, Lsn, Millis } from './inputs';
import { isMember, type VoterKey, voterKey } from './quorum';
import type { PromiseState } from './rules';
import { CAMPAIGN_MS, HAND_OVER_MS, RESEND_MS } from './timing';
import type { Ballot, Entry, KioskId, Member, Message, Slot, Value } from './types';
import { entryBytes } from './wire';

/** Where new work comes from: the next batch or configuration to propose, or null while there is none. */
export interface WorkSource {
  next(): Value | null;
}

interface Promised extends PromiseState {
  readonly identity: Identity;
  /** Entries below this slot have arrived; Infinity with the last page. */
  coveredTo: number;
  complete: boolean;
  chosen: Slot;
}

interface Proposal {
  readonly slot: Slot;
  readonly value: Value;
}

interface InFlight {
  readonly value: Value;
  readonly acks: Set<VoterKey>;
  readonly ownLsn: Lsn;
  sentAt: Millis;
}

/**
 * The proposer of one ballot: phase 1 over all open slots at once, then phase 2 slot by slot (Lamport, "Paxos
 * Made Simple", section 3). It lives from the start of a campaign until a higher ballot, a lost majority or a
 * hand-over ends it. Every slot waits for promises of a majority of the configuration that governs *it*: a
 * stable leader skips Prepare only within one configuration (rule 2, S3).
 */
export class Leadership {
  readonly startedAt: Millis;
  /** The last slot that had to be taken over from earlier ballots. */
  private takenOverTo: Slot;
  private serving = false;
  private readonly from: Slot;
  private readonly promiseLsn: Lsn;
  private readonly promises = new Map<VoterKey, Promised>();
  private readonly adopted = new Map<Slot, { ballot: Ballot; value: Value }>();
  private readonly inFlight = new InTransit<Slot, InFlight>();
  private nextSlot: Slot;
  private prepareAt: Millis;
  /** Slot of the newest configuration whose members were asked for promises. */
  private preparedConfiguration: Slot;
  /** Of these members a majority has promised. */
  private preparedMembers: readonly Member[] | null = null;
  /** Members that hold everything below `heldBelow` durably, as chosen (rule 3). */
  private readonly held = new Set<VoterKey>();
  private heldBelow: Slot = 0;
  private heldLsn: Lsn | null = null;
  private holdAt: Millis = Number.NEGATIVE_INFINITY;
  /** Up to here the kiosks of chosen commands were looked up. */
  private lookedAt: Slot;
  /** What was told to each kiosk to be chosen, and who waits to hear of more. */
  private readonly announced = new Map<KioskId, Slot>();
  private readonly awaiting = new Set<KioskId>();
  /** What was chosen by the last tick. */
  private chosenAtTick: Slot = 0;
  private heir: { readonly kiosk: KioskId; saidAt: Millis | null } | null = null;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
    private readonly work: WorkSource,
    readonly ballot: Ballot,
  ) {
    const { log } = core;
    this.startedAt = core.now;
    this.prepareAt = core.now;
    this.from = log.chosen + 1;
    this.nextSlot = this.from;
    this.takenOverTo = log.chosen;
    this.lookedAt = log.chosen;
    this.preparedConfiguration = log.configurations.newest?.slot ?? 0;
    core.promise(ballot);
    this.promiseLsn = core.out.lastLsn;
    for (const entry of log.range(this.from, log.last)) this.adopt(entry);
    this.sendPrepares();
  }

  /** It has taken over and may accept new work. */
  get serves(): boolean {
    return this.serving;
  }

  /**
   * Nothing that it found is still to be chosen, and whoever decides the next slot has promised: every sale answered before
   * now is in the chosen prefix, if a majority of these confirms the ballot after now (rule 11).
   */
  get tookOver(): boolean {
    return this.adopted.size === 0 && this.preparedFor(this.core.voters);
  }

  /** A configuration that is proposed or chosen but not yet in force. Of what was found all is proposed again before any new work. */
  get changePending(): boolean {
    const { newest } = this.core.log.configurations;
    if (newest !== null && this.core.log.chosen < newest.from && newest.slot > 1) return true;
    // Every slot that was proposed and is not yet in the chosen prefix: one of them may be chosen out of turn, and so no longer in flight.
    for (let slot = this.core.log.chosen + 1; slot < this.nextSlot; slot += 1) {
      if (this.core.log.get(slot)?.value.kind === 'configuration') return true;
    }
    return false;
  }

  /** Nothing is on its way: all that was proposed is chosen. */
  get idle(): boolean {
    return this.inFlight.size === 0;
  }

  /** A request id that stands in a proposed slot whose answer is not known yet. */
  carries(requestId: string): boolean {
    return this.someProposed((value) => commandsOf(value).some((command) => command.requestId === requestId));
  }

  /** A cancel of the request stands in a proposed slot whose answer is not known yet. */
  cancels(requestId: string): boolean {
    return this.someProposed((value) => commandsOf(value).some((command) => command.op === 'cancel' && command.target === requestId));
  }

  /** A version entry is on its way. */
  get proposesVersion(): boolean {
    return this.someProposed(({ kind }) => kind === 'version');
  }

  /** Leadership is to be handed to this kiosk, once all that was proposed is chosen. */
  handTo(kiosk: KioskId): void {
    this.heir = { kiosk, saidAt: null };
  }

  onPromise(from: Identity, message: Extract<Message, { t: 'promise' }>): void {
    if (!sameBallot(message.ballot, this.ballot)) return;
    const voter = voterKey(from);
    const known = this.promises.get(voter) ?? { identity: from, voter, coveredTo: this.from, complete: false, chosen: 0 };
    // A page is asked for when all before it is here; since then the promise may have been given up (`onDisconnected`).
    if (message.from > known.coveredTo) return;
    known.chosen = Math.max(known.chosen, message.chosen);
    known.coveredTo = Math.max(known.coveredTo, message.more ?? Number.POSITIVE_INFINITY);
    known.complete = known.coveredTo === Number.POSITIVE_INFINITY;
    this.promises.set(voter, known);
    for (const entry of message.entries) this.adopt(entry);
    if (!known.complete) this.sendPrepare(from.kiosk, known.coveredTo);
  }

  onAccepted(from: Identity, message: Extract<Message, { t: 'accepted' }>): void {
    if (!this.core.rules.acceptanceCounts(this.ballot, message.ballot)) return;
    for (const slot of message.slots) this.acknowledge(slot, voterKey(from));
  }

  /** An answer in another ballot counts for nothing, as everywhere, though what is held as chosen stays so; one to an earlier question says too little. */
  onHeld(from: Identity, message: Extract<Message, { t: 'held' }>): void {
    if (sameBallot(message.ballot, this.ballot) && message.slot + 1 >= this.heldBelow) this.held.add(voterKey(from));
  }

  /** Our own votes count once they are durable (rule 1). */
  onDurable(): void {
    const self = voterKey(this.core.config.self);
    if (this.ownCounts(this.promiseLsn) && !this.promises.has(self)) {
      this.promises.set(self, {
        identity: this.core.config.self,
        voter: self,
        coveredTo: Number.POSITIVE_INFINITY,
        complete: true,
        chosen: this.from - 1,
      });
    }
    for (const [slot, { ownLsn }] of this.inFlight) if (this.ownCounts(ownLsn)) this.acknowledge(slot, self);
    if (this.heldLsn !== null && this.core.out.isDurable(this.heldLsn)) this.held.add(self);
  }

  /** A promiser that can't be asked any more for the chosen entries that it left out, or for its next page, is no use. */
  onDisconnected(kiosk: KioskId): void {
    for (const [voter, promise] of this.promises) {
      if (promise.identity.kiosk !== kiosk || voter === voterKey(this.core.config.self)) continue;
      if (!this.counts(promise)) this.promises.delete(voter);
    }
  }

  /** A peer is back: whatever it may have missed is sent again. */
  onConnected(kiosk: KioskId): void {
    const entries = [...this.inFlight].map(([slot, { value }]) => ({ slot, value }));
    this.sendAccepts([kiosk], entries);
    if (this.wantsPromise(kiosk)) this.sendPrepare(kiosk, this.from);
  }

  tick(): void {
    const { now } = this.core;
    if (now - this.prepareAt >= RESEND_MS) this.sendPrepares();
    // Under load the next Accept has told it long since.
    for (const { peer } of this.election.all())
      if ((this.announced.get(peer.kiosk) ?? 0) < this.chosenAtTick) this.awaiting.add(peer.kiosk);
    this.chosenAtTick = this.core.log.chosen;
    for (const [slot, flight] of this.inFlight) {
      if (now - flight.sentAt < RESEND_MS) continue;
      flight.sentAt = now;
      for (const member of this.core.electorate(slot)) {
        if (!flight.acks.has(voterKey(member))) this.sendAccepts([member.kiosk], [{ slot, value: flight.value }]);
      }
    }
  }

  /** It can't get on and should begin again with a higher round. */
  get stuck(): boolean {
    return !this.serving && this.core.now - this.startedAt >= CAMPAIGN_MS;
  }

  /** Proposes all that may be proposed now. To be called after every input. */
  advance(): void {
    if (!this.core.rules.mayChoose(this.core.frozen)) return;
    this.skipChosen();
    this.prepareNewMembers();
    this.askToHold();
    const proposals: Proposal[] = [];
    for (;;) {
      const slot = this.nextSlot;
      if (!this.core.rules.withinWindow(slot, this.core.applied, ALPHA)) break;
      const members = this.core.electorate(slot);
      if (!this.preparedFor(members)) break;
      this.takeOver(slot);
      const configuration = this.core.log.configurations.governing(slot);
      invariant(configuration !== null, `slot ${slot} is proposed before the founding`);
      if (!this.gatePassed(configuration)) break;
      const value = this.valueFor(slot, configuration);
      if (value === null) break;
      this.propose(slot, value);
      proposals.push({ slot, value });
      this.nextSlot += 1;
      this.skipChosen();
    }
    this.handOver();
    if (proposals.length > 0) this.sendToElectorates(proposals);
    this.announceChosen();
  }

  private sendToElectorates(proposals: readonly Proposal[]): void {
    const peers = new Set<KioskId>();
    for (const { slot } of proposals) for (const member of this.core.electorate(slot)) peers.add(member.kiosk);
    this.sendAccepts([...peers], proposals);
    // Accepts carry the chosen mark too.
    for (const kiosk of peers) this.announced.set(kiosk, this.core.log.chosen);
  }

  /** Whether an entry that was proposed and is not yet applied is such a one. */
  private someProposed(test: (value: Value) => boolean): boolean {
    for (let slot = this.core.applied + 1; slot < this.nextSlot; slot += 1) {
      const value = this.core.log.get(slot)?.value;
      if (value !== undefined && test(value)) return true;
    }
    return false;
  }

  /**
   * Rule 5: the leader names a caught-up member, stops proposing, and lets it begin a round at once; whoever
   * waits is served by the new leader. An heir that does not take over in time is passed over.
   */
  private handOver(): void {
    const { heir, core } = this;
    if (heir === null) return;
    if (heir.saidAt !== null) {
      if (core.now - heir.saidAt > HAND_OVER_MS) this.heir = null;
      return;
    }
    if (!this.idle || core.log.chosen + 1 < this.nextSlot) return;
    heir.saidAt = core.now;
    core.out.send(heir.kiosk, { t: 'hand-over', ballot: this.ballot, chosen: core.log.chosen });
  }

  private adopt(entry: Entry): void {
    if (this.core.log.isChosen(entry.slot)) return;
    const before = this.adopted.get(entry.slot);
    if (before === undefined || this.core.rules.replaces(before, entry)) {
      this.adopted.set(entry.slot, { ballot: entry.ballot, value: entry.value });
    }
  }

  private ownCounts(lsn: Lsn): boolean {
    return this.core.rules.ownVoteCounts(this.core.out.isDurable(lsn));
  }

  private counts(promise: PromiseState): boolean {
    return this.core.rules.promiseCounts(promise, this.core.log.chosen);
  }

  private preparedFor(members: readonly Member[]): boolean {
    // A promise that counts goes on counting: it is never taken back, and the log only grows.
    if (this.preparedMembers === members) return true;
    const voters = new Set<VoterKey>();
    for (const promise of this.promises.values()) if (this.counts(promise)) voters.add(promise.voter);
    if (!this.core.rules.quorum(members, voters)) return false;
    this.preparedMembers = members;
    return true;
  }

  /** From the first slot that is prepared on, this leader serves; whatever it found up to then has to be taken over first. */
  private takeOver(slot: Slot): void {
    for (const found of this.adopted.keys()) if (found >= slot && found > this.takenOverTo) this.takenOverTo = found;
    if (this.serving) return;
    this.serving = true;
    this.election.announce();
  }

  private valueFor(slot: Slot, configuration: Configuration): Value | null {
    if (slot <= this.takenOverTo) return this.core.rules.takenOver(this.adopted.get(slot)?.value, NO_OP);
    const fresh = this.core.leaving || this.heir !== null || this.busy(slot) ? null : this.work.next();
    if (fresh !== null) return fresh;
    // A chosen change comes into force without traffic: no-ops up to its slot, and one in it, which shows that it is.
    const { newest } = this.core.log.configurations;
    const changing = newest !== null && newest.slot > 1 && slot <= newest.from && this.core.log.chosen < newest.from;
    return changing && configuration.from <= slot ? NO_OP : null;
  }

  /** What comes now shares the batch that follows (rule 1): more slots in flight would cost messages and lines, and wait for the same disks. */
  private busy(slot: Slot): boolean {
    return slot - 1 - Math.max(this.core.log.chosen, this.takenOverTo) >= this.core.config.batchesInFlight;
  }

  private propose(slot: Slot, value: Value): void {
    const { core, ballot } = this;
    invariant(sameBallot(core.promised, ballot), `a leader proposes in ${ballot.round} after it promised ${core.promised.round}`);
    core.log.hold(slot, ballot, value);
    const ownLsn = core.write({ t: 'accept', slot, ballot, value, chosen: core.log.chosen });
    this.inFlight.set(slot, { value, acks: new Set(), ownLsn, sentAt: core.now });
    if (value.kind === 'batch') for (const command of value.commands) core.out.depart(command.requestId);
    if (value.kind === 'configuration') core.out.depart(value.command.requestId);
  }

  private acknowledge(slot: Slot, voter: VoterKey): void {
    const flight = this.inFlight.get(slot);
    // While a snapshot takes the place of the log nothing is chosen here; what was acknowledged is asked for again.
    if (flight === undefined || !this.core.rules.mayChoose(this.core.frozen)) return;
    flight.acks.add(voter);
    if (!this.core.rules.quorum(this.core.electorate(slot), flight.acks)) return;
    this.inFlight.delete(slot);
    this.core.log.choose(slot);
  }

  private skipChosen(): void {
    while (this.core.log.isChosen(this.nextSlot)) this.nextSlot += 1;
    for (const slot of this.inFlight.keys()) if (this.core.log.isChosen(slot)) this.inFlight.delete(slot);
    for (const slot of this.adopted.keys()) if (slot <= this.core.log.chosen) this.adopted.delete(slot);
  }

  /** Rule 3: at the first slot of a new configuration nothing is proposed until the old part is safe with the new members. */
  private gatePassed(configuration: Configuration): boolean {
    if (configuration.slot === 1 || this.core.log.chosen >= configuration.from) return true;
    if (!isMember(configuration.members, this.core.config.self)) return false;
    return this.core.rules.gateOpen(this.core.applied >= configuration.from - 1, this.heldBy(configuration));
  }

  private heldBy(configuration: Configuration): boolean {
    return this.heldBelow === configuration.from && this.core.rules.quorum(configuration.members, this.held);
  }

  /** This leader is no member from the next slot on and has done its part: it hands over (rule 6). */
  get removed(): boolean {
    const configuration = this.core.log.configurations.governing(this.core.log.chosen + 1);
    if (configuration === null || isMember(configuration.members, this.core.config.self)) return false;
    return this.heldBy(configuration) || this.core.log.chosen >= configuration.from;
  }

  private askToHold(): void {
    const { newest, chosen } = { newest: this.core.log.configurations.newest, chosen: this.core.log.chosen };
    if (newest === null || newest.slot === 1 || chosen !== newest.from - 1 || !this.serving) return;
    if (this.heldBelow !== newest.from) {
      this.heldBelow = newest.from;
      this.held.clear();
      this.holdAt = Number.NEGATIVE_INFINITY;
      this.heldLsn = this.core.write({ t: 'chosen', slot: chosen });
      this.core.chosenHeld = chosen;
    }
    if (this.core.now - this.holdAt < RESEND_MS) return;
    this.holdAt = this.core.now;
    for (const member of newest.members) {
      if (!this.held.has(voterKey(member))) this.toMember(member, { t: 'hold', ballot: this.ballot, slot: chosen });
    }
  }

  /** A newly chosen configuration may have members that were never asked: ask them long before its first slot. */
  private prepareNewMembers(): void {
    const newest = this.core.log.configurations.newest?.slot ?? 0;
    if (newest === this.preparedConfiguration) return;
    this.preparedConfiguration = newest;
    this.sendPrepares();
  }

  private sendPrepares(): void {
    this.prepareAt = this.core.now;
    const asked = new Set<KioskId>();
    for (const { members } of this.core.log.configurations.governingFrom(this.core.log.chosen + 1)) {
      for (const member of members) {
        if (asked.has(member.kiosk) || !this.wantsPromise(member.kiosk)) continue;
        asked.add(member.kiosk);
        const promise = this.promises.get(voterKey(member));
        this.sendPrepare(member.kiosk, promise === undefined || promise.complete ? this.from : promise.coveredTo);
      }
    }
  }

  /** A member of a configuration that still governs an open slot, linked, whose promise does not count yet. */
  private wantsPromise(kiosk: KioskId): boolean {
    const neighbour = this.election.neighbour(kiosk);
    if (neighbour === undefined) return false;
    const open = this.core.log.configurations.governingFrom(this.core.log.chosen + 1);
    if (!open.some(({ members }) => isMember(members, neighbour.peer))) return false;
    const promise = this.promises.get(voterKey(neighbour.peer));
    return promise === undefined || !this.counts(promise);
  }

  private sendPrepare(kiosk: KioskId, from: Slot): void {
    // Waits for the promise to be on disk: a Prepare's own round must never be used again (S8).
    this.core.out.sendAfter(this.promiseLsn, kiosk, { t: 'prepare', ballot: this.ballot, from });
  }

  private sendAccepts(kiosks: readonly KioskId[], entries: readonly Proposal[]): void {
    if (entries.length === 0) return;
    const pages: Proposal[][] = [[]];
    let bytes = 0;
    for (const entry of entries) {
      const size = entries.length === 1 ? 0 : entryBytes(entry.value);
      if (bytes + size > PAGE_BYTES && bytes > 0) {
        pages.push([]);
        bytes = 0;
      }
      pages.at(-1)!.push(entry);
      bytes += size;
    }
    const messages = pages.map((page): Message => ({ t: 'accept', ballot: this.ballot, chosen: this.core.log.chosen, entries: page }));
    for (const kiosk of kiosks) {
      if (kiosk === this.core.config.self.kiosk || this.election.neighbour(kiosk) === undefined) continue;
      for (const message of messages) this.core.out.send(kiosk, message);
    }
  }

  /** Tells a kiosk what is chosen, if it was not told that before. */
  announceTo(kiosk: KioskId): void {
    const { chosen } = this.core.log;
    if (!this.serving || (this.announced.get(kiosk) ?? 0) >= chosen) return;
    this.announced.set(kiosk, chosen);
    this.core.out.send(kiosk, { t: 'commit', ballot: this.ballot, chosen });
  }

  /**
   * Tells linked kiosks, members or not, what is newly chosen: at once where a client waits for it; of sales, all others
   * with the next Accept, or at the second tick. A message to everyone for each slot would cost a quiet site as much as its Accepts.
   */
  private announceChosen(): void {
    const { log } = this.core;
    for (; this.lookedAt < log.chosen; this.lookedAt += 1) {
      const value = log.get(this.lookedAt + 1)?.value;
      if (value === undefined || value.kind === 'no-op') continue;
      // What undoes a sale, or changes the site, is news to everybody: a repeat of the sale may be asked for anywhere.
      const told =
        value.kind === 'batch' && value.commands.every(({ op }) => op === 'buy')
          ? value.commands
          : this.election.all().map(({ peer }) => peer);
      for (const { kiosk } of told) if (kiosk !== this.core.config.self.kiosk) this.awaiting.add(kiosk);
    }
    if (this.awaiting.size === 0) return;
    for (const { peer } of this.election.all()) if (this.awaiting.has(peer.kiosk)) this.announceTo(peer.kiosk);
    this.awaiting.clear();
  }

  private toMember(member: Member, message: Message): void {
    if (this.election.linked(member) !== undefined) this.core.out.send(member.kiosk, message);
  }

  /** True if a higher ballot ends this leadership. */
  isBelow(ballot: Ballot): boolean {
    return compareBallots(this.ballot, ballot) < 0;
  }
}
