import { describe, expect, it } from 'vitest';
import { ZERO_BALLOT } from '../../shared/ballot';
import { said } from '../../shared/said';
import type { ReplicaView } from '../paxos';
import { Addresses } from './addresses';
import { connectionOf, viewOf } from './view';

/** A kiosk of three that has not heard anybody yet. */
const ALONE = {
  replica: { selling: false, role: 'follower', waiting: null, members: [{ kiosk: 1 }, { kiosk: 2 }, { kiosk: 3 }], connected: [] },
  self: { id: 1, name: '', host: '127.0.0.1', port: 7401, priority: 0 },
  problem: null,
  starting: true,
  saidRemovedFrom: null,
} as unknown as Parameters<typeof connectionOf>[0];

function connection(rest: Partial<Omit<typeof ALONE, 'replica'>>, replica: Partial<ReplicaView> = {}, reached = [1]) {
  return connectionOf({ ...ALONE, ...rest, replica: { ...ALONE.replica, ...replica } }, reached);
}

describe('the word of the majority bar', () => {
  it('is a start’s own until others can have been heard, and then what is known of them', () => {
    expect(connection({})).toBe('starting');
    expect(connection({}, {}, [1, 2])).toBe('starting');
    expect(connection({}, { selling: true })).toBe('selling');
    expect(connection({ starting: false })).toBe('cut_off');
    expect(connection({ starting: false }, {}, [1, 2])).toBe('waiting');
    expect(connection({}, { waiting: { kind: 'founding', awaited: [2, 3] } })).toBe('starting');
  });

  it('does not put off what is known for sure', () => {
    expect(connection({ problem: said('stopped') })).toBe('cut_off');
    expect(connection({ saidRemovedFrom: 7 })).toBe('cut_off');
    expect(connection({}, { role: 'removed' }, [2, 3])).toBe('waiting');
    expect(connection({}, { waiting: { kind: 'disagreement', said: said('founder_of_other_site', 2) } }, [1, 2])).toBe('waiting');
  });
});

describe('the list of kiosks', () => {
  const member = (kiosk: number) => ({
    kiosk,
    incarnation: `i${kiosk}`,
    name: `Gate ${kiosk}`,
    host: '10.0.0.1',
    port: 7400 + kiosk,
    priority: 0,
  });
  const peer = (kiosk: number, rest: object) => ({
    kiosk,
    incarnation: `i${kiosk}`,
    heardMs: 20,
    chosen: 40,
    applied: 40,
    firstSlot: 1,
    reaches: [1],
    ...rest,
  });
  const site = {
    site: 'e2e',
    place: '',
    currency: 'USD',
    timeZone: 'UTC',
    kiosks: [1, 2, 3, 4, 5].map((id) => ({ id, name: `Gate ${id}`, host: '10.0.0.1', port: 7400 + id, priority: 0 })),
  } as unknown as Sources['site'];
  type Sources = Parameters<typeof viewOf>[0];

  /** Kiosk 1 of three members, which 2 leads and 3 is away from; 4 learns, 5 was never seen. */
  function view(rest: Partial<Sources> = {}, replica: object = {}) {
    return viewOf({
      replica: {
        role: 'follower',
        selling: true,
        leader: 2,
        majority: true,
        ballot: ZERO_BALLOT,
        members: [1, 2, 3].map(member),
        inForce: true,
        chosen: 38,
        applied: 38,
        pending: [],
        waiting: null,
        removedFrom: null,
        fetching: null,
        estranged: false,
        generation: 1,
        connected: [2, 4],
        peers: [peer(2, { heardMs: 3_900 }), peer(4, { chosen: 10, reaches: [1, 2] })],
        ...replica,
      } as unknown as Sources['replica'],
      site,
      self: site.kiosks[0]!,
      events: [],
      addresses: new Addresses(site, 1),
      printers: { of: (kiosk) => (kiosk === 2 ? { label: 'Office', state: 'out_of_paper' } : null) },
      awayMs: (kiosk) => (kiosk === 3 ? 185_000 : null),
      problem: null,
      starting: false,
      desk: {} as Sources['desk'],
      nearby: [],
      saidRemovedFrom: null,
      certificate: { expiresAt: 0, state: 'good' },
      runtime: '',
      appVersion: '',
      ...rest,
    });
  }

  it('tells of each its address, standing, leader, link, lag, when it was heard, whom it reaches, and its printer', () => {
    const rows = view().kiosks.map(({ id, name, address, standing, leader, self, linked, lag, heardMs, reaches, printer }) => [
      ...[id, name, address, standing, leader ? 'leads' : '', self ? 'self' : '', linked, lag, heardMs],
      ...[reaches?.join(' ') ?? null, printer?.state ?? null],
    ]);
    expect(rows).toEqual([
      [1, 'Gate 1', '10.0.0.1:7401', 'member', '', 'self', true, 2, 0, '4', null],
      [2, 'Gate 2', '10.0.0.1:7402', 'member', 'leads', '', true, 0, 3_000, '1', 'out_of_paper'],
      [3, 'Gate 3', '10.0.0.1:7403', 'member', '', '', false, null, 180_000, null, null],
      [4, 'Gate 4', '10.0.0.1:7404', 'learner', '', '', true, 30, 0, '1 2', null],
      [5, 'Gate 5', '10.0.0.1:7405', 'none', '', '', false, null, null, null, null],
    ]);
    expect(view()).toMatchObject({ reached: 1, memberCount: 3, leader: 2 });
  });

  it('knows who lost its data, who is on the way to be a member, and who was removed', () => {
    const standings = (replica: object) => view({}, replica).kiosks.map(({ standing }) => standing);
    expect(standings({ peers: [peer(2, { incarnation: 'new' })] })[1]).toBe('lost');
    expect(standings({ inForce: false })).toEqual(['joining', 'joining', 'joining', 'learner', 'none']);
    expect(standings({ role: 'removed' })[0]).toBe('removed');
    expect(standings({ estranged: true })[0]).toBe('lost');
    expect(standings({ members: [2, 3].map(member), role: 'learner' })[0]).toBe('learner');
  });

  it('offers kiosks of the network that are not on it, or run elsewhere than it says, and no member', () => {
    const nearby = [
      { id: 2, name: 'Gate 2', host: '10.0.0.9', port: 9 },
      { id: 4, name: 'Gate 4', host: '10.0.0.1', port: 7404 },
      { id: 5, name: 'Gate 5', host: '10.0.0.9', port: 7405 },
      { id: 9, name: 'Gate 9', host: '10.0.0.9', port: 7409 },
    ];
    expect(view({ nearby }).nearby.map(({ id }) => id)).toEqual([5, 9]);
    expect(view({ nearby: [{ ...nearby[1]!, port: 7504 }] }).nearby.map(({ id }) => id)).toEqual([4]);
  });
});
