import { rm } from 'node:fs/promises';
import net from 'node:net';
import type { Answer } from '../../shared/answers';
import { type EndpointReply, type EndpointRequest, endpointRequestSchema, REQUEST_LINE_MAX } from '../../shared/endpoint';
import type { KioskService } from '../../shared/service';
import { describeIssue } from '../../shared/site';
import { requestIdSchema } from '../../shared/values';
import { endpointAddress } from './address';
import { isPlainBuy } from './hotRequests';
import { LineReader } from './lines';

/** Nobody but its owner may use the socket, from the moment it is there. */
const SOCKET_UMASK = 0o177;
/** A client with so many requests in flight is read on when some are answered. */
const IN_FLIGHT_MAX = 1_024;
/** A closing endpoint waits so long for a client to take its last answers. */
const CLOSE_MS = 1_000;

export interface Endpoint {
  readonly address: string;
  /** Takes no more requests; resolves when those in flight are answered and all clients are gone. */
  close(): Promise<void>;
}

/**
 * The local command endpoint of a kiosk: JSON lines over a socket that only its owner may use. The socket
 * file of a killed process is replaced; that there is no living one is the journal's lock's business.
 * @throws Error with a sentence for the operator, if the socket can't be opened
 */
export async function startEndpoint(data: string, service: KioskService): Promise<Endpoint> {
  const address = await endpointAddress(data);
  const clients = new Set<ClientLink>();
  const server = net.createServer((socket) => {
    const client = new ClientLink(socket, service);
    clients.add(client);
    socket.once('close', () => clients.delete(client));
  });
  try {
    if (process.platform !== 'win32') await rm(address, { force: true });
    await listen(server, address);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`the socket for local clients can't be opened at ${address} (${code ?? message})`);
  }
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => {
          for (const client of clients) client.destroy();
        }, CLOSE_MS);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
        for (const client of clients) client.finish();
      }),
  };
}

function listen(server: net.Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The file is made within listen(), with the umask of that moment.
    const umask = process.umask(SOCKET_UMASK);
    server.listen(address, resolve);
    process.umask(umask);
  });
}

/** One client of the endpoint. */
class ClientLink {
  private inFlight = 0;
  private finishing = false;
  private readonly lines = new LineReader(REQUEST_LINE_MAX, {
    onLine: (line) => void this.handle(line),
    onTooLong: () => this.reply({ seq: 0, answer: badRequest(`a line has at most ${REQUEST_LINE_MAX} bytes`) }),
  });

  constructor(
    private readonly socket: net.Socket,
    private readonly service: KioskService,
  ) {
    // A client that is gone disturbs nobody.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.lines.add(chunk));
    socket.on('drain', () => this.regulate());
  }

  /** Answers what is in flight, then closes. */
  finish(): void {
    this.finishing = true;
    this.socket.pause();
    if (this.inFlight === 0) this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /**
   * The service gives refusals as values. If it throws all the same, the kiosk is wrong about itself: that is
   * not caught here, and ends the process as every uncaught exception does.
   */
  private async handle(line: string): Promise<void> {
    if (line.trim() === '' || this.finishing) return;
    const parsed = readRequest(line);
    if (!parsed.ok) {
      this.reply(parsed.reply);
      return;
    }
    const { seq, request } = parsed.value;
    this.inFlight += 1;
    this.regulate();
    const answer = await this.service.execute(request, (progress) => {
      // Progress is news: a client that does not keep up can do without.
      if (!this.socket.writableNeedDrain) this.reply({ seq, progress });
    });
    this.inFlight -= 1;
    this.reply({ seq, answer });
    if (this.finishing && this.inFlight === 0) this.socket.destroySoon();
  }

  private reply(reply: EndpointReply): void {
    if (!this.socket.writable) return;
    this.socket.write(`${JSON.stringify(reply)}\n`);
    this.regulate();
  }

  /** Reads on only as fast as the answers are taken. */
  private regulate(): void {
    if (this.finishing || this.inFlight >= IN_FLIGHT_MAX || this.socket.writableNeedDrain) this.socket.pause();
    else this.socket.resume();
  }
}

type ReadRequest = { readonly ok: true; readonly value: EndpointRequest } | { readonly ok: false; readonly reply: EndpointReply };

function readRequest(line: string): ReadRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, reply: { seq: 0, answer: badRequest('this line is not JSON') } };
  }
  if (isPlainBuy(value)) return { ok: true, value };
  const parsed = endpointRequestSchema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const { seq, request } = fields(value);
  const { op, id } = fields(request);
  return {
    ok: false,
    reply: {
      seq: typeof seq === 'number' ? seq : 0,
      answer: badRequest(parsed.error.issues.map(describeIssue).join('; '), op, id),
    },
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function badRequest(message: string, op?: unknown, id?: unknown): Answer {
  const requestId = requestIdSchema.safeParse(id);
  return {
    ok: false,
    op: typeof op === 'string' ? op : 'unknown',
    ...(requestId.success ? { requestId: requestId.data } : {}),
    reason: 'bad_request',
    message,
  };
}
