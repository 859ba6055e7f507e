import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { showWhole } from '../main/client/show';
import type { ShowRequest } from '../shared/requests';
import { LoadProcess } from './jobs';
import { markdown, quantiles } from './report';
import { BenchSite, sold } from './site';

export const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const SITES = [1, 3, 5, 7, 9];
const MANY = 64;
const MEASURE_MS = 3_000;
const WARM_MS = 1_000;
/** A joining kiosk votes within this, on a site of JOIN_SALES. */
const JOIN_MAX_MS = 3_000;
const JOIN_SALES = 100_000;
/** The cost of a sale at the largest size, to that at the smallest. */
const FLAT_MAX = 1.2;
const POLL_MS = 20;

/** What a site costs at one size: sales in its log, or kiosks. */
export interface Size {
  readonly sales: number;
  readonly kiosks: number;
  /** One client, at the leader. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** 64 clients at the leader: sales a second, and processor time of all kiosks a sale. */
  readonly perSecond: number;
  readonly processorUs: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  /** A killed follower, from its start until it is level with the others. */
  readonly restartMs: number;
  readonly showLastMs: number;
  /** What an event sold in the newest 10,000 slots, page by page, as the client reads it. */
  readonly showEventMs: number;
}

export interface Joined {
  readonly sales: number;
  /** From add_kiosk to a member in force. */
  readonly votesMs: number;
  /** Until it has the whole history, too. */
  readonly wholeMs: number;
}

export interface Growth {
  readonly bySales: readonly Size[];
  readonly byKiosks: readonly Size[];
  readonly joined: Joined | null;
}

/** How cost grows with a site's log and with its kiosks. @param most the largest number of sales */
export async function growth(folder: string, most: number): Promise<Growth> {
  const sizes = SIZES.filter((size) => size <= most);
  const load = new LoadProcess();
  try {
    const { measured, joined } = await growing(path.join(folder, 'sales'), load, sizes);
    const byKiosks: Size[] = [];
    for (const kiosks of SITES) byKiosks.push(await small(path.join(folder, `kiosks-${kiosks}`), load, kiosks));
    return { bySales: measured, byKiosks, joined };
  } finally {
    load.end();
  }
}

/** Three kiosks that sell on and on, and a fourth that joins at 100,000. */
async function growing(folder: string, load: LoadProcess, sizes: readonly number[]) {
  await mkdir(folder);
  const bench = new BenchSite(folder, 4, { members: 3 });
  await bench.make();
  try {
    await Promise.all([1, 2, 3].map((kiosk) => bench.start(kiosk)));
    const measured: Size[] = [];
    let joined: Joined | null = null;
    for (const size of sizes) {
      await fill(bench, size);
      measured.push(await measure(bench, load, [1, 2, 3], size));
      process.stderr.write(`${size} sales measured\n`);
      if (size === JOIN_SALES) joined = await join(bench, size);
    }
    return { measured, joined };
  } finally {
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function small(folder: string, load: LoadProcess, kiosks: number): Promise<Size> {
  await mkdir(folder);
  const bench = new BenchSite(folder, kiosks);
  await bench.make();
  const ids = Array.from({ length: kiosks }, (_, index) => index + 1);
  try {
    await Promise.all(ids.map((kiosk) => bench.start(kiosk)));
    await fill(bench, SIZES[0]!);
    const size = await measure(bench, load, ids, SIZES[0]!);
    process.stderr.write(`${kiosks} kiosks measured\n`);
    return size;
  } finally {
    await bench.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sells until so many tickets are sold in all, of an event of its own: the other one is left for what is measured. */
async function fill(bench: BenchSite, sales: number): Promise<void> {
  const leader = await bench.whole();
  const connections = await Promise.all(Array.from({ length: 4 * MANY }, () => bench.connect(leader)));
  const show = await connections[0]!.execute({ op: 'show', last: 1 });
  let left = sales - (show.ok && show.op === 'show' ? show.state.events.reduce((sum, event) => sum + event.sold, 0) : 0);
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0) {
        left -= 1;
        sold(await connection.execute({ op: 'buy', items: [{ n: 1, event: 'more' }] }));
      }
    }),
  );
  for (const connection of connections) connection.close();
}

async function measure(bench: BenchSite, load: LoadProcess, kiosks: readonly number[], sales: number): Promise<Size> {
  const leader = await bench.whole();
  const target = { peer: 'kiosk', data: bench.data(leader) } as const;
  await load.do({ kind: 'sell', target, clients: 1, ms: WARM_MS }, 'sold');
  const { times } = await load.do({ kind: 'sell', target, clients: 1, ms: MEASURE_MS }, 'sold');
  await load.do({ kind: 'sell', target, clients: MANY, ms: WARM_MS }, 'sold');
  const used = async () => (await Promise.all(kiosks.map((kiosk) => bench.processorTime(kiosk)))).reduce((sum, time) => sum + time, 0);
  const before = await used();
  const many = await load.do({ kind: 'sell', target, clients: MANY, ms: MEASURE_MS }, 'sold');
  const processorUs = ((await used()) - before) / many.times.length;
  const memory = await Promise.all(kiosks.map((kiosk) => bench.memoryMb(kiosk)));
  const { p50, p99 } = quantiles(times);
  const connection = await bench.connect(leader);
  const timed = async (request: ShowRequest) => {
    const at = performance.now();
    const answer = await showWhole((page) => connection.execute(page), request);
    if (!answer.ok) throw new Error(answer.message);
    return performance.now() - at;
  };
  const showLastMs = await timed({ op: 'show', last: 100 });
  const showEventMs = await timed({ op: 'show', event: 'more', last: 10_000 });
  connection.close();
  const follower = kiosks.find((kiosk) => kiosk !== leader) ?? leader;
  await bench.kill(follower);
  const at = performance.now();
  await bench.start(follower);
  await bench.whole();
  return {
    sales,
    kiosks: kiosks.length,
    p50Ms: p50,
    p99Ms: p99,
    perSecond: many.times.length / many.seconds,
    processorUs,
    memoryMb: Math.max(...memory),
    diskMb: await bench.diskMb(follower),
    restartMs: performance.now() - at,
    showLastMs,
    showEventMs,
  };
}

async function join(bench: BenchSite, sales: number): Promise<Joined> {
  await bench.start(4);
  const connection = await bench.connect(await bench.leaderOf([1, 2, 3]));
  const newcomer = await bench.connect(4);
  const at = performance.now();
  const answer = await connection.execute({ op: 'add_kiosk', kiosk: 4 });
  if (!answer.ok) throw new Error(`kiosk 4 did not join: ${answer.message}`);
  const votesMs = performance.now() - at;
  for (;;) {
    const show = await newcomer.execute({ op: 'show', last: 1 });
    if (show.ok && show.op === 'show' && show.firstSlot === 1) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const wholeMs = performance.now() - at;
  connection.close();
  newcomer.close();
  process.stderr.write('a fourth kiosk has joined\n');
  const removed = await bench.connect(await bench.leaderOf([1, 2, 3]));
  await removed.execute({ op: 'change', change: 'remove', kiosk: 4 });
  removed.close();
  await bench.kill(4);
  bench.forget(4);
  return { sales, votesMs, wholeMs };
}

/** The two tables, and whether the bounds hold. */
export function grown({ bySales, byKiosks, joined }: Growth): readonly [string, boolean] {
  const head = [
    'sales',
    'kiosks',
    'p50 ms',
    'p99 ms',
    'sales/s (64)',
    'us of processor a sale',
    'MB memory',
    'MB disk',
    'restart ms',
    'show 100 ms',
    'show event ms',
  ];
  const cells = (size: Size) => [
    String(size.sales),
    String(size.kiosks),
    size.p50Ms.toFixed(2),
    size.p99Ms.toFixed(1),
    size.perSecond.toFixed(0),
    size.processorUs.toFixed(0),
    size.memoryMb.toFixed(0),
    size.diskMb.toFixed(0),
    size.restartMs.toFixed(0),
    size.showLastMs.toFixed(1),
    size.showEventMs.toFixed(0),
  ];
  const table = (sizes: readonly Size[]) => markdown(head, sizes.map(cells));
  const flat = bySales.at(-1)!.processorUs / bySales[0]!.processorUs;
  const joins =
    joined === null
      ? ''
      : `a kiosk that joins at ${joined.sales} sales votes after ${joined.votesMs.toFixed(0)} ms (at most ${JOIN_MAX_MS}), and has the whole history after ${joined.wholeMs.toFixed(0)} ms\n`;
  const text = `${table(bySales)}\n${table(byKiosks)}\nprocessor time a sale, largest size to smallest: ${flat.toFixed(2)} (at most ${FLAT_MAX})\n${joins}`;
  return [text, flat <= FLAT_MAX && (joined === null || joined.votesMs <= JOIN_MAX_MS)];
}

const PLOT = { width: 760, height: 260, left: 60, right: 20, top: 40, bottom: 40 };

/** Processor time a sale against the number of sales and, beside it, of kiosks. */
export function growthPicture({ bySales, byKiosks }: Growth, caption: string): string {
  const half = PLOT.width / 2;
  const part = (sizes: readonly Size[], x0: number, label: string, name: (size: Size) => string) => {
    const most = 1.2 * Math.max(...sizes.map(({ processorUs }) => processorUs));
    const inner = half - PLOT.left - PLOT.right;
    const x = (index: number) => x0 + PLOT.left + (sizes.length === 1 ? inner / 2 : (index / (sizes.length - 1)) * inner);
    const y = (value: number) => PLOT.height - PLOT.bottom - (value / most) * (PLOT.height - PLOT.top - PLOT.bottom);
    const points = sizes.map(({ processorUs }, index) => `${x(index).toFixed(1)},${y(processorUs).toFixed(1)}`);
    return [
      `<line class="axis" x1="${x0 + PLOT.left - 10}" y1="${y(0)}" x2="${x0 + half - PLOT.right + 10}" y2="${y(0)}"/>`,
      `<polyline class="line" points="${points.join(' ')}"/>`,
      ...sizes.map(
        (size, index) =>
          `<circle class="dot" cx="${x(index).toFixed(1)}" cy="${y(size.processorUs).toFixed(1)}" r="4"/><text x="${x(index).toFixed(1)}" y="${(y(size.processorUs) - 10).toFixed(1)}">${size.processorUs.toFixed(0)}</text><text class="quiet" x="${x(index).toFixed(1)}" y="${PLOT.height - PLOT.bottom + 18}">${name(size)}</text>`,
      ),
      `<text class="quiet" x="${x0 + half / 2 + 20}" y="${PLOT.height - 6}">${label}</text>`,
    ].join('\n');
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PLOT.width}" height="${PLOT.height}" viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-label="${caption}">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; text-anchor: middle; }
.quiet { fill: #57606a; font-size: 11px; } .axis { stroke: #b0b7bf; } .line { fill: none; stroke: #0a6b4f; stroke-width: 2; } .dot { fill: #0a6b4f; } .back { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .quiet { fill: #9198a1; } .axis { stroke: #6e7681; } .line { stroke: #2fbf8f; } .dot { fill: #2fbf8f; } .back { fill: #0d1117; } }
</style>
<rect class="back" width="${PLOT.width}" height="${PLOT.height}" rx="6"/>
<text x="${PLOT.width / 2}" y="20">processor time of all kiosks a sale, microseconds, 64 clients (${caption})</text>
${part(bySales, 0, 'sales in the log, three kiosks', ({ sales }) => (sales >= 1_000_000 ? '1 M' : `${sales / 1_000} k`))}
${part(byKiosks, half, 'kiosks, one machine', ({ kiosks }) => String(kiosks))}
</svg>
`;
}
