import { describe, expect, it } from 'vitest';
import { said } from '../../shared/said';
import type { ReplicaView } from '../paxos';
import { connectionOf } from './view';

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
