import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { handover } from './handover';
import { history } from './history';
import { sales } from './sales';
import { BenchSite } from './site';

const HELP = `npm run bench -- [sales|history|handover] [--seconds 5] [--count 1000000] [--json]

Kiosks of one site on this machine, without windows, and clients on their local sockets.

  sales     durable buys by one client at the leader and at another kiosk of three, and by 64 at once; then how long
            the others need to sell again when the leader is killed
  history   --count sales in the log; then restart, memory and stalls of the event loop
  handover  leadership handed round under a sale every 10 ms

Absolute figures depend on the machine and its load: compare only within one run.
`;

const SECONDS_MAX = 60;
const COUNT_MAX = 1_900_000;

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '5' },
      count: { type: 'string', default: '1000000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const what = positionals[0] ?? 'sales';
  if (values.help || positionals.length > 1 || !['sales', 'history', 'handover'].includes(what)) {
    process.stdout.write(HELP);
    return values.help;
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= SECONDS_MAX)) throw new Error(`--seconds must be from 1 to ${SECONDS_MAX}, not ${values.seconds}`);
  const count = Number(values.count);
  if (!Number.isSafeInteger(count) || count < 1 || count > COUNT_MAX)
    throw new Error(`--count must be from 1 to ${COUNT_MAX}, not ${values.count}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-bench-'));
  const bench = new BenchSite(folder, what === 'history' ? 1 : 3);
  try {
    bench.make();
    if (what === 'history') return await history(bench, count, values.json);
    if (what === 'handover') return await handover(bench, values.json);
    await sales(bench, seconds, values.json);
    return true;
  } finally {
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

main().then(
  (good) => {
    process.exitCode = good ? 0 : 1;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
