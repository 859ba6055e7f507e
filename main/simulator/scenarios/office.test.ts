import { describe, expect, it } from 'vitest';
import { ended, opened, SEEDS, settled } from './harness';

/** The day of a box office beside selling, in a hostile world: every step is also held against the checker. */

const PIN = { cost: 14, salt: '0'.repeat(32), key: '0'.repeat(64) };

describe.each(SEEDS)('the box office, seed %i', (seed) => {
  it('lets one in with a ticket that two doors scan at once, also when the leader dies over it', () => {
    const site = opened(seed);
    const sold = ended(site, site.buy(1, 1));
    const sale = sold.ok && sold.op === 'buy' ? sold.sale : '';
    settled(site);
    const leader = site.leader()!;
    const others = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    const scans = others.map((kiosk) => site.office(kiosk, { op: 'admit', sale, event: 'demo', number: 1 }));
    site.run(4);
    site.crash(leader);
    const results = scans.map((scan) => ended(site, scan));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'already_used', first: { slot: expect.any(Number) } });
    site.start(leader);
    settled(site);
    expect(ended(site, site.office(leader, { op: 'admit', sale, event: 'demo', number: 1 }))).toMatchObject({ reason: 'already_used' });
  });

  it('counts a sale in the Z report, or refuses it: never a third thing', () => {
    const site = opened(seed);
    expect(ended(site, site.office(1, { op: 'shift', action: { kind: 'open', float: 1_000 } }))).toMatchObject({ ok: true, shift: 1 });
    const items = [{ event: 'demo', category: 'adult', n: 2 }];
    const sales = [1, 2, 3].map((kiosk) => site.office(kiosk, { op: 'buy', items, payment: { kind: 'cash' }, shift: 1 }));
    const closing = site.office(2, { op: 'shift', action: { kind: 'close', shift: 1, counted: 0 } });
    const late = [1, 2, 3].map((kiosk) => site.office(kiosk, { op: 'buy', items, payment: { kind: 'cash' }, shift: 1 }));
    const results = [...sales, ...late].map((asked) => ended(site, asked));
    const counted = results.filter(({ ok }) => ok).length;
    for (const result of results) if (!result.ok) expect(result.reason).toBe('no_shift');
    expect(ended(site, closing)).toMatchObject({ ok: true, closed: { z: 1, expected: 1_000 + counted * 2_400 } });
    settled(site);
    expect(site.sold(1)).toBe(2 * counted);
  });

  it('is all in the snapshot that a kiosk takes which was away', () => {
    const site = opened(seed, { snapshotEvery: 5, keptSlots: 2 });
    const leader = site.leader()!;
    const away = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    site.isolate(away);
    const clerk = { target: 'ann', name: 'Ann', permissions: ['clerks' as const], pin: PIN };
    expect(ended(site, site.office(leader, { op: 'clerk', action: { kind: 'add', ...clerk } }))).toMatchObject({ ok: true });
    ended(site, site.office(leader, { op: 'shift', action: { kind: 'open', float: 500 } }));
    ended(site, site.office(leader, { op: 'event', action: { kind: 'change', event: 'demo', capacity: 50 } }));
    for (let round = 0; round < 20; round += 1) ended(site, site.buy(leader, 1));
    expect(ended(site, site.office(leader, { op: 'shift', action: { kind: 'close', shift: 1, counted: 500 } }))).toMatchObject({
      closed: { z: 1 },
    });
    site.heal();
    settled(site);
    const { tickets } = site.kiosk(away);
    expect(tickets.clerks.all()).toMatchObject([{ id: 'ann', active: true }]);
    expect(tickets.shifts.view(1)).toMatchObject({ closed: { z: 1 } });
    expect(tickets.events()[0]).toMatchObject({ capacity: 50, sold: 20 });
    expect(ended(site, site.office(away, { op: 'event', action: { kind: 'close', event: 'demo' } }))).toMatchObject({ ok: true });
    expect(ended(site, site.buy(leader, 1))).toMatchObject({ ok: false, reason: 'closed' });
    settled(site);
  });
});
