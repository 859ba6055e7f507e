import { describe, expect, it } from 'vitest';
import { CALM } from '../faults';
import { type Asked, Site } from '../site';
import { ended, opened, SEEDS, settled } from './harness';

/** All ways to part n kiosks into two groups. */
function splits(n: number): { left: number[]; right: number[] }[] {
  return Array.from({ length: 2 ** n - 2 }, (_, index) => {
    const mask = index + 1;
    const ids = Array.from({ length: n }, (_unused, bit) => bit + 1);
    return { left: ids.filter((id) => mask & (1 << (id - 1))), right: ids.filter((id) => !(mask & (1 << (id - 1)))) };
  });
}

function minority(site: Site, group: readonly number[], sold: readonly Asked[]): void {
  // What a minority was asked has no end while the split lasts.
  for (const asked of sold) if (group.includes(asked.command.kiosk)) expect(asked.result).toBeNull();
  for (const kiosk of group) expect(site.view(kiosk).selling).toBe(false);
}

describe.each([3, 5])('S25: every split of %i', (n) => {
  const half = n / 2;

  it('both ways: a majority sells, a minority cannot, and nothing is lost when it heals', () => {
    for (const [index, { left, right }] of splits(n).entries()) {
      const site = opened(index + 1, { founders: n });
      site.split(left, right, index % 2 === 0);
      site.run(1_000);
      const asked = [...left, ...right].map((kiosk) => site.buy(kiosk, 1));
      site.run(3_000);
      const [few, many] = left.length < half ? [left, right] : [right, left];
      minority(site, few, asked);
      for (const sale of asked) if (many.includes(sale.command.kiosk)) expect(sale.result).toMatchObject({ ok: true });
      site.heal();
      for (const sale of asked) ended(site, sale);
      settled(site);
      expect(site.sold(1)).toBe(n);
    }
  });

  it('one way only: nothing is sold twice, and all is sold once it heals', () => {
    for (const [index, { left, right }] of splits(n).entries()) {
      const site = opened(index + 1, { founders: n });
      for (const from of left) for (const to of right) site.cutOneWay(from, to);
      site.run(1_000);
      const asked = [...left, ...right].map((kiosk) => site.buy(kiosk, 1));
      site.run(3_000);
      site.heal();
      for (const sale of asked) ended(site, sale);
      settled(site);
      expect(site.sold(1)).toBe(n);
    }
  });
});

describe('S24: a duel', () => {
  it('ends in one leader within a few election time-outs, for three and five, with loss and jitter, 1,000 seeds', {
    timeout: 180_000,
  }, () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const n = seed % 2 === 0 ? 3 : 5;
      const site = new Site({
        seed,
        founders: n,
        faults: { ...CALM, loss: 0.05, doubling: 0.05, delayMin: 0, delayMax: 30, syncMin: 0, syncMax: 10 },
      });
      const leader = site.awaitLeader(6_000);
      site.crash(leader);
      expect(
        site.until(() => site.leader() !== null && site.leader() !== leader, 4_000),
        `seed ${seed}: no leader`,
      ).toBe(true);
    }
  });
});

describe.each(SEEDS)('partial connectivity, seed %i', (seed) => {
  it('S26: of five, the only one that reaches all takes over from a leader without a majority', () => {
    const site = opened(seed, { founders: 5 });
    const leader = site.leader()!;
    const [hub = 0, ...rest] = [1, 2, 3, 4, 5].filter((kiosk) => kiosk !== leader);
    for (const a of rest) {
      site.cut(a, leader);
      for (const b of rest) if (a < b) site.cut(a, b);
    }
    expect(site.until(() => site.view(hub).role === 'leader', 6_000)).toBe(true);
    for (const kiosk of [hub, leader, ...rest]) expect(ended(site, site.buy(kiosk, 1))).toMatchObject({ ok: true });
  });

  it('S27: the only one that can reach a majority wins, though its log is behind', () => {
    const site = opened(seed, { founders: 5 });
    const leader = site.leader()!;
    const [hub = 0, ...rest] = [1, 2, 3, 4, 5].filter((kiosk) => kiosk !== leader);
    site.isolate(hub);
    for (let sale = 0; sale < 5; sale += 1) ended(site, site.buy(leader, 1));
    site.heal();
    site.isolate(leader);
    for (const a of rest) for (const b of rest) if (a < b) site.cut(a, b);
    expect(site.until(() => site.view(hub).role === 'leader', 8_000)).toBe(true);
    expect(ended(site, site.buy(rest[0]!, 1))).toMatchObject({ ok: true });
    expect(site.sold(hub)).toBe(6);
  });

  it('S28: in a chain there is at most one change of leader, and each kiosk sells', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const [middle = 0, far = 0] = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    const round = site.view(middle).ballot.round;
    site.cut(leader, far);
    site.run(5_000);
    expect(site.view(middle).ballot.round - round).toBeLessThanOrEqual(1);
    for (const kiosk of [leader, middle, far]) expect(ended(site, site.buy(kiosk, 1))).toMatchObject({ ok: true });
    const read = site.read(far);
    expect(site.until(() => read.confirmed, 3_000)).toBe(true);
  });

  it('S28: in a chain of five there is at most one change of leader, and each kiosk that has a majority beside it sells', () => {
    const site = opened(seed, { founders: 5 });
    const round = site.view(3).ballot.round;
    for (const a of [1, 2, 3, 4, 5]) for (const b of [1, 2, 3, 4, 5]) if (b > a + 1) site.cut(a, b);
    site.run(6_000);
    expect(site.view(3).ballot.round - round).toBeLessThanOrEqual(1);
    const leader = site.leader()!;
    // Only those in the middle reach two others; one hop away from them everybody sells (rule 5).
    expect([2, 3, 4]).toContain(leader);
    for (const kiosk of [1, 2, 3, 4, 5].filter((id) => Math.abs(id - leader) <= 2))
      expect(ended(site, site.buy(kiosk, 1))).toMatchObject({ ok: true });
  });

  it('S28: over a bridge there is at most one change of leader, and each of the five sells', () => {
    const site = opened(seed, { founders: 5 });
    const leader = site.leader()!;
    const [bridge = 0, ...others] = [1, 2, 3, 4, 5].filter((kiosk) => kiosk !== leader);
    const left = [leader, others[0]!];
    const right = others.slice(1);
    const round = site.view(bridge).ballot.round;
    site.split(left, right);
    site.run(6_000);
    expect(site.view(bridge).ballot.round - round).toBeLessThanOrEqual(1);
    for (const kiosk of [1, 2, 3, 4, 5]) expect(ended(site, site.buy(kiosk, 1))).toMatchObject({ ok: true });
    for (const kiosk of [1, 2, 3, 4, 5]) {
      const read = site.read(kiosk);
      expect(site.until(() => read.confirmed, 3_000)).toBe(true);
    }
  });
});
