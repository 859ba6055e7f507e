import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare';
import { durability, judged } from './durability';
import { grown, growth, growthPicture } from './growth';
import { handover } from './handover';
import { history } from './history';
import { disks, modelText, sizes } from './model';
import { picture, type Row, table, verdict } from './report';
import { BenchSite } from './site';

const HELP = `npm run bench -- [compare|durability|growth|model|history|handover] [options]

Kiosks of one site on this machine, without windows, and clients on their local sockets.

  compare   three kiosks and three nodes of etcd 3.4 do the same durable work in turns: one client at the leader and at
            a follower, 64 clients, and how long nothing is sold after the leader is killed or falls silent
            --passes 5 --seconds 3 --rounds 20     about nine minutes
            --out DIR     writes bench.json and bench.svg there
  durability  proves that every sale was synced at a majority before it was answered: counts the kiosks' fsyncs, and cuts
            the power of a disk of their own; needs root
  growth    what a sale, a restart, memory and show cost from a thousand to --count sales, and with 1 to 9 kiosks;
            and how soon a kiosk that joins at 100,000 sales votes; --out DIR writes growth.json and growth.svg
  model     the same replicas in simulated time: latency and throughput with slower disks and networks, and what up to
            100 kiosks cost
  history   --count sales in the log; then restart, memory and stalls of the event loop
  handover  leadership handed round under a sale every 10 ms

  --json    figures as one line of JSON on standard output
  --data DIR  where the data of all are put, on the disk that is to be measured; a folder in ${os.tmpdir()} if left out

Absolute figures depend on the machine and its load: compare only within one run.
`;

const COUNT_MAX = 1_900_000;
const NUMBERS = {
  passes: { least: 1, most: 100 },
  seconds: { least: 1, most: 60 },
  rounds: { least: 1, most: 1_000 },
  count: { least: 1, most: COUNT_MAX },
} as const;

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      passes: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '20' },
      count: { type: 'string', default: '1000000' },
      out: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const what = positionals[0] ?? 'compare';
  if (values.help || positionals.length > 1 || !['compare', 'durability', 'growth', 'model', 'history', 'handover'].includes(what)) {
    process.stdout.write(HELP);
    return values.help;
  }
  const number = (name: keyof typeof NUMBERS): number => {
    const { least, most } = NUMBERS[name];
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new Error(`--${name} must be a whole number from ${least} to ${most}, not ${values[name]}`);
    return value;
  };
  if (values.out !== undefined) await mkdir(values.out, { recursive: true });
  const folder = await mkdtemp(path.join(values.data ?? os.tmpdir(), 'qk-bench-'));
  const bench = new BenchSite(folder, what === 'history' ? 1 : 3, { watchStalls: what === 'history' });
  try {
    if (what === 'durability') {
      const found = await durability(folder);
      const [text, safe] = judged(found);
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : text);
      return safe;
    }
    if (what === 'model') {
      const [diskRows, sizeRows] = [disks([0.2, 1, 2, 5, 10], [0.05, 0.3, 2]), sizes([3, 10, 30, 100])];
      process.stdout.write(values.json ? `${JSON.stringify({ disks: diskRows, sizes: sizeRows })}\n` : modelText(diskRows, sizeRows));
      return true;
    }
    if (what === 'growth') {
      const found = await growth(folder, number('count'));
      const [text, good] = grown(found);
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : text);
      if (values.out !== undefined) {
        await writeFile(path.join(values.out, 'growth.json'), `${JSON.stringify({ commit: commit(), ...found }, null, 2)}\n`);
        await writeFile(path.join(values.out, 'growth.svg'), growthPicture(found, `commit ${commit()}`));
      }
      return good;
    }
    bench.make();
    if (what === 'history') return await history(bench, number('count'), values.json);
    if (what === 'handover') return await handover(bench, values.json);
    const effort = { passes: number('passes'), seconds: number('seconds'), rounds: number('rounds') };
    const result = await compare(bench, folder, effort);
    await show(result, effort, values.json, values.out);
    return result.rows.every((row) => verdict(row) !== 'MISSED');
  } finally {
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints the comparison, and writes it where it is wanted: one JSON file and one picture. */
async function show(result: { rows: Row[]; etcd: string }, effort: object, json: boolean, out: string | undefined): Promise<void> {
  const about = {
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    etcd: result.etcd,
    processors: `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}`,
    ...effort,
  };
  const text = JSON.stringify({ ...about, rows: result.rows });
  process.stdout.write(json ? `${text}\n` : table(result.rows));
  if (out === undefined) return;
  await writeFile(path.join(out, 'bench.json'), `${JSON.stringify({ ...about, rows: result.rows }, null, 2)}\n`);
  const caption = `three of each on one machine, same run, in turns; commit ${about.commit}, etcd ${about.etcd}, ${about.date}`;
  await writeFile(path.join(out, 'bench.svg'), picture(result.rows, caption));
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return 'unknown';
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
