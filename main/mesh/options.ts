import type { KioskId, Slot } from '../../shared/ballot';
import type { Hello, Message } from '../../shared/messages';

/** Where a kiosk listens. The id is its identity; the address may change. */
export interface PeerAddress {
  readonly kiosk: KioskId;
  readonly host: string;
  readonly port: number;
}

/** PEM texts of a kiosk's bundle. */
export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** A refusal of the site's own making, in words; told to the other side. */
export interface TurnedAway {
  readonly sentence: string;
  /** It was removed from the site, from this slot on. */
  readonly removedFrom?: Slot;
  /** The site has this generation, which is later than its own (rule 8). */
  readonly generation?: number;
}

/** What a mesh is made of, and whom it tells. No callback is called after `close`, and none may throw. */
export interface MeshOptions {
  /** What this kiosk says of itself on every link. */
  readonly hello: Omit<Hello, 'generation' | 'recovery' | 'remembers'>;
  /** What it says besides, to one kiosk and at this moment. */
  news(to: KioskId): Pick<Hello, 'generation' | 'recovery' | 'remembers'>;
  /** Why a kiosk of this site is not to be linked with now; null where it is. */
  turnedAway(hello: Hello): TurnedAway | null;
  /** Whether the certificate of that serial number is revoked: it may be valid, and nobody links with who shows it. */
  isRevoked(serial: string): boolean;
  /** Another kiosk says that this one was removed from the site, from a slot on. */
  onRemoved(slot: Slot): void;
  /** Another kiosk, which may have been removed since, says that the site has this generation. */
  onGeneration(kiosk: KioskId, generation: number): void;
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Of the links that are made until `renew`. */
  readonly tls: TlsFiles;
  /** The other kiosks. Those with a higher id are dialled; those with a lower id dial us, named here or not. */
  readonly peers: readonly PeerAddress[];
  onConnected(peer: Hello): void;
  onDisconnected(kiosk: KioskId): void;
  /** Messages of one peer come in the order of their sending, each at most once. */
  onMessage(from: { readonly kiosk: KioskId; readonly incarnation: string }, message: Message): void;
  /** A link or a message was refused, here or there; told in words, the same at most once a minute. */
  onRefused(sentence: string): void;
}

/** Either end of a link, as socket.io's client and server both have it. */
export interface Wire {
  readonly connected: boolean;
  emit(event: string, value: unknown): unknown;
  disconnect(close?: boolean): unknown;
}

/** What listener and dialer tell the mesh. */
export interface LinkPorts {
  onLink(wire: Wire, hello: Hello): void;
  onUnlink(kiosk: KioskId, wire: Wire): void;
  onMessage(kiosk: KioskId, wire: Wire, value: unknown): void;
  onRefused(sentence: string): void;
  /** The other side turned us away; `value` is what it said. */
  onTurnedAway(kiosk: KioskId, value: unknown): void;
}
