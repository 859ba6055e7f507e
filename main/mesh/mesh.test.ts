import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../shared/constants';
import type { Hello, Message } from '../../shared/messages';
import { createSite } from '../site/create';
import { type Bundle, loadBundle } from '../site/load';
import { admit } from './admission';
import { Mesh, type PeerAddress } from './index';

let folder: string;
let bundles: Bundle[];
let stranger: Bundle;
const open: Mesh[] = [];

async function bundlesOf(site: string): Promise<Bundle[]> {
  const made = await createSite({
    folder: path.join(folder, site),
    site,
    kiosks: 3,
    members: 3,
    host: '127.0.0.1',
    basePort: 7401,
    events: [{ id: 'demo', name: 'Demo', capacity: 10, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }],
    from: null,
  });
  if (!made.ok) throw new Error(made.sentence);
  return Promise.all(
    [1, 2, 3].map(async (kiosk) => {
      const bundle = await loadBundle(path.join(folder, site), kiosk);
      if (!bundle.ok) throw new Error(bundle.sentence);
      return bundle.value;
    }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-mesh-'));
  bundles = await bundlesOf('one');
  stranger = (await bundlesOf('two'))[0]!;
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(open.splice(0).map((mesh) => mesh.close()));
});

function hello(kiosk: number, changes: Partial<Hello> = {}): Hello {
  return {
    site: 'one',
    uid: 'uid00000',
    protocol: PROTOCOL_VERSION,
    kiosk,
    incarnation: `incarnation${kiosk}`,
    host: '127.0.0.1',
    port: 7400 + kiosk,
    name: `Kiosk ${kiosk}`,
    priority: 0,
    version: '0.1.0',
    ...changes,
  };
}

interface Seen {
  readonly mesh: Mesh;
  readonly events: string[];
  readonly messages: Message[];
}

async function start(
  kiosk: number,
  peers: readonly PeerAddress[] = [],
  changes: { hello?: Partial<Hello>; tls?: Bundle; port?: number } = {},
): Promise<Seen> {
  const events: string[] = [];
  const messages: Message[] = [];
  const mesh = await Mesh.start({
    hello: hello(kiosk, changes.hello),
    listen: { host: '127.0.0.1', port: changes.port ?? 0 },
    tls: changes.tls ?? bundles[kiosk - 1]!,
    peers,
    onConnected: (peer) => events.push(`+${peer.kiosk}`),
    onDisconnected: (other) => events.push(`-${other}`),
    onMessage: (from, message) => {
      expect(from.incarnation).toBe(`incarnation${from.kiosk}`);
      messages.push(message);
    },
    onRefused: (sentence) => events.push(sentence),
  });
  open.push(mesh);
  return { mesh, events, messages };
}

function at(kiosk: number, seen: Seen): PeerAddress {
  return { kiosk, host: '127.0.0.1', port: seen.mesh.port };
}

function request(from: number): Message {
  return { t: 'log-request', from };
}

const soon = { timeout: 8_000, interval: 5 };

describe('the mesh', () => {
  it('links the lower id to the higher and carries messages both ways, in order', async () => {
    const two = await start(2);
    const one = await start(1, [at(2, two)]);
    await vi.waitFor(() => expect([one.mesh.linked(), two.mesh.linked()]).toEqual([[2], [1]]), soon);
    for (let slot = 1; slot <= 200; slot += 1) {
      one.mesh.send(2, request(slot));
      two.mesh.send(1, request(slot));
    }
    await vi.waitFor(() => expect([one.messages.length, two.messages.length]).toEqual([200, 200]), soon);
    expect(two.messages).toEqual(Array.from({ length: 200 }, (_, index) => request(index + 1)));
    expect(one.mesh.send(3, request(1))).toBe(false);
  });

  it('tells a lost peer, links again, and replays nothing old', async () => {
    const two = await start(2);
    const one = await start(1, [at(2, two)]);
    await vi.waitFor(() => expect(one.mesh.linked()).toEqual([2]), soon);
    const { port } = two.mesh;
    await two.mesh.close();
    await vi.waitFor(() => expect(one.events).toEqual(['+2', '-2']), soon);
    for (let slot = 1; slot <= 5; slot += 1) expect(one.mesh.send(2, request(slot))).toBe(false);
    const again = await start(2, [], { port });
    await vi.waitFor(() => expect(one.events).toEqual(['+2', '-2', '+2']), soon);
    one.mesh.send(2, request(99));
    await vi.waitFor(() => expect(again.messages).toEqual([request(99)]), soon);
  });

  it("turns away a stranger with another site's certificate (S15)", async () => {
    const two = await start(2);
    const one = await start(1, [at(2, two)], { tls: stranger });
    await vi.waitFor(() => expect([...one.events, ...two.events].join()).toMatch(/certificate/), soon);
    expect([one.mesh.linked(), two.mesh.linked()]).toEqual([[], []]);
  });

  it.each([
    ['another site of the same authority', { uid: 'uid11111' }, /belongs to site/],
    ['another protocol version', { protocol: PROTOCOL_VERSION + 1 }, /protocol version/],
  ])('turns away a peer of %s, and both sides say why', async (_what, changes, words) => {
    const two = await start(2);
    const one = await start(1, [at(2, two)], { hello: changes });
    await vi.waitFor(() => expect(one.events.join()).toMatch(words), soon);
    await vi.waitFor(() => expect(two.events.join()).toMatch(words), soon);
    expect([one.mesh.linked(), two.mesh.linked()]).toEqual([[], []]);
  });

  it('believes the certificate, not the greeting', () => {
    const certificate = { subject: { CN: 'kiosk-1' } } as unknown as PeerCertificate;
    expect(admit(hello(2), hello(3), certificate)).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/certificate is that of kiosk-1/),
    });
    expect(admit(hello(2), hello(1), certificate)).toMatchObject({ ok: true });
    expect(admit(hello(2), { kiosk: 'one' }, certificate)).toMatchObject({ ok: false });
  });

  it('does not take one kiosk for another at its address', async () => {
    const three = await start(3);
    const one = await start(1, [at(2, three)]);
    await vi.waitFor(() => expect(one.events.join()).toMatch(/answers kiosk-3, not kiosk-2/), soon);
    expect(one.mesh.linked()).toEqual([]);
  });

  it('passes over malformed and unknown messages, and says so once', async () => {
    const two = await start(2);
    const one = await start(1, [at(2, two)]);
    await vi.waitFor(() => expect(one.mesh.linked()).toEqual([2]), soon);
    for (const value of [null, 7, { t: 'from-the-future' }, { t: 'from-the-future' }, { t: 'accepted', slots: 'x' }])
      one.mesh.send(2, value as unknown as Message);
    one.mesh.send(2, request(1));
    await vi.waitFor(() => expect(two.messages).toEqual([request(1)]), soon);
    expect(two.events.filter((event) => event.includes('from-the-future'))).toHaveLength(1);
  });

  it('names host, port and remedy when the port is busy', async () => {
    const busy = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => busy.once('listening', resolve));
    const { port } = busy.address() as net.AddressInfo;
    await expect(start(1, [], { port })).rejects.toThrow(new RegExp(`port ${port} on 127.0.0.1 is in use`));
    busy.close();
  });
});
