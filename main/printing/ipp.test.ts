import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, NoAnswer } from './ipp';

/** A spooler that does as it is told, at a socket of its own. */

let folder: string;
let server: net.Server;
let sockets: net.Socket[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-ipp-'));
  sockets = [];
  server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(path.join(folder, 's'));
  await once(server, 'listening');
  vi.stubEnv('CUPS_SERVER', path.join(folder, 's'));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const socket of sockets) socket.destroy();
  server.close();
  await rm(folder, { recursive: true });
});

const question = () => ask('CUPS-Get-Printers', '/', { 'requested-attributes': ['printer-name'] });

it('each question has a connection of its own, and comes in one piece: a kiosk that is stopped leaves no half of it behind', async () => {
  const pieces: string[] = [];
  server.on('connection', (socket) => {
    socket.once('data', (piece) => {
      pieces.push(piece.toString('latin1'));
      socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n');
    });
  });
  for (let time = 0; time < 3; time += 1) await expect(question()).rejects.toThrow('HTTP 503');
  expect(pieces).toHaveLength(3);
  for (const piece of pieces) {
    const [head = '', body = ''] = piece.split('\r\n\r\n');
    expect(head).toMatch(/^Connection: close$/m);
    expect(body).toHaveLength(Number(/^Content-Length: (\d+)$/m.exec(head)![1]));
  }
});

it.each([
  ['says nothing', 0],
  ['lets its answer trickle', 100],
] as const)('a spooler that %s is given up when its time is over, and may have got the question', async (_, everyMs) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connected = once(server, 'connection');
  const answer = question().catch((error: unknown) => error);
  const [socket] = (await connected) as [net.Socket];
  const drops = everyMs === 0 ? undefined : setInterval(() => socket.write('X'), everyMs);
  if (drops !== undefined) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
  await once(socket, 'data');
  vi.advanceTimersByTime(4_999);
  expect(await Promise.race([answer, Promise.resolve('waits')])).toBe('waits');
  vi.advanceTimersByTime(1);
  const error = await answer;
  clearInterval(drops);
  expect(error).toBeInstanceOf(NoAnswer);
  expect(error).toMatchObject({ message: expect.stringMatching(/ETIMEDOUT|aborted/), sent: true });
});
