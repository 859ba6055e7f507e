import { type Ballot, ZERO_BALLOT } from '../../../shared/ballot';
import { ALPHA } from '../../../shared/constants';
import type { JournalRecord } from '../../../shared/journal';
import type { Message, PeerStatus } from '../../../shared/messages';
import type { Snapshot } from '../../../shared/snapshot';
import type { Command, Member, Value } from '../../../shared/values';
import { type Input, type Peer, Replica, RULES, type Rules } from '../../paxos';

export function member(kiosk: number): Member {
  return { kiosk, incarnation: `incarnation${kiosk}`, name: `Kiosk ${kiosk}`, host: '127.0.0.1', port: 7400 + kiosk, priority: 0 };
}

/** As its link's handshake introduces it. */
export function peer(kiosk: number): Peer {
  return { ...member(kiosk), supports: 1, remembers: null };
}

export function ballot(round: number, kiosk: number): Ballot {
  return { round, priority: 0, kiosk, incarnation: `incarnation${kiosk}` };
}

export function buy(requestId: string): Command {
  return { op: 'buy', requestId, kiosk: 1, clerk: 'ann', issued: 0, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] };
}

/** A batch of one sale. */
export function sale(requestId: string): Value {
  return { kind: 'batch', commands: [buy(requestId)] };
}

const MEMBERS = [member(1), member(2), member(3)];
const FOUNDING: Value = {
  kind: 'founding',
  uid: 'uid00000',
  members: MEMBERS,
  events: [{ id: 'demo', name: 'Demo', capacity: 9, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }],
};
/** The journal of a kiosk that knows slot 1, the founding of kiosks 1, 2 and 3. */
export const FOUNDED: JournalRecord = { t: 'learn', slot: 1, ballot: ballot(0, 1), value: FOUNDING };

/** One replica that is told everything by hand; its disk takes no time. */
export class Bench {
  now = 0;
  readonly sent: { to: number; message: Message }[] = [];
  readonly records: JournalRecord[] = [];
  readonly reads: string[] = [];
  /** It found out that its disk has lost data. */
  forgot = false;
  readonly applied: { slot: number; value: Value }[] = [];
  /** Snapshots that are to take the place of its log. */
  readonly installs: Snapshot[] = [];
  readonly replica: Replica;

  constructor(kiosk: number, records: readonly JournalRecord[], rules: Partial<Rules> = {}) {
    this.replica = new Replica(
      {
        self: member(kiosk),
        uid: 'uid00000',
        founders: [1, 2, 3],
        events: [],
        mayFound: true,
        keptSlots: 512,
        batchesInFlight: ALPHA,
        supports: 1,
        logVersion: () => 1,
        firstRound: 0,
        isAnswered: () => false,
      },
      { start: null, snapshot: null, promised: ZERO_BALLOT, records },
      {
        ...RULES,
        ...rules,
      },
    );
    for (const other of [1, 2, 3]) if (other !== kiosk) this.step({ type: 'connected', peer: peer(other) });
  }

  step(input: Input): void {
    this.replica.step(this.now, input);
    for (;;) {
      const ready = this.replica.take();
      for (const { to, message } of ready.messages) this.sent.push({ to, message });
      this.forgot ||= ready.amnesia !== null;
      if (ready.install !== null) this.installs.push(ready.install);
      this.reads.push(...ready.reads.map(({ id }) => id));
      this.records.push(...ready.writes.map(({ record }) => record));
      for (const { slot, value } of ready.committed) this.applied.push({ slot, value });
      const last = ready.committed.at(-1);
      if (ready.writes.length > 0) this.replica.step(this.now, { type: 'durable', lsn: ready.writes.at(-1)!.lsn });
      if (last !== undefined) this.replica.step(this.now, { type: 'applied', slot: last.slot, hash: 'x' });
      if (ready.writes.length + ready.committed.length + ready.messages.length === 0) return;
    }
  }

  from(kiosk: number, message: Message): void {
    this.step({ type: 'message', from: member(kiosk), message });
  }

  /** Peers answer every round, discontent and reachable, until this kiosk campaigns. */
  campaign(promised: Ballot = ballot(0, 0)): Ballot {
    for (let round = 0; round < 40; round += 1) {
      const prepare = this.of('prepare').at(-1);
      if (prepare !== undefined) return prepare.ballot;
      this.now += 25;
      this.step({ type: 'tick' });
      this.answerRounds(promised);
    }
    throw new Error('no campaign');
  }

  /** @param kiosks who answers; whoever was asked if left out */
  answerRounds(promised: Ballot, kiosks?: readonly number[]): void {
    const status: PeerStatus = {
      promised,
      claims: false,
      serves: false,
      connected: true,
      content: false,
      chosen: 1,
      applied: 1,
      firstSlot: 1,
      slow: false,
    };
    for (const { to, message } of this.sent.splice(0)) {
      if (message.t === 'ping' && kiosks?.includes(to) !== false) this.from(to, { t: 'pong', round: message.round, status });
      else this.sent.push({ to, message });
    }
  }

  of<T extends Message['t']>(type: T): Extract<Message, { t: T }>[] {
    return this.sent.filter(({ message }) => message.t === type).map(({ message }) => message as Extract<Message, { t: T }>);
  }
}

/** S7: a leader that hears acceptances which must not count; returns its ballot. */
export function countsStrangers(bench: Bench): Ballot {
  const mine = bench.campaign();
  bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
  bench.step({ type: 'propose', command: buy('mine') });
  bench.from(2, { t: 'accepted', ballot: { ...mine, round: mine.round - 1 }, slots: [2] });
  bench.from(3, { t: 'accepted', ballot: { ...mine, incarnation: 'incarnation0' }, slots: [2] });
  bench.step({ type: 'connected', peer: peer(9) });
  bench.step({ type: 'message', from: member(9), message: { t: 'accepted', ballot: mine, slots: [2] } });
  bench.step({ type: 'message', from: { kiosk: 2, incarnation: 'another0' }, message: { t: 'accepted', ballot: mine, slots: [2] } });
  return mine;
}
