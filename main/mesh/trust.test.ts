import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { Manager } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createKioskCertificate } from '../site/authority';
import { serialOf } from '../site/load';
import { at, UID, Workshop } from './fixtures';
import type { TlsFiles, TurnedAway } from './index';
import { CONNECT_TIMEOUT_MS, REMOVED_GRACE_MS, STRANGERS_PER_ADDRESS } from './settings';

/** Certificates that change while the mesh runs, kiosks that lose their place in it, and what a stranger can take up. */

const shop = new Workshop();
let make: (kiosk: number, days?: number) => Promise<TlsFiles>;
let one: TlsFiles;
let two: TlsFiles;

beforeAll(async () => {
  const authority = await createAuthority('one', UID);
  make = async (kiosk, days) => ({ ...(await createKioskCertificate(authority, kiosk, '127.0.0.1', days)), ca: authority.cert });
  [one, two] = await Promise.all([make(1), make(2)]);
});
afterEach(() => shop.closeAll());

describe('certificates', () => {
  it('one that has expired is turned away by either side, in words', async () => {
    const expired = await make(1, -1);
    const listener = await shop.mesh(2, two);
    const dialer = await shop.mesh(1, expired, { peers: [at(2, listener)] });
    await listener.refused(/refused a link.*: its certificate has expired, or the clocks of the two machines differ/);
    expect([listener.links, dialer.links]).toEqual([[], []]);
    const late = await shop.mesh(2, await make(2, -1));
    const caller = await shop.mesh(1, one, { peers: [at(2, late)] });
    await caller.refused(/no link with kiosk 2 .*: its certificate has expired/);
    expect([late.links, caller.links]).toEqual([[], []]);
  });

  it('a renewed one is shown on every later link, at either end, without a restart', async () => {
    const listener = await shop.mesh(2, two);
    const dialer = await shop.mesh(1, one, { peers: [at(2, listener)] });
    await Promise.all([listener.linked('+1'), dialer.linked('+2')]);
    const [newOne, newTwo] = await Promise.all([make(1), make(2)]);
    listener.mesh.renew(newTwo);
    dialer.mesh.renew(newOne);
    expect([listener.links, dialer.links]).toEqual([['+1'], ['+2']]);
    const shown = await new Promise<string>((resolve) => {
      const socket = tls.connect({ host: '127.0.0.1', port: listener.mesh.port, ...one, checkServerIdentity: () => undefined }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
    });
    expect(shown).toBe(serialOf(newTwo.cert));
    // Only the new one is taken from here on: the dialler has to show it.
    const strict = await shop.mesh(3, await make(3), { isRevoked: (serial) => serial === serialOf(one.cert) });
    dialer.mesh.setPeers([at(2, listener), at(3, strict)]);
    await dialer.linked('+3');
    dialer.mesh.relink();
    await dialer.until(
      () => dialer.links.filter((link) => link === '+3').length === 2 && dialer.links.filter((link) => link === '+2').length === 2,
    );
    expect(strict.refusals).toEqual([]);
  });

  it('one that is revoked is turned away by either side, though it is valid', async () => {
    const isRevoked = (serial: string) => serial === serialOf(one.cert);
    const listener = await shop.mesh(2, two, { isRevoked });
    const dialer = await shop.mesh(1, one, { peers: [at(2, listener)] });
    await listener.refused(/the certificate of kiosk-1 is revoked/);
    expect([listener.links, dialer.links]).toEqual([[], []]);
    const stolen = await shop.mesh(2, two);
    const caller = await shop.mesh(1, await make(1), { peers: [at(2, stolen)], isRevoked: (serial) => serial === serialOf(two.cert) });
    await caller.refused(/the certificate of kiosk-2 is revoked/);
    expect(caller.links).toEqual([]);
  });
});

describe('a kiosk that is removed while it is linked', () => {
  it.each(['the listening', 'the dialling'])('loses its link, and hears why: %s side removes', async (side) => {
    const away: { now: TurnedAway | null } = { now: null };
    const turnedAway = () => away.now;
    const listener = await shop.mesh(2, two, side === 'the listening' ? { turnedAway } : {});
    const dialer = await shop.mesh(1, one, { peers: [at(2, listener)], ...(side === 'the dialling' ? { turnedAway } : {}) });
    await Promise.all([listener.linked('+1'), dialer.linked('+2')]);
    const [here, there] = side === 'the listening' ? [listener, dialer] : [dialer, listener];
    away.now = { sentence: 'it was removed from the site at slot 9', removedFrom: 9 };
    const began = performance.now();
    const timer = setInterval(() => here.mesh.reconsider(), 50);
    await there.until(() => there.removed.includes(9));
    clearInterval(timer);
    expect(performance.now() - began).toBeGreaterThan(REMOVED_GRACE_MS - 100);
    expect(here.refusals.some((sentence) => sentence.includes('it was removed from the site at slot 9'))).toBe(true);
    expect(here.links.at(-1)).toMatch(/^-/);
    away.now = null;
    await Promise.all([listener.linked('+1'), dialer.linked('+2')]);
  });
});

describe('a later generation of the site', () => {
  const later: TurnedAway = { sentence: 'kiosk 2 is of generation 2 of the site', generation: 2 };

  it('is told to a kiosk that is turned away for it, whichever side dials', async () => {
    const listener = await shop.mesh(2, two, { turnedAway: () => later });
    const dialer = await shop.mesh(1, one, { peers: [at(2, listener)] });
    await dialer.until(() => dialer.later.includes('2 of 2'));
    const caller = await shop.mesh(1, one, { turnedAway: () => later });
    const called = await shop.mesh(2, two);
    caller.mesh.setPeers([at(2, called)]);
    await called.until(() => called.later.includes('1 of 2'));
  });

  it('is not believed of a kiosk whose certificate is revoked', async () => {
    const stolen = await shop.mesh(2, two, { turnedAway: () => ({ ...later, removedFrom: 9 }) });
    const caller = await shop.mesh(1, one, { peers: [at(2, stolen)], isRevoked: (serial) => serial === serialOf(two.cert) });
    await caller.refused(/it refused: kiosk 2 is of generation 2/);
    await stolen.refused(/refused a link: kiosk 2 is of generation 2/);
    expect([caller.later, caller.removed]).toEqual([[], []]);
  });
});

describe('what a stranger can take up', () => {
  it('so many connections and no more; a kiosk still links, and all are closed when their time is up', { timeout: 60_000 }, async () => {
    const listener = await shop.mesh(2, two);
    const { port } = listener.mesh;
    const silent = Array.from({ length: 3 * STRANGERS_PER_ADDRESS }, () => net.connect(port, '127.0.0.1'));
    for (const socket of silent) socket.on('error', () => undefined).resume();
    const closed = silent.map((socket) => once(socket, 'close'));
    await listener.refused(/turned away connections from .*127\.0\.0\.1: too many at once that show no certificate of this site/);
    await Promise.all(closed);
    const dialer = await shop.mesh(1, one, { peers: [at(2, listener)] });
    await Promise.all([listener.linked('+1'), dialer.linked('+2')]);
  });

  it('no request and no greeting that is never finished, with a certificate either', async () => {
    const listener = await shop.mesh(2, two);
    const { port } = listener.mesh;
    const began = performance.now();
    const identity = { ...one, checkServerIdentity: () => undefined };
    const request = tls.connect({ host: '127.0.0.1', port, ...identity }, () => request.write('GET / HTTP/1.1\r\nHost: kiosk\r\n'));
    request.on('error', () => undefined).resume();
    // It speaks the transport's protocol, answers its pings, and never says who it is.
    const silent = new Manager(`https://127.0.0.1:${port}`, {
      transports: ['websocket'],
      reconnection: false,
      autoConnect: false,
      ...identity,
    });
    const opened = new Promise<unknown>((resolve) => silent.open(resolve));
    const closed = new Promise((resolve) => silent.on('close', resolve));
    expect(await opened).toBeUndefined();
    await Promise.all([once(request, 'close'), closed]);
    expect(performance.now() - began).toBeGreaterThan(CONNECT_TIMEOUT_MS - 500);
    expect(listener.links).toEqual([]);
  });

  it('whatever a kiosk asks for by HTTP, there is nothing; a head that is too long ends the connection', async () => {
    const listener = await shop.mesh(2, two);
    const ask = (path: string, headers: Record<string, string> = {}) =>
      new Promise<number | string>((resolve) => {
        const request = https.get(
          { host: '127.0.0.1', port: listener.mesh.port, path, headers, ...one, checkServerIdentity: () => undefined, agent: false },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    expect(await ask('/')).toBe(404);
    expect(await ask('/socket.io/socket.io.js')).toBe(400);
    expect(await ask('/', { 'x-long': 'x'.repeat(8_000) })).toBe(431);
  });
});
