import { parseArgs } from 'node:util';
import { randomRun } from './run';
import { shrink } from './shrink';

const HELP = `npm run simulate -- [--seed N] [--kiosks 5] [--runs 100] [--minutes M] [--trace]

The real replica in a simulated, hostile world: messages lost, late, doubled and reordered, links cut both ways and
one way, kiosks killed with what was not yet synced, paused, added and removed; all invariants checked at every step.

  --seed N      replay this one run, with a readable trace
  --runs N      so many random seeds (or the seeds from --seed on)
  --minutes M   random seeds for so long
  --trace       print the trace of every run
  --shrink      of a failing --seed, leave out every kind of fault without which the same rule still breaks, and tell
                what is left
`;

const RUNS = 100;
/** Lines of trace shown before a failure. */
const TAIL = 60;

function whole(text: string | undefined, fallback: number, name: string): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function main(): number {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      kiosks: { type: 'string' },
      runs: { type: 'string' },
      minutes: { type: 'string' },
      trace: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const single = values.seed !== undefined && values.runs === undefined && values.minutes === undefined;
  const first = whole(values.seed, Math.floor(Math.random() * 2 ** 40), 'seed');
  const kiosks = whole(values.kiosks, 0, 'kiosks');
  if (values.kiosks !== undefined && (kiosks < 1 || kiosks > 9)) throw new Error(`--kiosks must be from 1 to 9, not ${kiosks}`);
  const runs = single ? 1 : whole(values.runs, values.minutes === undefined ? RUNS : Number.MAX_SAFE_INTEGER, 'runs');
  const deadline =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + whole(values.minutes, 0, 'minutes') * 60_000;
  if (values.shrink) {
    if (!single) throw new Error('--shrink takes one --seed');
    return shrink(first, kiosks === 0 ? sizeOf(first) : kiosks);
  }
  const points = new Map<string, number>();
  const messages = new Map<string, number>();
  let steps = 0;
  let slots = 0;
  let done = 0;
  for (; done < runs && performance.now() < deadline; done += 1) {
    const seed = first + done;
    const tail: string[] = [];
    const trace = (line: string) => {
      if (single || values.trace) process.stdout.write(`${line}\n`);
      else if (tail.push(line) > TAIL) tail.shift();
    };
    const size = kiosks === 0 ? sizeOf(seed) : kiosks;
    try {
      const result = randomRun({ seed, kiosks: size, trace });
      steps += result.steps;
      slots += result.slots;
      for (const [point, { crashed }] of result.crashPoints) points.set(point, (points.get(point) ?? 0) + crashed);
      for (const [type, count] of result.messages) messages.set(type, (messages.get(type) ?? 0) + count);
    } catch (error) {
      process.stdout.write(`${tail.join('\n')}\n`);
      process.stderr.write(
        `seed ${seed} with ${size} kiosks: ${error instanceof Error ? error.stack : String(error)}\nreplay: npm run simulate -- --seed ${seed} --kiosks ${size}\n`,
      );
      return 1;
    }
  }
  process.stdout.write(`${done} runs from seed ${first}, ${steps} steps, ${slots} slots chosen, no rule broken\n`);
  process.stdout.write(
    `messages: ${[...messages]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([type, count]) => `${type} ${count}`)
      .join(', ')}\n`,
  );
  process.stdout.write(`crash points used: ${[...points].map(([point, times]) => `${point} ${times}`).join(', ')}\n`);
  return 0;
}

function sizeOf(seed: number): number {
  return [3, 5, 4, 3, 1, 5, 2, 7][seed % 8]!;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
