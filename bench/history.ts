import { quantiles } from './report';
import { type BenchSite, sold } from './site';

/** What a restart may take until it votes, and a kiosk's memory and longest stall while it serves. */
const RESTART_MAX_MS = 2_000;
const MEMORY_MAX_MB = 300;
const STALL_MAX_MS = 100;
const CLIENTS = 256;
const SERVED = 20_000;
const RESTARTS = 5;

/** A season in the log of a one-member site: what a restart, memory and the event loop then are. Returns whether all are within their bounds. */
export async function history(bench: BenchSite, count: number, json: boolean): Promise<boolean> {
  await bench.start(1);
  const connections = await Promise.all(Array.from({ length: CLIENTS }, () => bench.connect(1)));
  const began = performance.now();
  let asked = 0;
  const sell = async (total: number, times: number[] = []) => {
    await Promise.all(
      connections.map(async (connection) => {
        while (asked < total) {
          asked += 1;
          const number = asked;
          const at = performance.now();
          sold(await connection.execute({ op: 'buy', items: [{ n: 1, event: number <= 1_000_000 ? 'bench' : 'more' }] }));
          times.push(performance.now() - at);
          if (number % 100_000 === 0 && !json) process.stderr.write(`${number} sold, ${(await bench.memoryMb(1)).toFixed(0)} MB\n`);
        }
      }),
    );
  };
  await sell(count);
  const sellingS = (performance.now() - began) / 1_000;
  for (const connection of connections) connection.close();
  const restarts: number[] = [];
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    await bench.kill(1);
    const at = performance.now();
    await bench.start(1);
    const connection = await bench.connect(1);
    await bench.leader(connection);
    restarts.push(performance.now() - at);
    connection.close();
  }
  const afterRestartMb = await bench.memoryMb(1);
  connections.length = 0;
  connections.push(...(await Promise.all(Array.from({ length: CLIENTS }, () => bench.connect(1)))));
  bench.resetStalls(1);
  const times: number[] = [];
  await sell(count + SERVED, times);
  const stallMs = await bench.stallMs(1);
  const servingMb = await bench.memoryMb(1);
  const show = await connections[0]!.execute({ op: 'show', from: 1 });
  const firstSlot = show.ok && show.op === 'show' ? show.log[0]?.slot : undefined;
  for (const connection of connections) connection.close();
  const { p50, p99, worst } = quantiles(times);
  const figures = {
    sales: count,
    sellingS,
    restartMs: quantiles(restarts).p50,
    restartWorstMs: Math.max(...restarts),
    afterRestartMb,
    servingMb,
    stallMs,
    buyP50Ms: p50,
    buyP99Ms: p99,
    buyWorstMs: worst,
    firstSlot,
  };
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    process.stdout.write(
      [
        `${count} sales in ${sellingS.toFixed(0)} s`,
        `restart to leading, median of ${RESTARTS}: ${figures.restartMs.toFixed(0)} ms, worst ${figures.restartWorstMs.toFixed(0)} ms (at most ${RESTART_MAX_MS})`,
        `resident memory after a restart ${afterRestartMb.toFixed(0)} MB, while serving ${servingMb.toFixed(0)} MB (at most ${MEMORY_MAX_MB})`,
        `longest stall of the event loop in ${SERVED} further sales: ${stallMs.toFixed(0)} ms (at most ${STALL_MAX_MS})`,
        `these: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(1)} ms with ${CLIENTS} clients; show begins with slot ${firstSlot ?? '?'}`,
        '',
      ].join('\n'),
    );
  }
  return (
    figures.restartWorstMs <= RESTART_MAX_MS &&
    Math.max(afterRestartMb, servingMb) <= MEMORY_MAX_MB &&
    stallMs <= STALL_MAX_MS &&
    firstSlot === 1
  );
}
