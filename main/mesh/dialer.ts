import type { PeerCertificate } from 'node:tls';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { certificateName } from '../../shared/site';
import { admit, commonName, serialOf } from './admission';
import type { LinkPorts, MeshOptions, PeerAddress, TlsFiles, TurnedAway, Wire } from './options';
import * as parser from './parser';
import { certificateFault, isCertificateFault, isTooLarge, quote, tooLarge } from './refusals';
import {
  DIAL_TIMEOUT_MS,
  HANG_UPS_TOLD,
  HELLO_EVENT,
  MESSAGE_BYTES_MAX,
  MESSAGE_EVENT,
  RECONNECT_JITTER,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
  REFUSED_RETRY_MS,
  TURNED_AWAY_EVENT,
} from './settings';

/** engine.io passes these on to the websocket and its TLS socket, but its types don't name them. */
interface TlsOptions {
  readonly maxPayload: number;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** Another kiosk answers at the address. */
class IdentityError extends Error {}

/** Dials one kiosk with a higher id, and again whenever the link is lost. */
export class Dialer {
  private readonly socket: Socket;
  /** Of the peer that answered the latest call: under our authority, and with the right name. */
  private certificate: PeerCertificate | null = null;
  private retry: NodeJS.Timeout | null = null;
  /** Calls in a row that the peer ended after TLS without a word. */
  private hangUps = 0;
  private closed = false;

  constructor(
    readonly peer: PeerAddress,
    private readonly options: MeshOptions,
    private readonly ports: LinkPorts,
    { key, cert, ca }: TlsFiles,
  ) {
    const settings: Partial<ManagerOptions & SocketOptions> & TlsOptions = {
      transports: ['websocket'],
      parser,
      forceNew: true,
      autoConnect: false,
      key,
      cert,
      ca,
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => this.identify(certificate),
      // Made anew for each call: what there is to say has changed since the last one.
      auth: (done) => done({ ...options.hello, ...options.news(peer.kiosk) }),
      timeout: DIAL_TIMEOUT_MS,
      reconnectionDelay: RECONNECT_MIN_MS,
      reconnectionDelayMax: RECONNECT_MAX_MS,
      randomizationFactor: RECONNECT_JITTER,
      maxPayload: MESSAGE_BYTES_MAX,
    };
    // No name has a colon in it.
    const host = peer.host.includes(':') ? `[${peer.host}]` : peer.host;
    this.socket = io(`https://${host}:${peer.port}`, settings);
    this.wire();
    this.socket.connect();
  }

  isFor(peer: PeerAddress): boolean {
    return peer.host === this.peer.host && peer.port === this.peer.port;
  }

  /** Calls that are made from now on show this certificate. */
  renew({ key, cert, ca }: TlsFiles): void {
    Object.assign(this.socket.io.opts, { key, cert, ca });
  }

  /** Ends the link, if this is it, and says why; dials again later, for it may be otherwise then. */
  turnAway(wire: Wire, away: TurnedAway): boolean {
    if (wire !== this.socket) return false;
    this.socket.emit(TURNED_AWAY_EVENT, away);
    this.socket.disconnect();
    this.dialLater();
    return true;
  }

  /** Ends the link, and dials no more. */
  close(): void {
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    this.socket.disconnect();
  }

  /** Identity is the kiosk's id under our own authority, not its address, which may change. */
  private identify(certificate: PeerCertificate): Error | undefined {
    const name = commonName(certificate);
    const expected = certificateName(this.peer.kiosk);
    if (name !== expected) return new IdentityError(`there answers ${name}, not ${expected}: correct the address of one of them`);
    this.certificate = certificate;
    return undefined;
  }

  private wire(): void {
    const { socket, peer, options } = this;
    // The client replays what was emitted while it was away; nothing old may ever arrive (facts: purge on 'open', not on 'connect').
    const purge = () => {
      socket.sendBuffer.length = 0;
    };
    socket.io.on('open', purge);
    socket.on('connect', () => {
      this.hangUps = 0;
    });
    socket.on('disconnect', (reason, details) => {
      purge();
      if (isTooLarge(details)) this.ports.onRefused(tooLarge(peer.kiosk));
      this.ports.onUnlink(peer.kiosk, socket);
      // After the other side has closed a link, the client waits to be told to dial again.
      if (reason === 'io server disconnect') this.dialLater();
    });
    socket.on('connect_error', (error) => {
      const cause = socket.active ? this.tellable(error) : `it refused: ${quote(error.message)}`;
      const { certificate } = this;
      this.certificate = null;
      if (cause !== null) this.ports.onRefused(`no link with kiosk ${peer.kiosk} at ${peer.host}:${peer.port}: ${cause}`);
      if (!socket.active) {
        // What a stolen kiosk says of the site is not heeded.
        if (certificate !== null && !options.isRevoked(serialOf(certificate)))
          this.ports.onTurnedAway(peer.kiosk, (error as { readonly data?: unknown }).data);
        this.dialLater();
      }
    });
    socket.on(HELLO_EVENT, (value: unknown) => this.greet(value));
    socket.on(MESSAGE_EVENT, (value: unknown) => this.ports.onMessage(peer.kiosk, socket, value));
  }

  private greet(value: unknown): void {
    // The certificate is there: without it no event could have come.
    const admission = admit(this.options.hello, value, this.certificate ?? ({} as PeerCertificate), this.options.isRevoked);
    const away = admission.ok ? this.options.turnedAway(admission.hello) : null;
    if (admission.ok && away === null) {
      this.ports.onLink(this.socket, admission.hello);
      return;
    }
    if (away !== null) this.socket.emit(TURNED_AWAY_EVENT, away);
    this.ports.onRefused(`refused a link: ${admission.ok ? away?.sentence : admission.sentence}`);
    this.socket.disconnect();
    this.dialLater();
  }

  private dialLater(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    if (this.closed) return;
    this.retry = setTimeout(() => this.socket.connect(), REFUSED_RETRY_MS);
    this.retry.unref();
  }

  /** Why a call failed, if that is worth telling; null for a kiosk that is just not there. */
  private tellable(error: Error): string | null {
    // What ws reported is wrapped in an engine's error and an event.
    const { description } = error as { readonly description?: { readonly error?: NodeJS.ErrnoException } };
    const cause: NodeJS.ErrnoException = description?.error ?? error;
    const code = cause.code ?? '';
    if (cause instanceof IdentityError) return cause.message;
    if (isCertificateFault(code)) return certificateFault(code);
    if (code.startsWith('ERR_SSL') && code.includes('ALERT')) return "it does not take this kiosk's certificate";
    if (
      code === 'EPROTO' ||
      code.startsWith('ERR_SSL') ||
      code.startsWith('HPE_') ||
      cause.message.startsWith('Unexpected server response')
    ) {
      return 'what answers there is no kiosk: correct its address, or end that program';
    }
    if (this.certificate !== null) {
      // With TLS 1.3 a peer judges our certificate only after we have taken its own: a refusal looks like a lost connection.
      this.hangUps += 1;
      if (this.hangUps >= HANG_UPS_TOLD) return "it hangs up at once, so it may not take this kiosk's certificate: look at its log";
    }
    return null;
  }
}
