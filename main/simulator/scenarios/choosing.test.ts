import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../../shared/constants';
import { CALM } from '../faults';
import { ended, grow, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('choosing values, seed %i', (seed) => {
  it('S1: a lagging successor obtains what was chosen before it proposes', () => {
    const site = opened(seed);
    site.isolate(3);
    for (let sale = 0; sale < 5; sale += 1) ended(site, site.buy(1, 2));
    const before = site.checker.length;
    site.crash(1);
    site.heal();
    // Kiosk 3 has seen nothing of this; it must not put a new value at or below what 2 has applied.
    const asked = site.buy(3, 1);
    expect(ended(site, asked)).toMatchObject({ ok: true });
    settled(site);
    expect(site.checker.length).toBeGreaterThan(before);
    expect(site.sold(3)).toBe(11);
  });

  it("S3: at the boundary of a configuration, the new members' majority decides", () => {
    const site = opened(seed, { kiosks: 5 });
    ended(site, site.change(1, 'add', 4));
    settled(site);
    const added = site.change(1, 'add', 5);
    // The change is chosen and about to come into force when 3 and 5 vanish.
    expect(site.until(() => site.checker.members.length === 5, 10_000)).toBe(true);
    site.isolate(3);
    site.isolate(5);
    const sale = site.buy(1, 1);
    site.run(3_000);
    // 1, 2 and 4 are three of five: they go on. The checker sees that each slot has a majority of its own members.
    expect(ended(site, sale)).toMatchObject({ ok: true });
    site.isolate(4);
    const stranded = site.buy(1, 1);
    site.run(3_000);
    // 1 and 2 were once a majority of three; of five they are none.
    expect(stranded.result).toBeNull();
    site.heal();
    ended(site, added);
    ended(site, stranded);
    settled(site);
    expect(site.sold(5)).toBe(2);
  });

  it('S4: no slot is counted under the wrong members, with a thousand sales queued around a change', () => {
    const site = opened(seed, { kiosks: 5, capacity: 5_000 });
    const sales = Array.from({ length: 1_000 }, (_, index) => {
      if (index === 300) site.change(2, 'add', 4);
      if (index === 600) site.change(3, 'add', 5);
      return site.buy((index % 3) + 1, 1);
    });
    for (const sale of sales) ended(site, sale, 30_000);
    expect(site.until(() => site.checker.members.length === 5, 20_000)).toBe(true);
    settled(site, 20_000);
    expect(site.sold(5)).toBe(1_000);
  });

  it('S4: a change comes into force without traffic, alpha slots later', () => {
    const site = opened(seed, { kiosks: 4 });
    const slot = site.checker.length + 1;
    grow(site, 1, [4]);
    expect(site.view(2).inForceFrom).toBe(slot + ALPHA);
    settled(site);
    // Now three of four are needed.
    site.isolate(3);
    expect(ended(site, site.buy(1, 1))).toMatchObject({ ok: true });
    site.isolate(4);
    const stranded = site.buy(1, 1);
    site.run(3_000);
    expect(stranded.result).toBeNull();
  });

  it('S5: a hole is filled with a no-op only if nobody of the quorum holds a value', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const others = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    // Accepts of single slots get lost while the leader proposes several, then it dies.
    site.faults = { ...site.faults, loss: 0.4 };
    const sales = Array.from({ length: 12 }, () => {
      const asked = site.buy(leader, 1);
      site.run(2);
      return asked;
    });
    site.crash(leader);
    site.faults = { ...site.faults, loss: 0 };
    expect(ended(site, site.buy(others[0]!, 1))).toMatchObject({ ok: true });
    site.start(leader);
    settled(site);
    // Whatever was acknowledged is there once; the checker has compared every answer.
    for (const sale of sales) if (sale.result !== null) expect(sale.result).toMatchObject({ ok: true });
  });

  it('S8: after a restart the first ballot is above every one that was ever sent', () => {
    const site = opened(seed);
    for (let round = 0; round < 5; round += 1) {
      const leader = site.awaitLeader();
      site.crash(leader);
      site.run(40);
      site.start(leader);
      site.run(1_500);
    }
    ended(site, site.buy(2, 1));
    settled(site);
  });

  it('S9 and S10: late, doubled and reordered messages change nothing, over elections and restarts', () => {
    const site = opened(seed, {
      kiosks: 3,
      faults: { ...CALM, loss: 0.05, doubling: 0.3, delayMin: 0, delayMax: 60, lateChance: 0.1, lateMax: 6_000, syncMin: 1, syncMax: 30 },
    });
    const sales = [];
    for (let round = 0; round < 12; round += 1) {
      for (let sale = 0; sale < 10; sale += 1) {
        sales.push(site.buy((sale % 3) + 1, 1));
        site.run(20);
      }
      const victim = (round % 3) + 1;
      site.crash(victim);
      site.run(600);
      site.start(victim);
      site.run(600);
    }
    site.faults = { ...site.faults, loss: 0, lateChance: 0 };
    site.run(7_000);
    ended(site, site.buy(1, 1));
    settled(site);
    const acknowledged = sales.filter(({ result }) => result?.ok).length;
    expect(site.sold(1)).toBeGreaterThan(acknowledged);
    expect(acknowledged).toBeGreaterThan(30);
  });
});

describe('choosing values, much later', () => {
  it('S10: all that was heard in three elections and two restarts, heard again 10,000 slots later, changes nothing', {
    timeout: 120_000,
  }, () => {
    const site = opened(1, { capacity: 100_000, snapshotEvery: 1_000, kiosks: 4 });
    site.listen();
    for (let round = 0; round < 3; round += 1) {
      for (let sale = 0; sale < 40; sale += 1) ended(site, site.buy((sale % 3) + 1, 1));
      const leader = site.leader()!;
      if (round === 1) grow(site, leader, [4]);
      if (round === 2) ended(site, site.change(leader, 'leader', (leader % 3) + 1));
      else {
        site.crash(leader);
        site.awaitLeader();
        site.start(leader);
        settled(site);
      }
    }
    const later = site.checker.length + 10_000;
    while (site.checker.length < later) {
      for (let sale = 0; sale < ALPHA; sale += 1) site.buy(site.leader() ?? 1, 1);
      site.run(15);
    }
    settled(site);
    site.run(500);
    const all = [1, 2, 3, 4];
    const standing = () =>
      all.map((kiosk) => {
        const { role, ballot, leader, members } = site.view(kiosk);
        const promises = site.kiosk(kiosk).disk.records.filter(({ t }) => t === 'promise').length;
        return { role, ballot, leader, members, promises, events: site.kiosk(kiosk).tickets.events() };
      });
    const before = standing();
    const { length } = site.checker;
    expect(site.echo()).toBeGreaterThan(5_000);
    expect(standing()).toEqual(before);
    expect(site.checker.length).toBe(length);
    // Requests that came again stand in the log once more, as duplicates.
    site.run(1_000);
    settled(site);
    expect(standing()).toEqual(before);
    expect(ended(site, site.buy(1, 1), 100)).toMatchObject({ ok: true });
  });
});
