import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBallots, formatBallot, ZERO_BALLOT } from '../../shared/ballot';
import { ALPHA, PAGE_BYTES } from '../../shared/constants';
import { membershipOf } from '../../shared/snapshot';
import { NO_OP } from '../../shared/values';
import { Agreement } from './agreement';
import { Configurations } from './configurations';
import type { Core } from './core';
import { restore } from './durable';
import type { Election } from './election';
import { Log } from './log';
import { PeerMemory } from './peerMemory';
import { isMajority, majoritySize, voterKey } from './quorum';
import { HEARTBEAT_MS } from './timing';
import type { Ballot, Entry, JournalRecord, Member, PeerStatus, Value } from './types';
import { entryBytes, page } from './wire';

function member(kiosk: number, incarnation = `incarnation${kiosk}`): Member {
  return { kiosk, incarnation, name: `Kiosk ${kiosk}`, host: '127.0.0.1', port: 7400 + kiosk, priority: 0 };
}

function ballot(round: number, kiosk = 1): Ballot {
  return { round, priority: 0, kiosk, incarnation: `incarnation${kiosk}` };
}

function batch(requestId: string): Value {
  return {
    kind: 'batch',
    commands: [{ op: 'buy', requestId, kiosk: 1, clerk: 'ann', issued: 0, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] }],
  };
}

function founding(...kiosks: number[]): Value {
  return {
    kind: 'founding',
    uid: 'uid00000',
    members: kiosks.map((kiosk) => member(kiosk)),
    events: [{ id: 'demo', name: 'Demo', capacity: 9, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }],
  };
}

function change(...kiosks: number[]): Value {
  return {
    kind: 'configuration',
    command: { op: 'change', requestId: 'c', kiosk: 1, clerk: 'ann', issued: 0, at: 0, change: { kind: 'add', kiosk: 4 } },
    members: kiosks.map((kiosk) => member(kiosk)),
  };
}

const ballots = fc.record({ round: fc.nat(3), priority: fc.nat(2), kiosk: fc.nat(3), incarnation: fc.constantFrom('a', 'b') });

describe('ballots', () => {
  it('are totally ordered', () => {
    fc.assert(
      fc.property(ballots, ballots, ballots, (a, b, c) => {
        expect(Math.sign(compareBallots(a, b))).toBe(-Math.sign(compareBallots(b, a)) + 0);
        if (compareBallots(a, b) <= 0 && compareBallots(b, c) <= 0) expect(compareBallots(a, c)).toBeLessThanOrEqual(0);
        expect(compareBallots(ZERO_BALLOT, a)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('are shown as round.priority.kiosk', () => {
    expect(formatBallot(ballot(7, 2))).toBe('7.0.2');
  });
});

describe('a majority', () => {
  it('shares a member with every other one', () => {
    for (let n = 1; n <= 9; n += 1) {
      const members = Array.from({ length: n }, (_, index) => member(index + 1));
      expect(2 * majoritySize(members)).toBeGreaterThan(n);
      expect(2 * (majoritySize(members) - 1)).toBeLessThanOrEqual(n);
    }
  });

  it('counts each member once, and nobody else (S7)', () => {
    const members = [member(1), member(2), member(3)];
    const voters = (...all: Member[]) => new Set(all.map(voterKey));
    expect(isMajority(members, voters(member(1), member(1), member(4), member(5)))).toBe(false);
    expect(isMajority(members, voters(member(1), member(2, 'another0')))).toBe(false);
    expect(isMajority(members, voters(member(1), member(3)))).toBe(true);
  });
});

describe('a voter', () => {
  it('is a kiosk in an incarnation, whoever was asked for before', () => {
    const twins = [1, 2, 1, 2].map((kiosk) => voterKey(member(kiosk, 'twin00000')));
    expect(new Set(twins).size).toBe(2);
    expect(twins[2]).toBe(twins[0]);
    expect(voterKey(member(1, 'other0000'))).not.toBe(twins[0]);
  });
});

describe('what was heard of a peer (rule 8)', () => {
  it('only grows, is written down when it did, and stays as it was told', () => {
    const memory = new PeerMemory(new Map());
    memory.heard(member(2), ZERO_BALLOT, 0);
    expect(memory.of(2)).toHaveLength(0);
    memory.heard(member(2), ballot(3), 0);
    memory.heard(member(2), ballot(3), 5);
    const told = memory.of(2);
    expect(told).toEqual([{ kiosk: 2, incarnation: 'incarnation2', ballot: ballot(3), slot: 5 }]);
    expect(memory.news()).toMatchObject([{ t: 'peer', slot: 5 }]);
    memory.heard(member(2), ballot(2), 4);
    expect(memory.news()).toEqual([]);
    memory.heard(member(2), ballot(2), 6);
    memory.heard(member(2), ballot(4), 1);
    expect(memory.of(2)).toMatchObject([{ ballot: ballot(4), slot: 6 }]);
    expect(memory.news()).toMatchObject([{ ballot: ballot(4), slot: 6 }]);
    expect(told).toMatchObject([{ ballot: ballot(3), slot: 5 }]);
    memory.heard(member(3), ballot(1), 0);
    expect(memory.of(2)).toHaveLength(1);
    expect(memory.all()).toHaveLength(2);
  });
});

describe('another state than that of a peer (rule 13)', () => {
  it('stops a kiosk after a few rounds, unless that peer is gone by then', () => {
    const [one, two] = [member(1), member(2)] as const;
    const core = { voters: [one, two], rules: { quorum: isMajority }, config: { self: one }, now: 1_000 };
    const election = { setHash: () => {}, hash: { slot: 64, hash: 'mine' } };
    for (const gone of [true, false]) {
      core.now = 1_000;
      const agreement = new Agreement(core as unknown as Core, election as unknown as Election);
      agreement.applied(64, 'mine');
      agreement.onStatus(two, { hash: { slot: 64, hash: 'other' } } as PeerStatus);
      expect(agreement.verdict()).toBeNull();
      if (gone) agreement.onDisconnected(two);
      core.now += 10 * HEARTBEAT_MS;
      expect(agreement.verdict() === null).toBe(gone);
    }
  });
});

function learn(configurations: Configurations, slot: number, value: Value): void {
  const membership = membershipOf(slot, value, configurations.newest);
  if (membership !== null) configurations.learn(membership);
}

describe('configurations', () => {
  it('govern from alpha slots after their own (rule 3)', () => {
    const configurations = new Configurations();
    expect(configurations.governing(1)).toBeNull();
    learn(configurations, 1, founding(1, 2, 3));
    learn(configurations, 5, change(1, 2, 3, 4));
    expect(configurations.governing(4 + ALPHA)?.members).toHaveLength(3);
    expect(configurations.governing(5 + ALPHA)?.members).toHaveLength(4);
    expect(configurations.governingFrom(6).map(({ from }) => from)).toEqual([1, 5 + ALPHA]);
    expect(configurations.removedFrom(member(3))).toBeNull();
    expect(configurations.removedFrom(member(3, 'another0'))).toBeNull();
    learn(configurations, 30, change(1, 2));
    expect(configurations.removedFrom(member(3))).toBe(30 + ALPHA);
  });

  it('come one at a time, and the founding first', () => {
    const configurations = new Configurations();
    learn(configurations, 3, change(1));
    expect(configurations.newest).toBeNull();
    learn(configurations, 1, founding(1));
    learn(configurations, 2, change(1, 2));
    learn(configurations, 1 + ALPHA, change(1));
    expect(configurations.newest).toMatchObject({ slot: 2, from: 2 + ALPHA });
    const slots = { kind: 'configuration', members: [member(1)], generation: 1 } as const;
    expect(() => configurations.learn({ ...slots, slot: 1 + ALPHA })).toThrow(/not yet in force/);
    learn(configurations, 2 + ALPHA, change(1));
    expect(configurations.newest).toMatchObject({ slot: 2 + ALPHA, members: [member(1)] });
    expect(() => learn(configurations, 4, founding(1))).toThrow(/only slot 1/);
  });

  it('are replaced by a recovery from the next slot on, a pending change too (rule 8)', () => {
    const configurations = new Configurations();
    learn(configurations, 1, founding(1, 2, 3));
    learn(configurations, 5, change(1, 2, 3, 4));
    learn(configurations, 9, { kind: 'recovery', generation: 2, members: [member(2)], at: 0 });
    expect(configurations.governing(9)?.members).toHaveLength(3);
    for (const slot of [10, 5 + ALPHA, 1_000]) expect(configurations.governing(slot)?.members).toEqual([member(2)]);
    expect(configurations.generation).toBe(2);
    expect(configurations.removedFrom(member(1))).toBe(10);
    const other = new Configurations();
    learn(other, 1, founding(1));
    expect(() => learn(other, 2, { kind: 'recovery', generation: 4, members: [member(1)], at: 0 })).toThrow(/generation 4 after 1/);
  });
});

describe('the log', () => {
  it('moves its chosen prefix on only without holes', () => {
    const log = new Log();
    log.hold(1, ballot(1), founding(1));
    log.hold(2, ballot(1), NO_OP);
    log.hold(3, ballot(1), NO_OP);
    log.choose(3);
    expect(log.chosen).toBe(0);
    log.choose(1);
    expect(log.chosen).toBe(1);
    log.choose(2);
    expect([log.chosen, log.last]).toEqual([3, 3]);
  });

  it('never changes a chosen value, nor one of a ballot', () => {
    const log = new Log();
    log.hold(1, ballot(1), batch('a'));
    expect(() => log.hold(1, ballot(1), batch('b'))).toThrow(/change its value/);
    log.hold(1, ballot(2), batch('b'));
    log.choose(1);
    expect(() => log.hold(1, ballot(3), batch('a'))).toThrow(/change its value/);
    expect(() => log.choose(2)).toThrow(/nothing is held/);
    // The same value again, its keys in another order, is no change.
    log.hold(
      1,
      ballot(4),
      JSON.parse(
        '{"commands":[{"items":[{"n":1,"category":"adult","event":"demo"}],"at":0,"issued":0,"clerk":"ann","kiosk":1,"requestId":"b","op":"buy"}],"kind":"batch"}',
      ) as Value,
    );
  });

  it('keeps what it holds far beyond a snapshot, and does not go through all that lies between', () => {
    const log = new Log();
    /** One look at each slot below it would outlast the test's time-out by a minute. */
    const far = 1_000_000_000;
    for (const slot of [far, far + 2]) log.hold(slot, ballot(1), NO_OP);
    log.install({ slot: far - 1, memberships: [] });
    log.choose(far + 2);
    log.choose(far);
    expect([log.base, log.chosen, log.last, log.get(far)?.value, log.get(far + 1), log.isChosen(far + 2)]).toEqual([
      far - 1,
      far,
      far + 2,
      NO_OP,
      undefined,
      true,
    ]);
  });
});

describe('the journal, folded', () => {
  it('knows the highest promise, an acceptance implying its own', () => {
    const records: JournalRecord[] = [
      { t: 'promise', ballot: ballot(3) },
      { t: 'accept', slot: 2, ballot: ballot(5), value: NO_OP, chosen: 1 },
      { t: 'promise', ballot: ballot(4) },
    ];
    expect(restore([{ t: 'learn', slot: 1, ballot: ballot(0), value: founding(1) }, ...records], null, ZERO_BALLOT).promised).toEqual(
      ballot(5),
    );
  });

  it('takes any prefix: promise and chosen mark never fall from one to the next', () => {
    const records: JournalRecord[] = [{ t: 'learn', slot: 1, ballot: ballot(0), value: founding(1) }];
    for (let slot = 2; slot < 40; slot += 1) {
      if (slot % 7 === 0) records.push({ t: 'promise', ballot: ballot(slot) });
      records.push(
        slot % 5 === 0
          ? { t: 'learn', slot, ballot: ballot(slot), value: NO_OP }
          : { t: 'accept', slot, ballot: ballot(slot), value: NO_OP, chosen: slot - 1 },
      );
    }
    let before = restore([], null, ZERO_BALLOT);
    for (let length = 1; length <= records.length; length += 1) {
      const state = restore(records.slice(0, length), null, ZERO_BALLOT);
      expect(compareBallots(state.promised, before.promised)).toBeGreaterThanOrEqual(0);
      expect(state.log.chosen).toBeGreaterThanOrEqual(before.log.chosen);
      before = state;
    }
    expect(before.log.chosen).toBe(38);
  });
});

describe('pages', () => {
  it('hold at least one entry, and no more than fits', () => {
    const entries: Entry[] = Array.from({ length: 3_000 }, (_, index) => ({
      slot: index + 1,
      ballot: ballot(1),
      value: batch(`${'x'.repeat(50)}${index}`),
    }));
    const seen: number[] = [];
    for (let from = 0; from < entries.length; ) {
      const { entries: taken, more } = page(entries.slice(from));
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.reduce((sum, { value }) => sum + entryBytes(value), 0)).toBeLessThanOrEqual(PAGE_BYTES);
      expect(more?.slot).toBe(entries[from + taken.length]?.slot);
      seen.push(...taken.map(({ slot }) => slot));
      from += taken.length;
    }
    expect(seen).toEqual(entries.map(({ slot }) => slot));
    expect(page([]).entries).toEqual([]);
  });
});
