import { describe, expect, it } from 'vitest';
import { ended, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('clients, seed %i', (seed) => {
  it('S18: sold once, wherever the clerk asks again', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const [one = 0, two = 0] = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    const sale = site.buy(leader, 3);
    // Accepted by the others, and the leader dies before it answers anybody.
    site.run(4);
    site.crash(leader);
    const again = site.retry(one, sale);
    const third = site.retry(two, sale);
    const first = ended(site, again);
    expect(first).toMatchObject({ ok: true });
    expect(ended(site, third)).toEqual(first);
    site.start(leader);
    site.run(2_000);
    expect(ended(site, site.retry(leader, sale))).toEqual(first);
    settled(site);
    expect(site.sold(one)).toBe(3);
  });

  it('S18: an id that was used for something else is refused', () => {
    const site = opened(seed);
    ended(site, site.buy(1, 2, 'same'));
    settled(site);
    expect(ended(site, site.buy(2, 3, 'same'))).toMatchObject({ ok: false, reason: 'id_reused' });
    expect(site.sold(1)).toBe(2);
  });

  it('S20: of two kiosks that want the last ticket, one sells', () => {
    const site = opened(seed, { capacity: 5 });
    ended(site, site.buy(1, 4));
    settled(site);
    const results = [2, 3].map((kiosk) => site.buy(kiosk, 1)).map((asked) => ended(site, asked));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'sold_out' });
    settled(site);
  });

  it('S20: more than are left is refused whole, with what is left', () => {
    const site = opened(seed, { capacity: 5 });
    ended(site, site.buy(1, 3));
    expect(ended(site, site.buy(2, 3))).toMatchObject({ ok: false, reason: 'not_enough', remaining: 2 });
    expect(ended(site, site.buy(3, 2))).toMatchObject({ ok: true, remaining: 0 });
  });

  it('S21 and S29: a read is confirmed only by a fresh round with a majority', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    ended(site, site.buy(leader, 1));
    const read = site.read(leader);
    expect(site.until(() => read.confirmed, 1_000)).toBe(true);
    site.pause(leader, 10_000);
    const other = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    ended(site, site.buy(other, 1));
    const stale = site.read(leader);
    site.run(10_000);
    // It woke up; whatever it now confirms, the checker has compared with every sale answered before.
    expect(site.until(() => stale.confirmed, 5_000)).toBe(true);
    settled(site);
  });
});
