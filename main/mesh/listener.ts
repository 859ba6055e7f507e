import https from 'node:https';
import net, { type AddressInfo, type Socket as TcpSocket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Server, type Socket } from 'socket.io';
import type { Hello } from '../../shared/messages';
import { admit } from './admission';
import { Gate } from './gate';
import type { LinkPorts, MeshOptions, TlsFiles } from './options';
import * as parser from './parser';
import { certificateFault, isTooLarge, tooLarge } from './refusals';
import {
  CLOSE_GRACE_MS,
  CONNECT_TIMEOUT_MS,
  HELLO_EVENT,
  MESSAGE_BYTES_MAX,
  MESSAGE_EVENT,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  REQUEST_CHECK_MS,
  REQUEST_HEAD_BYTES,
  TURNED_AWAY_EVENT,
} from './settings';

/** Why the mesh can't listen, in one sentence. */
export class MeshError extends Error {
  override readonly name = 'MeshError';
}

/** Takes the links of kiosks with a lower id: a place at the gate, site certificate in TLS, then the hello (rule 8). */
export class Listener {
  /** Listens, and hands on to `https` what the gate admits. */
  private readonly door = net.createServer({ noDelay: true }, (socket) => this.knock(socket));
  private readonly gate: Gate;
  private readonly https: https.Server;
  private readonly server: Server;
  private readonly sockets = new Set<TcpSocket>();
  private listensOn = 0;

  constructor(
    private readonly options: MeshOptions,
    private readonly ports: LinkPorts,
  ) {
    this.gate = new Gate(
      () => performance.now(),
      (address) => ports.onRefused(`turned away connections from ${address}: too many at once that show no certificate of this site`),
    );
    this.https = https.createServer(
      {
        ...secure(options.tls),
        requestCert: true,
        rejectUnauthorized: true,
        handshakeTimeout: CONNECT_TIMEOUT_MS,
        maxHeaderSize: REQUEST_HEAD_BYTES,
        headersTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: CONNECT_TIMEOUT_MS,
        keepAliveTimeout: CONNECT_TIMEOUT_MS,
        connectionsCheckingInterval: REQUEST_CHECK_MS,
      },
      // Whatever is asked for: there is nothing here. The doctor of another kiosk reads the clock in the answer's head.
      (_request, response) => response.writeHead(404, { connection: 'close' }).end(),
    );
    this.server = new Server(this.https, {
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      parser,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      maxHttpBufferSize: MESSAGE_BYTES_MAX,
      connectTimeout: CONNECT_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    this.https.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => this.refuseHandshake(error, socket));
    this.server.use((socket, next) => this.judge(socket, next));
    this.server.on('connection', (socket) => this.take(socket));
  }

  /** The port that it listens on, or listened on before it was closed; 0 before. */
  get port(): number {
    return this.listensOn;
  }

  /** @throws MeshError naming host, port and remedy */
  async listen(): Promise<void> {
    const { host, port } = this.options.listen;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(new MeshError(listenSentence(host, port, error)));
      this.door.once('error', fail);
      this.door.listen(port, host, () => {
        this.door.off('error', fail);
        this.listensOn = (this.door.address() as AddressInfo).port;
        // Afterwards only accepting can fail (too many open files): those who dialled try again.
        this.door.on('error', (error) => this.ports.onRefused(`a link could not be taken: ${error.message}`));
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const impatience = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    // Only a door that listens tells when it is shut.
    const shut = this.door.listening ? new Promise((resolve) => this.door.close(resolve)) : Promise.resolve();
    await this.server.close();
    this.https.closeIdleConnections();
    await shut;
    clearTimeout(impatience);
  }

  /** Links that are made from now on show this certificate; those that are there stay. */
  renew(tls: TlsFiles): void {
    this.https.setSecureContext(secure(tls));
  }

  private knock(socket: TcpSocket): void {
    socket.on('error', () => socket.destroy());
    if (!this.gate.admits(socket)) return;
    this.sockets.add(socket);
    // Node's own limits on a request start with a server that listens, and this one is handed its connections.
    const late = setTimeout(() => {
      if (this.gate.isStranger(socket)) socket.destroy();
    }, CONNECT_TIMEOUT_MS);
    socket.once('close', () => {
      clearTimeout(late);
      this.sockets.delete(socket);
    });
    // Its first bytes are not waited for longer than the handshake may take.
    this.https.emit('connection', socket);
  }

  /** Whoever can't show a certificate of this site gets no further than this. */
  private refuseHandshake(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    // Node closes the socket itself after a certificate that did not pass, and leaves only the reason.
    const code: unknown = socket.authorizationError;
    const from = socket.remoteAddress === undefined ? '' : ` from ${socket.remoteAddress}`;
    if (code !== null && code !== undefined) {
      this.ports.onRefused(`refused a link${from}: ${certificateFault(String(code))}`);
    } else if (error.code?.startsWith('ERR_SSL')) {
      this.ports.onRefused(`refused a link${from}: what dialled is no kiosk, it shows no certificate of this site (${error.code})`);
    }
    // All else is a connection that was lost, or closed by a peer that did not take our certificate and says so.
  }

  private judge(socket: Socket, next: (error?: Error) => void): void {
    const { hello } = this.options;
    const admission = admit(
      hello,
      socket.handshake.auth,
      (socket.request.socket as TLSSocket).getPeerCertificate(),
      this.options.isRevoked,
    );
    const sentence = admission.ok ? wrongWay(admission.hello, hello) : admission.sentence;
    if (admission.ok && sentence === null) {
      const away = this.options.turnedAway(admission.hello);
      if (away !== null) {
        this.ports.onRefused(`refused a link: ${away.sentence}`);
        next(Object.assign(new Error(away.sentence), { data: away }));
        return;
      }
      socket.data = admission.hello;
      next();
      return;
    }
    this.ports.onRefused(`refused a link: ${sentence}`);
    next(new Error(sentence ?? ''));
  }

  private take(socket: Socket): void {
    const hello = socket.data as Hello;
    this.gate.proved(socket.request.socket);
    socket.on('disconnect', (_reason, details) => {
      if (isTooLarge(details)) this.ports.onRefused(tooLarge(hello.kiosk));
      this.ports.onUnlink(hello.kiosk, socket);
    });
    socket.on(MESSAGE_EVENT, (value: unknown) => this.ports.onMessage(hello.kiosk, socket, value));
    socket.on(TURNED_AWAY_EVENT, (value: unknown) => this.ports.onTurnedAway(hello.kiosk, value));
    socket.emit(HELLO_EVENT, { ...this.options.hello, ...this.options.news(hello.kiosk) });
    this.ports.onLink(socket, hello);
  }
}

function secure({ key, cert, ca }: TlsFiles) {
  return { key, cert, ca, minVersion: 'TLSv1.3' as const };
}

/** Two kiosks that dialled each other would have two links; null if the right one dials. */
function wrongWay(peer: Hello, own: Pick<Hello, 'kiosk'>): string | null {
  return peer.kiosk < own.kiosk ? null : `kiosk ${peer.kiosk} dialled kiosk ${own.kiosk}, but of two kiosks the lower id dials`;
}

function listenSentence(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use by another process: end that one, or give this kiosk another port in the site file`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `can't listen on ${host}:${port}: this machine has no address ${host}; correct this kiosk's host in the site file`;
    case 'EACCES':
      return `can't listen on ${host}:${port}: this user may not use that port; choose one from 1024 on in the site file`;
    default:
      return `can't listen on ${host}:${port} (${error.code ?? error.message}); correct this kiosk's host and port in the site file`;
  }
}
