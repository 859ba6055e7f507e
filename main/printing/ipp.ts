import http from 'node:http';
import os from 'node:os';
import type { Group, Response } from '@sealsystems/ipp';

/**
 * A spooler on the same machine answers at once, or hangs: half a request of any client keeps CUPS (2.4.2) from all
 * others for ten seconds at a time. So each request has an end of its own, whatever trickles in; one with a page in it
 * is given longer, since nobody can tell what became of it after that.
 */
const ANSWER_MS = 5_000;
const PAGE_ANSWER_MS = 10_000;
const IPP_PORT = 631;
const SOCKETS = ['/run/cups/cups.sock', '/var/run/cups/cups.sock', '/private/var/run/cupsd'];
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Loaded when it is needed first: it is as large as a kiosk's own code, and none of a kiosk's start. */
async function library() {
  return (await import('@sealsystems/ipp')).default;
}

/** The spooler did not answer. `sent`: it may have got the request all the same. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(
    message: string,
    readonly sent: boolean,
  ) {
    super(message);
  }
}

type Place = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Where the spooler is, as the tools of CUPS would find it: CUPS_SERVER, a socket of the system, port 631 of this machine. */
function spoolerPlaces(environment: Readonly<Record<string, string | undefined>> = process.env): readonly Place[] {
  const { CUPS_SERVER } = environment;
  if (CUPS_SERVER?.startsWith('/')) return [{ socketPath: CUPS_SERVER }];
  if (CUPS_SERVER) {
    const [, host = CUPS_SERVER, port] = /^(.*?)(?::(\d+))?$/.exec(CUPS_SERVER) ?? [];
    return [{ host, port: port === undefined ? IPP_PORT : Number(port) }];
  }
  return [...SOCKETS.map((socketPath) => ({ socketPath })), { host: '127.0.0.1', port: IPP_PORT }];
}

/**
 * One IPP request to the spooler. What IPP refuses comes back as a response with that status.
 * @param target the printer's or job's path, for example /printers/front
 * @throws NoAnswer
 */
export async function ask(
  operation: string,
  target: string,
  operationAttributes: Group,
  more: { readonly job?: Group; readonly data?: Uint8Array } = {},
): Promise<Response> {
  const ipp = await library();
  const body = ipp.serialize({
    operation,
    'operation-attributes-tag': {
      'attributes-charset': 'utf-8',
      'attributes-natural-language': 'en',
      ...(target === '/' ? {} : { 'printer-uri': `ipp://localhost${target}` }),
      'requesting-user-name': userName(),
      ...operationAttributes,
    },
    ...(more.job === undefined ? {} : { 'job-attributes-tag': more.job }),
    ...(more.data === undefined ? {} : { data: Buffer.from(more.data) }),
  });
  let last: NoAnswer | null = null;
  for (const place of spoolerPlaces()) {
    try {
      return read(ipp, await post(place, target, body, more.data === undefined ? ANSWER_MS : PAGE_ANSWER_MS));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.sent) throw error;
      last ??= error;
    }
  }
  throw last ?? new NoAnswer('ENOENT', false);
}

function read(ipp: Awaited<ReturnType<typeof library>>, answer: Buffer): Response {
  try {
    return ipp.parse(answer);
  } catch {
    throw new NoAnswer('EBADMSG', true);
  }
}

export function statusIsOk({ statusCode }: Response): boolean {
  return statusCode.startsWith('successful');
}

/** One group as itself, several as a list, none as nothing. */
export function groups(found: Group | readonly Group[] | undefined): readonly Group[] {
  if (found === undefined) return [];
  return Array.isArray(found) ? (found as readonly Group[]) : [found as Group];
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'kiosk';
  }
}

/** On a connection of its own, which nobody else waits for; in one piece, so that a kiosk that is stopped leaves no half request behind. */
function post(place: Place, path: string, body: Buffer, limitMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    const fail = (why: string) => reject(new NoAnswer(why, sent));
    const request = http.request(
      {
        ...place,
        method: 'POST',
        path,
        headers: { Host: 'localhost', 'Content-Type': 'application/ipp', 'Content-Length': body.length },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('EMSGSIZE'));
        });
        response.on('error', (error) => fail(error.message));
        response.on('end', () => {
          if (response.statusCode !== 200) return fail(`HTTP ${response.statusCode}`);
          resolve(Buffer.concat(chunks));
        });
      },
    );
    const limit = setTimeout(() => request.destroy(new Error('ETIMEDOUT')), limitMs);
    request.on('close', () => clearTimeout(limit));
    request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    request.on('socket', (socket) => {
      const connected = () => {
        sent = true;
      };
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    request.end(body);
  });
}
