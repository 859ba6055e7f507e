import type { Connection } from '../main/client/connection';
import { type BenchSite, quantiles, sold } from './site';

const CLIENTS = 64;
const KILLS = 5;

interface Figures {
  readonly what: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
  const { p50, p99 } = quantiles(times);
  return { what, perSecond: times.length / took, p50Ms: p50, p99Ms: p99 };
}

/** From the kill to the first buy that was begun after it and is sold, in ms. */
async function outage(bench: BenchSite): Promise<number> {
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

/** Durable buys of three kiosks, and how long a killed leader is missed. */
export async function sales(bench: BenchSite, seconds: number, json: boolean): Promise<void> {
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
  if (json) process.stdout.write(`${JSON.stringify({ buys: figures, outagesMs: outages })}\n`);
  else {
    process.stdout.write('durable buys                     a second    p50 ms    p99 ms\n');
    for (const { what, perSecond, p50Ms, p99Ms } of figures)
      process.stdout.write(
        `${what.padEnd(32)} ${perSecond.toFixed(0).padStart(8)} ${p50Ms.toFixed(2).padStart(9)} ${p99Ms.toFixed(2).padStart(9)}\n`,
      );
    process.stdout.write(`leader killed: sold again after ${outages.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
  }
}
