import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/answers';
import { type EndpointReply, REQUEST_LINE_MAX } from '../../shared/endpoint';
import { endpointAddress, findEndpoint } from './address';
import { type Endpoint, startEndpoint } from './endpoint';
import { LineReader } from './lines';
import { FakeService, obliging, sold } from './testing/service';

let folder: string;
let data: string;
let endpoint: Endpoint | null = null;
const sockets: net.Socket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-end-'));
  data = path.join(folder, 'k1');
  await mkdir(data);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await endpoint?.close();
  endpoint = null;
  await rm(folder, { recursive: true, force: true });
});

/** A bare socket that reads replies as they come. */
class Raw {
  private readonly replies: EndpointReply[] = [];

  private constructor(readonly socket: net.Socket) {
    sockets.push(socket);
    const lines = new LineReader(1e9, {
      onLine: (line) => {
        this.replies.push(JSON.parse(line) as EndpointReply);
        socket.emit('reply');
      },
      onTooLong: () => socket.destroy(),
    });
    socket.on('data', (chunk: Buffer) => lines.add(chunk));
    socket.on('error', () => {});
  }

  static async open(address: string): Promise<Raw> {
    const socket = net.connect(address);
    await once(socket, 'connect');
    return new Raw(socket);
  }

  send(text: string | Buffer): void {
    this.socket.write(text);
  }

  ask(seq: number, request: unknown): void {
    this.send(`${JSON.stringify({ seq, request })}\n`);
  }

  async next(count = 1): Promise<EndpointReply[]> {
    while (this.replies.length < count) await once(this.socket, 'reply');
    return this.replies.splice(0, count);
  }

  async answer(): Promise<Answer & { seq: number }> {
    const [reply] = await this.next();
    if (reply === undefined || !('answer' in reply)) throw new Error(`${JSON.stringify(reply)} is no answer`);
    return { ...reply.answer, seq: reply.seq };
  }
}

async function open(service = obliging()): Promise<Raw> {
  endpoint = await startEndpoint(data, service);
  return Raw.open(endpoint.address);
}

describe('the local endpoint', () => {
  it('is a socket in the data folder that only its owner may use', async () => {
    await open();
    expect(endpoint!.address).toBe(path.join(data, 'client.sock'));
    const found = await stat(endpoint!.address);
    expect(found.isSocket()).toBe(true);
    expect(found.mode & 0o777).toBe(0o600);
    expect(process.umask()).not.toBe(0o177);
  });

  it('replaces what a killed process left, and is gone when closed', async () => {
    await writeFile(path.join(data, 'client.sock'), '');
    const client = await open();
    client.ask(1, { op: 'status' });
    expect(await client.answer()).toMatchObject({ seq: 1, ok: true, op: 'status' });
    await endpoint!.close();
    await expect(stat(endpoint!.address)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says in words why it can not be opened', async () => {
    await mkdir(path.join(data, 'client.sock'));
    await expect(startEndpoint(data, obliging())).rejects.toThrow(/^the socket for local clients can't be opened at .*client\.sock \(/);
  });

  it('answers several requests in flight, in the order in which they end', async () => {
    const waiting = new Map<string, (answer: Answer) => void>();
    const client = await open(
      new FakeService((request) =>
        request.op === 'buy' ? new Promise((resolve) => waiting.set(request.id!, resolve)) : { ok: true, op: 'help', text: '' },
      ),
    );
    for (const [seq, id] of ['a', 'b', 'c'].entries()) client.ask(seq, { op: 'buy', items: [{ n: 1 }], id });
    client.ask(3, { op: 'help' });
    expect((await client.answer()).seq).toBe(3);
    for (const id of ['b', 'c', 'a']) waiting.get(id)!(sold({ op: 'buy', items: [{ n: 1 }], id }));
    expect([await client.answer(), await client.answer(), await client.answer()].map(({ seq }) => seq)).toEqual([1, 2, 0]);
  });

  it('passes progress on before the answer', async () => {
    const client = await open(
      new FakeService((_, onProgress) => {
        onProgress({ ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, progress: 'voting', percent: 50 });
        return { ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, members: [1, 4] };
      }),
    );
    client.ask(7, { op: 'add_kiosk', kiosk: 4, id: 'c' });
    const [progress, answer] = await client.next(2);
    expect(progress).toMatchObject({ seq: 7, progress: { progress: 'voting', percent: 50 } });
    expect(answer).toMatchObject({ seq: 7, answer: { ok: true, members: [1, 4] } });
  });

  it('takes lines in any pieces, and many at once', async () => {
    const service = obliging();
    const client = await open(service);
    const line = Buffer.from(`${JSON.stringify({ seq: 1, request: { op: 'buy', items: [{ n: 1 }], clerk: 'Käthe 🎫' } })}\n`);
    for (const byte of line) client.send(Buffer.of(byte));
    await client.answer();
    expect(service.asked[0]).toMatchObject({ clerk: 'Käthe 🎫' });
    client.send(`\n${JSON.stringify({ seq: 2, request: { op: 'status' } })}\n \r\n`.repeat(3));
    expect(await client.next(3)).toHaveLength(3);
  });

  it.each<[string, string, object]>([
    ['what is not JSON', 'buy 1', { seq: 0, op: 'unknown', message: 'this line is not JSON' }],
    ['null', 'null', { seq: 0, op: 'unknown' }],
    ['a list', '[1,2]', { seq: 0, op: 'unknown' }],
    ['an unknown command', '{"seq":5,"request":{"op":"sell"}}', { seq: 5, op: 'sell', message: expect.stringContaining('request.op') }],
    [
      'a wrong count',
      '{"seq":6,"request":{"op":"buy","items":[{"n":0}],"id":"mine"}}',
      { seq: 6, op: 'buy', requestId: 'mine', message: expect.stringContaining('request.items[0].n') },
    ],
    [
      'too many in all',
      '{"seq":6,"request":{"op":"buy","items":[{"n":60},{"n":60}],"id":"mine"}}',
      { seq: 6, op: 'buy', message: 'request.items: take at most 100 tickets in all' },
    ],
    [
      'a bad id',
      '{"seq":6,"request":{"op":"buy","items":[{"n":1}],"id":"a b"}}',
      { seq: 6, op: 'buy', message: expect.stringContaining('request.id') },
    ],
    ['a field too many', '{"seq":7,"request":{"op":"status","now":true}}', { seq: 7, op: 'status' }],
    ['__proto__', '{"seq":8,"request":{"op":"status","__proto__":{"x":1}}}', { seq: 8, op: 'status' }],
    [
      'a line too long',
      `{"seq":9,"x":"${'x'.repeat(REQUEST_LINE_MAX)}"}`,
      { seq: 0, op: 'unknown', message: `a line has at most ${REQUEST_LINE_MAX} bytes` },
    ],
  ])('refuses %s with bad_request, asks nobody, and goes on', async (_, line, expected) => {
    const service = obliging();
    const client = await open(service);
    client.send(`${line}\n`);
    expect(await client.answer()).toMatchObject({ ok: false, reason: 'bad_request', ...expected });
    expect(service.asked).toEqual([]);
    client.ask(10, { op: 'status' });
    expect(await client.answer()).toMatchObject({ seq: 10, ok: true });
  });

  it('is not disturbed by a client that goes away with requests in flight', async () => {
    let finish: (answer: Answer) => void = () => {};
    const service = new FakeService((request) =>
      request.op === 'buy'
        ? new Promise<Answer>((resolve) => {
            finish = resolve;
          })
        : { ok: true, op: 'help', text: '' },
    );
    const client = await open(service);
    client.ask(1, { op: 'buy', items: [{ n: 1 }] });
    await service.came(1);
    client.socket.destroy();
    await once(client.socket, 'close');
    finish(sold(service.asked[0]!));
    const other = await Raw.open(endpoint!.address);
    other.ask(1, { op: 'help' });
    expect(await other.answer()).toMatchObject({ ok: true, op: 'help' });
  });

  it('reads no more from a client that has a thousand requests in flight, until some are answered', async () => {
    const total = 6_000;
    const waiting: (() => void)[] = [];
    let most = 0;
    let released = false;
    const service = new FakeService((request) => {
      if (released) return sold(request);
      most += 1;
      return new Promise((resolve) => waiting.push(() => resolve(sold(request))));
    });
    const client = await open(service);
    for (let seq = 0; seq < total; seq += 1) client.ask(seq, { op: 'buy', items: [{ n: 1 }], id: `r${seq}` });
    await service.came(1_024);
    // Another client is served meanwhile: what was on its way from the first has come by then.
    const other = await Raw.open(endpoint!.address);
    other.ask(1, { op: 'nothing' });
    await other.answer();
    released = true;
    for (const finish of waiting) finish();
    const replies = await client.next(total);
    expect(new Set(replies.map(({ seq }) => seq)).size).toBe(total);
    // A piece of the stream that was under way may still bring some.
    expect(most).toBeLessThan(total / 2);
  });
});

describe('closing', () => {
  it('answers what is in flight first', async () => {
    const waiting: (() => void)[] = [];
    const service = new FakeService((request) => new Promise((resolve) => waiting.push(() => resolve(sold(request)))));
    const client = await open(service);
    client.ask(1, { op: 'buy', items: [{ n: 1 }], id: 'a' });
    await service.came(1);
    const closed = endpoint!.close();
    waiting[0]!();
    expect(await client.answer()).toMatchObject({ seq: 1, ok: true, requestId: 'a' });
    await once(client.socket, 'close');
    await closed;
    await expect(Raw.open(endpoint!.address)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not wait for a client that never takes its answers', async () => {
    const service = new FakeService(() => ({ ok: true, op: 'help', text: 'x'.repeat(4_000_000) }));
    const client = await open(service);
    client.socket.pause();
    client.ask(1, { op: 'help' });
    await service.came(1);
    await endpoint!.close();
    expect(service.asked).toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32')('a data folder with a long path', () => {
  const before = process.env.TMPDIR;
  let deep: string;

  beforeEach(async () => {
    process.env.TMPDIR = folder;
    deep = path.join(data, 'x'.repeat(60), 'y'.repeat(60));
    await mkdir(deep, { recursive: true });
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });

  it('has its socket elsewhere, in a private folder, and says where', async () => {
    endpoint = await startEndpoint(deep, obliging());
    const parent = path.dirname(endpoint.address);
    expect(Buffer.byteLength(endpoint.address)).toBeLessThanOrEqual(100);
    expect((await stat(parent)).mode & 0o777).toBe(0o700);
    expect((await stat(endpoint.address)).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(deep, 'endpoint'), 'utf8')).toBe(`${endpoint.address}\n`);
    expect(await findEndpoint(deep)).toBe(endpoint.address);
    const client = await Raw.open(endpoint.address);
    client.ask(1, { op: 'status' });
    expect(await client.answer()).toMatchObject({ ok: true });
    expect(await endpointAddress(path.join(data, 'z'.repeat(60), 'y'.repeat(60))).catch((error: Error) => error.message)).toContain(
      'ENOENT',
    );
  });

  it('never shares that folder with others', async () => {
    const shared = path.join(folder, `quorum-kiosk-${process.getuid!()}`);
    await mkdir(shared);
    await chmod(shared, 0o777);
    await expect(startEndpoint(deep, obliging())).rejects.toThrow(
      /is open to others or belongs to another user: remove it, or use a data folder with a shorter path/,
    );
    await rm(shared, { recursive: true });
    await mkdir(path.join(folder, 'theirs'), { mode: 0o700 });
    await symlink(path.join(folder, 'theirs'), shared);
    await expect(startEndpoint(deep, obliging())).rejects.toThrow(/is open to others/);
  });

  it('is refused in words where no path is short enough, and unknown where no kiosk has been', async () => {
    process.env.TMPDIR = path.join(folder, 'z'.repeat(80));
    await expect(startEndpoint(deep, obliging())).rejects.toThrow(
      /both too long for a local socket \(100 bytes\): use a data folder with a shorter path/,
    );
    await expect(findEndpoint(deep)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
