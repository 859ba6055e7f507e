import { describe, expect, it } from 'vitest';
import { ended, grow, opened, SEEDS, settled } from './harness';

const SHORT = { snapshotEvery: 10, keptSlots: 2 };

describe.each(SEEDS)('snapshots, seed %i', (seed) => {
  it('S1: a successor that lacks what was dropped behind a snapshot takes that first', () => {
    const site = opened(seed, SHORT);
    site.isolate(3);
    for (let sale = 0; sale < 40; sale += 1) ended(site, site.buy(1, 1));
    expect(site.kiosk(2).disk.snapshot!.slot).toBeGreaterThan(20);
    site.crash(1);
    site.heal();
    expect(ended(site, site.buy(3, 1))).toMatchObject({ ok: true });
    settled(site);
    expect(site.sold(3)).toBe(41);
    expect(site.messageCounts.get('snapshot-page')).toBeGreaterThan(0);
  });

  it('S16: cut short anywhere, an installation leaves the old or the new, and the promise does not fall', () => {
    for (let moment = 0; moment < 12; moment += 1) {
      const site = opened(seed, SHORT);
      site.isolate(3);
      for (let sale = 0; sale < 30; sale += 1) ended(site, site.buy(1, 1));
      site.heal();
      site.run(10 + 7 * moment);
      // The checker holds the promise, and the state at the slot that it starts from, against all that was before.
      site.crash(3);
      site.start(3);
      expect(ended(site, site.buy(3, 1, `after ${moment}`.replace(' ', '-')))).toMatchObject({ ok: true });
      settled(site);
    }
  });

  it('S18: the table of requests is in the snapshot', () => {
    const site = opened(seed, SHORT);
    const sale = site.buy(1, 2, 'first');
    const first = ended(site, sale);
    site.isolate(3);
    for (let more = 0; more < 30; more += 1) ended(site, site.buy(1, 1));
    site.heal();
    settled(site);
    site.crash(3);
    site.start(3);
    site.crash(1);
    expect(ended(site, site.retry(3, sale))).toEqual(first);
    expect(site.sold(3)).toBe(32);
  });

  it('S17: killed while applying, all have the same state at the same slot', () => {
    const site = opened(seed, SHORT);
    for (let round = 0; round < 6; round += 1) {
      for (let sale = 0; sale < 8; sale += 1) site.buy(((sale + round) % 3) + 1, 1);
      site.run(3 + round);
      site.crash((round % 3) + 1);
      site.run(200);
      site.start((round % 3) + 1);
      site.run(300);
    }
    ended(site, site.buy(1, 1));
    settled(site);
    expect(new Set([1, 2, 3].map((kiosk) => site.kiosk(kiosk).tickets.hash)).size).toBe(1);
  });

  it('rule 6: a newcomer catches up by snapshot before it votes, while the site sells', () => {
    const site = opened(seed, { ...SHORT, kiosks: 5 });
    for (const kiosk of [4, 5]) site.isolate(kiosk);
    for (let sale = 0; sale < 40; sale += 1) ended(site, site.buy(1, 1));
    site.heal();
    grow(site, 2, [4, 5]);
    settled(site);
    expect(site.sold(5)).toBe(40);
    for (const kiosk of [1, 2]) site.crash(kiosk);
    expect(ended(site, site.buy(5, 1))).toMatchObject({ ok: true });
  });

  it('rule 12: nobody leaves before a majority of those who stay has the whole history', () => {
    const site = opened(seed, { ...SHORT, kiosks: 5 });
    for (const kiosk of [4, 5]) site.crash(kiosk);
    site.run(100);
    for (let sale = 0; sale < 40; sale += 1) ended(site, site.buy(1, 1));
    // 4 and 5 come in by snapshot; the history follows as long as somebody who has it is reached.
    for (const kiosk of [4, 5]) site.start(kiosk);
    grow(site, 1, [4, 5]);
    for (const kiosk of [1, 2]) {
      expect(ended(site, site.change(3, 'remove', kiosk), 30_000)).toMatchObject({ ok: true });
      expect(site.until(() => site.view(3).inForce, 10_000)).toBe(true);
    }
    expect([3, 4, 5].filter((kiosk) => site.kiosk(kiosk).disk.firstSlot === 1).length).toBeGreaterThanOrEqual(2);
    ended(site, site.buy(4, 1));
  });
});
