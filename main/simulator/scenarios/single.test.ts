import { describe, expect, it } from 'vitest';
import type { Ballot } from '../../../shared/ballot';
import { ALPHA } from '../../../shared/constants';
import type { JournalRecord } from '../../../shared/journal';
import type { Message } from '../../../shared/messages';
import { NO_OP, type Value } from '../../../shared/values';
import { Bench, ballot, buy, countsStrangers, FOUNDED, member, peer, sale } from './bench';

/** Scenarios in which one replica is told everything by hand. */
describe('what a disk holds', () => {
  const own: JournalRecord = { t: 'accept', slot: 2, ballot: ballot(3, 2), value: sale('own'), chosen: 1 };

  it.each<[string, number, number, boolean]>([
    ['a higher ballot', 4, 2, true],
    ['a higher slot', 3, 3, true],
    ['no more than that', 3, 2, false],
  ])('S13: is amnesia where a peer has heard of %s, and not else', (_, round, slot, forgot) => {
    const bench = new Bench(1, [FOUNDED, own]);
    const { kiosk, incarnation } = member(1);
    bench.step({ type: 'connected', peer: { ...peer(9), remembers: { kiosk, incarnation, ballot: ballot(round, 2), slot } } });
    expect(bench.forgot).toBe(forgot);
  });

  it('S16: does not move while a snapshot takes its place, whatever page or mark comes', () => {
    const accepted: JournalRecord = { t: 'accept', slot: 2, ballot: ballot(1, 2), value: sale('held'), chosen: 1 };
    const bench = new Bench(1, [FOUNDED, accepted]);
    bench.from(3, { t: 'log-page', chosen: 40, entries: [], base: 30 });
    bench.from(3, { t: 'snapshot-page', slot: 30, hash: 'x', part: 0, parts: 1, kind: 'head', bytes: new Uint8Array(1) });
    bench.from(2, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: ballot(1, 2), value: sale('held') }] });
    bench.from(2, { t: 'commit', ballot: ballot(1, 2), chosen: 2 });
    expect(bench.applied.map(({ slot }) => slot)).toEqual([1]);
  });

  it('S5: is no entry above a gap', () => {
    const bench = new Bench(1, [FOUNDED]);
    bench.from(2, { t: 'log-page', chosen: 3, entries: [{ slot: 3, ballot: ballot(1, 2), value: sale('third') }] });
    expect(bench.records).toEqual([]);
  });

  it('S16: says again, below a snapshot, what is under way and what peers were heard to vouch for', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    bench.step({ type: 'propose', command: { ...buy('x1'), op: 'cancel', target: 'r1' } });
    bench.records.splice(0);
    bench.step({ type: 'snapshot', snapshot: { slot: 1, hash: 'x', parts: [] } });
    const { kiosk, incarnation } = member(2);
    expect(bench.records).toMatchObject([
      { t: 'pending', command: { op: 'cancel', requestId: 'x1' } },
      { t: 'peer', kiosk, incarnation, ballot: mine, slot: 0 },
    ]);
  });
});

describe('choosing values, message by message', () => {
  it('S2: the value of the highest ballot is proposed again, one that a single member accepted too', () => {
    const bench = new Bench(1, [FOUNDED, { t: 'accept', slot: 2, ballot: ballot(1, 2), value: sale('older'), chosen: 1 }]);
    const mine = bench.campaign(ballot(5, 3));
    const promise = (entries: { slot: number; ballot: Ballot; value: Value }[]): Message => ({
      t: 'promise',
      ballot: mine,
      from: 2,
      chosen: 1,
      entries,
    });
    bench.from(
      3,
      promise([
        { slot: 2, ballot: ballot(5, 3), value: sale('newer') },
        { slot: 3, ballot: ballot(1, 2), value: sale('alone') },
      ]),
    );
    const proposed = bench.of('accept').flatMap(({ entries }) => entries);
    expect(proposed.find(({ slot }) => slot === 2)?.value).toEqual(sale('newer'));
    expect(proposed.find(({ slot }) => slot === 3)?.value).toEqual(sale('alone'));
  });

  it('S2: nothing is proposed before a majority has promised', () => {
    const bench = new Bench(1, [FOUNDED, { t: 'accept', slot: 2, ballot: ballot(1, 2), value: sale('older'), chosen: 1 }]);
    bench.campaign();
    expect(bench.of('accept')).toEqual([]);
  });

  it('S1: a promise that leaves out chosen slots counts only once they are here', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 4, entries: [] });
    expect(bench.of('accept')).toEqual([]);
    expect(bench.of('log-request').at(-1)).toEqual({ t: 'log-request', from: 2 });
    bench.from(2, {
      t: 'log-page',
      chosen: 4,
      entries: [2, 3, 4].map((slot) => ({ slot, ballot: ballot(1, 2), value: sale(`s${slot}`) })),
    });
    bench.step({ type: 'propose', command: buy('mine') });
    expect(bench.of('accept').at(-1)?.entries[0]?.slot).toBe(5);
  });

  it('S6: a commit mark over a stale value is no permission to apply it', () => {
    const bench = new Bench(3, [FOUNDED]);
    bench.from(1, { t: 'accept', ballot: ballot(1, 1), chosen: 1, entries: [{ slot: 2, value: sale('ann') }] });
    bench.from(2, { t: 'commit', ballot: ballot(2, 2), chosen: 4 });
    expect(bench.applied.map(({ slot }) => slot)).toEqual([1]);
    expect(bench.of('log-request')).toEqual([{ t: 'log-request', from: 2 }]);
    bench.from(2, {
      t: 'log-page',
      chosen: 4,
      entries: [2, 3, 4].map((slot) => ({ slot, ballot: ballot(2, 2), value: sale(`bob${slot}`) })),
    });
    expect(bench.applied.map(({ value }) => value).slice(1)).toEqual([sale('bob2'), sale('bob3'), sale('bob4')]);
  });

  it('S6: a leader that learns of a slot chosen above its ballot is none any more, and calls nothing chosen in it', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    // Kiosk 2 holds this sale; 3 and 4 have another leader, and a learner, which has promised nothing, tells of what that one chose.
    bench.step({ type: 'propose', command: buy('overruled') });
    bench.step({ type: 'connected', peer: peer(9) });
    bench.sent.splice(0);
    const page = [{ slot: 2, ballot: ballot(50, 3), value: sale('chosen') }];
    bench.step({ type: 'message', from: member(9), message: { t: 'log-page', chosen: 2, entries: page } });
    bench.now += 25;
    bench.step({ type: 'tick' });
    expect(bench.applied.at(-1)?.value).toEqual(sale('chosen'));
    expect(bench.replica.view(bench.now).role).not.toBe('leader');
    const marks = [...bench.of('commit'), ...bench.of('accept')].map(({ chosen }) => chosen);
    const claims = bench.of('ping').filter(({ status }) => status.claims && status.promised.round === mine.round);
    expect([...marks, ...claims.map(({ status }) => status.chosen)]).not.toContain(2);
  });

  it('S6: a leader that is put on a snapshot is none any more: it does not say in which ballots its slots were chosen', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    bench.step({ type: 'propose', command: buy('overruled') });
    expect(bench.replica.view(bench.now).role).toBe('leader');
    bench.from(3, { t: 'log-page', chosen: 40, entries: [], base: 30 });
    bench.from(3, { t: 'snapshot-page', slot: 30, hash: 'x', part: 0, parts: 1, kind: 'head', bytes: new Uint8Array(1) });
    expect(bench.replica.view(bench.now).role).not.toBe('leader');
  });

  it('S7: acceptances of other ballots, strangers and doubles add up to nothing', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = countsStrangers(bench);
    expect(bench.applied).toHaveLength(1);
    bench.from(2, { t: 'accepted', ballot: mine, slots: [2] });
    expect(bench.applied).toHaveLength(2);
  });

  it('S9: the accepted ballot never goes back', () => {
    const bench = new Bench(3, [FOUNDED, { t: 'accept', slot: 2, ballot: ballot(4, 2), value: sale('bob'), chosen: 1 }]);
    bench.from(1, { t: 'accept', ballot: ballot(3, 1), chosen: 1, entries: [{ slot: 2, value: sale('ann') }] });
    expect(bench.records).toEqual([]);
    expect(bench.of('reject')).toEqual([{ t: 'reject', ballot: ballot(3, 1), promised: ballot(4, 2) }]);
    // A promise that an acceptance implied holds after a restart, too.
    bench.from(1, { t: 'prepare', ballot: ballot(3, 1), from: 2 });
    expect(bench.of('promise')).toEqual([]);
  });

  it('S10: a late ballot of an earlier leader is refused, a doubled one answered alike', () => {
    const bench = new Bench(3, [FOUNDED]);
    for (let time = 0; time < 2; time += 1) bench.from(2, { t: 'prepare', ballot: ballot(7, 2), from: 2 });
    expect(bench.of('promise')).toHaveLength(2);
    expect(bench.records.filter(({ t }) => t === 'promise')).toHaveLength(1);
    bench.from(1, { t: 'prepare', ballot: ballot(6, 1), from: 2 });
    bench.from(1, { t: 'accept', ballot: ballot(6, 1), chosen: 1, entries: [{ slot: 2, value: sale('late') }] });
    expect(bench.of('reject')).toHaveLength(2);
    expect(bench.of('accepted')).toEqual([]);
  });

  it('S3: of two changes that two leaders proposed, and a third has to take over, the first counts', () => {
    const change = (requestId: string, kiosk: number): Value => ({
      kind: 'configuration',
      command: { ...buy(requestId), op: 'change', change: { kind: 'add', kiosk } },
      members: [member(1), member(2), member(3), member(kiosk)],
    });
    // Kiosk 1 proposed its change in slot 2; 2 led next, saw nothing of it, and of what it proposed in slots 2 and 3 only the change reached 3.
    const bench = new Bench(1, [FOUNDED, { t: 'accept', slot: 2, ballot: ballot(1, 1), value: change('c1', 4), chosen: 1 }]);
    const mine = bench.campaign(ballot(2, 2));
    const entries = [{ slot: 3, ballot: ballot(2, 2), value: change('c2', 5) }];
    bench.from(3, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries });
    bench.from(3, { t: 'accepted', ballot: mine, slots: [2, 3] });
    expect(bench.applied.map(({ value }) => value).slice(1)).toEqual([change('c1', 4), change('c2', 5)]);
    expect(bench.replica.view(bench.now)).toMatchObject({ members: [{}, {}, {}, { kiosk: 4 }], inForceFrom: 2 + ALPHA });
  });

  it('S3: no read is confirmed by old members alone, nor by new ones that have not promised, once the new ones may have sold', () => {
    const command = { ...buy('c1'), op: 'change', change: { kind: 'add', kiosk: 4 } } as const;
    const change: Value = { kind: 'configuration', command, members: [member(1), member(4), member(5)] };
    const held = Array.from({ length: ALPHA }, (_, index) => ({ slot: index + 2, value: index === 0 ? change : NO_OP }));
    // Kiosk 3 has led them through the change, and sold in slot 18 with kiosks 4 and 5; 1 knows of no choice.
    const theirs = ballot(1, 3);
    const records = held.map((entry): JournalRecord => ({ t: 'accept', ...entry, ballot: theirs, chosen: 1 }));
    const bench = new Bench(1, [FOUNDED, ...records]);
    bench.step({ type: 'disconnected', kiosk: 3 });
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    for (const kiosk of [4, 5]) bench.step({ type: 'connected', peer: peer(kiosk) });
    bench.step({ type: 'read', id: 'stale' });
    bench.answerRounds(theirs);
    bench.from(2, { t: 'accepted', ballot: mine, slots: held.map(({ slot }) => slot) });
    expect(bench.applied.at(-1)?.slot).toBe(ALPHA + 1);
    bench.answerRounds(theirs);
    expect(bench.reads).toEqual([]);
    const entries = [{ slot: ALPHA + 2, ballot: theirs, value: sale('elsewhere') }];
    bench.from(4, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries });
    bench.from(4, { t: 'held', ballot: mine, slot: ALPHA + 1 });
    bench.answerRounds(mine);
    expect(bench.reads).toEqual([]);
    bench.from(4, { t: 'accepted', ballot: mine, slots: [ALPHA + 2] });
    expect(bench.applied.at(-1)?.value).toEqual(sale('elsewhere'));
    bench.answerRounds(mine);
    expect(bench.reads).toEqual(['stale']);
  });

  it('S3: a read whose index is before the last slot of old members is confirmed by them', () => {
    const bench = new Bench(1, [FOUNDED]);
    for (const kiosk of [4, 5]) bench.step({ type: 'connected', peer: peer(kiosk) });
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    const command = { ...buy('c1'), op: 'change', change: { kind: 'remove', kiosk: 9 } } as const;
    const change: Value = { kind: 'configuration', command, members: [member(1), member(4), member(5)] };
    bench.from(2, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: mine, value: change }] });
    const slots = Array.from({ length: ALPHA - 1 }, (_, index) => index + 3);
    bench.from(2, { t: 'accepted', ballot: mine, slots: slots.slice(0, -1) });
    expect(bench.applied.at(-1)?.slot).toBe(ALPHA);
    bench.step({ type: 'read', id: 'before' });
    bench.from(2, { t: 'accepted', ballot: mine, slots });
    expect(bench.applied.at(-1)?.slot).toBe(ALPHA + 1);
    bench.answerRounds(mine, [4, 5]);
    expect(bench.reads).toEqual([]);
    bench.answerRounds(mine);
    expect(bench.reads).toEqual(['before']);
  });

  it('S29: an answer to a round that this life has not begun confirms nothing', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    bench.step({ type: 'read', id: 'stale' });
    const { status, round } = bench.of('ping').at(-1)!;
    bench.from(2, { t: 'pong', round: round + 1_000, status: { ...status, claims: false, serves: false } });
    expect(bench.reads).toEqual([]);
    bench.answerRounds(mine);
    expect(bench.reads).toEqual(['stale']);
  });

  it('S29: an answer to a round from before a sleep confirms nothing', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    expect(bench.replica.view(bench.now).role).toBe('leader');
    const ping = bench.of('ping').at(-1)!;
    bench.now += 10_000;
    bench.from(2, {
      t: 'pong',
      round: ping.round,
      status: {
        promised: mine,
        claims: false,
        serves: false,
        connected: true,
        content: true,
        chosen: 1,
        applied: 1,
        firstSlot: 1,
        slow: false,
      },
    });
    expect(bench.replica.view(bench.now).role).not.toBe('leader');
  });
});
