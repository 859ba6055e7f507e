import { describe, expect, it } from 'vitest';
import { ZERO_BALLOT } from '../../shared/ballot';
import type { Command } from '../../shared/values';
import { type Input, type Peer, Replica, type ReplicaConfig } from './index';
import type { JournalRecord, Member, Message, Value } from './types';

const EVENTS = [{ id: 'demo', name: 'Demo', capacity: 100, categories: [{ id: 'adult', name: 'Adult', price: 1200 }] }];

function member(kiosk: number, incarnation = `incarnation${kiosk}`): Member {
  return { kiosk, incarnation, name: `Kiosk ${kiosk}`, host: '127.0.0.1', port: 7400 + kiosk, priority: 0 };
}

function peer(kiosk: number): Peer {
  return { ...member(kiosk), supports: 1, remembers: null };
}

function config(kiosk: number, founders: readonly number[]): ReplicaConfig {
  return {
    self: member(kiosk),
    uid: 'uid00000',
    founders,
    events: EVENTS,
    mayFound: true,
    keptSlots: 512,
    batchesInFlight: 16,
    supports: 1,
    logVersion: () => 1,
    firstRound: 0,
    isAnswered: () => false,
  };
}

function buy(requestId: string, kiosk = 1): Command {
  return { op: 'buy', requestId, kiosk, clerk: 'ann', issued: 0, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] };
}

/** A small lossless site whose disk and network take no time; the simulator does the rest. */
class Site {
  now = 0;
  readonly replicas = new Map<number, Replica>();
  readonly journals = new Map<number, JournalRecord[]>();
  readonly applied = new Map<number, Value[]>();
  readonly reads: string[] = [];
  readonly queue: { from: number; to: number; message: Message }[] = [];
  private readonly cuts = new Set<string>();
  /** The state hash that a kiosk reports for a slot. */
  hash: (kiosk: number, slot: number) => string = (_kiosk, slot) => `state ${slot}`;
  readonly stopped = new Map<number, string>();

  constructor(
    readonly founders: readonly number[],
    kiosks = founders,
  ) {
    for (const kiosk of kiosks) this.start(kiosk);
  }

  start(kiosk: number): void {
    const journal = this.journals.get(kiosk) ?? [];
    this.journals.set(kiosk, journal);
    this.applied.set(kiosk, []);
    this.replicas.set(
      kiosk,
      new Replica(config(kiosk, this.founders), { start: null, snapshot: null, promised: ZERO_BALLOT, records: [...journal] }),
    );
    for (const other of this.replicas.keys()) {
      if (other === kiosk) continue;
      this.step(kiosk, { type: 'connected', peer: peer(other) });
      this.step(other, { type: 'connected', peer: peer(kiosk) });
    }
  }

  stop(kiosk: number): void {
    this.replicas.delete(kiosk);
    for (const other of this.replicas.keys()) this.step(other, { type: 'disconnected', kiosk });
  }

  cut(a: number, b: number): void {
    this.cuts.add(`${a}-${b}`).add(`${b}-${a}`);
  }

  step(kiosk: number, input: Input): void {
    const replica = this.replicas.get(kiosk)!;
    replica.step(this.now, input);
    for (;;) {
      const ready = replica.take();
      if (ready.fatal !== null) this.stopped.set(kiosk, ready.fatal);
      this.journals.get(kiosk)!.push(...ready.writes.map(({ record }) => record));
      for (const { to, message } of ready.messages) this.queue.push({ from: kiosk, to, message });
      for (const { id } of ready.reads) this.reads.push(id);
      for (const { value } of ready.committed) this.applied.get(kiosk)!.push(value);
      if (ready.writes.length > 0) replica.step(this.now, { type: 'durable', lsn: ready.writes.at(-1)!.lsn });
      if (ready.committed.length > 0)
        replica.step(this.now, {
          type: 'applied',
          slot: ready.committed.at(-1)!.slot,
          hash: this.hash(kiosk, ready.committed.at(-1)!.slot),
        });
      if (ready.writes.length === 0 && ready.committed.length === 0 && ready.messages.length === 0) return;
    }
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += 25) {
      for (const kiosk of this.replicas.keys()) this.step(kiosk, { type: 'tick' });
      for (let hops = 0; this.queue.length > 0 && hops < 100_000; hops += 1) {
        const { from, to, message } = this.queue.shift()!;
        if (!this.replicas.has(to) || this.cuts.has(`${from}-${to}`)) continue;
        this.step(to, { type: 'message', from: member(from), message });
      }
    }
  }

  leader(): number | undefined {
    return [...this.replicas].find(([, replica]) => replica.view(this.now).role === 'leader')?.[0];
  }

  sold(kiosk: number): string[] {
    return this.applied.get(kiosk)!.flatMap((value) => (value.kind === 'batch' ? value.commands.map(({ requestId }) => requestId) : []));
  }
}

describe('a replica', () => {
  it('founds a site of three, elects one leader and sells from every kiosk', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    expect(site.leader()).toBeDefined();
    for (const kiosk of [1, 2, 3]) site.step(kiosk, { type: 'propose', command: buy(`r${kiosk}`, kiosk) });
    site.run(500);
    for (const kiosk of [1, 2, 3]) expect(site.sold(kiosk).sort()).toEqual(['r1', 'r2', 'r3']);
    expect(site.applied.get(1)).toEqual(site.applied.get(2));
  });

  it('holds what it has handed out as bytes: a page of the log is made of copies, equal to what was applied', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    site.step(1, { type: 'propose', command: buy('r1') });
    site.run(500);
    for (const [kiosk, replica] of site.replicas) {
      replica.step(site.now, { type: 'message', from: member(kiosk === 1 ? 2 : 1), message: { t: 'log-request', from: 1 } });
      const [page] = replica.take().messages.flatMap(({ message }) => (message.t === 'log-page' ? [message] : []));
      const applied = site.applied.get(kiosk)!;
      expect(page!.entries.map(({ value }) => value)).toEqual(applied);
      for (const { slot, value } of page!.entries) expect(value).not.toBe(applied[slot - 1]);
    }
  });

  it('keeps selling when the leader is gone, and the restarted one remembers and catches up', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    site.step(leader, { type: 'propose', command: buy('before', leader) });
    site.run(100);
    site.stop(leader);
    const other = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    site.step(other, { type: 'propose', command: buy('after', other) });
    site.run(1_000);
    expect(site.sold(other)).toEqual(['before', 'after']);
    site.start(leader);
    site.run(1_000);
    expect(site.sold(leader)).toEqual(['before', 'after']);
  });

  it('that slept leads no longer, though its clock did not move, and sells again after a round with a majority (S29)', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    const before = site.replicas.get(leader)!.view(site.now);
    expect(before).toMatchObject({ selling: true, majority: true });
    site.now += 100;
    site.step(leader, { type: 'tick' });
    const asked = site.queue.splice(0);
    site.step(leader, { type: 'slept' });
    expect(site.replicas.get(leader)!.view(site.now)).toMatchObject({ role: 'candidate', selling: false, majority: false, leader: null });
    // Answers to what it asked before lie in its sockets, and prove nothing now.
    for (const { to, message } of asked)
      if (message.t === 'ping') site.step(leader, { type: 'message', from: member(to), message: { ...message, t: 'pong' } });
    expect(site.replicas.get(leader)!.view(site.now)).toMatchObject({ selling: false, majority: false });
    site.step(leader, { type: 'propose', command: buy('awake', leader) });
    site.run(500);
    expect(site.leader()).toBeDefined();
    expect(site.sold(leader)).toEqual(['awake']);
    expect(site.replicas.get(site.leader()!)!.view(site.now).ballot.round).toBeGreaterThan(before.ballot.round);
  });

  it('that learned a slot by a page neither votes in it for a leader that was overruled, nor takes itself for wrong', () => {
    const site = new Site([1, 2, 3], [1, 2, 3, 4]);
    site.run(500);
    const leader = site.leader()!;
    const { ballot, chosen } = site.replicas.get(4)!.view(site.now);
    const older = site.replicas.get(leader)!.view(site.now).ballot;
    expect(ballot).toEqual(ZERO_BALLOT);
    const slot = chosen + 1;
    const newer = { ...older, round: older.round + 5, kiosk: 2, incarnation: 'incarnation2' };
    const entry = { slot, ballot: newer, value: { kind: 'batch' as const, commands: [buy('newer')] } };
    site.step(4, { type: 'message', from: member(2), message: { t: 'log-page', entries: [entry], chosen: slot } });
    expect(site.sold(4)).toEqual(['newer']);
    // It was cut off when it was overruled, and still proposes what it had.
    const late = [{ slot, value: { kind: 'batch' as const, commands: [buy('older')] } }];
    site.step(4, { type: 'message', from: member(leader), message: { t: 'accept', ballot: older, chosen, entries: late } });
    expect(site.queue.filter(({ from, message }) => from === 4 && message.t === 'accepted')).toEqual([]);
    expect(site.sold(4)).toEqual(['newer']);
  });

  it('wakes up alone and knows the end of all that its own log calls chosen: nobody is asked about sales of long ago', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    const cancel: Command = { op: 'cancel', requestId: 'undoes', kiosk: leader, clerk: 'ann', issued: 0, at: 0, target: 'undone' };
    for (const command of [buy('old', leader), buy('undone', leader), cancel, buy('printed', leader)]) {
      site.step(leader, { type: 'propose', command });
      site.run(100);
    }
    // It stands in its journal, and nobody else hears of it any more.
    site.step(leader, { type: 'propose', command: buy('dark', leader) });
    const replica = new Replica(config(leader, site.founders), {
      start: null,
      snapshot: null,
      promised: ZERO_BALLOT,
      // Its clients' commands leave it before they stand in the log: those of a follower.
      records: [
        ...(['old', 'undone', 'never answered'] as const).map((id): JournalRecord => ({ t: 'pending', command: buy(id, leader) })),
        ...site.journals.get(leader)!,
      ],
    });
    // Before it has told the application of a single slot.
    const waiting = replica.view(0).pending.map(({ requestId }) => requestId);
    expect(waiting.sort()).toEqual(['dark', 'never answered']);
  });

  it('waits no longer for the end of what was given up elsewhere, though nothing passes it on any more', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    const follower = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    const waiting = () =>
      site.replicas
        .get(follower)!
        .view(site.now)
        .pending.map(({ requestId }) => requestId);
    site.step(follower, { type: 'propose', command: buy('given-up', follower) });
    // It is lost on the way, and its clerk's time-out comes.
    site.queue.splice(0);
    site.step(follower, { type: 'withdraw', requestId: 'given-up' });
    expect(waiting()).toEqual(['given-up']);
    const cancel: Command = { op: 'cancel', requestId: 'undo', kiosk: leader, clerk: 'ann', issued: 0, at: 0, target: 'given-up' };
    site.step(leader, { type: 'propose', command: cancel });
    site.run(500);
    expect(site.sold(follower)).toEqual(['undo']);
    expect(waiting()).toEqual([]);
  });

  it('writes what it passes on with the Accept that comes back, or at the next tick; what it gives up, and goes on with, at once', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    const follower = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    const journal = site.journals.get(follower)!;
    const propose = (command: Command) => {
      const before = journal.length;
      site.step(follower, { type: 'propose', command });
      return journal.slice(before);
    };
    const pass = (from: number) => {
      const index = site.queue.findIndex((sent) => sent.from === from && ['forward', 'accept'].includes(sent.message.t));
      const [{ to, message }] = site.queue.splice(index, 1) as [(typeof site.queue)[number]];
      site.step(to, { type: 'message', from: member(from), message });
    };
    expect(propose(buy('sold', follower))).toEqual([]);
    pass(follower);
    site.queue.splice(0, site.queue.length, ...site.queue.filter(({ to, message }) => message.t !== 'accept' || to === follower));
    const before = journal.length;
    pass(leader);
    expect(journal.slice(before).map(({ t }) => t)).toEqual(['pending', 'accept']);
    // Its leader says nothing.
    site.cut(leader, follower);
    expect(propose(buy('unanswered', follower))).toEqual([]);
    site.step(follower, { type: 'tick' });
    expect(journal.at(-1)).toMatchObject({ t: 'pending', command: { requestId: 'unanswered' } });
    const cancel: Command = { op: 'cancel', requestId: 'undo', kiosk: follower, clerk: 'ann', issued: 0, at: 0, target: 'unanswered' };
    expect(propose(cancel)).toMatchObject([{ t: 'pending', command: { requestId: 'undo' } }]);
  });

  it('hears that a sale of another kiosk is chosen with the next Accept or soon after, and at once what undoes one', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    const leader = site.leader()!;
    const others = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    const marks = () => site.queue.filter(({ message }) => message.t === 'commit').map(({ to }) => to);
    /** All that was sent arrives, but for heartbeats, and no time passes; returns whom a mark was sent to. */
    const arrive = () => {
      const told = new Set<number>();
      while (site.queue.length > 0) {
        for (const to of marks()) told.add(to);
        const { from, to, message } = site.queue.shift()!;
        if (message.t !== 'ping' && message.t !== 'pong') site.step(to, { type: 'message', from: member(from), message });
      }
      return [...told].sort();
    };
    const [other, third] = others as [number, number];
    site.step(other, { type: 'propose', command: buy('a', other) });
    expect(arrive()).toEqual([other]);
    expect([site.sold(other), site.sold(third)]).toEqual([['a'], []]);
    site.step(leader, { type: 'propose', command: buy('b', leader) });
    expect(arrive()).toEqual([]);
    expect([site.sold(leader), site.sold(other), site.sold(third)]).toEqual([['a', 'b'], ['a'], ['a']]);
    site.step(third, {
      type: 'propose',
      command: { op: 'cancel', requestId: 'c', kiosk: third, clerk: 'ann', issued: 0, at: 0, target: 'a' },
    });
    expect(arrive()).toEqual(others);
    expect(site.sold(other)).toEqual(['a', 'b', 'c']);
    site.step(leader, { type: 'propose', command: buy('d', leader) });
    expect(arrive()).toEqual([]);
    site.run(100);
    for (const kiosk of others) expect(site.sold(kiosk)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('confirms a read only with a majority', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    for (const kiosk of [1, 2, 3]) site.step(kiosk, { type: 'read', id: `read${kiosk}` });
    site.run(300);
    expect(site.reads.sort()).toEqual(['read1', 'read2', 'read3']);
    const leader = site.leader()!;
    for (const kiosk of [1, 2, 3]) if (kiosk !== leader) site.cut(leader, kiosk);
    site.step(leader, { type: 'read', id: 'alone' });
    site.run(2_000);
    expect(site.reads).not.toContain('alone');
    expect(site.replicas.get(leader)!.view(site.now).selling).toBe(false);
    expect(site.leader()).not.toBe(leader);
  });

  it('adds kiosks 4 and 5 while it sells, and removes the leader', () => {
    const site = new Site([1, 2, 3], [1, 2, 3, 4, 5]);
    site.run(500);
    for (const kiosk of [4, 5]) {
      const command: Command = {
        op: 'change',
        requestId: `add${kiosk}`,
        kiosk: 1,
        clerk: 'ann',
        issued: 0,
        at: 0,
        change: { kind: 'add', kiosk },
      };
      site.step(1, { type: 'propose', command });
      site.step(2, { type: 'propose', command: buy(`with${kiosk}`, 2) });
      site.run(1_000);
      expect(site.replicas.get(2)!.view(site.now)).toMatchObject({ inForce: true });
    }
    expect(
      site.replicas
        .get(3)!
        .view(site.now)
        .members.map(({ kiosk }) => kiosk),
    ).toEqual([1, 2, 3, 4, 5]);
    const leader = site.leader()!;
    const command: Command = {
      op: 'change',
      requestId: 'remove',
      kiosk: 4,
      clerk: 'ann',
      issued: 0,
      at: 0,
      change: { kind: 'remove', kiosk: leader },
    };
    site.step(4, { type: 'propose', command });
    site.run(2_000);
    expect(site.replicas.get(leader)!.view(site.now).role).toBe('removed');
    expect(site.leader()).not.toBe(leader);
    site.stop(leader);
    site.step(5, { type: 'propose', command: buy('last', 5) });
    site.run(1_000);
    expect(site.sold(4)).toEqual(['with4', 'with5', 'last']);
    expect(site.replicas.get(4)!.view(site.now)).toMatchObject({ inForce: true, selling: true });
  });

  it('shrinks to one kiosk and sells on after a restart', () => {
    const site = new Site([1, 2, 3]);
    site.run(500);
    for (const kiosk of [1, 2]) {
      const command: Command = {
        op: 'change',
        requestId: `remove${kiosk}`,
        kiosk: 3,
        clerk: 'ann',
        issued: 0,
        at: 0,
        change: { kind: 'remove', kiosk },
      };
      site.step(3, { type: 'propose', command });
      site.run(2_000);
    }
    expect(site.leader()).toBe(3);
    for (const kiosk of [1, 2, 3]) site.stop(kiosk);
    site.start(3);
    site.step(3, { type: 'propose', command: buy('alone', 3) });
    site.run(1_000);
    expect(site.sold(3)).toEqual(['alone']);
  });

  describe('whose state differs (rule 13)', () => {
    function sellPast64(site: Site): void {
      site.run(500);
      for (let sale = 0; sale < 70; sale += 1) {
        site.step(1, { type: 'propose', command: buy(`r${sale}`) });
        site.run(25);
      }
      site.run(1_000);
    }

    it('stops if a majority of the members contradicts it, and the others go on', () => {
      const site = new Site([1, 2, 3]);
      site.hash = (kiosk, slot) => (kiosk === 2 ? 'rotten' : `state ${slot}`);
      sellPast64(site);
      expect([...site.stopped.keys()]).toEqual([2]);
      expect(site.stopped.get(2)).toMatch(/kiosk 2 stops: a majority of the members holds another state at slot 64/);
    });

    it('stops with all others where neither side is a majority', () => {
      const site = new Site([1, 2]);
      site.hash = (kiosk, slot) => `state ${slot} of ${kiosk}`;
      sellPast64(site);
      expect([...site.stopped.keys()].sort()).toEqual([1, 2]);
    });

    it('never stops while all agree', () => {
      const site = new Site([1, 2, 3]);
      sellPast64(site);
      expect(site.stopped.size).toBe(0);
      expect(site.sold(3)).toHaveLength(70);
    });
  });
});
