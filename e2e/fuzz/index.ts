import { parseArgs } from 'node:util';
import { endWith } from '../../main/program';
import { type FuzzResult, fuzz, type Latencies } from './run';
import { openSite } from './site';

const HELP = `npm run fuzz -- [--count 1000000] [--seed N] [--json]

  Opens a site of three kiosks on loopback that sell all the while, and sends malformed frames and messages to the one
  that leads: as a stranger, and as one who holds the certificate of a fourth kiosk. At most one in a hundred of them
  takes a handshake. It fails if a kiosk dies, a sale is refused, or anybody waits for 5 s. The seed draws what is sent.
`;

const COUNT = 1_000_000;
const SEEDS = 2 ** 31;
const TOLD_EVERY = 50_000;
const MIB = 1024 * 1024;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: String(COUNT) },
      seed: { type: 'string', default: String(Math.floor(Math.random() * SEEDS)) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [count, seed] = [values.count, values.seed].map((text) => (/^\d{1,12}$/.test(text) ? Number(text) : Number.NaN)) as [
    number,
    number,
  ];
  if (Number.isNaN(count) || Number.isNaN(seed) || count < 1) {
    process.stderr.write(`--count and --seed are whole numbers\n${HELP}`);
    return 2;
  }
  process.stderr.write(`seed ${seed}: ${count} malformed frames and messages\n`);
  const site = await openSite(import.meta.dirname);
  try {
    let told = 0;
    const result = await fuzz(site, count, seed, (sent) => {
      if (sent - told < TOLD_EVERY) return;
      told = sent;
      process.stderr.write(`${sent} sent\n`);
    });
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : text(result));
    return result.failures.length === 0 ? 0 : 1;
  } finally {
    await site.remove();
  }
}

function text(result: FuzzResult): string {
  const lines = [
    `seed ${result.seed}: ${result.sent} sent in ${result.seconds.toFixed(1)} s, ${result.handshakes} handshakes`,
    ...Object.entries(result.attacks).map(([name, sent]) => `  ${String(sent).padStart(8)}  ${name}`),
    `sales before:    ${latencyText(result.calm)}`,
    `sales meanwhile: ${latencyText(result.attacked)}`,
    `longest wait for status ${result.worstAnswerMs.toFixed(0)} ms; memory ${(result.memoryBefore / MIB).toFixed(0)} MiB before, ${(result.memoryAfter / MIB).toFixed(0)} after`,
    ...result.failures.map((failure) => `FAILED: ${failure}`),
    result.failures.length === 0
      ? 'no kiosk died, none stalled, every sale was made'
      : `replay with --seed ${result.seed} --count ${result.sent}`,
  ];
  return `${lines.join('\n')}\n`;
}

function latencyText({ sales, medianMs, p99Ms, worstMs }: Latencies): string {
  return `${sales}, median ${medianMs.toFixed(1)} ms, 99 % within ${p99Ms.toFixed(1)}, longest ${worstMs.toFixed(1)}`;
}

void endWith(main());
