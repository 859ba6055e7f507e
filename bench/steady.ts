import { LoadProcess } from './jobs';
import { quantiles } from './report';
import type { BenchSite } from './site';

const MANY = 64;
const SLICE_MS = 30_000;
const IDS = [1, 2, 3];

/**
 * Rule 5 under full load: while nothing is wrong, nobody stands for election. 64 clients sell at the leader, a slice after
 * the other, each from an event of its own so that no event sells out; the site's ballot must be at the end what it was.
 * Returns whether it is.
 */
export async function steady(bench: BenchSite, minutes: number, json: boolean): Promise<boolean> {
  await Promise.all(IDS.map((kiosk) => bench.start(kiosk)));
  const leader = await bench.whole();
  const connections = await Promise.all(IDS.map((kiosk) => bench.connect(kiosk)));
  const atLeader = connections[leader - 1]!;
  const ballots = async () =>
    Promise.all(
      connections.map(async (connection) => {
        const status = await connection.execute({ op: 'status' });
        if (!status.ok || status.op !== 'status') throw new Error('a kiosk has no status');
        return status.ballot;
      }),
    );
  const manage = async (action: Parameters<typeof atLeader.execute>[0] & { op: 'event' }) => {
    const answer = await atLeader.execute(action);
    if (!answer.ok) throw new Error(`an event was not changed: ${answer.message}`);
  };
  await manage({ op: 'event', action: { kind: 'close', event: 'more' } });
  const load = new LoadProcess();
  const before = await ballots();
  const changed: string[] = [];
  let sales = 0;
  let worst = 0;
  let seconds = 0;
  try {
    const slices = Math.ceil((minutes * 60_000) / SLICE_MS);
    let selling = 'bench';
    for (let slice = 1; slice <= slices; slice += 1) {
      const found = await load.do(
        { kind: 'sell', target: { peer: 'kiosk', data: bench.data(leader) }, clients: MANY, ms: SLICE_MS },
        'sold',
      );
      sales += found.times.length;
      seconds += found.seconds;
      worst = Math.max(worst, quantiles(found.times).worst);
      const now = await ballots();
      for (const [index, ballot] of now.entries())
        if (ballot !== before[index]) changed.push(`kiosk ${IDS[index]}: ${before[index]} became ${ballot} after ${seconds.toFixed(0)} s`);
      if (changed.length > 0) break;
      const next = `slice-${slice}`;
      const category = { id: 'adult', name: 'Adult', price: 0 };
      await manage({
        op: 'event',
        action: { kind: 'create', event: { id: next, name: next, capacity: 1_000_000, categories: [category] } },
      });
      await manage({ op: 'event', action: { kind: 'close', event: selling } });
      selling = next;
      if (!json) process.stderr.write(`${seconds.toFixed(0)} s, ${sales} sold\n`);
    }
  } finally {
    load.end();
    for (const connection of connections) connection.close();
  }
  const figures = { seconds, sales, perSecond: sales / seconds, worstMs: worst, elections: changed };
  process.stdout.write(
    json
      ? `${JSON.stringify(figures)}\n`
      : `${sales} sales in ${seconds.toFixed(0)} s (${figures.perSecond.toFixed(0)} a second, worst ${worst.toFixed(0)} ms), ${changed.length === 0 ? `no election: still ballot ${before[leader - 1]}` : `ELECTIONS: ${changed.join('; ')}`}\n`,
  );
  return changed.length === 0;
}
