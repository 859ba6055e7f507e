import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, ShowAnswer } from '../../shared/answers';
import { HELP_TEXT } from '../../shared/commandLine';
import type { EndpointRequest } from '../../shared/endpoint';
import { type Request, requestSchema } from '../../shared/requests';
import { type Endpoint, startEndpoint } from './endpoint';
import { LineReader } from './lines';
import { answersIn, bundleClient, ProgramClient, type ProgramRun } from './testing/program';
import { FakeService, obliging, shown, sold } from './testing/service';

let root: string;
let program: string;
let folder: string;
let data: string;
const clients: ProgramClient[] = [];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-client-'));
  program = await bundleClient(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(root, 't-'));
  data = path.join(folder, 'k1');
  await mkdir(data);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.kill();
  for (const close of closers.splice(0)) await close();
});

async function serve<S extends FakeService>(service: S): Promise<S> {
  const endpoint: Endpoint = await startEndpoint(data, service);
  closers.push(endpoint.close);
  return service;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ProgramClient {
  const client = new ProgramClient(program, args, environment);
  clients.push(client);
  return client;
}

/** The client of kiosk 1, whose data folder is this test's. */
function prompt(...args: string[]): ProgramClient {
  return start(['1', '--data', data, ...args]);
}

function run(...args: string[]): Promise<ProgramRun> {
  return prompt(...args).end();
}

/** A process at the kiosk's socket that does what the test says with each request. */
async function impostor(onRequest: (message: EndpointRequest, socket: net.Socket) => void): Promise<() => Promise<void>> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const lines = new LineReader(1e6, { onLine: (line) => onRequest(JSON.parse(line) as EndpointRequest, socket), onTooLong: () => {} });
    socket.on('data', (chunk: Buffer) => lines.add(chunk));
    socket.on('error', () => {});
  });
  server.listen(path.join(data, 'client.sock'));
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  closers.push(close);
  return close;
}

describe('a single command', () => {
  it('prints show exactly as the design has it', async () => {
    await serve(obliging(2));
    expect(await run('show')).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'match: 99999 of 100000 left | members 1 2 3, leader 2, applied 2, confirmed',
        '1  1.0.2  founding  members 1 2 3, event match (100000)',
        '2  1.0.2  kiosk 1   buy 1 match -> sale 2.1, ticket 1 (r2)',
        '',
      ].join('\n'),
    });
  });

  it('passes the command on as typed, with an id of its own where there is none', async () => {
    const service = await serve(obliging());
    expect((await run('buy', '1', 'match/adult', '--timeout', '250')).stdout).toMatch(
      /^sold ticket 1 match\/adult -> sale 2\.1, total 12\.00, 99 of match left \(c-[0-9a-f]{12}:1\)\n$/,
    );
    await run('buy', '2 + 1 gala', '--id', 'mine', '--clerk', 'ann');
    expect(service.asked).toEqual([
      { op: 'buy', items: [{ n: 1, event: 'match', category: 'adult' }], timeoutMs: 250, id: expect.stringMatching(/^c-[0-9a-f]{12}:1$/) },
      { op: 'buy', items: [{ n: 2 }, { n: 1, event: 'gala' }], id: 'mine', clerk: 'ann' },
    ]);
    for (const request of service.asked) expect(requestSchema.safeParse(request).success).toBe(true);
  });

  it('as JSON is one line that begins with ok, line and op', async () => {
    await serve(obliging());
    const { stdout } = await run('--json', 'buy', '1', '--id', 'mine');
    expect(stdout).toMatch(/^\{"ok":true,"line":1,"op":"buy","requestId":"mine",[^\n]*\}\n$/);
    expect((await run('status', '--json')).stdout).toMatch(/^\{"ok":true,"line":1,"op":"status","kiosk":1,/);
    expect(answersIn(await run('--json', 'help'))).toEqual([{ ok: true, line: 1, op: 'help', text: HELP_TEXT }]);
    expect((await run('--json', 'exit')).stdout).toBe('{"ok":true,"line":1,"op":"exit"}\n');
  });

  it.each<[number, string, Answer]>([
    [0, 'show', { ...shown({ op: 'show' }, 2), confirmed: false, ageSeconds: 3 }],
    [0, 'stop', { ok: true, op: 'stop' }],
    [1, 'buy 1', { ok: false, op: 'buy', requestId: 'a', reason: 'sold_out', message: 'Match is sold out', remaining: 0 }],
    [1, 'buy 1', { ok: false, op: 'buy', requestId: 'a', reason: 'no_majority', message: 'nothing was sold' }],
    [2, 'buy 1 nowhere', { ok: false, op: 'buy', requestId: 'a', reason: 'bad_request', message: 'there is no event "nowhere"' }],
    [4, 'buy 1', { ok: false, op: 'buy', requestId: 'a', reason: 'timeout', message: 'not known yet' }],
  ])('ends with status %i after %s', async (status, command, answer) => {
    await serve(new FakeService(() => answer));
    const ended = await run('--json', ...command.split(' '));
    expect(ended.status).toBe(status);
    expect(answersIn(ended)).toEqual([{ ...answer, line: 1 }]);
  });

  it('that is wrong is refused in words, and nobody is asked', async () => {
    const service = await serve(obliging());
    const zero = await run('--json', 'buy', '0', '--id', 'mine');
    expect(zero.status).toBe(2);
    const message = 'the number of tickets is a whole number from 1 to 100, not "0"';
    expect(answersIn(zero)).toEqual([{ ok: false, line: 1, op: 'buy', requestId: 'mine', reason: 'bad_request', message }]);
    expect(answersIn(await run('--json', 'change', 'add'))[0]).toMatchObject({ requestId: expect.stringMatching(/^c-[0-9a-f]{12}:1$/) });
    expect(answersIn(await run('--json', 'sho'))[0]).toEqual({
      ok: false,
      line: 1,
      op: 'sho',
      reason: 'bad_request',
      message: 'there is no command "sho"; did you mean show?',
    });
    expect(await run('buy', 'two')).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^buy: bad_request: .* not "two" \(c-.*:1\)\n$/),
    });
    expect(service.asked).toEqual([]);
  });

  it('reports progress, in text apart from the answers', async () => {
    await serve(
      new FakeService((_, onProgress) => {
        for (const [progress, percent] of [
          ['contacting', 0],
          ['catching_up', 80],
          ['voting', 50],
        ] as const)
          onProgress({ ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, progress, percent });
        return { ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, members: [1, 2, 3, 4], inForce: 21 };
      }),
    );
    const text = await run('add_kiosk', '4', '--id', 'c');
    expect(text.stderr).toBe('kiosk 4: contacting 0 %\nkiosk 4: catching up 80 %\nkiosk 4: voting 50 %\n');
    expect(text.stdout).toBe('kiosk 4: done, members 1 2 3 4, in force from slot 21 (c)\n');
    const json = await run('--json', 'add_kiosk', '4', '--id', 'c');
    expect(answersIn(json)).toMatchObject([
      { ok: true, line: 1, op: 'add_kiosk', progress: 'contacting', percent: 0 },
      { progress: 'catching_up', percent: 80 },
      { progress: 'voting', percent: 50 },
      { ok: true, line: 1, op: 'add_kiosk', members: [1, 2, 3, 4], inForce: 21 },
    ]);
    expect(json.stderr).toBe('');
  });
});

describe('bad use', () => {
  it.each([
    [[], /^npm run client -- <kiosk_id>/],
    [['0'], /a kiosk id is a whole number from 1 to 255, not "0"/],
    [['one', 'status'], /a kiosk id is a whole number from 1 to 255, not "one"/],
    [['--json'], /name the kiosk/],
    [['--site'], /--site needs a value/],
    [['--data=', '1'], /--data needs a value/],
    [['--slow', '1'], /there is no option "--slow" here; options: --site FILE --data DIR --json/],
    [['1', ' '], /the command is empty/],
  ])('%j: status 2, and nothing on standard output', async (args, words) => {
    const { status, stdout, stderr } = await start(args).end();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it('--help tells how it is used', async () => {
    expect(await start(['--help']).end()).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining(HELP_TEXT) });
  });
});

describe('no kiosk', () => {
  it('is unreachable, and says how to start it; status 3', async () => {
    const ended = await run('--json', 'buy', '1', '--id', 'mine');
    expect(ended.status).toBe(3);
    expect(answersIn(ended)).toEqual([
      {
        ok: false,
        line: 1,
        op: 'buy',
        requestId: 'mine',
        reason: 'unreachable',
        message: `no process of this kiosk answers at ${data}; start it with: npm run kiosk -- 1 --data ${data}`,
      },
    ]);
    // A killed process leaves its socket file.
    await writeFile(path.join(data, 'client.sock'), '');
    expect(await run('status')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('status: unreachable: no process of this kiosk answers'),
    });
    expect(await run('help')).toMatchObject({ status: 0, stdout: `${HELP_TEXT}\n` });
  });

  it('is looked for where the site keeps its data, and named by the site file', async () => {
    const site = JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../examples/ucsb-soccer/site.json'), 'utf8')) as {
      site: string;
    };
    const file = path.join(folder, 'site.json');
    await writeFile(file, JSON.stringify(site));
    const home = path.join(folder, 'home');
    const at = (...args: string[]) => start(['--json', ...args], { QUORUM_HOME: home, INIT_CWD: folder }).end();
    const message = async (...args: string[]) => {
      const ended = await at(...args);
      expect(ended.status).toBe(3);
      const [answer] = answersIn(ended);
      return answer !== undefined && !answer.ok ? answer.message : '';
    };
    expect(await message('--site', 'site.json', '1', 'status')).toBe(
      `no process of this kiosk answers at ${path.join(home, site.site, 'kiosk-1')}; start it with: npm run kiosk -- 1 --site ${file}`,
    );
    expect(await message('--site=site.json', '77', 'status')).toMatch(/^kiosk 77 is not in the site file .*; it names kiosks 1, 2, 3/);
    expect(await message('1', 'status')).toMatch(/^there is no site file .*home\/demo\/site\.json; .*npm start/);
    await writeFile(file, '{');
    expect(await message('--site', 'site.json', '1', 'status')).toMatch(/site\.json is not right: not valid JSON/);
    data = path.join(home, site.site, 'kiosk-1');
    await mkdir(data, { recursive: true });
    await serve(obliging());
    await writeFile(file, JSON.stringify(site));
    expect(await at('--site', 'site.json', '1', 'status')).toMatchObject({ status: 0 });
  });
});

describe('a prompt', () => {
  it('answers lines as they end, under their numbers, and waits for all at the end of input', async () => {
    const waiting = new Map<string, (answer: Answer) => void>();
    const service = await serve(
      new FakeService((request) =>
        request.op === 'buy' ? new Promise((resolve) => waiting.set(request.id!, resolve)) : { ok: true, op: 'stop' },
      ),
    );
    const client = prompt('--json');
    for (const line of ['buy 1 --id a', '', '  ', 'buy 1 --id b', 'stop', 'buy 0']) client.type(line);
    const early = await client.lines(2);
    expect(early.map((line) => (JSON.parse(line) as { line: number }).line).sort()).toEqual([5, 6]);
    await service.came(3);
    const ended = client.end();
    waiting.get('b')!(sold({ op: 'buy', items: [{ n: 1 }], id: 'b' }, 2));
    await client.lines(3);
    waiting.get('a')!(sold({ op: 'buy', items: [{ n: 1 }], id: 'a' }, 1));
    expect(answersIn(await ended).map(({ line, op, ok }) => [line, op, ok])).toEqual([
      ...early.map((line) => JSON.parse(line) as { line: number; op: string; ok: boolean }).map(({ line, op, ok }) => [line, op, ok]),
      [4, 'buy', true],
      [1, 'buy', true],
    ]);
    expect((await ended).status).toBe(2);
    expect((await ended).stderr).toBe('');
  });

  it('sends lines in their order, numbers its own ids, and ends with the highest status', async () => {
    const service = await serve(
      new FakeService((request) =>
        request.op === 'buy' && request.items[0]!.n === 2
          ? { ok: false, op: 'buy', requestId: request.id!, reason: 'timeout', message: 'not known yet' }
          : sold(request),
      ),
    );
    const client = prompt();
    for (const n of [1, 2, 1]) client.type(`buy ${n}`);
    const ended = await client.end();
    expect(ended.status).toBe(4);
    const ids = service.asked.map((request) => ('id' in request ? request.id! : ''));
    const [name] = ids[0]!.split(':');
    expect(ids).toEqual([`${name}:1`, `${name}:2`, `${name}:3`]);
    expect(ended.stdout.split('\n')).toHaveLength(4);
  });

  it('takes thousands of lines', async () => {
    const count = 3_000;
    const service = await serve(obliging());
    const client = prompt('--json');
    for (let n = 1; n <= count; n += 1) client.type(`buy 1 --id r${n}`);
    const ended = await client.end();
    expect(ended.status).toBe(0);
    expect(
      answersIn(ended)
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(service.asked).toHaveLength(count);
  });
});

describe('show as text', () => {
  function showing(applied: number, grow = 0): FakeService {
    let now = applied;
    return new FakeService((request) => {
      const answer = shown(request as Extract<Request, { op: 'show' }>, now);
      now += grow;
      return answer;
    });
  }

  const slots = ({ stdout }: ProgramRun) =>
    stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(' ')[0]));
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

  it.each<[string, number[]]>([
    ['show', range(1, 2_500)],
    ['show --last 1', [2_500]],
    ['show --last 1700', range(801, 2_500)],
    ['show --last 9999', range(1, 2_500)],
    ['show --from 2400', range(2_400, 2_500)],
    ['show --from 100 --last 1500', range(100, 1_599)],
    ['show --from 2501', []],
    ['show match --last 5', range(2_496, 2_500)],
  ])('%s, read in pages of at most 250, up to the state of its first line', async (command, expected) => {
    const service = await serve(showing(2_500, 10));
    const ended = await run(...command.split(' '));
    expect(ended.status).toBe(0);
    expect(ended.stdout).toMatch(/^match: 97501 of 100000 left \| members 1 2 3, leader 2, applied 2500, confirmed\n/);
    expect(slots(ended)).toEqual(expected);
    for (const request of service.asked)
      expect(request).toMatchObject({ op: 'show', last: expect.toSatisfy((last: number) => last >= 1 && last <= 250) });
  });

  it('of one event keeps to the slots that were asked for, however many of them speak of it', async () => {
    // Every tenth slot speaks of gala; this kiosk counts entries, and looks beyond the slots that were asked for.
    await serve(
      new FakeService((request) => {
        const { from = 1, last = 1_000 } = request as Extract<Request, { op: 'show' }>;
        const all = shown({ op: 'show' }, 2_500);
        const log = all.log.filter(({ slot }) => slot % 10 === 0 && slot >= from);
        const next = log[last];
        return { ...all, log: log.slice(0, last), ...(next === undefined ? {} : { nextSlot: next.slot }) };
      }),
    );
    expect(slots(await run('show', 'gala', '--from', '95', '--last', '26'))).toEqual([100, 110, 120]);
    expect(slots(await run('show', 'gala', '--last', '21'))).toEqual([2_480, 2_490, 2_500]);
    expect(slots(await run('show', 'gala'))).toHaveLength(250);
  });

  it.each<[string, number[], number | undefined]>([
    ['show', range(2_501, 12_500), undefined],
    ['show --last 700', range(11_801, 12_500), undefined],
    ['show match --from 3 --last 4', range(3, 6), 7],
    ['show --from 100 --last 600', range(100, 699), 700],
    ['show --from 12000', range(12_000, 12_500), undefined],
    ['show --from 12501', [], undefined],
  ])('as JSON, %s is one answer of the state at its first page, read as gently', async (command, expected, nextSlot) => {
    const service = await serve(showing(12_500, 10));
    const answer = answersIn(await run('--json', ...command.split(' ')))[0] as unknown as ShowAnswer & { line: number };
    expect(answer).toMatchObject({ line: 1, confirmed: true, state: { applied: 12_500 }, firstSlot: 1 });
    expect(answer.log.map(({ slot }) => slot)).toEqual(expected);
    expect(answer.nextSlot).toBe(nextSlot);
    // A majority is asked once.
    const [first, ...others] = service.asked as Extract<Request, { op: 'show' }>[];
    expect(first).not.toHaveProperty('confirm');
    for (const other of others) expect(other).toMatchObject({ confirm: false, last: expect.toSatisfy((last: number) => last <= 250) });
  });

  it('is not broken up by other answers', async () => {
    const service = await serve(new FakeService((request) => (request.op === 'show' ? shown(request, 5_000) : sold(request))));
    const client = prompt();
    client.type('show');
    for (let n = 0; n < 20; n += 1) client.type('buy 1');
    const { stdout } = await client.end();
    expect(service.asked.length).toBe(40);
    const lines = stdout.trim().split('\n');
    const first = lines.findIndex((line) => line.startsWith('match: '));
    expect(lines.slice(first + 1, first + 5_001).map((line) => Number(line.split(' ')[0]))).toEqual(range(1, 5_000));
    expect(lines).toHaveLength(5_021);
  });

  it('says so where the kiosk goes away in the middle', async () => {
    await impostor(({ seq, request }, socket) => {
      if (request.op === 'show' && (request.from ?? 1) > 1) socket.destroy();
      else socket.write(`${JSON.stringify({ seq, answer: shown(request as Extract<Request, { op: 'show' }>, 2_500) })}\n`);
    });
    const ended = await run('show');
    expect(ended.status).toBe(3);
    expect(ended.stdout.trim().split('\n')).toHaveLength(252);
    expect(ended.stdout).toMatch(/\nshow: unreachable: the kiosk went away before it answered\n$/);
  });
});

describe('a kiosk that dies', () => {
  it('leaves buys and changes unknown under their ids, reads unreachable, and exit done', async () => {
    const came: Request[] = [];
    await impostor(({ request }, socket) => {
      came.push(request);
      if (request.op === 'exit') socket.destroy();
    });
    const client = prompt('--json');
    for (const line of ['buy 1', 'change remove 2 --id c', 'status', 'show', 'exit']) client.type(line);
    const ended = await client.end();
    expect(came).toHaveLength(5);
    const [buy, change, status, show, exit] = answersIn(ended).sort((a, b) => a.line - b.line);
    const id = buy !== undefined && 'requestId' in buy ? buy.requestId : undefined;
    expect(id).toMatch(/^c-[0-9a-f]{12}:1$/);
    expect(buy).toEqual({
      ok: false,
      line: 1,
      op: 'buy',
      requestId: id,
      reason: 'timeout',
      message: `the kiosk went away before it answered: it may have sold this, or may still; ask again, here or at another kiosk, with --id ${id}`,
    });
    expect(change).toMatchObject({
      ok: false,
      op: 'change',
      requestId: 'c',
      reason: 'timeout',
      message: expect.stringContaining('--id c'),
    });
    expect(status).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(show).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(exit).toEqual({ ok: true, line: 5, op: 'exit' });
    expect(ended.status).toBe(4);
  });

  it('is found again by the same prompt when it is back', async () => {
    const die = await impostor((_, socket) => socket.destroy());
    const client = prompt('--json');
    client.type('buy 1 --id a');
    await client.lines(1);
    await die();
    client.type('buy 1 --id a');
    await client.lines(2);
    await serve(obliging());
    client.type('buy 1 --id a');
    expect(answersIn(await client.end()).map((answer) => (answer.ok ? 'sold' : answer.reason))).toEqual(['timeout', 'unreachable', 'sold']);
  });

  it('or speaks no sense counts as gone', async () => {
    await impostor((_, socket) => socket.write('HTTP/1.1 400 Bad Request\n'));
    expect(answersIn(await run('--json', 'buy', '1'))[0]).toMatchObject({ ok: false, reason: 'timeout' });
    expect(answersIn(await run('--json', 'status'))[0]).toMatchObject({ ok: false, reason: 'unreachable' });
  });
});
