import { describe, expect, it } from 'vitest';
import { ended, opened, SEEDS, settled } from './harness';

describe.each(SEEDS)('undoing, seed %i', (seed) => {
  it('S22: a sale given up during a partition is never sold after it heals, and its tickets go to another', () => {
    const site = opened(seed, { capacity: 5 });
    const kiosk = site.leader()!;
    const other = [1, 2, 3].find((id) => id !== kiosk)!;
    site.isolate(kiosk);
    const ghost = site.buy(kiosk, 4, 'ghost');
    site.run(2_000);
    site.withdraw(kiosk, ghost);
    const given = site.cancel(kiosk, 'ghost');
    site.run(2_000);
    expect(ended(site, site.buy(other, 3))).toMatchObject({ ok: true });
    site.heal();
    expect(ended(site, given)).toMatchObject({ ok: true, target: 'ghost' });
    expect(ended(site, site.retry(other, ghost))).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(ended(site, site.buy(other, 2))).toMatchObject({ ok: true, remaining: 0 });
    settled(site);
  });

  it('S22: giving up outlives a crash of its kiosk, and is carried out after it', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const kiosk = [1, 2, 3].find((id) => id !== leader)!;
    const at = [1, 2, 3].find((id) => id !== leader && id !== kiosk)!;
    // Sold, or on its way: the kiosk does not know.
    const ghost = site.buy(kiosk, 2, 'ghost');
    site.run(1);
    site.isolate(kiosk);
    site.run(500);
    site.cancel(kiosk, 'ghost', 'given-up');
    site.run(500);
    site.crash(kiosk);
    site.run(500);
    site.start(kiosk);
    expect(site.view(kiosk).pending.map(({ requestId }) => requestId)).toContain('given-up');
    site.heal();
    expect(site.until(() => site.view(kiosk).pending.every(({ requestId }) => requestId !== 'given-up'), 5_000)).toBe(true);
    expect(ended(site, site.retry(at, ghost))).toMatchObject({ ok: false, reason: 'cancelled' });
    settled(site);
    expect(site.sold(at)).toBe(0);
  });

  it('S19: what left a kiosk that then crashed is known as pending after it, and ends when the log answers', () => {
    const site = opened(seed);
    const leader = site.leader()!;
    const kiosk = [1, 2, 3].find((id) => id !== leader)!;
    const sale = site.buy(kiosk, 2, 'in-flight');
    site.run(12);
    site.isolate(kiosk);
    site.run(100);
    site.crash(kiosk);
    site.start(kiosk);
    // Whether it was sold before the crash or not: only the log knows, and it can't be asked.
    expect(site.view(kiosk).pending.map(({ requestId }) => requestId)).toEqual(['in-flight']);
    site.heal();
    expect(ended(site, site.retry(kiosk, sale))).toMatchObject({ ok: true });
    expect(site.view(kiosk).pending).toEqual([]);
    settled(site);
    expect(site.sold(kiosk)).toBe(2);
  });

  it('S23: the first claim prints the original, wherever it is made; every later one a copy; then only void undoes the sale', () => {
    const site = opened(seed, { capacity: 10 });
    const sale = ended(site, site.buy(1, 2, 'sale'));
    if (!sale.ok || sale.op !== 'buy') throw new Error('not sold');
    // The power goes between the claim and the answer: nobody knows whether a page came out.
    const lost = site.print(1, sale.sale, [1, 2], 'claim');
    site.run(6);
    site.crash(1);
    const again = ended(site, site.print(2, sale.sale, [1, 2]));
    expect(again).toMatchObject({ ok: true, op: 'print' });
    const first = ended(site, site.retry(3, lost));
    // One of the two is the original of both tickets; the other is COPY 1 of both.
    const copies = [first, again].map((result) => (result.ok && result.op === 'print' ? result.copies.join() : ''));
    expect(copies.sort()).toEqual(['0,0', '1,1']);
    expect(ended(site, site.cancel(2, 'sale'))).toMatchObject({ ok: false, reason: 'printed' });
    expect(ended(site, site.void(3, sale.sale))).toMatchObject({ ok: true, total: 2_400 });
    expect(ended(site, site.void(2, sale.sale))).toMatchObject({ ok: false, reason: 'already_void' });
    expect(ended(site, site.print(2, sale.sale, [1]))).toMatchObject({ ok: false, reason: 'already_void' });
    // The lowest free numbers are sold again.
    expect(ended(site, site.buy(2, 3))).toMatchObject({ ok: true, items: [{ tickets: [1, 2, 3] }] });
    site.start(1);
    settled(site);
  });

  it('a cancel races with the buy: whichever is first, the tickets are sold to nobody', () => {
    const site = opened(seed, { capacity: 3 });
    const sale = site.buy(1, 3, 'raced');
    site.run(seed % 5);
    const cancelled = site.cancel(2, 'raced');
    expect(ended(site, cancelled)).toMatchObject({ ok: true });
    ended(site, sale);
    expect(ended(site, site.buy(3, 3))).toMatchObject({ ok: true });
    settled(site);
  });
});
