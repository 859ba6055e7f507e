import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findEndpoint } from '../main/client/address';
import { Connection } from '../main/client/connection';
import type { Answer } from '../shared/answers';

const HELP = `npm run bench -- [--seconds 5] [--json]

Three kiosks of one site on this machine, without windows, and clients on their local sockets: durable buys by one
client at the leader and at another kiosk, and by 64 clients at once; then how long the others need to sell again when
the leader is killed. Absolute figures depend on the machine and its load: compare only within one run.
`;

const PROGRAMS = import.meta.dirname;
const CLIENTS = 64;
const KILLS = 5;
const BASE_PORT = 18_401;

interface Figures {
  readonly what: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

class Bench {
  private readonly kiosks = new Map<number, ChildProcess>();

  constructor(private readonly folder: string) {}

  get site(): string {
    return path.join(this.folder, 'site', 'site.json');
  }

  data(kiosk: number): string {
    return path.join(this.folder, `k${kiosk}`);
  }

  make(): void {
    execFileSync(process.execPath, [
      path.join(PROGRAMS, 'site.js'),
      'create',
      path.join(this.folder, 'site'),
      '--site',
      'bench',
      '--kiosks',
      '3',
      '--base-port',
      String(BASE_PORT),
      '--event',
      'bench=1000000',
    ]);
  }

  async start(kiosk: number): Promise<void> {
    const child = spawn(
      process.execPath,
      [path.join(PROGRAMS, 'kiosk.js'), String(kiosk), '--site', this.site, '--data', this.data(kiosk)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.kiosks.set(kiosk, child);
    await once(child.stdout!, 'data');
  }

  async kill(kiosk: number): Promise<void> {
    const child = this.kiosks.get(kiosk)!;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async connect(kiosk: number): Promise<Connection> {
    return Connection.open(await findEndpoint(this.data(kiosk)));
  }

  async leader(at: Connection): Promise<number> {
    for (;;) {
      const status = await at.execute({ op: 'status' });
      if (status.ok && status.op === 'status' && status.leader !== null && status.majority && status.applied > 0) return status.leader;
    }
  }

  async end(): Promise<void> {
    await Promise.all(
      [...this.kiosks].filter(([, child]) => child.exitCode === null && child.signalCode === null).map(([kiosk]) => this.kill(kiosk)),
    );
  }
}

function sold(answer: Answer): void {
  if (!answer.ok) throw new Error(`a buy was refused: ${answer.reason}: ${answer.message}`);
}

async function buys(what: string, connections: readonly Connection[], seconds: number): Promise<Figures> {
  const times: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1_000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) {
        const at = performance.now();
        sold(await connection.execute({ op: 'buy', items: [{ n: 1 }] }));
        times.push(performance.now() - at);
      }
    }),
  );
  const took = (performance.now() - began) / 1_000;
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return { what, perSecond: times.length / took, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

/** From the kill to the first buy that was begun after it and is sold, in ms. */
async function outage(bench: Bench): Promise<number> {
  const any = await bench.connect(1);
  const leader = await bench.leader(any);
  any.close();
  const other = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
  const connection = await bench.connect(other);
  sold(await connection.execute({ op: 'buy', items: [{ n: 1 }] }));
  const gone = bench.kill(leader);
  const at = performance.now();
  await gone;
  sold(await connection.execute({ op: 'buy', items: [{ n: 1 }] }));
  const took = performance.now() - at;
  connection.close();
  await bench.start(leader);
  return took;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= 60)) throw new Error(`--seconds must be from 1 to 60, not ${values.seconds}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-bench-'));
  const bench = new Bench(folder);
  try {
    bench.make();
    await Promise.all([1, 2, 3].map((kiosk) => bench.start(kiosk)));
    const first = await bench.connect(1);
    const leader = await bench.leader(first);
    const other = [1, 2, 3].find((kiosk) => kiosk !== leader)!;
    const figures: Figures[] = [];
    for (const [what, kiosk, clients] of [
      ['one client at the leader', leader, 1],
      ['one client at another kiosk', other, 1],
      [`${CLIENTS} clients at the leader`, leader, CLIENTS],
      [`${CLIENTS} clients at another kiosk`, other, CLIENTS],
    ] as const) {
      const connections = await Promise.all(Array.from({ length: clients }, () => bench.connect(kiosk)));
      figures.push(await buys(what, connections, seconds));
      for (const connection of connections) connection.close();
    }
    first.close();
    const outages: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) outages.push(await outage(bench));
    outages.sort((a, b) => a - b);
    if (values.json) process.stdout.write(`${JSON.stringify({ buys: figures, outagesMs: outages })}\n`);
    else {
      process.stdout.write('durable buys                     a second    p50 ms    p99 ms\n');
      for (const { what, perSecond, p50Ms, p99Ms } of figures)
        process.stdout.write(
          `${what.padEnd(32)} ${perSecond.toFixed(0).padStart(8)} ${p50Ms.toFixed(2).padStart(9)} ${p99Ms.toFixed(2).padStart(9)}\n`,
        );
      process.stdout.write(`leader killed: sold again after ${outages.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
    }
  } finally {
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
