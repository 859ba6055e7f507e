import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls, { type PeerCertificate } from 'node:tls';
import { Server, type Socket as ServerSocket } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../shared/constants';
import { admit } from './admission';
import { at, helloOf, makeBundles, request, type Station, Workshop } from './fixtures';
import type { TlsFiles } from './index';
import { Refusals } from './refusals';
import { HELLO_EVENT, MESSAGE_EVENT, REFUSALS_MAX, REPEAT_REFUSAL_MS } from './settings';

let bundles: readonly [TlsFiles, TlsFiles, TlsFiles];
let strangers: readonly [TlsFiles, TlsFiles, TlsFiles];
const shop = new Workshop();

beforeAll(async () => {
  [bundles, strangers] = await Promise.all([makeBundles(), makeBundles('uid11111')]);
});
afterEach(() => shop.closeAll());

/** A socket.io client that holds a kiosk's bundle and says and sends what it likes. */
function rogueClient(station: Station, files: TlsFiles, hello: object): Socket {
  const settings = {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { ...hello },
    checkServerIdentity: () => undefined,
  };
  const socket = io(`https://127.0.0.1:${station.mesh.port}`, { ...settings, ...files });
  shop.later(() => socket.disconnect());
  return socket;
}

/** A socket.io server that holds a kiosk's bundle and does what it likes with each link. */
async function rogueServer(files: TlsFiles, behave: (socket: ServerSocket) => void): Promise<number> {
  const secure = https.createServer({ ...files, requestCert: true, rejectUnauthorized: true });
  const server = new Server(secure, { transports: ['websocket'], serveClient: false });
  server.on('connection', behave);
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  shop.later(() => server.close());
  return (secure.address() as AddressInfo).port;
}

function refusal(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('connect_error', (error) => resolve(error.message)));
}

describe('strangers (S15)', () => {
  it("another site's certificate is turned away, and both sides say why", async () => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, { ...strangers[0], ca: bundles[0].ca }, { peers: [at(2, two)] });
    await two.refused(/refused a link.*: its certificate is not of this site/);
    await one.refused(/no link with kiosk 2 at 127\.0\.0\.1:\d+: it hangs up at once, so it may not take this kiosk's certificate/);
    expect([one.links, two.links]).toEqual([[], []]);
  });

  it("a kiosk does not link with another site's", async () => {
    const two = await shop.mesh(2, strangers[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)] });
    await one.refused(/no link with kiosk 2 at 127\.0\.0\.1:\d+: its certificate is not of this site/);
    expect([one.links, two.links]).toEqual([[], []]);
  });

  it('no certificate, an old TLS and plain text are turned away', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const { port } = two.mesh;
    const dial = (options: tls.ConnectionOptions) =>
      new Promise<void>((resolve) => {
        const socket = tls.connect({ host: '127.0.0.1', port, ca: bundles[0].ca, checkServerIdentity: () => undefined, ...options });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    await dial({});
    await two.refused(/no kiosk, it shows no certificate of this site \(ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE\)/);
    await dial({ ...bundles[0], maxVersion: 'TLSv1.2' });
    await two.refused(/ERR_SSL_UNSUPPORTED_PROTOCOL/);
    const plain = net.connect(port, '127.0.0.1', () => plain.write('GET / HTTP/1.0\r\n\r\n'));
    plain.on('error', () => undefined);
    await two.refused(/ERR_SSL_HTTP_REQUEST/);
    expect(two.links).toEqual([]);
  });

  it.each([
    [
      'another uid',
      { uid: 'uid22222' },
      /kiosk-1 belongs to site one \(uid uid22222\), kiosk-2 to site one \(uid uid00000\): give both the same site file/,
    ],
    ['another site', { site: 'two' }, /kiosk-1 belongs to site two/],
    [
      'another protocol version',
      { protocol: PROTOCOL_VERSION + 1 },
      new RegExp(`kiosk-1 speaks protocol version ${PROTOCOL_VERSION + 1}, kiosk-2 version ${PROTOCOL_VERSION}: update the older one`),
    ],
  ])('%s is turned away, and both sides say why', async (_what, changes, words) => {
    const two = await shop.mesh(2, bundles[1]);
    const one = await shop.mesh(1, bundles[0], { peers: [at(2, two)], hello: changes });
    await Promise.all([one.refused(words), two.refused(words)]);
    expect([one.links, two.links]).toEqual([[], []]);
  });

  it('an id that the certificate denies, and a link from the wrong side, are turned away', async () => {
    const two = await shop.mesh(2, bundles[1]);
    expect(await refusal(rogueClient(two, bundles[2], helloOf(1)))).toMatch(
      /kiosk-3 says that it is kiosk 1, which its certificate denies/,
    );
    expect(await refusal(rogueClient(two, bundles[2], helloOf(3)))).toMatch(/of two kiosks the lower id dials/);
    expect(await refusal(rogueClient(two, bundles[1], helloOf(2)))).toMatch(/kiosk 2 runs twice/);
    expect(await refusal(rogueClient(two, bundles[0], { kiosk: 1 }))).toMatch(/the greeting of kiosk-1 could not be read/);
    expect(two.refusals).toHaveLength(4);
    expect(two.links).toEqual([]);
  });

  it('the sender is the one in the certificate; a newer version is told so before its hello is read', () => {
    const noneRevoked = () => false;
    const certificate = (name: unknown) => ({ subject: { CN: name } }) as PeerCertificate;
    expect(admit(helloOf(2), helloOf(1), certificate('kiosk-1'), noneRevoked)).toEqual({ ok: true, hello: helloOf(1) });
    for (const name of ['kiosk-3', 'kiosk-11', '', undefined, ['kiosk-1', 'kiosk-3']])
      expect(admit(helloOf(2), helloOf(1), certificate(name), noneRevoked)).toMatchObject({ ok: false });
    expect(admit(helloOf(2), helloOf(1), {} as PeerCertificate, noneRevoked)).toMatchObject({ ok: false });
    for (const value of [null, undefined, 7, 'hello', [], { ...helloOf(1), kiosk: '1' }])
      expect(admit(helloOf(2), value, certificate('kiosk-1'), noneRevoked)).toEqual({
        ok: false,
        sentence: 'the greeting of kiosk-1 could not be read',
      });
    expect(admit(helloOf(2), { protocol: 9, shape: 'new' }, certificate('kiosk-1'), noneRevoked)).toEqual({
      ok: false,
      sentence: `kiosk-1 speaks protocol version 9, kiosk-2 version ${PROTOCOL_VERSION}: update the older one`,
    });
  });

  it('another kiosk, and another program, at an address are told apart', async () => {
    const three = await shop.mesh(3, bundles[2]);
    const web = https.createServer(bundles[1], (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    shop.later(() => {
      web.closeAllConnections();
      web.close();
    });
    const plain = net.createServer((socket) => socket.end('220 mail\r\n').on('error', () => undefined));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    shop.later(() => plain.close());
    const port = (server: net.Server) => (server.address() as AddressInfo).port;
    const one = await shop.mesh(1, bundles[0], {
      peers: [at(2, three), { kiosk: 3, host: '127.0.0.1', port: port(plain) }],
    });
    await one.refused(/no link with kiosk 2 at .*: there answers kiosk-3, not kiosk-2: correct the address of one of them/);
    await one.refused(/no link with kiosk 3 at .*: what answers there is no kiosk/);
    one.mesh.setPeers([{ kiosk: 2, host: '127.0.0.1', port: port(web) }]);
    await one.refused(/no link with kiosk 2 at .*: what answers there is no kiosk/);
    expect(one.links).toEqual([]);
  });
});

describe('rogue peers (S34)', () => {
  it('no message of a peer harms the one that hears it', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const rogue = rogueClient(two, bundles[0], helloOf(1));
    await two.linked('+1');
    const crafted = { t: { toString: 1, valueOf: 1 } };
    for (const value of [null, undefined, 7, 'x', [], crafted, { t: 'accepted', slots: 'x' }, { t: 'accepted' }, Buffer.alloc(9)]) {
      rogue.emit(MESSAGE_EVENT, value);
    }
    for (const t of ['from-the-future', 'from-the-future', '__proto__', 'constructor']) rogue.emit(MESSAGE_EVENT, { t });
    rogue.emit(MESSAGE_EVENT);
    rogue.emit('error', 'x');
    rogue.emit(HELLO_EVENT, helloOf(3));
    rogue.emit('message', request(3));
    rogue.emit(MESSAGE_EVENT, { ...request(2), kiosk: 3 }, () => undefined);
    await two.received(1);
    expect(two.messages).toEqual([request(2)]);
    expect(two.links).toEqual(['+1']);
    const said = (words: string) => two.refusals.filter((sentence) => sentence.includes(words)).length;
    expect(said('"from-the-future" of kiosk 1, which this version does not know; kiosk 1 has version 0.1.0')).toBe(1);
    expect(said('ignored a "accepted" message of kiosk 1 that is not as it should be: ballot')).toBe(1);
    expect(said('without a type')).toBe(1);
    expect(two.refusals).toHaveLength(5);
  });

  it('a broken frame costs the link, and nothing else', async () => {
    const two = await shop.mesh(2, bundles[1]);
    const rogue = rogueClient(two, bundles[0], helloOf(1));
    await two.linked('+1');
    rogue.io.engine.write('2["m"');
    await two.linked('+1', '-1');
    rogueClient(two, bundles[0], helloOf(1)).emit(MESSAGE_EVENT, request(1));
    await two.received(1);
    expect(two.links).toEqual(['+1', '-1', '+1']);
  });

  it('a server that speaks before it greets, greets twice or greets wrongly gets no hearing', async () => {
    const port = await rogueServer(bundles[1], (socket) => {
      socket.emit(MESSAGE_EVENT, request(1));
      socket.emit(HELLO_EVENT, helloOf(2));
      socket.emit(HELLO_EVENT, helloOf(2));
      socket.emit(HELLO_EVENT, null);
      socket.emit(MESSAGE_EVENT, request(2));
    });
    const one = await shop.mesh(1, bundles[0], { peers: [{ kiosk: 2, host: '127.0.0.1', port }] });
    await one.linked('+2', '-2');
    await one.refused(/the greeting of kiosk-2 could not be read/);
    expect(one.links).toEqual(['+2', '-2']);
    expect(one.messages).toEqual([]);
  });

  it("a server's hello of another site ends the link before it is one", async () => {
    const port = await rogueServer(bundles[1], (socket) => socket.emit(HELLO_EVENT, helloOf(2, { uid: 'uid99999' })));
    const one = await shop.mesh(1, bundles[0], { peers: [{ kiosk: 2, host: '127.0.0.1', port }] });
    await one.refused(/refused a link: kiosk-2 belongs to site one \(uid uid99999\)/);
    expect(one.links).toEqual([]);
  });

  it("a peer's own words reach our log short and without control characters", async () => {
    const server = https.createServer({ ...bundles[1], requestCert: true });
    const rogue = new Server(server, { transports: ['websocket'], serveClient: false });
    rogue.use((_socket, next) => next(new Error(`\u001b[31mno\n${'x'.repeat(5_000)}`)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    shop.later(() => rogue.close());
    const one = await shop.mesh(1, bundles[0], { peers: [{ kiosk: 2, host: '127.0.0.1', port: (server.address() as AddressInfo).port }] });
    await one.refused(/it refused: \[31mno x{100}/);
    expect(one.refusals[0]!.length).toBeLessThan(300);
  });
});

describe('refusals', () => {
  it('are told once a minute each, and never without bound', () => {
    const told: string[] = [];
    let now = 0;
    const refusals = new Refusals(
      (sentence) => told.push(sentence),
      () => now,
    );
    for (let turn = 0; turn < 3; turn += 1) refusals.add('a');
    refusals.add('b', 'key');
    refusals.add('c', 'key');
    expect(told).toEqual(['a', 'b']);
    now = REPEAT_REFUSAL_MS;
    refusals.add('a');
    expect(told).toEqual(['a', 'b', 'a']);
    for (let index = 0; index < 2 * REFUSALS_MAX; index += 1) refusals.add(`flood ${index}`);
    expect(told).toHaveLength(2 + REFUSALS_MAX);
  });
});
