import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from './connection';

let folder: string;
let server: net.Server;
let sockets: net.Socket[];
let connection: Connection;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-conn-'));
  sockets = [];
  server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  server.listen(path.join(folder, 's'));
  await once(server, 'listening');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  connection = await Connection.open(path.join(folder, 's'));
});
afterEach(async () => {
  vi.useRealTimers();
  connection.close();
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true, force: true });
});

describe('a kiosk whose process is there and says nothing', () => {
  it('is not waited for longer than the request allows, and a moment', async () => {
    const answers: string[] = [];
    const note = (name: string) => (answer: { ok: boolean }) => answers.push(`${name} ${'reason' in answer ? String(answer.reason) : ''}`);
    const all = [
      connection.execute({ op: 'buy', items: [{ n: 1 }], id: 'a', timeoutMs: 100 }).then(note('buy 100')),
      connection.execute({ op: 'buy', items: [{ n: 1 }], id: 'b' }).then(note('buy')),
      connection.execute({ op: 'status' }).then(note('status')),
      connection.execute({ op: 'change', change: 'remove', kiosk: 2, id: 'c' }).then(note('change')),
    ];
    await vi.advanceTimersByTimeAsync(3_099);
    expect(answers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toEqual(['buy 100 timeout']);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(answers).toEqual(['buy 100 timeout', 'buy timeout']);
    await vi.advanceTimersByTimeAsync(25_000);
    await Promise.all(all);
    expect(answers).toEqual(['buy 100 timeout', 'buy timeout', 'status unreachable', 'change timeout']);
  });

  it('leaves a late answer unread', async () => {
    const buy = connection.execute({ op: 'buy', items: [{ n: 1 }], id: 'a', timeoutMs: 1 });
    const status = connection.execute({ op: 'status' });
    await vi.advanceTimersByTimeAsync(3_001);
    expect(await buy).toMatchObject({ ok: false, reason: 'timeout', requestId: 'a', message: expect.stringContaining('--id a') });
    sockets[0]!.write('{"seq":1,"answer":{"ok":true}}\n{"seq":2,"answer":{"ok":true,"op":"status"}}\n');
    expect(await status).toEqual({ ok: true, op: 'status' });
  });

  it('is unreachable, nothing having been sent, once the connection is closed', async () => {
    connection.close();
    expect(await connection.execute({ op: 'buy', items: [{ n: 1 }], id: 'a' })).toEqual({
      ok: false,
      op: 'buy',
      requestId: 'a',
      reason: 'unreachable',
      message: 'the kiosk is gone; this was not sent',
    });
  });
});
