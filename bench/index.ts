import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare';
import { durability, judged } from './durability';
import { finding, foundText } from './finding';
import { grown, growth, growthPicture, SIZES } from './growth';
import { handover } from './handover';
import { history } from './history';
import { disks, modelText, sizes } from './model';
import { picture, type Row, table, verdict } from './report';
import { BenchSite } from './site';
import { steady } from './steady';
import { WINDOW_PARTS, type WindowPart, windowBench } from './window';
import { holds, windowPicture, windowTable } from './windowFigures';

const HELP = `npm run bench -- [compare|durability|growth|model|history|handover|steady|finding|window] [options]

Kiosks of one site on this machine, without windows but for the last bench, and clients on their local sockets.

  compare   three kiosks and three nodes of etcd 3.4 do the same durable work in turns: one client at the leader and at
            a follower, 64 clients, and how long nothing is sold after the leader is killed or falls silent
            --passes 5 --seconds 3 --rounds 20     about seven minutes
            --tls         beside etcd with mutual TLS between its nodes, too, in rows of their own
            --out DIR     writes bench.json and bench.svg there
  durability  proves that every sale was synced at a majority before it was answered: counts the kiosks' fsyncs, and cuts
            the power of a disk of their own; needs root
  growth    what a sale, a restart, memory and show cost from a thousand to --count sales, and with 1 to 9 kiosks;
            and how soon a kiosk that joins at 100,000 sales votes; --out DIR writes growth.json and growth.svg
  model     the same replicas in simulated time: latency and throughput with slower disks and networks, and what up to
            100 kiosks cost
  history   --count sales in the log; then restart, memory and stalls of the event loop
  handover  leadership handed round under a sale every 10 ms
  steady    64 clients sell for --minutes 10 while nothing is wrong: no kiosk may stand for election
  finding   what a search and a report cost among a thousand to --count sales, and how long others wait for it
  window    a kiosk with a window, on a display that nobody sees, beside an empty window: from its start until it can
            sell, clicks to results and to printed tickets, memory, and frames while others sell
            --rounds 10 --clicks 200 --count 100000 --seconds 5     about seven minutes; --only start, click, memory
            or frames: one of them; --out DIR writes window.json and window.svg

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
  clicks: { least: 1, most: 10_000 },
  minutes: { least: 1, most: 60 },
} as const;
const BENCHES = ['compare', 'durability', 'growth', 'model', 'history', 'handover', 'steady', 'finding', 'window'];

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      passes: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      count: { type: 'string' },
      clicks: { type: 'string' },
      minutes: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      data: { type: 'string' },
      tls: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const what = positionals[0] ?? 'compare';
  if (values.help || positionals.length > 1 || !BENCHES.includes(what)) {
    process.stdout.write(HELP);
    return values.help;
  }
  const number = (name: keyof typeof NUMBERS, standard: number): number => {
    const { least, most } = NUMBERS[name];
    const value = Number(values[name] ?? standard);
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
    if (what === 'finding') {
      const found = await finding(SIZES.filter((size) => size <= number('count', 1_000_000)));
      const [text, good] = foundText(found);
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : text);
      return good;
    }
    if (what === 'growth') {
      const found = await growth(folder, number('count', 1_000_000));
      const [text, good] = grown(found);
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : text);
      if (values.out !== undefined) {
        await writeFile(path.join(values.out, 'growth.json'), `${JSON.stringify({ commit: commit(), ...found }, null, 2)}\n`);
        await writeFile(path.join(values.out, 'growth.svg'), growthPicture(found, `commit ${commit()}`));
      }
      return good;
    }
    if (what === 'window') {
      const effort = {
        rounds: number('rounds', 10),
        clicks: number('clicks', 200),
        count: number('count', 100_000),
        seconds: number('seconds', 5),
      };
      const parts = values.only === undefined ? WINDOW_PARTS : [values.only as WindowPart];
      if (!parts.every((part) => WINDOW_PARTS.includes(part))) throw new Error(`--only must be one of ${WINDOW_PARTS.join(', ')}`);
      const figures = await windowBench(folder, effort, parts);
      const found = { ...conditions(), ...effort, figures };
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : windowTable(figures));
      if (values.out !== undefined) {
        await writeFile(path.join(values.out, 'window.json'), `${JSON.stringify(found, null, 2)}\n`);
        await writeFile(path.join(values.out, 'window.svg'), windowPicture(figures, `commit ${found.commit}, ${found.date}`));
      }
      return figures.every(holds);
    }
    await bench.make();
    if (what === 'history') return await history(bench, number('count', 1_000_000), values.json);
    if (what === 'handover') return await handover(bench, values.json);
    if (what === 'steady') return await steady(bench, number('minutes', 10), values.json);
    const effort = { passes: number('passes', 5), seconds: number('seconds', 3), rounds: number('rounds', 20), tls: values.tls };
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
  const about = { ...conditions(), etcd: result.etcd, ...effort };
  const text = JSON.stringify({ ...about, rows: result.rows });
  process.stdout.write(json ? `${text}\n` : table(result.rows));
  if (out === undefined) return;
  await writeFile(path.join(out, 'bench.json'), `${JSON.stringify({ ...about, rows: result.rows }, null, 2)}\n`);
  const caption = `three of each on one machine, same run, in turns; commit ${about.commit}, etcd ${about.etcd}, ${about.date}`;
  await writeFile(path.join(out, 'bench.svg'), picture(result.rows, caption));
}

/** What figures depend on. */
function conditions() {
  return {
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    processors: `${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}`,
  };
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
