import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../shared/messages';
import { at, makeBundles, request, type Station, Workshop } from './fixtures';
import { MeshError, type TlsFiles } from './index';
import { CLOSE_GRACE_MS, MESSAGE_BYTES_MAX, PING_INTERVAL_MS, PING_TIMEOUT_MS } from './settings';

let bundles: readonly [TlsFiles, TlsFiles, TlsFiles];
const shop = new Workshop();

beforeAll(async () => {
  bundles = await makeBundles();
});
afterEach(() => shop.closeAll());

async function cabled(): Promise<{ one: Station; two: Station; cable: Awaited<ReturnType<Workshop['cable']>> }> {
  const two = await shop.mesh(2, bundles[1]);
  const cable = await shop.cable(two.mesh.port);
  const one = await shop.mesh(1, bundles[0], { peers: [cable.at(2)] });
  await Promise.all([one.linked('+2'), two.linked('+1')]);
  return { one, two, cable };
}

describe('links', () => {
  it('the lower id dials the higher, and messages go both ways in order', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
    await Promise.all([one.linked('+2'), two.linked('+1')]);
    expect([one.mesh.linked(), two.mesh.linked()]).toEqual([[2], [1]]);
    const sent = Array.from({ length: 300 }, (_, index) => request(index + 1));
    for (const message of sent) expect([one.mesh.send(2, message), two.mesh.send(1, message)]).toEqual([true, true]);
    await Promise.all([one.received(300), two.received(300)]);
    expect(one.messages).toEqual(sent);
    expect(two.messages).toEqual(sent);
  });

  it('a kiosk is dialled at an IPv6 address, too', async () => {
    const two = await shop.mesh(2, bundles[1], { host: '::1' });
    const one = await shop.mesh(1, bundles[0], { peers: [{ ...at(2, two), host: '::1' }] });
    await Promise.all([one.linked('+2'), two.linked('+1')]);
  });

  it('three kiosks make three links, each of one pair', async () => {
    const three = await shop.mesh(3, bundles[2]);
    const two = await shop.mesh(2, bundles[1], { peers: [at(3, three)] });
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two), at(3, three)] });
    await Promise.all([one, two, three].map((station) => station.until(() => station.links.length === 2)));
    expect([one, two, three].map((station) => station.mesh.linked())).toEqual([
      [2, 3],
      [1, 3],
      [1, 2],
    ]);
  });

  it('both sides notice a closed socket at once, and link again', async () => {
    const { one, two, cable } = await cabled();
    const cutAt = performance.now();
    cable.cut();
    await Promise.all([one.linked('-2'), two.linked('-1')]);
    expect(performance.now() - cutAt).toBeLessThan(PING_INTERVAL_MS);
    await Promise.all([one.linked('+2', '-2', '+2'), two.linked('+1', '-1', '+1')]);
    two.mesh.send(1, request(7));
    await one.received(1);
    expect(one.messages).toEqual([request(7)]);
  });

  it('a peer that went silent is noticed by the heartbeat; what was sent meanwhile never arrives later', async () => {
    const { one, two, cable } = await cabled();
    const heldAt = performance.now();
    cable.hold();
    for (let slot = 1; slot <= 5; slot += 1) {
      one.mesh.send(2, request(slot));
      two.mesh.send(1, request(slot));
    }
    await Promise.all([one.linked('-2'), two.linked('-1')]);
    expect(performance.now() - heldAt).toBeLessThan(2 * (PING_INTERVAL_MS + PING_TIMEOUT_MS));
    for (let slot = 6; slot <= 9; slot += 1)
      expect([one.mesh.send(2, request(slot)), two.mesh.send(1, request(slot))]).toEqual([false, false]);
    cable.release();
    await Promise.all([one.linked('+2'), two.linked('+1')]);
    one.mesh.send(2, request(99));
    two.mesh.send(1, request(99));
    await Promise.all([one.received(1), two.received(1)]);
    expect([one.messages, two.messages]).toEqual([[request(99)], [request(99)]]);
  });

  it('a restarted peer is linked again and gets nothing that was meant for its former life', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
    await one.linked('+2');
    const { port } = two.mesh;
    await two.mesh.close();
    await one.linked('-2');
    expect(one.mesh.linked()).toEqual([]);
    for (let slot = 1; slot <= 5; slot += 1) expect(one.mesh.send(2, request(slot))).toBe(false);
    const again = await shop.mesh(2, bundles[1], { port });
    await one.linked('+2', '-2', '+2');
    one.mesh.send(2, request(99));
    await again.received(1);
    expect(again.messages).toEqual([request(99)]);
    expect(two.messages).toEqual([]);
  });

  it('a new link of the same kiosk replaces the old one, which this side still thought alive', async () => {
    const { one, two, cable } = await cabled();
    cable.cutNear();
    await one.linked('+2', '-2', '+2');
    await two.linked('+1', '-1', '+1');
    one.mesh.send(2, request(1));
    two.mesh.send(1, request(2));
    await Promise.all([one.received(1), two.received(1)]);
    expect([one.messages, two.messages]).toEqual([[request(2)], [request(1)]]);
    expect(two.links).toEqual(['+1', '-1', '+1']);
    expect(two.refusals).toEqual([]);
  });

  it('two processes with one id are told of', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
    await one.linked('+2');
    await shop.mesh(1, bundles[0], { peers: [at(2, two)], hello: { incarnation: 'another1' } });
    await two.refused(/kiosk 1 runs twice/);
  });

  it('peers can be added, moved and let go', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const three = await shop.mesh(3, bundles[2]);
    const one = await shop.mesh(1, bundles[0]);
    one.mesh.setPeers([at(2, two)]);
    await one.linked('+2');
    one.mesh.setPeers([at(2, two), at(3, three)]);
    await one.linked('+2', '+3');
    const cable = await shop.cable(two.mesh.port);
    one.mesh.setPeers([cable.at(2), at(3, three)]);
    await one.linked('+3', '-2', '+2');
    one.mesh.setPeers([cable.at(2)]);
    await one.linked('-2', '+2', '-3');
    await three.linked('+1', '-1');
    expect(one.mesh.linked()).toEqual([2]);
  });

  it('a message to itself is a broken invariant', async () => {
    const one = await shop.mesh(1, bundles[0]);
    expect(() => one.mesh.send(1, request(1))).toThrow(/to itself/);
    expect(one.mesh.send(2, request(1))).toBe(false);
  });

  it.each(['dialler', 'listener'] as const)(
    'a message that is too large ends the link, is told of, and the link comes back (from the %s)',
    async (from) => {
      const two = await shop.mesh(2, bundles[1]);
      const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
      await Promise.all([one.linked('+2'), two.linked('+1')]);
      const [sender, to, receiver] = from === 'dialler' ? [one, 2, two] : [two, 1, one];
      sender.mesh.send(to, { t: 'read', id: 'x'.repeat(MESSAGE_BYTES_MAX), hops: 0 });
      await receiver.refused(/sent a message of more than 1000000 bytes/);
      await Promise.all([one.linked('+2', '-2', '+2'), two.linked('+1', '-1', '+1')]);
      expect([...one.messages, ...two.messages]).toEqual([]);
    },
  );

  it('the largest page of the log passes', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
    await Promise.all([one.linked('+2'), two.linked('+1')]);
    const commands = Array.from({ length: 2_000 }, (_, index) => ({
      op: 'buy' as const,
      requestId: `k1:${index}`,
      kiosk: 1,
      clerk: '\u5238'.repeat(64),
      issued: 1,
      at: 1,
      items: [{ event: 'match', category: 'adult', n: 2 }],
    }));
    const page: Message = {
      t: 'log-page',
      chosen: 1,
      entries: [{ slot: 1, ballot: { round: 1, priority: 0, kiosk: 1, incarnation: 'incarnation1' }, value: { kind: 'batch', commands } }],
    };
    expect(Buffer.byteLength(JSON.stringify(page))).toBeGreaterThan(2 * 256 * 1024);
    two.mesh.send(1, page);
    await one.received(1);
    expect(one.messages).toEqual([page]);
  });
});

describe('start and end', () => {
  it('names host, port and remedy when the port is busy', async () => {
    const busy = net.createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    shop.later(() => busy.close());
    const { port } = busy.address() as net.AddressInfo;
    const start = shop.mesh(1, bundles[0], { port });
    await expect(start).rejects.toThrow(MeshError);
    await expect(start).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use by another process: end that one, or give this kiosk another port in the site file`,
    );
  });

  it("names a host that is not this machine's", async () => {
    await expect(shop.mesh(1, bundles[0], { host: '203.0.113.7' })).rejects.toThrow(
      /this machine has no address 203\.0\.113\.7; correct this kiosk's host/,
    );
  });

  it('tells nothing after close, tells the peers by their sockets, and can be closed twice', async () => {
    const { one, two } = await cabled();
    await two.mesh.close();
    await two.mesh.close();
    await one.linked('-2');
    expect(two.links).toEqual(['+1']);
    expect([two.mesh.linked(), two.mesh.send(1, request(1))]).toEqual([[], false]);
    const before = [...one.links];
    await one.mesh.close();
    expect(one.links).toEqual(before);
  });

  it('a frozen peer does not hold up the end', async () => {
    const { two, cable } = await cabled();
    cable.hold();
    const from = performance.now();
    await two.mesh.close();
    expect(performance.now() - from).toBeLessThan(CLOSE_GRACE_MS + PING_INTERVAL_MS);
  });

  it('a mesh that could not start leaves nothing behind', async () => {
    const two = await shop.mesh(2, bundles[1]);
    await expect(shop.mesh(1, bundles[0], { port: two.mesh.port, peers: [at(2, two)] })).rejects.toThrow(MeshError);
    expect(two.links).toEqual([]);
  });
});
