import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Course, type RunOptions, type RunResult, run } from './run';
import { findSandbox, furnish, type Sandbox } from './sandbox';

const HELP = `npm run nemesis -- [--runs 20] [--seconds 20] [--seed N] [--cuts 3|5 [--most N]] [--keep] [--report FILE]

Real kiosks without windows, clients that buy, cancel, void, claim and look, and a nemesis that kills and stops kiosks,
cuts, loses and delays their packets, lets clocks jump, fills a disk and changes the members. What the clients saw is
recorded and checked: exactly once, no ticket twice, no ghost sale, every answer in an order that real time allows.

  --runs N      so many runs (20)
  --seconds N   so long each (20)
  --seed N      seed of the first run; the next ones follow. It draws the faults; what comes when is the machine's
  --cuts N      instead: N kiosks, and every minority of them cut off, both ways and one way only
  --most N      at most so many of those cuts
  --keep        keep the folders of all runs; those of failed ones are kept anyway
  --report F    write the results to a file, too, as JSON

Cuts, losses, delays and the full disk need name spaces of Linux, iproute2 and iptables; clock jumps need libfaketime.
`;

const RUNS = 20;
const SECONDS = 20;
const SECONDS_MAX = 3_600;
/** Founding, restart, reading all logs and the verdict, on top of the faults. */
const AROUND_A_RUN_S = 480;
const SEEDS = 2 ** 31;
const OPTIONS_FILE = 'options.json';
const RESULT_FILE = 'result.json';
/** The longest course of cuts lasts so long. */
const CUTS_S = 240;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seconds: { type: 'string', default: String(SECONDS) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
      cuts: { type: 'string' },
      most: { type: 'string' },
      keep: { type: 'boolean', default: false },
      report: { type: 'string' },
      /** A run of its own in this folder, within the sandbox. */
      within: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return true;
  }
  if (values.within !== undefined) {
    await single(values.within);
    return true;
  }
  const runs = whole(values.runs ?? (values.cuts === undefined ? String(RUNS) : '1'), 'runs', 1, SECONDS_MAX);
  const course: Course =
    values.cuts === undefined
      ? { kind: 'drawn', seconds: whole(values.seconds, 'seconds', 1, SECONDS_MAX) }
      : {
          kind: 'cuts',
          kiosks: whole(values.cuts, 'cuts', 3, 5),
          most: values.most === undefined ? Number.MAX_SAFE_INTEGER : whole(values.most, 'most', 1, SECONDS_MAX),
        };
  const first = whole(values.seed, 'seed', 0, Number.MAX_SAFE_INTEGER);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-nemesis-'));
  const sandbox = await findSandbox();
  const results: RunResult[] = [];
  for (let index = 0; index < runs; index += 1) {
    const place = path.join(folder, `run-${first + index}`);
    const result = await inSandbox(sandbox, place, { seed: first + index, course });
    results.push(result);
    tell(result, place);
    if (result.ok && !values.keep) await rm(place, { recursive: true, force: true });
  }
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify(results));
  const failed = results.filter(({ ok }) => !ok).length;
  if (failed === 0 && !values.keep) await rm(folder, { recursive: true, force: true });
  process.stdout.write(`${runs - failed} of ${runs} runs clean, seeds ${first} to ${first + runs - 1}\n`);
  return failed === 0;
}

/** Starts this program again in name spaces of its own, for one run, which ends in time whatever happens. */
async function inSandbox(sandbox: Sandbox, folder: string, { seed, course }: Pick<RunOptions, 'seed' | 'course'>): Promise<RunResult> {
  // Nothing has failed, and nothing was shown.
  if (!sandbox.ok && course.kind === 'cuts')
    return { seed, ok: true, report: '', missing: [`cuts of the network (S25): ${sandbox.why}`], faults: {}, figures: null };
  await mkdir(folder, { recursive: true });
  const options: RunOptions = { seed, course, folder, programs: import.meta.dirname, without: sandbox.ok ? null : sandbox.why };
  await writeFile(path.join(folder, OPTIONS_FILE), JSON.stringify(options));
  const [program = '', ...args] = [...(sandbox.ok ? sandbox.command : []), process.execPath, import.meta.filename, '--within', folder];
  const seconds = AROUND_A_RUN_S + (course.kind === 'drawn' ? course.seconds : CUTS_S);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: seconds * 1_000, killSignal: 'SIGKILL' });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  const file = path.join(folder, RESULT_FILE);
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as RunResult;
  const why = signal === null ? `it ended with ${status}` : `it was not over after ${seconds} s`;
  return { seed, ok: false, report: `no verdict: ${why}\n${words.trim()}`, missing: [], faults: {}, figures: null };
}

async function single(folder: string): Promise<void> {
  const options = JSON.parse(await readFile(path.join(folder, OPTIONS_FILE), 'utf8')) as RunOptions;
  if (options.without === null) await furnish();
  const result = await run(options);
  await writeFile(path.join(folder, RESULT_FILE), JSON.stringify(result));
}

function tell({ seed, ok, report, missing, faults, figures }: RunResult, folder: string): void {
  const counts = (numbers: object) =>
    Object.entries(numbers)
      .map(([name, value]) => `${name} ${Math.round(value)}`)
      .join(', ');
  const lines = [`${ok ? 'ok  ' : 'FAIL'} seed ${seed}: ${figures === null ? 'no verdict' : counts(figures)}; faults: ${counts(faults)}`];
  for (const fault of missing) lines.push(`     not here: ${fault}`);
  if (!ok) lines.push(report, `     see ${folder}: plan.txt, history.jsonl, kiosk-*.log`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function whole(text: string, name: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || value < least || value > most)
    throw new Error(`--${name} must be from ${least} to ${most}, not "${text}"`);
  return value;
}

main().then(
  (good) => {
    process.exit(good ? 0 : 1);
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  },
);
