import type { KioskId } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import { type Hello, type Message, messageSchema } from '../../shared/messages';
import { describeIssue } from '../../shared/site';
import { Dialer } from './dialer';
import { readMessage } from './hotMessages';
import { Listener } from './listener';
import type { LinkPorts, MeshOptions, PeerAddress, TlsFiles, Wire } from './options';
import { quote, Refusals } from './refusals';
import { MESSAGE_EVENT, REMOVED_GRACE_MS } from './settings';

const KNOWN_TYPES: ReadonlySet<string> = new Set(messageSchema.options.map((option) => option.shape.t.value));

/**
 * One socket.io link per pair of kiosks; the lower id dials. Nothing is kept for a peer that is away: the
 * replica says again what is still needed. What a peer sends can make a handler refuse, never throw: a
 * thrown one would end the process.
 */
export class Mesh {
  private readonly links = new Map<KioskId, { readonly wire: Wire; readonly hello: Hello }>();
  private readonly dialers = new Map<KioskId, Dialer>();
  private readonly listener: Listener;
  private readonly refusals: Refusals;
  private readonly ports: LinkPorts = {
    onLink: (wire, hello) => this.link(wire, hello),
    onUnlink: (kiosk, wire) => this.unlink(kiosk, wire),
    onMessage: (kiosk, wire, value) => this.receive(kiosk, wire, value),
    onRefused: (sentence) => this.refusals.add(sentence),
    onTurnedAway: (kiosk, value) => this.turnedAway(kiosk, value),
  };
  /** Linked kiosks that would not be linked with now, and since when. */
  private readonly unwanted = new Map<Wire, number>();
  private tls: TlsFiles;
  private closed = false;
  private ended: Promise<void> = Promise.resolve();

  private constructor(private readonly options: MeshOptions) {
    this.tls = options.tls;
    this.refusals = new Refusals(
      (sentence) => {
        if (!this.closed) options.onRefused(sentence);
      },
      () => performance.now(),
    );
    this.listener = new Listener(options, this.ports);
  }

  /** Resolves once it listens, and goes on dialling the peers until it is closed. @throws MeshError naming host, port and remedy */
  static async start(options: MeshOptions): Promise<Mesh> {
    const mesh = new Mesh(options);
    try {
      await mesh.listener.listen();
    } catch (error) {
      await mesh.close();
      throw error;
    }
    mesh.setPeers(options.peers);
    return mesh;
  }

  /** The port it listens on. */
  get port(): number {
    return this.listener.port;
  }

  /** Kiosks that a message would reach now, as far as this side knows. */
  linked(): readonly KioskId[] {
    return [...this.links.keys()].sort((a, b) => a - b);
  }

  /** Sends now, or not at all: false if there is no link. A true is no promise that it arrives. */
  send(to: KioskId, message: Message): boolean {
    invariant(to !== this.options.hello.kiosk, 'a kiosk sends a message to itself');
    const wire = this.links.get(to)?.wire;
    if (wire === undefined || !wire.connected) return false;
    wire.emit(MESSAGE_EVENT, message);
    return true;
  }

  /** The kiosks to dial: a changed address is dialled anew, and one that is no longer named is let go. Links that others have dialled stay. */
  setPeers(peers: readonly PeerAddress[]): void {
    if (this.closed) return;
    const dialled = new Map(peers.filter(({ kiosk }) => kiosk > this.options.hello.kiosk).map((peer) => [peer.kiosk, peer]));
    for (const [kiosk, dialer] of this.dialers) {
      const peer = dialled.get(kiosk);
      if (peer !== undefined && dialer.isFor(peer)) continue;
      this.dialers.delete(kiosk);
      dialer.close();
    }
    for (const [kiosk, peer] of dialled) {
      if (!this.dialers.has(kiosk)) this.dialers.set(kiosk, new Dialer(peer, this.options, this.ports, this.tls));
    }
  }

  /** Ends all links and makes them anew: what the handshake says has changed. */
  relink(): void {
    for (const [kiosk, { wire }] of [...this.links]) {
      this.unlink(kiosk, wire);
      wire.disconnect(true);
    }
    const dialled = [...this.dialers.values()];
    this.dialers.clear();
    for (const dialer of dialled) {
      dialer.close();
      this.dialers.set(dialer.peer.kiosk, new Dialer(dialer.peer, this.options, this.ports, this.tls));
    }
  }

  /** Links that are made from now on show this certificate. */
  renew(tls: TlsFiles): void {
    this.tls = tls;
    this.listener.renew(tls);
    for (const dialer of this.dialers.values()) dialer.renew(tls);
  }

  /** Ends the links of kiosks that were removed from the site since they were made. To be called every now and then. */
  reconsider(): void {
    const now = performance.now();
    for (const [kiosk, { wire, hello }] of [...this.links]) {
      const away = this.options.turnedAway(hello);
      const since = this.unwanted.get(wire) ?? now;
      if (away === null) this.unwanted.delete(wire);
      else if (now - since < REMOVED_GRACE_MS) this.unwanted.set(wire, since);
      else {
        this.refusals.add(`ended a link: ${away.sentence}`);
        this.unlink(kiosk, wire);
        if (this.dialers.get(kiosk)?.turnAway(wire, away) !== true) wire.disconnect(true);
      }
    }
  }

  private turnedAway(kiosk: KioskId, value: unknown): void {
    if (this.closed) return;
    const { removedFrom, generation } = (value ?? {}) as { readonly removedFrom?: unknown; readonly generation?: unknown };
    if (isWhole(removedFrom)) this.options.onRemoved(removedFrom);
    if (isWhole(generation)) this.options.onGeneration(kiosk, generation);
  }

  /** Ends all links; tells nobody here of it, and the peers by the closed sockets. */
  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.ended = this.end();
    }
    return this.ended;
  }

  private end(): Promise<void> {
    for (const dialer of this.dialers.values()) dialer.close();
    this.dialers.clear();
    this.links.clear();
    return this.listener.close();
  }

  /** A new link of a kiosk replaces the old one: this side may not have noticed yet that the old one is lost. */
  private link(wire: Wire, hello: Hello): void {
    const old = this.links.get(hello.kiosk);
    if (this.closed || old?.wire === wire) return;
    if (old !== undefined) {
      if (old.hello.incarnation !== hello.incarnation) {
        this.refusals.add(`kiosk ${hello.kiosk} runs twice, with two data folders: end one of the two`);
      }
      this.unlink(hello.kiosk, old.wire);
      old.wire.disconnect(true);
    }
    this.links.set(hello.kiosk, { wire, hello });
    this.options.onConnected(hello);
  }

  private unlink(kiosk: KioskId, wire: Wire): void {
    if (this.closed || this.links.get(kiosk)?.wire !== wire) return;
    this.links.delete(kiosk);
    this.unwanted.delete(wire);
    this.options.onDisconnected(kiosk);
  }

  private receive(kiosk: KioskId, wire: Wire, value: unknown): void {
    const link = this.links.get(kiosk);
    if (this.closed || link?.wire !== wire) return;
    const parsed = readMessage(value);
    if (parsed.success) {
      this.options.onMessage({ kiosk, incarnation: link.hello.incarnation }, parsed.data);
      return;
    }
    const type = typeOf(value);
    if (KNOWN_TYPES.has(type)) {
      const [issue] = parsed.error.issues;
      const fault = issue === undefined ? '' : `: ${quote(describeIssue(issue))}`;
      this.refusals.add(`ignored a "${type}" message of kiosk ${kiosk} that is not as it should be${fault}`, `malformed ${type} ${kiosk}`);
    } else {
      // S34: a newer version may say more than this one understands.
      this.refusals.add(
        `ignored a message "${type}" of kiosk ${kiosk}, which this version does not know; kiosk ${kiosk} has version ${quote(link.hello.version)}, this one ${this.options.hello.version}`,
      );
    }
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

/** A message's type as far as it has one. Never `String(value)`: that of a crafted object throws. */
function typeOf(value: unknown): string {
  const type = (value as { readonly t?: unknown } | null | undefined)?.t;
  return typeof type === 'string' ? quote(type) : 'without a type';
}
