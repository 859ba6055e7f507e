import { describe, expect, it } from 'vitest';
import { ended, grow, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('lost data, seed %i', (seed) => {
  it('S13: a disk that lost what it had called synced is found out by what the peers remember, and does not vote', () => {
    const site = opened(seed);
    for (let sale = 0; sale < 10; sale += 1) ended(site, site.buy(1, 1));
    // Peers write down what they heard once a second.
    site.run(2_500);
    site.crash(2);
    site.lose(2, 14);
    site.start(2);
    expect(site.until(() => site.kiosk(2).stopped !== null, 3_000)).toBe(true);
    expect(site.kiosk(2).stopped).toMatch(/the disk has lost data, so this kiosk must not vote/);
    site.wipe(2, true);
    site.start(2);
    ended(site, site.buy(1, 1));
    expect(ended(site, site.change(1, 'readmit', 2))).toMatchObject({ ok: true });
    expect(site.until(() => site.view(2).role !== 'learner', 5_000)).toBe(true);
    settled(site);
  });

  it('S13: also where the peers were restarted since: what they remember stands in their journals', () => {
    const site = opened(seed, { snapshotEvery: 1_000 });
    for (let sale = 0; sale < 10; sale += 1) ended(site, site.buy(1, 1));
    site.run(2_500);
    for (const kiosk of [1, 2, 3]) site.crash(kiosk);
    site.lose(2, 14);
    for (const kiosk of [1, 3, 2]) site.start(kiosk);
    expect(site.until(() => site.kiosk(2).stopped !== null, 3_000)).toBe(true);
    expect(site.kiosk(2).stopped).toMatch(/the disk has lost data, so this kiosk must not vote/);
  });

  it('S14: a wiped member is readmitted as a new incarnation, votes again, and its old self is a stranger', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const lost = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    const other = [1, 2, 3].find((kiosk) => kiosk !== leader && kiosk !== lost)!;
    ended(site, site.buy(leader, 2));
    site.crash(lost);
    site.wipe(lost, true);
    site.start(lost);
    expect(site.until(() => site.view(lost).estranged, 5_000)).toBe(true);
    // It must not be added beside itself.
    expect(ended(site, site.change(leader, 'add', lost))).toMatchObject({ ok: false, reason: 'not_allowed' });
    expect(ended(site, site.change(lost, 'readmit', lost))).toMatchObject({ ok: true });
    expect(site.until(() => site.view(leader).inForce && !site.view(lost).estranged, 10_000)).toBe(true);
    expect(site.checker.members).toHaveLength(3);
    // Its vote counts: without the other one the site sells.
    site.crash(other);
    expect(ended(site, site.buy(leader, 1))).toMatchObject({ ok: true });
    site.start(other);
    settled(site);
  });

  it('rule 8: a kiosk whose folder was lost founds no site, whatever its site file says', () => {
    const site = opened(seed);
    ended(site, site.buy(1, 1));
    for (const kiosk of [1, 2, 3]) site.crash(kiosk);
    for (const kiosk of [1, 2, 3]) site.wipe(kiosk, true);
    for (const kiosk of [1, 2, 3]) site.start(kiosk);
    site.run(5_000);
    for (const kiosk of [1, 2, 3]) expect(site.view(kiosk)).toMatchObject({ role: 'learner', chosen: 0 });
  });

  it('S12: a kiosk whose disk fails says nothing more, whichever write it was, and the others sell on', () => {
    for (let moment = 0; moment < 8; moment += 1) {
      const site = opened(seed, { snapshotEvery: 6, keptSlots: 1 });
      const victim = ((seed + moment) % 3) + 1;
      const others = [1, 2, 3].filter((kiosk) => kiosk !== victim);
      for (let sale = 0; sale < 4; sale += 1) site.buy((sale % 3) + 1, 1);
      site.run(2 * moment);
      site.failDisk(victim);
      for (let sale = 0; sale < 8; sale += 1) ended(site, site.buy(others[sale % 2]!, 1));
      expect(site.kiosk(victim).alive).toBe(false);
      site.start(victim);
      expect(
        site.until(() => !site.kiosk(victim).alive, 2_000),
        'a disk that still fails',
      ).toBe(true);
      site.mendDisk(victim);
      settled(site);
      // Its word counts again, and is what it was.
      site.crash(others[0]!);
      expect(ended(site, site.buy(victim, 1))).toMatchObject({ ok: true });
    }
  });

  it('rule 8: recovered, one kiosk alone decides, with a change on its way or not; older generations are never linked with', () => {
    for (const changing of [false, true]) {
      const site = opened(seed, { kiosks: 4 });
      ended(site, site.buy(1, 2));
      settled(site);
      if (changing) {
        site.change(3, 'add', 4);
        site.run(4 + seed);
        settled(site);
      }
      for (const kiosk of [1, 2, 4]) site.crash(kiosk);
      // Accepted here, and by nobody else: it may be called chosen now.
      const open = site.buy(3, 1);
      site.run(3_000);
      expect(open.result).toBeNull();
      expect(site.view(3)).toMatchObject({ majority: false, selling: false });
      site.recover(3);
      expect(site.view(3)).toMatchObject({ generation: 2, members: [{ kiosk: 3 }] });
      expect(ended(site, open)).toMatchObject({ ok: true });
      expect(ended(site, site.buy(3, 1))).toMatchObject({ ok: true });
      site.start(1);
      const old = site.buy(1, 1);
      site.run(3_000);
      expect(old.result).toBeNull();
      expect(site.view(1)).toMatchObject({ generation: 1, connected: [] });
      site.crash(1);
      site.crash(3);
      site.start(3);
      expect(site.view(3).generation).toBe(2);
      for (const kiosk of [1, 2]) {
        site.wipe(kiosk, true);
        site.start(kiosk);
      }
      grow(site, 3, [1, 2]);
      expect(ended(site, site.buy(2, 1))).toMatchObject({ ok: true });
      site.crash(3);
      expect(ended(site, site.buy(1, 1))).toMatchObject({ ok: true });
      expect(site.view(2).generation).toBe(2);
    }
  });
});
