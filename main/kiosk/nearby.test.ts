import { afterEach, describe, expect, it } from 'vitest';
import { skipBecause } from '../../shared/testing/skip';
import { Nearby } from './nearby';
import { hasMulticast } from './testing/multicast';

const open: Nearby[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

/** A site of its own for each test: all share the machine's loopback. */
const uid = `uid${process.pid}`;

function kiosk(id: number, site = uid): Nearby {
  const self = { id, name: `Gate ${id}`, host: '127.0.0.1', port: 7_400 + id };
  const nearby = new Nearby({ uid: site, self, onChange: () => {}, log: () => {} });
  open.push(nearby);
  return nearby;
}

describe('kiosks on the same network', () => {
  it('are found by name while they run, those of this site alone', { timeout: 60_000 }, async (context) => {
    if (!(await hasMulticast())) return skipBecause(context, 'this machine has no multicast on its loopback');
    const one = kiosk(1);
    const four = kiosk(4);
    kiosk(5, `${uid}x`);
    const wait = { timeout: 20_000 };
    await expect.poll(() => one.list(), wait).toEqual([{ id: 4, name: 'Gate 4', host: '127.0.0.1', port: 7_404 }]);
    await expect.poll(() => four.list().map(({ id }) => id), wait).toEqual([1]);
    open.splice(open.indexOf(four), 1);
    await four.close();
    await expect.poll(() => one.list(), wait).toEqual([]);
  });
});
