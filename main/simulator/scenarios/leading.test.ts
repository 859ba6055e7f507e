import { describe, expect, it } from 'vitest';
import { ended, grow, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('leading, seed %i', (seed) => {
  it('change leader hands over without an election gap: a sale every 10 ms at each kiosk, and none waits', () => {
    const site = opened(seed);
    for (let round = 0; round < 3; round += 1) {
      const leader = site.leader()!;
      const heir = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
      const sales: { at: number; done: () => boolean }[] = [];
      const change = site.change(leader, 'leader', heir);
      for (let tick = 0; tick < 30; tick += 1) {
        for (const kiosk of [1, 2, 3]) {
          const asked = site.buy(kiosk, 1);
          const at = site.now;
          site.run(0);
          sales.push({ at, done: () => asked.result !== null });
        }
        site.run(10);
        for (const sale of sales) expect(sale.done() || site.now - sale.at < 100, `a sale waits since ${site.now - sale.at} ms`).toBe(true);
      }
      expect(ended(site, change)).toMatchObject({ ok: true });
      expect(site.until(() => site.leader() === heir, 1_000)).toBe(true);
    }
    settled(site);
    expect(ended(site, site.change(1, 'leader', 9))).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
  });

  it('an heir that is dead or far behind is refused, and one that dies on the way is passed over', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const heir = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    site.crash(heir);
    site.run(1_000);
    expect(ended(site, site.change(leader, 'leader', heir))).toMatchObject({ ok: false, reason: 'not_allowed' });
    site.start(heir);
    settled(site);
    site.run(500);
    site.change(leader, 'leader', heir);
    site.run(3);
    site.crash(heir);
    expect(ended(site, site.buy(leader, 1), 2_000)).toMatchObject({ ok: true });
  });

  it('a crash is seen by its closed sockets: the others have a leader, and sell, within a fraction of the silence that they would wait for', () => {
    const site = opened(seed, { founders: seed % 2 === 0 ? 3 : 5 });
    site.run(1_000);
    const leader = site.leader()!;
    site.crash(leader);
    const at = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    const sale = site.buy(at, 1);
    expect(ended(site, sale, 150)).toMatchObject({ ok: true });
  });

  it('S30: a leader whose disk takes two seconds gives way, and does not take over again', () => {
    const site = opened(seed);
    const slow = site.leader()!;
    site.slowDisk(slow, 2_000);
    for (let sale = 0; sale < 40; sale += 1) {
      site.buy([1, 2, 3].find((kiosk) => kiosk !== slow) ?? 1, 1);
      site.run(100);
    }
    expect(site.until(() => site.leader() !== null && site.leader() !== slow, 5_000)).toBe(true);
    const next = site.leader()!;
    for (let sale = 0; sale < 5; sale += 1) expect(ended(site, site.buy(next, 1), 1_000)).toMatchObject({ ok: true });
    site.run(3_000);
    expect(site.leader()).toBe(next);
  });

  it('S32: a leader that is removed hands over, and no sale waits for an election', () => {
    const site = opened(seed, { kiosks: 4 });
    grow(site, 1, [4]);
    const leader = site.leader()!;
    const at = [1, 2, 3, 4].find((kiosk) => kiosk !== leader)!;
    const removal = site.change(at, 'remove', leader);
    let waited = 0;
    for (let sale = 0; sale < 40; sale += 1) {
      const began = site.now;
      expect(ended(site, site.buy(at, 1), 2_000)).toMatchObject({ ok: true });
      waited = Math.max(waited, site.now - began);
    }
    expect(ended(site, removal)).toMatchObject({ ok: true });
    expect(waited).toBeLessThan(400);
    expect(site.until(() => site.view(leader).role === 'removed', 5_000)).toBe(true);
    expect(site.view(leader).removedFrom).toBe(site.view(at).inForceFrom);
  });

  it('change address moves a member, whose vote goes on counting', () => {
    const site = opened(seed);
    expect(ended(site, site.move(1, 2, 7_555))).toMatchObject({ ok: true });
    expect(site.until(() => site.view(1).inForce, 10_000)).toBe(true);
    expect(site.view(3).members.find(({ kiosk }) => kiosk === 2)?.port).toBe(7_555);
    site.crash(site.leader() === 1 ? 3 : 1);
    expect(ended(site, site.buy(2, 1))).toMatchObject({ ok: true });
  });

  it('an addition that waits is taken back by a removal or a cancel, asked anywhere', () => {
    const site = opened(seed, { kiosks: 5 });
    for (const kiosk of [4, 5]) site.crash(kiosk);
    site.run(2_000);
    const four = site.change(1, 'add', 4);
    const five = site.change(2, 'add', 5, 'add-five');
    site.run(1_500);
    expect(ended(site, site.change(3, 'remove', 4))).toMatchObject({ ok: true });
    expect(ended(site, four)).toMatchObject({ ok: false, reason: 'withdrawn' });
    expect(ended(site, site.cancel(3, 'add-five'))).toMatchObject({ ok: true });
    expect(ended(site, five)).toMatchObject({ ok: false, reason: 'withdrawn' });
    for (const kiosk of [4, 5]) site.start(kiosk);
    site.run(5_000);
    expect(site.checker.members.map(({ kiosk }) => kiosk)).toEqual([1, 2, 3]);
    expect(ended(site, site.change(1, 'remove', 5))).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
  });

  it('priority decides between kiosks that would take over now, and never unseats a leader that serves', () => {
    const site = opened(seed, { founders: 5, priorities: new Map([[4, 9]]) });
    site.run(2_000);
    const first = site.leader()!;
    site.run(3_000);
    expect(site.leader()).toBe(first);
    if (first !== 4) {
      site.crash(first);
      expect(site.until(() => site.leader() !== null && site.leader() !== first, 5_000)).toBe(true);
      expect(site.leader()).toBe(4);
    }
  });

  it('S34: commands of a new version are proposed once all members understand them, and an old kiosk stops in words', () => {
    const mixed = opened(seed, {
      supports: new Map([
        [1, 2],
        [2, 2],
      ]),
    });
    for (let sale = 0; sale < 5; sale += 1) ended(mixed, mixed.buy(1, 1));
    expect(mixed.kiosk(1).tickets.commandsVersion).toBe(1);
    const site = opened(seed, {
      kiosks: 4,
      supports: new Map([
        [1, 2],
        [2, 2],
        [3, 2],
      ]),
    });
    ended(site, site.buy(1, 1));
    expect(site.until(() => site.kiosk(1).tickets.commandsVersion === 2, 5_000)).toBe(true);
    expect(site.until(() => site.kiosk(4).stopped !== null, 5_000)).toBe(true);
    expect(site.kiosk(4).stopped).toBe('update this kiosk');
    ended(site, site.buy(2, 1));
  });
});
