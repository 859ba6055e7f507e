import { compareBallots, sameBallot } from '../../shared/ballot';
import { HASH_INTERVAL } from '../../shared/constants';
import { invariant } from '../../shared/invariant';
import { said } from '../../shared/said';
import { commandsOf } from '../../shared/values';
import { Acceptor } from './acceptor';
import { Agreement } from './agreement';
import { CatchUp } from './catchUp';
import { Core } from './core';
import { LeaderDesk } from './desk';
import { restore } from './durable';
import { Election } from './election';
import { Founding } from './founding';
import type { Committed, Identity, Input, Millis, Peer, Ready, ReplicaConfig, ReplicaView, Restored } from './inputs';
import { Leadership } from './leadership';
import type { LogStart } from './log';
import { isMember } from './quorum';
import { recovered } from './recovery';
import { Routing } from './routing';
import { RULES, type Rules } from './rules';
import { SnapshotExchange } from './snapshots';
import { MEMORY_MS } from './timing';
import type { Ballot, Command, KioskId, Message, RequestId, Slot, Snapshot } from './types';

/** Entries handed to the application at a time, so that a long replay does not hold up everything else. */
const COMMITTED_MAX = 1_000;

/**
 * One kiosk's acceptor, learner and, when it leads, proposer: a deterministic state machine without clock,
 * socket, disk or random numbers, in the manner of etcd's raft. Inputs go in by `step`, what has to be done
 * comes out by `take`. A thrown InvariantError means: stop this kiosk.
 */
export class Replica {
  private readonly core: Core;
  private readonly election: Election;
  private readonly acceptor: Acceptor;
  private readonly catchUp: CatchUp;
  private readonly founding: Founding;
  private readonly desk: LeaderDesk;
  private readonly routing: Routing;
  private readonly agreement: Agreement;
  private readonly snapshots: SnapshotExchange;
  private leadership: Leadership | null = null;
  /** Peers whose handshake this life has seen. */
  private readonly met = new Set<KioskId>();
  /** Entries up to here were handed to the application. */
  private handedOut: Slot = 0;
  private wasContent = false;
  private rememberedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(config: ReplicaConfig, restored: Restored, rules: Rules = RULES) {
    this.core = new Core(config, rules, restore(restored.records, restored.start, restored.promised));
    this.handedOut = this.core.log.base;
    this.findPending();
    this.election = new Election(this.core, () => ({
      claims: this.leadership !== null,
      serves: this.leadership?.serves === true && !this.core.leaving,
    }));
    this.acceptor = new Acceptor(this.core);
    this.snapshots = new SnapshotExchange(this.core, this.election);
    if (restored.snapshot !== null) this.snapshots.offer(restored.snapshot);
    this.catchUp = new CatchUp(this.core, this.election, this.snapshots);
    this.founding = new Founding(this.core, this.election);
    this.desk = new LeaderDesk(this.core, this.election);
    this.routing = new Routing(this.core, this.election, this.desk);
    this.agreement = new Agreement(this.core, this.election);
  }

  /** Takes inputs, in their order, at a time `now`, which never goes back. */
  step(now: Millis, ...inputs: readonly Input[]): void {
    invariant(now >= this.core.now, `time went back from ${this.core.now} to ${now}`);
    this.core.now = now;
    for (const input of inputs) this.handle(input);
    this.settle();
  }

  /** What the driver has to do now; each piece is handed out once. */
  take(): Ready {
    const committed: Committed[] = [];
    while (this.handedOut < this.core.log.chosen && committed.length < COMMITTED_MAX) {
      this.handedOut += 1;
      const held = this.core.log.get(this.handedOut);
      invariant(held !== undefined, `chosen slot ${this.handedOut} is not held`);
      committed.push({ slot: this.handedOut, ballot: held.ballot, value: held.value });
      for (const command of commandsOf(held.value)) {
        this.routing.applied(command.requestId);
        this.desk.applied(command);
        // Whatever became of it: the request that was given up has its end now.
        if (command.op === 'cancel') this.routing.applied(command.target);
      }
    }
    this.core.log.packTo(this.handedOut);
    return this.core.out.take(committed);
  }

  /** A command of this kiosk's clients that has left it and has no answer yet; null for none. */
  pending(id: RequestId): Command | null {
    return this.core.pending.get(id) ?? null;
  }

  /** A leader that serves can be reached from here. */
  get selling(): boolean {
    return this.core.founded && this.routing.reachesLeader;
  }

  view(now: Millis): ReplicaView {
    const { core, election } = this;
    const { newest } = core.log.configurations;
    const leader = this.leadership !== null ? core.config.self.kiosk : this.leaderSeen();
    return {
      role: this.role(),
      ballot: core.promised,
      leader,
      selling: this.selling,
      majority: election.majority(),
      connected: election.all().map(({ peer }) => peer.kiosk),
      chosen: core.log.chosen,
      applied: core.applied,
      members: newest?.members ?? [],
      inForceFrom: newest?.from ?? 0,
      inForce: newest !== null && core.log.chosen >= newest.from,
      ...core.lineage,
      removedFrom: core.removedFrom,
      estranged: core.estranged,
      fetching: this.snapshots.progress,
      pending: [...core.pending.values()],
      waiting: this.founding.waiting,
      peers: election.all().map((neighbour) => ({
        kiosk: neighbour.peer.kiosk,
        incarnation: neighbour.peer.incarnation,
        heardMs: Math.max(0, now - neighbour.heardAt),
        chosen: neighbour.status?.chosen ?? 0,
        applied: neighbour.status?.applied ?? 0,
        firstSlot: neighbour.status?.firstSlot ?? 0,
        reaches: neighbour.status?.reaches ?? null,
      })),
    };
  }

  private leaderSeen(): KioskId | null {
    if (this.election.content()) return this.core.promised.kiosk;
    return this.election.servingNeighbour()?.peer.kiosk ?? null;
  }

  private role(): ReplicaView['role'] {
    const { core } = this;
    if (!core.founded) return this.founding.isFounder ? 'founding' : 'learner';
    if (this.leadership !== null) return this.leadership.serves ? 'leader' : 'candidate';
    if (!core.isVoter) return core.removed ? 'removed' : 'learner';
    return this.election.content() ? 'follower' : 'candidate';
  }

  private handle(input: Input): void {
    switch (input.type) {
      case 'tick':
        this.tick();
        return;
      case 'message':
        this.onMessage(input.from, input.message);
        return;
      case 'connected':
        this.onConnected(input.peer);
        return;
      case 'disconnected':
        this.onDisconnected(input.kiosk);
        return;
      case 'propose':
        this.routing.propose(input.command);
        return;
      case 'withdraw':
        this.routing.withdraw(input.requestId);
        return;
      case 'read':
        this.routing.read(input.id);
        return;
      case 'withdraw-read':
        this.routing.withdrawRead(input.id);
        return;
      case 'durable':
        this.core.out.setDurable(input.lsn);
        return;
      case 'applied':
        this.onApplied(input.slot, input.hash);
        return;
      case 'snapshot':
        this.onSnapshot(input.snapshot);
        return;
      case 'installed':
        this.onInstalled(input.start);
        return;
      case 'history':
        this.core.firstSlot = input.firstSlot;
        return;
      case 'recover':
        this.stepDown();
        recovered(this.core, input.at, input.heldBack);
        return;
      case 'slept':
        this.election.forget();
        return;
      case 'leave':
        this.core.leaving = true;
        return;
    }
  }

  private onMessage(from: Identity, message: Message): void {
    // A stranger's or an old link's late message: only the incarnation that is linked now is heard.
    if (this.election.linked(from) === undefined) return;
    switch (message.t) {
      case 'ping':
        this.election.onPing(from, message.round, message.status);
        this.onStatus(from, message.status);
        return;
      case 'pong':
        if (this.election.onPong(from, message.round, message.status)) this.onStatus(from, message.status);
        return;
      case 'prepare':
        this.onPrepare(from, message);
        return;
      case 'promise':
        this.onPromise(from, message);
        return;
      case 'accept':
        this.onAccept(from, message);
        return;
      case 'accepted':
        this.core.peers.heard(from, message.ballot, Math.max(...message.slots));
        this.leadership?.onAccepted(from, message);
        return;
      case 'reject':
        this.onReject(from, message);
        return;
      case 'commit':
        this.catchUp.onCommit(from, message.ballot, message.chosen);
        return;
      case 'hold':
        if (this.core.founded) this.acceptor.onHold(from, message);
        return;
      case 'held':
        this.leadership?.onHeld(from, message);
        return;
      case 'log-request':
        this.catchUp.onRequest(from, message.from);
        return;
      case 'log-page':
        // What was chosen above its ballot overrules a leader: others may hold something else there in its ballot, and would apply that at its mark (rule 4).
        if (this.leadership?.serves && message.entries.some(({ ballot }) => this.leadership?.isBelow(ballot))) this.stepDown();
        this.catchUp.onPage(from, message);
        return;
      case 'snapshot-request':
        this.snapshots.onRequest(from, message);
        return;
      case 'snapshot-page':
        this.snapshots.onPage(from, message);
        this.core.frozen = this.snapshots.installing;
        // Nor does a snapshot say in which ballots its slots were chosen.
        if (this.core.frozen && this.leadership?.serves) this.stepDown();
        return;
      case 'history-request':
      case 'history-page':
      case 'printer':
        // The archive's business, and the screen's, which are no part of the consensus.
        return;
      case 'forward':
        this.routing.onForward(message);
        return;
      case 'read':
        this.routing.onRead(from, message);
        return;
      case 'read-index':
        this.routing.onReadIndex(message.id, message.index);
        return;
      case 'sign':
        this.founding.onSign(from, message.founding);
        return;
      case 'hand-over':
        this.catchUp.onCommit(from, message.ballot, message.chosen);
        if (sameBallot(message.ballot, this.core.promised) && this.mayLead() && this.election.majority()) this.campaign();
        return;
    }
  }

  /** What follows from every input: found, take over, propose, pass on. */
  private settle(): void {
    this.founding.advance();
    this.leadership?.onDurable();
    if (this.leadership !== null && !this.keepsLeading()) this.stepDown();
    if (this.leadership === null && this.election.shouldTakeOver()) this.campaign();
    this.leadership?.advance();
    this.routing.advance();
    // What waited for this kiosk to serve goes into the log at once.
    if (this.desk.hasWork) this.leadership?.advance();
    for (const { id, from, index } of this.desk.confirmed()) {
      if (from === this.core.config.self.kiosk) this.routing.onReadIndex(id, index);
      else {
        this.leadership?.announceTo(from);
        this.core.out.send(from, { t: 'read-index', id, index });
      }
    }
    const verdict = this.agreement.verdict();
    if (verdict !== null) this.core.out.fail(verdict);
    const content = this.election.content();
    // Others may be waiting for us to lose faith in our leader, too.
    if (this.wasContent && !content) this.election.announce();
    this.wasContent = content;
  }

  private tick(): void {
    this.core.out.writeUnhurried(this.core.now);
    this.election.tick();
    this.leadership?.tick();
    this.catchUp.tick();
    this.snapshots.tick();
    if (this.core.now - this.rememberedAt < MEMORY_MS) return;
    this.rememberedAt = this.core.now;
    for (const record of this.core.peers.news()) this.core.write(record);
  }

  private onStatus(from: Identity, status: Extract<Message, { t: 'ping' }>['status']): void {
    this.agreement.onStatus(from, status);
    this.onHigherPromise(from, status.promised);
    if (status.claims && status.promised.kiosk === from.kiosk) this.catchUp.onCommit(from, status.promised, status.chosen);
  }

  private onDisconnected(kiosk: KioskId): void {
    const neighbour = this.election.neighbour(kiosk);
    if (neighbour !== undefined) this.agreement.onDisconnected(neighbour.peer);
    this.election.disconnected(kiosk);
    this.leadership?.onDisconnected(kiosk);
    this.catchUp.onDisconnected(kiosk);
    this.snapshots.onDisconnected(kiosk);
  }

  private onApplied(slot: Slot, hash: string): void {
    invariant(
      slot >= this.core.applied && slot <= this.core.log.chosen,
      `applied ${slot} is not between ${this.core.applied} and chosen ${this.core.log.chosen}`,
    );
    this.core.applied = slot;
    if (slot % HASH_INTERVAL === 0) this.agreement.applied(slot, hash);
  }

  private onPrepare(from: Identity, message: Extract<Message, { t: 'prepare' }>): void {
    this.core.peers.heard(from, message.ballot, 0);
    // Nobody votes before the founding (rule 7).
    if (!this.core.founded) return;
    if (this.leadership?.isBelow(message.ballot)) this.stepDown();
    if (this.acceptor.onPrepare(from, message)) this.election.claimed(from);
  }

  private onPromise(from: Identity, message: Extract<Message, { t: 'promise' }>): void {
    this.core.peers.heard(from, message.ballot, 0);
    this.leadership?.onPromise(from, message);
    if (message.chosen > this.core.log.chosen) this.catchUp.ask(from.kiosk);
  }

  private onAccept(from: Identity, message: Extract<Message, { t: 'accept' }>): void {
    if (!this.core.founded) {
      this.catchUp.ask(from.kiosk);
      return;
    }
    if (this.leadership?.isBelow(message.ballot)) this.stepDown();
    if (!this.acceptor.onAccept(from, message)) return;
    this.election.claimed(from);
    this.catchUp.onCommit(from, message.ballot, message.chosen);
  }

  private onReject(from: Identity, message: Extract<Message, { t: 'reject' }>): void {
    this.core.sawRound(message.promised);
    this.onHigherPromise(from, message.promised);
  }

  /** A member has promised a higher ballot: this leadership is over. Removed kiosks and strangers disturb nobody (S31). */
  private onHigherPromise(from: Identity, promised: Ballot): void {
    const { core, leadership } = this;
    if (leadership === null || !leadership.isBelow(promised)) return;
    const open = core.log.configurations.governingFrom(core.log.chosen + 1);
    if (open.some(({ members }) => isMember(members, from))) this.stepDown();
  }

  private mayLead(): boolean {
    return this.core.founded && this.core.isVoter && !this.core.leaving && this.leadership === null;
  }

  private keepsLeading(): boolean {
    const { core, leadership } = this;
    if (leadership === null) return false;
    // A leader that reaches no majority stops claiming (rule 5); so does a campaign that got nowhere.
    if (!this.election.majority() || leadership.stuck) return false;
    if (leadership.removed || ((core.leaving || this.givesWay()) && leadership.idle)) {
      this.handOver(leadership);
      return false;
    }
    return true;
  }

  private handOver(leadership: Leadership): void {
    const heir = this.election
      .all()
      .filter((neighbour) => isMember(this.core.voters, neighbour.peer) && this.election.reaches(neighbour) && neighbour.status !== null)
      .sort((a, b) => b.status!.chosen - a.status!.chosen || b.peer.priority - a.peer.priority || a.peer.kiosk - b.peer.kiosk)[0];
    if (heir !== undefined)
      this.core.out.send(heir.peer.kiosk, { t: 'hand-over', ballot: leadership.ballot, chosen: this.core.log.chosen });
  }

  /** Its disk is slow, and a member is reached whose disk is not (S30). */
  private givesWay(): boolean {
    const { core, election } = this;
    if (!core.slow) return false;
    return election.all().some((other) => election.reaches(other) && other.status?.slow === false && isMember(core.voters, other.peer));
  }

  /**
   * Commands of this kiosk's clients whose end is not known after a restart. What is known as chosen here has its end,
   * though the application has yet to be told of it: nobody is to be asked about sales that were answered long ago.
   */
  private findPending(): void {
    const { config, log, pending } = this.core;
    const ended = new Set<RequestId>();
    for (const { value } of log.range(log.base + 1, log.chosen)) {
      for (const command of commandsOf(value)) {
        ended.add(command.requestId);
        if (command.op === 'cancel') ended.add(command.target);
      }
    }
    for (const { value } of log.range(log.chosen + 1, log.last)) {
      for (const command of commandsOf(value)) if (command.kiosk === config.self.kiosk) pending.set(command.requestId, command);
    }
    for (const [id, command] of pending) if (ended.has(id) || config.isAnswered(command)) pending.delete(id);
  }

  private onConnected(peer: Peer): void {
    const { core, election } = this;
    const { remembers } = peer;
    // What a peer says at its first handshake it heard from earlier lives: no vote of this one went over a link before (rule 8).
    const has = this.met.has(peer.kiosk) ? { ballot: core.promised, slot: Math.max(core.found.slot, core.vouched) } : core.found;
    this.met.add(peer.kiosk);
    if (remembers !== null && (compareBallots(remembers.ballot, has.ballot) > 0 || remembers.slot > has.slot)) {
      core.out.forget(said('disk_forgot', peer.kiosk, remembers.ballot.round, remembers.slot, has.ballot.round, has.slot));
      return;
    }
    election.connected(peer);
    this.founding.onConnected(peer.kiosk);
    this.leadership?.onConnected(peer.kiosk);
  }

  /** Entries below it leave memory and, once what is still needed of the journal is written anew, the disk (rule 12). */
  private onSnapshot(snapshot: Snapshot): void {
    const { core } = this;
    this.snapshots.offer(snapshot);
    core.log.dropTo(Math.max(core.log.base, snapshot.slot - core.config.keptSlots));
    for (const [id, command] of core.pending) {
      if (core.config.isAnswered(command)) core.pending.delete(id);
      else core.write({ t: 'pending', command });
    }
    for (const remembered of core.peers.all()) core.write({ t: 'peer', ...remembered });
  }

  private onInstalled(start: LogStart): void {
    const { core } = this;
    core.log.install(start);
    core.applied = start.slot;
    core.chosenHeld = Math.max(core.chosenHeld, start.slot);
    core.frozen = false;
    this.handedOut = start.slot;
    this.snapshots.installed();
    for (const [id, command] of core.pending) if (core.config.isAnswered(command)) this.routing.applied(id);
  }

  /**
   * The slot from which a kiosk is shut out of the site, in this incarnation or altogether; null where it is not,
   * and until its removal is in force: its vote may be needed for that.
   */
  shutOutFrom(identity: Identity): Slot | null {
    const { configurations, chosen } = this.core.log;
    const from = configurations.removedFrom(identity) ?? configurations.shutOutFrom(identity.kiosk);
    return from !== null && chosen >= from ? from : null;
  }

  /** What peers should tell incarnations of a kiosk of themselves, in the handshake (rule 8). */
  remembers(kiosk: KioskId) {
    return this.core.peers.of(kiosk);
  }

  private campaign(): void {
    const ballot = this.core.nextBallot();
    this.leadership = new Leadership(this.core, this.election, this.desk, ballot);
    this.desk.lead(this.leadership);
    this.election.settled();
  }

  private stepDown(): void {
    if (this.leadership === null) return;
    this.leadership = null;
    this.desk.lead(null);
    this.election.announce();
  }
}
