import net from 'node:net';
import tls from 'node:tls';
import type { Random } from '../../main/simulator/random';
import { frame, OPCODES } from './frames';
import { KioskLink, type LinkOptions } from './link';

/** Attacks that each take a connection of their own: of strangers, and of one who holds a kiosk's certificate. */

const PATIENCE_MS = 8_000;

export interface Attack {
  readonly name: string;
  /** Malformed frames or messages that it sends. */
  readonly sends: number;
  run(random: Random, target: LinkOptions): Promise<void>;
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.int(0, 255)));
}

/** Sends the pieces as long as they are taken, and waits until the other side has had enough, or a while. */
function pour(socket: net.Socket, pieces: readonly Buffer[], linger: number): Promise<void> {
  return new Promise((resolve) => {
    const end = setTimeout(() => socket.destroy(), linger);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearTimeout(end);
      resolve();
    });
    for (const piece of pieces) if (socket.writable) socket.write(piece);
  });
}

function raw({ port }: LinkOptions, pieces: readonly Buffer[], linger = 200): Promise<void> {
  return pour(net.connect(port, '127.0.0.1'), pieces, linger);
}

/** A TLS connection, with a kiosk's certificate or without, over which the pieces go. */
async function overTls(target: LinkOptions, certified: boolean, pieces: readonly Buffer[]): Promise<void> {
  const { key, cert, ca } = target.bundle;
  const socket = tls.connect({
    host: '127.0.0.1',
    port: target.port,
    checkServerIdentity: () => undefined,
    ...(certified ? { key, cert, ca } : { rejectUnauthorized: false }),
  });
  await pour(socket, pieces, PATIENCE_MS / 8);
}

/** The first record of a real handshake, which is then spoilt. */
async function clientHello(): Promise<Buffer> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const heard = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk);
      });
    });
  });
  const socket = tls.connect({ host: '127.0.0.1', port: (server.address() as net.AddressInfo).port });
  socket.on('error', () => undefined);
  const hello = await heard;
  server.close();
  return hello;
}

function spoilt(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = random.int(1, 20); count > 0; count -= 1) copy[random.int(0, copy.length - 1)] = random.int(0, 255);
  return random.chance(0.3) ? copy.subarray(0, random.int(1, copy.length)) : copy;
}

const BAD_HEADS = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n',
  'POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nffffffffffffffff\r\n',
  `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0000\u0000\u0000',
];

/** Packets of engine.io and socket.io that cost the link. */
const BAD_PACKETS = [
  '',
  '9',
  '2"',
  '4',
  '49',
  '42["m"',
  '42{}',
  '42[]',
  '451-["m",{"_placeholder":true,"num":9}]',
  '459999999-["m"]',
  '44{"message":"x"}',
  '41',
  '1',
  '6',
  '4\u0000',
  'bAAAA',
];

function badFrame(random: Random): Buffer {
  const payload = noise(random, random.int(0, 300));
  return random.pick([
    () => frame(payload, { reserved: random.int(1, 7) }),
    () => frame(payload, { opcode: random.pick([3, 4, 5, 6, 7, 11, 15]) }),
    () => frame(payload, { masked: false }),
    () => frame(payload, { opcode: OPCODES.continuation }),
    () => frame(payload, { opcode: OPCODES.ping, length: 4_000 }),
    () => frame(payload, { fin: false, opcode: OPCODES.close }),
    () => frame(payload, { length: random.pick([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) }),
    () => frame(Buffer.from([0xc3, 0x28, 0xff])),
    () => frame(Buffer.from([0x03]), { opcode: OPCODES.close }),
    () => noise(random, random.int(1, 200)),
  ])();
}

export const ATTACKS: readonly Attack[] = [
  { name: 'noise instead of TLS', sends: 1, run: (random, target) => raw(target, [noise(random, random.int(1, 2_000))]) },
  { name: 'a spoilt ClientHello', sends: 1, run: async (random, target) => raw(target, [spoilt(random, await clientHello())]) },
  { name: 'a record that never ends', sends: 1, run: (_random, target) => raw(target, [Buffer.from([22, 3, 1, 0x40, 0, 1])], 1_000) },
  { name: 'HTTP instead of TLS', sends: 1, run: (random, target) => raw(target, [Buffer.from(random.pick(BAD_HEADS))]) },
  { name: 'TLS without a certificate', sends: 1, run: (random, target) => overTls(target, false, [Buffer.from(random.pick(BAD_HEADS))]) },
  { name: 'a bad request under TLS', sends: 1, run: (random, target) => overTls(target, true, [Buffer.from(random.pick(BAD_HEADS))]) },
  { name: 'noise under TLS', sends: 1, run: (random, target) => overTls(target, true, [noise(random, random.int(1, 9_000))]) },
  {
    name: 'a bad frame',
    sends: 1,
    run: (random, target) => onLink(target, random.chance(0.5), (link) => link.write(badFrame(random))),
  },
  {
    name: 'a bad packet',
    sends: 1,
    run: (random, target) => onLink(target, random.chance(0.5), (link) => link.text(random.pick(BAD_PACKETS))),
  },
  {
    name: 'a bad greeting',
    sends: 1,
    run: (random, target) =>
      onLink(target, false, (link) =>
        link.text(
          random.pick([
            '40',
            '40[]',
            '40{"kiosk":1}',
            '40{"protocol":99}',
            `40{"site":"${'x'.repeat(10_000)}"}`,
            '40/other,{}',
            '42["m",{"t":"ping"}]',
          ]),
        ),
      ),
  },
  {
    name: 'a message of more than a megabyte',
    sends: 1,
    run: (_random, target) => onLink(target, true, (link) => link.text(`42["m","${'x'.repeat(1_100_000)}"]`)),
  },
];

/** One blow over a link of its own, greeted or not; then it is closed, by whichever side. */
async function onLink(target: LinkOptions, greeted: boolean, blow: (link: KioskLink) => void): Promise<void> {
  const link = await KioskLink.open(target, greeted).catch(() => null);
  if (link === null) return;
  blow(link);
  await Promise.race([link.closed, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS / 40))]);
  link.close();
}
