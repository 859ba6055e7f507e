import net from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Hello } from '../../shared/messages';
import { certificateName } from '../../shared/site';
import { admit } from './admission';
import type { MeshOptions, PeerAddress, Wire } from './mesh';
import {
  DIAL_TIMEOUT_MS,
  HELLO_EVENT,
  MESSAGE_BYTES_MAX,
  MESSAGE_EVENT,
  RECONNECT_JITTER,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
  REFUSED_RETRY_MS,
} from './settings';

export interface DialerPorts {
  onLink(wire: Wire, hello: Hello): void;
  onUnlink(wire: Wire): void;
  onMessage(wire: Wire, value: unknown): void;
  onRefused(sentence: string): void;
}

/** engine.io passes these on to the websocket and its TLS socket, but its types don't name them. */
interface TlsOptions {
  readonly maxPayload: number;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** Dials one kiosk, and again whenever the link is lost. */
export class Dialer {
  private readonly socket: Socket;
  private certificate: PeerCertificate | null = null;
  private retry: NodeJS.Timeout | null = null;

  constructor(
    private readonly peer: PeerAddress,
    options: MeshOptions,
    private readonly ports: DialerPorts,
  ) {
    const host = net.isIPv6(peer.host) ? `[${peer.host}]` : peer.host;
    const { key, cert, ca } = options.tls;
    const settings: Partial<ManagerOptions & SocketOptions> & TlsOptions = {
      transports: ['websocket'],
      forceNew: true,
      key,
      cert,
      ca,
      rejectUnauthorized: true,
      // Identity is the kiosk's id under our own authority, not its address, which may change.
      checkServerIdentity: (_host, certificate) => {
        this.certificate = certificate;
        const name = String(certificate.subject.CN);
        if (name === certificateName(peer.kiosk)) return undefined;
        return new Error(`at ${peer.host}:${peer.port} answers ${name}, not ${certificateName(peer.kiosk)}`);
      },
      auth: { ...options.hello },
      timeout: DIAL_TIMEOUT_MS,
      reconnectionDelay: RECONNECT_MIN_MS,
      reconnectionDelayMax: RECONNECT_MAX_MS,
      randomizationFactor: RECONNECT_JITTER,
      maxPayload: MESSAGE_BYTES_MAX,
    };
    this.socket = io(`https://${host}:${peer.port}`, settings);
    this.wire(options);
  }

  isFor(peer: PeerAddress): boolean {
    return peer.host === this.peer.host && peer.port === this.peer.port;
  }

  close(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.socket.disconnect();
  }

  private wire(options: MeshOptions): void {
    const { socket } = this;
    // The client replays what was emitted while it was away; nothing old may ever arrive (S10).
    const purge = () => {
      socket.sendBuffer.length = 0;
    };
    socket.io.on('open', purge);
    socket.on('disconnect', (reason) => {
      purge();
      this.ports.onUnlink(socket);
      // After the other side has closed a link, the client waits to be told to dial again.
      if (reason === 'io server disconnect') this.dialLater();
    });
    socket.on('connect_error', (error) => {
      const cause = tellable(error);
      if (cause !== null) this.ports.onRefused(`kiosk ${this.peer.kiosk} at ${this.peer.host}:${this.peer.port} can't be linked: ${cause}`);
      if (!socket.active) this.dialLater();
    });
    socket.on(HELLO_EVENT, (value: unknown) => {
      if (this.certificate === null) return;
      const admission = admit(options.hello, value, this.certificate);
      if (admission.ok) this.ports.onLink(socket, admission.hello);
      else {
        this.ports.onRefused(`refused a link: ${admission.sentence}`);
        socket.disconnect();
        this.dialLater();
      }
    });
    socket.on(MESSAGE_EVENT, (value: unknown) => this.ports.onMessage(socket, value));
  }

  private dialLater(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = setTimeout(() => this.socket.connect(), REFUSED_RETRY_MS);
    this.retry.unref();
  }
}

/** A refusal worth telling; null for a kiosk that is just not there. */
function tellable(error: Error): string | null {
  const description = (error as { description?: { error?: Error & { code?: string }; message?: string } }).description;
  const cause = description?.error ?? error;
  const { code } = cause as { code?: string };
  if (
    code !== undefined &&
    ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'].includes(code)
  )
    return null;
  if (['timeout', 'websocket error', 'socket hang up'].includes(cause.message)) return null;
  return cause.message.trim();
}
