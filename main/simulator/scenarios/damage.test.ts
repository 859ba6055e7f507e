import { describe, expect, it } from 'vitest';
import { ended, opened, SEEDS, settled } from './harness';

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
});
