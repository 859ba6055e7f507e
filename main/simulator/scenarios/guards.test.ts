import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../../shared/constants';
import type { JournalRecord } from '../../../shared/journal';
import { NO_OP, type Value } from '../../../shared/values';
import { Bench, ballot, buy, FOUNDED, member, peer, sale } from './bench';

/** What a replica hears and must not heed: of another ballot, out of turn, or of a kiosk that has no say. */

function change(requestId: string, ...kiosks: number[]): Value {
  return {
    kind: 'configuration',
    command: { ...buy(requestId), op: 'change', change: { kind: 'add', kiosk: kiosks.at(-1)! } },
    members: kiosks.map(member),
  };
}

function page(hash: string, part: number) {
  return { t: 'snapshot-page', slot: 30, hash, part, parts: 2, kind: 'sales', bytes: new Uint8Array(1) } as const;
}

/** What a kiosk has asked kiosk 2 to accept. */
function proposed(bench: Bench): readonly { readonly slot: number; readonly value: Value }[] {
  return bench.sent.flatMap(({ to, message }) => (to === 2 && message.t === 'accept' ? message.entries : []));
}

describe('a candidate', () => {
  it('S7: counts no promise of another ballot: what its kiosk has accepted since is not in it', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.step({ type: 'propose', command: buy('mine') });
    for (const other of [ballot(mine.round - 1, 1), ballot(mine.round + 1, 1), ballot(mine.round, 2)])
      bench.from(2, { t: 'promise', ballot: other, from: 2, chosen: 1, entries: [] });
    expect(proposed(bench)).toEqual([]);
    expect(bench.replica.view(bench.now).role).toBe('candidate');
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    expect(proposed(bench)).toEqual([{ slot: 2, value: sale('mine') }]);
  });

  it('S5: counts no promise of which a page is missing: a value in the gap may be chosen', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    const entries = [2, 3].map((slot) => ({ slot, ballot: ballot(1, 3), value: sale(`s${slot}`) }));
    bench.from(2, { t: 'promise', ballot: mine, from: 3, chosen: 1, entries: entries.slice(1) });
    expect(proposed(bench)).toEqual([]);
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: entries.slice(0, 1), more: 3 });
    expect(proposed(bench)).toEqual([]);
    expect(bench.of('prepare').at(-1)).toMatchObject({ from: 3 });
    bench.from(2, { t: 'promise', ballot: mine, from: 3, chosen: 1, entries: entries.slice(1) });
    expect(proposed(bench)).toEqual([2, 3].map((slot) => ({ slot, value: sale(`s${slot}`) })));
  });

  it('rule 6: is no kiosk without a vote, whether it misses its leader or is handed the lead', () => {
    const alone = new Bench(9, [FOUNDED]);
    expect(() => alone.campaign()).toThrow('no campaign');
    const heir = new Bench(9, [FOUNDED]);
    const leading = ballot(3, 2);
    heir.from(2, { t: 'prepare', ballot: leading, from: 2 });
    heir.answerRounds(leading);
    expect(heir.replica.view(heir.now)).toMatchObject({ ballot: leading, majority: true });
    heir.from(2, { t: 'hand-over', ballot: leading, chosen: 1 });
    expect(heir.of('prepare')).toEqual([]);
  });
});

describe('a leader', () => {
  it('S31: is ended by the word of a member that has promised more, and by that of nobody else', () => {
    const bench = new Bench(1, [FOUNDED]);
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    bench.step({ type: 'connected', peer: peer(9) });
    const { round, status } = bench.of('ping').at(-1)!;
    const above = { ...status, promised: ballot(50, 9), claims: false, serves: false };
    bench.from(9, { t: 'reject', ballot: mine, promised: ballot(50, 9) });
    bench.from(9, { t: 'ping', round: 1, status: above });
    bench.from(9, { t: 'pong', round, status: above });
    expect(bench.replica.view(bench.now).role).toBe('leader');
    bench.from(2, { t: 'reject', ballot: mine, promised: ballot(50, 9) });
    expect(bench.replica.view(bench.now).role).not.toBe('leader');
  });

  it('rule 3: opens a new configuration by what is held up to its first slot, and was asked for in this ballot', () => {
    const bench = new Bench(1, [FOUNDED]);
    for (const kiosk of [4, 5]) bench.step({ type: 'connected', peer: peer(kiosk) });
    const mine = bench.campaign();
    bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    bench.from(2, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: mine, value: change('c1', 1, 4, 5) }] });
    bench.from(2, { t: 'accepted', ballot: mine, slots: Array.from({ length: ALPHA - 1 }, (_, index) => index + 3) });
    bench.from(4, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
    expect(bench.of('hold').at(-1)).toEqual({ t: 'hold', ballot: mine, slot: ALPHA + 1 });
    const opened = () => bench.of('accept').some(({ entries }) => entries.some(({ slot }) => slot === ALPHA + 2));
    bench.from(4, { t: 'held', ballot: mine, slot: ALPHA });
    bench.from(5, { t: 'held', ballot: ballot(mine.round - 1, 1), slot: ALPHA + 1 });
    expect(opened()).toBe(false);
    bench.from(4, { t: 'held', ballot: mine, slot: ALPHA + 1 });
    expect(opened()).toBe(true);
  });
});

describe('an acceptor', () => {
  it("S7: takes a ballot from nobody but the kiosk, in the incarnation, whose it is: another's word would promise in its name", () => {
    const bench = new Bench(1, [FOUNDED]);
    for (const foreign of [ballot(5, 3), { ...ballot(5, 2), incarnation: 'another0' }]) {
      bench.from(2, { t: 'prepare', ballot: foreign, from: 2 });
      bench.from(2, { t: 'accept', ballot: foreign, chosen: 1, entries: [{ slot: 2, value: sale('foreign') }] });
    }
    expect(bench.records).toEqual([]);
    expect([...bench.of('promise'), ...bench.of('accepted')]).toEqual([]);
    bench.from(2, { t: 'accept', ballot: ballot(5, 2), chosen: 1, entries: [{ slot: 2, value: sale('own') }] });
    expect(bench.records).toMatchObject([{ t: 'accept', slot: 2 }]);
  });
});

describe('a kiosk that learns', () => {
  it('rule 7: takes no log that another site was opened with', () => {
    const bench = new Bench(9, []);
    const { slot, ballot: opening, value } = FOUNDED as Extract<JournalRecord, { t: 'learn' }>;
    const foreign = { ...value, uid: 'uid00001' } as Value;
    bench.from(2, { t: 'log-page', chosen: 1, entries: [{ slot, ballot: opening, value: foreign }] });
    expect(bench.records).toEqual([]);
    bench.from(2, { t: 'log-page', chosen: 1, entries: [{ slot, ballot: opening, value }] });
    expect(bench.records).toEqual([FOUNDED]);
  });

  it('rule 8: takes the log of one generation, though it is linked with kiosks of two, and says which before it has come to it', () => {
    const { slot, ballot: opening, value } = FOUNDED as Extract<JournalRecord, { t: 'learn' }>;
    const opened = { slot, ballot: opening, value };
    const [old, recovered] = [{ generation: 1, recovery: '' } as const, { generation: 2, recovery: '2.3:incarnation3' } as const];
    const first = new Bench(9, []);
    first.from(2, { t: 'log-page', chosen: 2, entries: [opened], ...old });
    first.from(3, { t: 'log-page', chosen: 3, entries: [{ slot: 2, ballot: ballot(1, 3), value: sale('new') }], ...recovered });
    first.from(3, { t: 'log-page', chosen: 40, entries: [], base: 30, ...recovered });
    expect([first.applied.length, first.of('snapshot-request').length]).toEqual([1, 0]);
    first.from(2, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: ballot(1, 2), value: sale('old') }], ...old });
    expect(first.applied.at(-1)?.value).toEqual(sale('old'));
    expect(first.replica.view(0)).toMatchObject(old);

    // A page that only says where a snapshot is binds it no longer than that is fetched.
    const second = new Bench(9, []);
    second.from(2, { t: 'log-page', chosen: 40, entries: [], base: 30, ...old });
    second.from(3, { t: 'log-page', chosen: 2, entries: [opened], ...recovered });
    expect(second.applied).toEqual([]);
    second.step({ type: 'disconnected', kiosk: 2 });
    expect(second.replica.view(0)).toMatchObject({ generation: 0, recovery: '' });
    second.from(3, { t: 'log-page', chosen: 2, entries: [opened], ...recovered });
    expect(second.replica.view(0)).toMatchObject({ ...recovered, members: [{}, {}, {}] });
    second.step({ type: 'connected', peer: peer(2) });
    second.from(2, { t: 'log-request', from: 1 });
    expect(second.of('log-page').at(-1)).toMatchObject({ entries: [opened], ...recovered });
    second.from(2, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: ballot(1, 2), value: sale('old') }], ...old });
    const recovery: Value = { kind: 'recovery', generation: 2, members: [member(3)], at: 7 };
    second.from(3, { t: 'log-page', chosen: 2, entries: [{ slot: 2, ballot: ballot(1, 3), value: recovery }], ...recovered });
    expect(second.applied.map((entry) => entry.value)).toEqual([value, recovery]);
    second.step({ type: 'recover', at: 8 });
    expect(second.replica.view(0)).toMatchObject({ generation: 3, members: [{ kiosk: 9 }] });
  });

  it('S16: puts no two snapshots together: all parts are of the state that the first one named', () => {
    const bench = new Bench(1, [FOUNDED]);
    bench.from(3, { t: 'log-page', chosen: 40, entries: [], base: 30 });
    for (const part of [page('one', 0), page('other', 1)]) bench.from(3, part);
    expect(bench.installs).toEqual([]);
    bench.from(3, page('one', 1));
    expect(bench.installs).toMatchObject([{ slot: 30, hash: 'one', parts: [{}, {}] }]);
  });
});

describe('a recovery', () => {
  it('rule 8: makes no change of the members that was not decided, and keeps all else that is held', () => {
    const held = [sale('held'), change('undecided', 1, 2, 3, 4)];
    const records = held.map((value, index): JournalRecord => ({ t: 'accept', slot: index + 2, ballot: ballot(2, 2), value, chosen: 1 }));
    const bench = new Bench(3, [FOUNDED, ...records]);
    bench.step({ type: 'recover', at: 7 });
    expect(bench.applied.slice(1, 4).map(({ value }) => value)).toEqual([
      sale('held'),
      NO_OP,
      { kind: 'recovery', generation: 2, members: [member(3)], at: 7 },
    ]);
  });
});
