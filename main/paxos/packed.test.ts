import { describe, expect, it } from 'vitest';
import { Log } from './log';
import { PackedEntries } from './packed';
import type { Ballot, Value } from './types';

function ballot(round: number): Ballot {
  return { round, priority: 0, kiosk: 1, incarnation: 'incarnation1' };
}

function batch(requestId: string, clerk = 'ann'): Value {
  return {
    kind: 'batch',
    commands: [{ op: 'buy', requestId, kiosk: 1, clerk, issued: 0, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] }],
  };
}

/** Short ones, long ones, one that no piece of memory holds beside others, letters of two, three and four bytes, and half a letter. */
function valueAt(slot: number): Value {
  if (slot % 97 === 0) return batch(`r${slot}`, 'x'.repeat(200_000));
  return batch(`r${slot}`, ['ann', 'Žofie', '售票員', '🎟️ '.repeat(slot % 50), 'y'.repeat(slot * 3), '\ud83c'][slot % 6]);
}

describe('packed entries', () => {
  it('come back as they were, whatever their length and letters, from the first that is kept on', () => {
    const packed = new PackedEntries(40);
    for (let slot = 41; slot <= 700; slot += 1) packed.add(ballot(slot < 300 ? 3 : slot), valueAt(slot));
    expect(packed.last).toBe(700);
    for (let slot = 41; slot <= 700; slot += 1)
      expect(packed.get(slot)).toEqual({ ballot: ballot(slot < 300 ? 3 : slot), value: valueAt(slot) });
    for (let slot = 42; slot <= 700; slot += 1) {
      packed.dropTo(slot - 1);
      expect(packed.get(slot).value).toEqual(valueAt(slot));
    }
    expect(() => packed.get(41)).toThrow(/slot 41 is not among those/);
    expect(() => packed.get(701)).toThrow(/slot 701 is not among those/);
  });

  it('go on after a snapshot far ahead', () => {
    const packed = new PackedEntries(0);
    packed.add(ballot(1), batch('a'));
    packed.dropTo(1_000_000);
    expect(packed.last).toBe(1_000_000);
    packed.add(ballot(2), batch('b'));
    expect(packed.get(1_000_001)).toEqual({ ballot: ballot(2), value: batch('b') });
    expect(() => packed.get(1)).toThrow(/not among those/);
  });

  it('keep one object for a ballot, however many messages said it', () => {
    const packed = new PackedEntries(0);
    for (const round of [1, 1, 2]) packed.add(ballot(round), batch('a'));
    expect(packed.get(2).ballot).toBe(packed.get(1).ballot);
    expect(packed.get(3).ballot).toEqual(ballot(2));
  });
});

describe('a log whose entries are packed', () => {
  function filled(): Log {
    const log = new Log();
    for (let slot = 1; slot <= 6; slot += 1) log.hold(slot, ballot(slot), batch(`r${slot}`));
    for (let slot = 1; slot <= 5; slot += 1) log.choose(slot);
    return log;
  }

  it('holds the same, and no longer the objects that came', () => {
    const log = filled();
    const [before, after] = [log.get(2), log.get(5)];
    log.packTo(3);
    log.packTo(4);
    expect([...log.range(1, 6)]).toEqual([1, 2, 3, 4, 5, 6].map((slot) => ({ slot, ballot: ballot(slot), value: batch(`r${slot}`) })));
    expect(log.get(2)).not.toBe(before);
    expect(log.get(2)).not.toBe(log.get(2));
    expect(log.get(5)).toBe(after);
  });

  it('still never changes a chosen value, and packs nothing that is not chosen', () => {
    const log = filled();
    log.packTo(5);
    log.hold(2, ballot(9), batch('r2'));
    expect(() => log.hold(2, ballot(9), batch('other'))).toThrow(/slot 2 would change its value/);
    expect(() => log.packTo(6)).toThrow(/slot 6 is packed and not yet chosen/);
  });

  it('lets go of packed entries and of others by the same call, and goes on', () => {
    const log = filled();
    log.packTo(3);
    log.dropTo(4);
    expect([log.base, log.get(3), log.get(4), log.get(5)?.value]).toEqual([4, undefined, undefined, batch('r5')]);
    log.packTo(5);
    expect(log.get(5)?.value).toEqual(batch('r5'));
    log.install({ slot: 10, memberships: [] });
    log.hold(11, ballot(7), batch('r11'));
    log.choose(11);
    log.packTo(11);
    expect([log.base, log.get(5), log.get(6), log.get(11)?.value]).toEqual([10, undefined, undefined, batch('r11')]);
  });
});
