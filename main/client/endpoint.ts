import { chmod, rm } from 'node:fs/promises';
import net from 'node:net';
import type { Answer } from '../../shared/answers';
import { type EndpointReply, endpointRequestSchema, REQUEST_LINE_MAX } from '../../shared/endpoint';
import type { KioskService } from '../../shared/service';
import { describeIssue } from '../../shared/site';
import { endpointAddress } from './address';

const SOCKET_MODE = 0o600;

export interface Endpoint {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * The local command endpoint of a kiosk: JSON lines over a socket that only its owner may use. The socket
 * file of a killed process is replaced; that there is no living one is the journal's lock's business.
 */
export async function startEndpoint(data: string, service: KioskService): Promise<Endpoint> {
  const address = await endpointAddress(data);
  if (process.platform !== 'win32') await rm(address, { force: true });
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, service);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (process.platform !== 'win32') await chmod(address, SOCKET_MODE);
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.end();
      }),
  };
}

function serve(socket: net.Socket, service: KioskService): void {
  let rest = '';
  socket.setEncoding('utf8');
  // A client that is gone disturbs nobody.
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') void handle(line, service, (reply) => write(socket, reply));
    if (rest.length > REQUEST_LINE_MAX) socket.destroy();
  });
}

function write(socket: net.Socket, reply: EndpointReply): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
}

async function handle(line: string, service: KioskService, reply: (reply: EndpointReply) => void): Promise<void> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    reply({ seq: 0, answer: badRequest('this is not JSON') });
    return;
  }
  const parsed = endpointRequestSchema.safeParse(value);
  if (!parsed.success) {
    const seq = (value as { seq?: unknown } | null)?.seq;
    reply({ seq: typeof seq === 'number' ? seq : 0, answer: badRequest(parsed.error.issues.map(describeIssue).join('; ')) });
    return;
  }
  const { seq, request } = parsed.data;
  const answer = await service.execute(request, (progress) => reply({ seq, progress }));
  reply({ seq, answer });
}

function badRequest(message: string): Answer {
  return { ok: false, op: 'unknown', reason: 'bad_request', message };
}
