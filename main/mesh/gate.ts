import type { Socket } from 'node:net';
import { ADDRESSES_MAX, HANDSHAKES_BURST, HANDSHAKES_PER_SECOND, STRANGERS_MAX, STRANGERS_PER_ADDRESS } from './settings';

/** What one address may still do. */
interface Allowance {
  /** Handshakes that it may begin at once; grows with time up to HANDSHAKES_BURST. */
  tokens: number;
  refilledAt: number;
  /** Its connections that have not shown yet whose they are. */
  strangers: number;
}

/**
 * Who may begin a TLS handshake: the dearest thing that anybody on the network can ask of a kiosk. So many
 * connections that have not proved themselves, in all and from one address, and so many new ones a second; what is
 * beyond that is closed before a byte of it is read. It keeps a bounded memory of a bounded number of addresses.
 */
export class Gate {
  private readonly addresses = new Map<string, Allowance>();
  private readonly waiting = new Map<string, Allowance>();

  constructor(
    private readonly now: () => number,
    private readonly onFlood: (address: string) => void,
  ) {}

  /** Connections that have not proved themselves. */
  get strangers(): number {
    return this.waiting.size;
  }

  /** Whether a new connection may go on; one that may not is closed. */
  admits(socket: Socket): boolean {
    const name = nameOf(socket);
    const address = socket.remoteAddress ?? 'unknown';
    const allowance = this.allowanceOf(address);
    if (this.waiting.size >= STRANGERS_MAX || allowance.strangers >= STRANGERS_PER_ADDRESS || allowance.tokens < 1) {
      this.onFlood(address);
      socket.destroy();
      return false;
    }
    allowance.tokens -= 1;
    allowance.strangers += 1;
    this.waiting.set(name, allowance);
    socket.once('close', () => this.leave(name));
    return true;
  }

  /** Whoever is behind this socket, or the TLS socket over it, is a kiosk of this site: neither it nor its call counts any longer. */
  proved(socket: Socket): void {
    const name = nameOf(socket);
    const allowance = this.waiting.get(name);
    if (allowance !== undefined) allowance.tokens = Math.min(HANDSHAKES_BURST, allowance.tokens + 1);
    this.leave(name);
  }

  /** Whether it has not proved yet whose it is. */
  isStranger(socket: Socket): boolean {
    return this.waiting.has(nameOf(socket));
  }

  private leave(name: string): void {
    const allowance = this.waiting.get(name);
    if (allowance === undefined) return;
    this.waiting.delete(name);
    allowance.strangers -= 1;
  }

  private allowanceOf(address: string): Allowance {
    const now = this.now();
    const known = this.addresses.get(address);
    if (known !== undefined) {
      known.tokens = Math.min(HANDSHAKES_BURST, known.tokens + ((now - known.refilledAt) / 1_000) * HANDSHAKES_PER_SECOND);
      known.refilledAt = now;
      return known;
    }
    if (this.addresses.size >= ADDRESSES_MAX) this.forget();
    const fresh: Allowance = { tokens: HANDSHAKES_BURST, refilledAt: now, strangers: 0 };
    this.addresses.set(address, fresh);
    return fresh;
  }

  /** Lets go of the address that was there first and has nothing open; at most STRANGERS_MAX have. */
  private forget(): void {
    for (const [address, { strangers }] of this.addresses) {
      if (strangers > 0) continue;
      this.addresses.delete(address);
      return;
    }
  }
}

/** The same for a TCP socket and for the TLS socket over it. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? 'unknown'} ${remotePort ?? 0}`;
}
