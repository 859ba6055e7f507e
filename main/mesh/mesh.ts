import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Server, type Socket as ServerSocket } from 'socket.io';
import type { KioskId } from '../../shared/ballot';
import { PROTOCOL_VERSION } from '../../shared/constants';
import { invariant } from '../../shared/invariant';
import { type Hello, type Message, messageSchema } from '../../shared/messages';
import { admit } from './admission';
import { Dialer } from './dialer';
import {
  CONNECT_TIMEOUT_MS,
  HELLO_EVENT,
  MESSAGE_BYTES_MAX,
  MESSAGE_EVENT,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  REPEAT_REFUSAL_MS,
} from './settings';

export interface PeerAddress {
  readonly kiosk: KioskId;
  readonly host: string;
  readonly port: number;
}

export interface TlsFiles {
  /** PEM texts. */
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export interface MeshOptions {
  readonly hello: Hello;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls: TlsFiles;
  readonly peers: readonly PeerAddress[];
  onConnected(peer: Hello): void;
  onDisconnected(kiosk: KioskId): void;
  onMessage(from: { readonly kiosk: KioskId; readonly incarnation: string }, message: Message): void;
  /** A link was refused, here or there; told in words, the same at most once a minute. */
  onRefused(sentence: string): void;
}

/** Why the mesh can't listen, in one sentence. */
export class MeshError extends Error {
  override readonly name = 'MeshError';
}

/** Either end of a link. */
export interface Wire {
  emit(event: string, value: unknown): unknown;
  disconnect(close?: boolean): unknown;
}

/**
 * One socket.io link per pair of kiosks; the lower id dials. Nothing is kept for a peer that is away: the
 * replica says what is needed again. Handlers never throw: a thrown one would end the process.
 */
export class Mesh {
  private readonly links = new Map<KioskId, { readonly wire: Wire; readonly hello: Hello }>();
  private readonly dialers = new Map<KioskId, Dialer>();
  private readonly told = new Map<string, number>();
  private closed = false;

  private constructor(
    private readonly options: MeshOptions,
    private readonly https: https.Server,
    private readonly server: Server,
  ) {}

  /** Resolves once it listens. @throws MeshError naming host, port and remedy */
  static async start(options: MeshOptions): Promise<Mesh> {
    const { key, cert, ca } = options.tls;
    const secure = https.createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' });
    const server = new Server(secure, {
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      maxHttpBufferSize: MESSAGE_BYTES_MAX,
      connectTimeout: CONNECT_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    const mesh = new Mesh(options, secure, server);
    mesh.accept();
    await mesh.listen();
    mesh.setPeers(options.peers);
    return mesh;
  }

  get port(): number {
    return (this.https.address() as AddressInfo).port;
  }

  linked(): readonly KioskId[] {
    return [...this.links.keys()];
  }

  /** Sends now, or not at all; false if there is no link. */
  send(to: KioskId, message: Message): boolean {
    invariant(to !== this.options.hello.kiosk, 'a kiosk sends a message to itself');
    const link = this.links.get(to);
    if (link === undefined) return false;
    link.wire.emit(MESSAGE_EVENT, message);
    return true;
  }

  /** The kiosks to be linked with. A changed address is dialled anew; a kiosk that is no longer named is let go. */
  setPeers(peers: readonly PeerAddress[]): void {
    if (this.closed) return;
    const dialled = peers.filter(({ kiosk }) => kiosk > this.options.hello.kiosk);
    for (const [kiosk, dialer] of this.dialers) {
      const peer = dialled.find((other) => other.kiosk === kiosk);
      if (peer !== undefined && dialer.isFor(peer)) continue;
      dialer.close();
      this.dialers.delete(kiosk);
    }
    for (const peer of dialled) {
      if (this.dialers.has(peer.kiosk)) continue;
      this.dialers.set(
        peer.kiosk,
        new Dialer(peer, this.options, {
          onLink: (wire, hello) => this.link(wire, hello),
          onUnlink: (wire) => this.unlink(peer.kiosk, wire),
          onMessage: (wire, value) => this.receive(peer.kiosk, wire, value),
          onRefused: (sentence) => this.refuse(sentence),
        }),
      );
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const dialer of this.dialers.values()) dialer.close();
    this.dialers.clear();
    await this.server.close();
  }

  private async listen(): Promise<void> {
    const { host, port } = this.options.listen;
    await new Promise<void>((resolve, reject) => {
      this.https.once('error', (error: NodeJS.ErrnoException) => reject(new MeshError(listenSentence(host, port, error))));
      this.https.listen(port, host, () => resolve());
    });
    this.https.on('error', (error) => this.refuse(`the mesh reports: ${error.message}`));
  }

  private accept(): void {
    this.https.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      const from = socket.remoteAddress ?? 'an unknown address';
      if (/ECONNRESET|socket hang up/.test(error.message)) return;
      this.refuse(`refused a link from ${from}: it shows no certificate of this site (${error.message.split('\n')[0]})`);
    });
    this.server.use((socket, next) => {
      const admission = admit(this.options.hello, socket.handshake.auth, (socket.request.socket as TLSSocket).getPeerCertificate());
      if (admission.ok) {
        socket.data = admission.hello;
        next();
        return;
      }
      this.refuse(`refused a link: ${admission.sentence}`);
      next(new Error(admission.sentence));
    });
    this.server.on('connection', (socket: ServerSocket) => {
      const hello = socket.data as Hello;
      socket.on('disconnect', () => this.unlink(hello.kiosk, socket));
      socket.on(MESSAGE_EVENT, (value: unknown) => this.receive(hello.kiosk, socket, value));
      socket.emit(HELLO_EVENT, this.options.hello);
      this.link(socket, hello);
    });
  }

  /** A new link of a kiosk replaces the old one. */
  private link(wire: Wire, hello: Hello): void {
    if (this.closed) return;
    const old = this.links.get(hello.kiosk);
    if (old !== undefined) {
      this.unlink(hello.kiosk, old.wire);
      old.wire.disconnect(true);
    }
    this.links.set(hello.kiosk, { wire, hello });
    this.options.onConnected(hello);
  }

  private unlink(kiosk: KioskId, wire: Wire): void {
    if (this.links.get(kiosk)?.wire !== wire) return;
    this.links.delete(kiosk);
    if (!this.closed) this.options.onDisconnected(kiosk);
  }

  private receive(kiosk: KioskId, wire: Wire, value: unknown): void {
    const link = this.links.get(kiosk);
    if (link?.wire !== wire || this.closed) return;
    const parsed = messageSchema.safeParse(value);
    if (!parsed.success) {
      // An unknown message is that of a newer version (S34); a malformed one is a mistake. Both are passed over, and said.
      const type = String((value as { t?: unknown } | null)?.t).slice(0, 40);
      this.refuse(`passed over a message "${type}" of kiosk ${kiosk} that this version (protocol ${PROTOCOL_VERSION}) can't read`);
      return;
    }
    this.options.onMessage({ kiosk, incarnation: link.hello.incarnation }, parsed.data);
  }

  private refuse(sentence: string): void {
    const now = performance.now();
    const last = this.told.get(sentence);
    if (this.closed || (last !== undefined && now - last < REPEAT_REFUSAL_MS)) return;
    for (const [other, at] of this.told) if (now - at >= REPEAT_REFUSAL_MS) this.told.delete(other);
    this.told.set(sentence, now);
    this.options.onRefused(sentence);
  }
}

function listenSentence(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use by another process: end that one, or give this kiosk another port in the site file`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}: correct this kiosk's host in the site file`;
    case 'EACCES':
      return `this user may not listen on port ${port}: choose a port from 1024 on in the site file`;
    default:
      return `can't listen on ${host}:${port} (${error.code ?? error.message})`;
  }
}
