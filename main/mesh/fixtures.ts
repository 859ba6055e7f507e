import net from 'node:net';
import { expect } from 'vitest';
import { PROTOCOL_VERSION } from '../../shared/constants';
import type { Hello, Message } from '../../shared/messages';
import { createAuthority, createKioskCertificate } from '../site/authority';
import { Mesh, type PeerAddress, type TlsFiles, type TurnedAway } from './index';

/** Meshes, a cuttable cable and rogue peers for the tests of this room. */

export const UID = 'uid00000';
const HOST = '127.0.0.1';

/** Bundles of kiosks 1 to 3 under one new authority. */
export async function makeBundles(uid = UID): Promise<readonly [TlsFiles, TlsFiles, TlsFiles]> {
  const authority = await createAuthority('one', uid);
  const make = async (kiosk: number) => ({ ...(await createKioskCertificate(authority, kiosk, HOST)), ca: authority.cert });
  return [await make(1), await make(2), await make(3)];
}

export function helloOf(kiosk: number, changes: Partial<Hello> = {}): Hello {
  return {
    site: 'one',
    uid: UID,
    protocol: PROTOCOL_VERSION,
    kiosk,
    incarnation: `incarnation${kiosk}`,
    host: HOST,
    port: 7400 + kiosk,
    name: `Kiosk ${kiosk}`,
    priority: 0,
    version: '0.1.0',
    generation: 1,
    recovery: '',
    supports: 1,
    remembers: [],
    ...changes,
  };
}

/** Any small message; `from` tells one from the other. */
export function request(from: number): Message {
  return { t: 'log-request', from };
}

/** What a mesh told, in order, and a way to wait for it. */
export class Station {
  mesh!: Mesh;
  /** "+2" linked with kiosk 2, "-2" lost it. */
  readonly links: string[] = [];
  readonly messages: Message[] = [];
  readonly refusals: string[] = [];
  /** Slots from which others say that this kiosk was removed. */
  readonly removed: number[] = [];
  /** Kiosks that tell of a later generation, and which it is: "2 of 3". */
  readonly later: string[] = [];
  private readonly waiting = new Set<() => void>();

  /** Settles when the condition holds; looks again after each thing that the mesh tells. The test's own timeout bounds it. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
    });
  }

  /** Until the newest link events are these. */
  linked(...events: readonly string[]): Promise<void> {
    return this.until(() => events.every((event, index) => this.links.at(index - events.length) === event));
  }

  refused(words: RegExp): Promise<void> {
    return this.until(() => this.refusals.some((sentence) => words.test(sentence)));
  }

  received(count: number): Promise<void> {
    return this.until(() => this.messages.length >= count);
  }

  tell<T>(list: T[], item: T): void {
    list.push(item);
    for (const look of [...this.waiting]) look();
  }
}

/** Everything that a test opened, closed after it. */
export class Workshop {
  private readonly closers: (() => Promise<unknown> | unknown)[] = [];

  async mesh(
    kiosk: number,
    tls: TlsFiles,
    options: {
      peers?: readonly PeerAddress[];
      hello?: Partial<Hello>;
      port?: number;
      host?: string;
      turnedAway?: (hello: Hello) => TurnedAway | null;
      isRevoked?: (serial: string) => boolean;
    } = {},
  ): Promise<Station> {
    const station = new Station();
    station.mesh = await Mesh.start({
      hello: helloOf(kiosk, options.hello),
      news: () => ({
        generation: options.hello?.generation ?? 1,
        recovery: options.hello?.recovery ?? '',
        remembers: [...(options.hello?.remembers ?? [])],
      }),
      turnedAway: options.turnedAway ?? (() => null),
      isRevoked: options.isRevoked ?? (() => false),
      onRemoved: (slot) => station.tell(station.removed, slot),
      onGeneration: (other, generation) => station.tell(station.later, `${other} of ${generation}`),
      listen: { host: options.host ?? HOST, port: options.port ?? 0 },
      tls,
      peers: options.peers ?? [],
      onConnected: (peer) => station.tell(station.links, `+${peer.kiosk}`),
      onDisconnected: (other) => station.tell(station.links, `-${other}`),
      onMessage: (from, message) => {
        expect(from.incarnation).toBe(`incarnation${from.kiosk}`);
        station.tell(station.messages, message);
      },
      onRefused: (sentence) => station.tell(station.refusals, sentence),
    });
    this.later(() => station.mesh.close());
    return station;
  }

  async cable(port: number): Promise<Cable> {
    const cable = new Cable(port);
    await cable.open();
    this.later(() => cable.close());
    return cable;
  }

  later(close: () => Promise<unknown> | unknown): void {
    this.closers.push(close);
  }

  async closeAll(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}

interface Pair {
  readonly near: net.Socket;
  readonly far: net.Socket;
  /** The far end stays open after the near one closed. */
  lingers: boolean;
}

/** A cable between two kiosks that can be cut or held. */
export class Cable {
  private readonly server = net.createServer((near) => this.join(near));
  private readonly pairs = new Set<Pair>();
  private held = false;

  constructor(private readonly to: number) {}

  open(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, HOST, resolve));
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  at(kiosk: number): PeerAddress {
    return { kiosk, host: HOST, port: this.port };
  }

  /** Both ends see their sockets close, as when a process is killed. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Only the dialling end sees its socket close. */
  cutNear(): void {
    for (const pair of this.pairs) {
      pair.lingers = true;
      pair.near.destroy();
    }
  }

  /** Nothing passes, and nobody is told: a pulled cable. New calls are not answered until `release`. */
  hold(): void {
    this.held = true;
    for (const { near, far } of this.pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  release(): void {
    this.held = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: net.Socket): void {
    if (this.held) {
      near.destroy();
      return;
    }
    const far = net.connect(this.to, HOST);
    const pair: Pair = { near, far, lingers: false };
    this.pairs.add(pair);
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      end.pipe(other, { end: false });
      end.on('error', () => end.destroy());
      end.on('close', () => {
        if (!pair.lingers) other.destroy();
        if (near.destroyed && far.destroyed) this.pairs.delete(pair);
      });
    }
  }
}

export function at(kiosk: number, station: Station): PeerAddress {
  return { kiosk, host: HOST, port: station.mesh.port };
}
