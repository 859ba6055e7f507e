import { describe, expect, it } from 'vitest';
import { type Asked, Site } from '../site';
import { ended, grow, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('founding, seed %i', (seed) => {
  it('S14: nobody votes before all founders have signed one list', () => {
    const site = new Site({ seed, founders: 3 });
    site.crash(3);
    site.run(5_000);
    expect(site.checker.length).toBe(0);
    expect(site.view(1)).toMatchObject({ role: 'founding', selling: false, waiting: { kind: 'founding', awaited: [3] } });
    site.start(3);
    ended(site, site.buy(1, 1));
    settled(site);
  });

  it('S14: founders whose site files differ do not open the site, and say why', () => {
    const site = new Site({ seed, founders: 3, odd: { kiosk: 2, capacity: 7 } });
    site.run(5_000);
    expect(site.checker.length).toBe(0);
    expect(site.view(1).waiting).toMatchObject({ kind: 'disagreement', said: { code: 'founder_with_other_events', values: [2] } });
  });

  it('S14: a founder that lost its folder before the opening has to be joined by the others', () => {
    const site = new Site({ seed, founders: 3 });
    site.crash(3);
    site.run(1_000);
    // 3 signs with 1 and 2, and dies before anybody hears of it; then its folder is lost.
    site.start(3);
    site.run(30);
    for (const kiosk of [1, 2, 3]) site.crash(kiosk);
    const founded = site.checker.length > 0;
    site.wipe(3);
    for (const kiosk of [1, 2, 3]) site.start(kiosk);
    site.run(5_000);
    if (founded || site.checker.length > 0) expect(site.view(3).role).toBe('learner');
    else expect(site.view(1).waiting).not.toBeNull();
    for (const kiosk of [1, 2]) expect(site.view(kiosk).role).not.toBe('learner');
  });

  it('S14: a wiped member does not vote, founds no second log, and comes back as a learner', () => {
    const site = opened(seed);
    site.isolate(3);
    ended(site, site.buy(1, 4));
    site.crash(2);
    site.crash(1);
    site.wipe(2);
    site.heal();
    site.start(2);
    const stranded = site.buy(3, 1);
    site.run(5_000);
    // 2 and 3 are two of three kiosks, but only one of three voters.
    expect(stranded.result).toBeNull();
    expect(site.view(2).role).toBe(site.kiosk(2).tickets.applied > 0 ? 'learner' : 'founding');
    site.start(1);
    expect(ended(site, stranded)).toMatchObject({ ok: true });
    settled(site);
    expect(site.view(2).role).toBe('learner');
    expect(site.sold(2)).toBe(5);
  });
});

describe.each(SEEDS)('members, seed %i', (seed) => {
  it('S32: grows from one to three to five and shrinks to one, selling on', () => {
    const site = opened(seed, { founders: 1, kiosks: 5 });
    ended(site, site.buy(1, 1));
    grow(site, 1, [2, 3, 4, 5]);
    ended(site, site.buy(4, 1));
    for (const kiosk of [1, 2, 4]) {
      expect(ended(site, site.change(3, 'remove', kiosk))).toMatchObject({ ok: true });
      expect(site.until(() => site.view(3).inForce && site.view(3).selling, 10_000)).toBe(true);
      ended(site, site.buy(3, 1));
    }
    expect(ended(site, site.change(3, 'remove', 5))).toMatchObject({ ok: true });
    expect(site.until(() => site.view(3).inForce, 10_000)).toBe(true);
    for (const kiosk of [1, 2, 4, 5]) site.crash(kiosk);
    site.crash(3);
    site.start(3);
    expect(ended(site, site.buy(3, 1))).toMatchObject({ ok: true });
    expect(site.sold(3)).toBe(6);
    expect(ended(site, site.change(3, 'remove', 3))).toMatchObject({ ok: false, reason: 'not_allowed' });
  });

  it('S33: a kiosk that does not answer never holds up the sales, and is voted in when it does', () => {
    const site = opened(seed, { kiosks: 4 });
    site.crash(4);
    site.run(1_000);
    const added = site.change(2, 'add', 4);
    for (let sale = 0; sale < 20; sale += 1) ended(site, site.buy((sale % 3) + 1, 1), 2_000);
    expect(added.result).toBeNull();
    site.start(4);
    expect(ended(site, added)).toMatchObject({ ok: true });
  });

  it('S33: a kiosk that dies half-way, at whatever moment, never holds up the sales', () => {
    for (let moment = 0; moment < 10; moment += 1) {
      const site = opened(seed, { kiosks: 4, snapshotEvery: 10, keptSlots: 2 });
      site.isolate(4);
      for (let sale = 0; sale < 30; sale += 1) ended(site, site.buy(1, 1));
      site.heal();
      const added = site.change(2, 'add', 4);
      site.run(3 + 9 * moment);
      site.crash(4);
      for (let sale = 0; sale < 5; sale += 1) expect(ended(site, site.buy((sale % 3) + 1, 1), 1_500)).toMatchObject({ ok: true });
      site.start(4);
      expect(ended(site, added)).toMatchObject({ ok: true });
      settled(site);
    }
  });

  it('S32: grows from one to three to five and shrinks to three under load: nothing is lost', () => {
    const site = opened(seed, { founders: 1, kiosks: 5, capacity: 100_000, snapshotEvery: 40, keptSlots: 5 });
    const sales: Asked[] = [];
    const under = (change: Asked) => {
      const selling = () => sales.push(site.buy(((sales.length * 7) % 3) + 3, 1));
      expect(
        site.until(() => {
          selling();
          return change.result !== null && site.view(3).inForce;
        }, 30_000),
      ).toBe(true);
      expect(change.result).toMatchObject({ ok: true });
    };
    ended(site, site.buy(1, 1));
    for (const kiosk of [2, 3, 4, 5]) under(site.change(1, 'add', kiosk));
    for (const kiosk of [1, 2]) under(site.change(4, 'remove', kiosk));
    for (const kiosk of [1, 2]) site.crash(kiosk);
    for (const sale of sales) expect(ended(site, sale)).toMatchObject({ ok: true });
    settled(site);
    expect(site.view(4).members.map(({ kiosk }) => kiosk)).toEqual([3, 4, 5]);
    expect(site.sold(5)).toBe(sales.length + 1);
    site.crash(3);
    expect(ended(site, site.buy(5, 1))).toMatchObject({ ok: true });
  });

  it('S31: a kiosk removed while it was away disturbs nobody, and knows it', () => {
    const site = opened(seed, { kiosks: 4 });
    grow(site, 1, [4]);
    const leader = site.leader()!;
    const away = [1, 2, 3, 4].find((kiosk) => kiosk !== leader)!;
    const at = [1, 2, 3, 4].find((kiosk) => kiosk !== leader && kiosk !== away)!;
    site.crash(away);
    ended(site, site.change(at, 'remove', away));
    expect(site.until(() => site.view(at).inForce, 10_000)).toBe(true);
    site.start(away);
    expect(site.until(() => site.view(away).role === 'removed', 5_000)).toBe(true);
    expect(site.leader()).toBe(leader);
  });

  it('a repeated or impossible change is answered', () => {
    const site = opened(seed, { kiosks: 4 });
    expect(ended(site, site.change(1, 'add', 2))).toMatchObject({ ok: true });
    expect(ended(site, site.change(1, 'remove', 4))).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
  });

  it('S18: a change asked again under an id that was refused changes nothing', () => {
    const site = opened(seed, { kiosks: 4 });
    const refused = ended(site, site.change(1, 'remove', 4, 'once'));
    expect(refused).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
    grow(site, 1, [4]);
    settled(site);
    expect(ended(site, site.change(2, 'remove', 4, 'once'))).toEqual(refused);
    ended(site, site.buy(1, 1, 'bought'));
    ended(site, site.change(3, 'remove', 4, 'bought'));
    settled(site);
    expect(site.checker.members).toHaveLength(4);
  });
});
