import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../main/client/connection';
import { BenchSite, sold } from './site';

const DISK_MB = 512;
const ONE_CLIENT_SALES = 300;
const MANY = 64;
const CROWD_MS = 2_000;
const CUT_AFTER_MS = 1_500;
const KIOSKS = [1, 2, 3];

export interface Durability {
  /** One client, one sale after another: each sale needs a sync of its own at a majority. */
  readonly alone: { readonly sales: number; readonly syncs: readonly number[] };
  /** 64 clients: many sales share a sync. */
  readonly crowd: { readonly sales: number; readonly syncs: readonly number[] };
  /** What a copy of the disk, taken while sales went on, holds of the sales that were acknowledged before. */
  readonly cut: {
    readonly acknowledged: number;
    readonly onMajority: number;
    readonly onEach: readonly number[];
    readonly soldAfter: number;
  };
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A small disk of its own: an ext4 file system in a file. What its system has not synced is not in that file. */
class LoopDisk {
  constructor(
    readonly image: string,
    readonly folder: string,
  ) {}

  format(): void {
    run('truncate', '-s', `${DISK_MB}M`, this.image);
    run('mkfs.ext4', '-q', '-F', this.image);
  }

  async mount(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    run('mount', '-o', 'loop', this.image, this.folder);
  }

  unmount(): void {
    run('umount', this.folder);
  }
}

/** Sells until `more` says no; returns the request ids in the order of their answers. */
async function sell(
  connections: readonly Connection[],
  prefix: string,
  more: (count: number) => boolean,
  acknowledged: string[] = [],
): Promise<string[]> {
  let asked = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (more(asked)) {
        asked += 1;
        const id = `${prefix}-${asked}`;
        sold(await connection.execute({ op: 'buy', items: [{ n: 1 }], id }));
        acknowledged.push(id);
      }
    }),
  );
  return acknowledged;
}

/**
 * That every acknowledged sale was synced at a majority: by counting fsync and fdatasync, as the kernel sees them,
 * and by a power cut: the disk is copied while 64 clients buy, and the copy must hold every sale that had been
 * answered before, at two kiosks of three at the least. Needs root, strace and loop devices.
 */
export async function durability(folder: string): Promise<Durability> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('the proof of durability needs Linux and root: it mounts disks of its own and traces the kiosks');
  const disk = new LoopDisk(path.join(folder, 'disk.img'), path.join(folder, 'disk'));
  disk.format();
  await disk.mount();
  try {
    const bench = new BenchSite(folder, KIOSKS.length, { data: disk.folder });
    await bench.make();
    try {
      const { counts, acknowledged, copy } = await measured(bench, disk, folder);
      return { ...counts, cut: await afterCut(bench, copy, acknowledged) };
    } finally {
      await bench.end();
    }
  } finally {
    disk.unmount();
  }
}

async function measured(bench: BenchSite, disk: LoopDisk, folder: string) {
  const trace = (kiosk: number) => path.join(folder, `syncs-${kiosk}`);
  const wrapper = (kiosk: number) => [
    'strace',
    '-D',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    'status=successful',
    '-o',
    trace(kiosk),
  ];
  await Promise.all(KIOSKS.map((kiosk) => bench.start(kiosk, wrapper(kiosk))));
  const leader = await bench.whole();
  const counted = async (work: () => Promise<readonly string[]>) => {
    const count = () => Promise.all(KIOSKS.map(async (kiosk) => (await readFile(trace(kiosk), 'utf8')).split('\n').length));
    const before = await count();
    const sales = (await work()).length;
    return { sales, syncs: (await count()).map((after, index) => after - before[index]!) };
  };
  const connections = await Promise.all(Array.from({ length: MANY }, () => bench.connect(leader)));
  const alone = await counted(() => sell(connections.slice(0, 1), 'alone', (count) => count < ONE_CLIENT_SALES));
  const until = performance.now() + CROWD_MS;
  const crowd = await counted(() => sell(connections, 'crowd', () => performance.now() < until));
  const acknowledged: string[] = [];
  let cut = false;
  const selling = sell(connections, 'cut', () => !cut, acknowledged);
  await new Promise((resolve) => setTimeout(resolve, CUT_AFTER_MS));
  const pids = KIOSKS.map((kiosk) => bench.pid(kiosk));
  // They stand still, so that the copy is of one moment; what they had not synced is not in the image.
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const before = [...acknowledged];
  const image = path.join(folder, 'cut.img');
  await copyFile(disk.image, image);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  cut = true;
  await selling;
  for (const connection of connections) connection.close();
  return { counts: { alone, crowd }, acknowledged: before, copy: new LoopDisk(image, path.join(folder, 'cut')) };
}

/** Mounts the copy as a system does that comes up after a power cut, reads the journals as bytes, then lets the kiosks go on from there. */
async function afterCut(bench: BenchSite, copy: LoopDisk, acknowledged: readonly string[]): Promise<Durability['cut']> {
  await bench.end();
  await copy.mount();
  try {
    const held = await Promise.all(KIOSKS.map((kiosk) => requestsIn(path.join(copy.folder, path.basename(bench.data(kiosk))))));
    const onEach = held.map((ids) => acknowledged.filter((id) => ids.has(id)).length);
    const onMajority = acknowledged.filter((id) => held.filter((ids) => ids.has(id)).length >= 2).length;
    const again = new BenchSite(path.dirname(copy.folder), KIOSKS.length, { data: copy.folder });
    try {
      await Promise.all(KIOSKS.map((kiosk) => again.start(kiosk)));
      const connection = await again.connect(await again.whole());
      const show = await connection.execute({ op: 'show', last: 1 });
      connection.close();
      const soldAfter = show.ok && show.op === 'show' ? show.state.events.reduce((sum, event) => sum + event.sold, 0) : 0;
      return { acknowledged: acknowledged.length, onMajority, onEach, soldAfter };
    } finally {
      await again.end();
    }
  } finally {
    copy.unmount();
  }
}

/** Request ids of all commands in a kiosk's journal. */
async function requestsIn(data: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const name of await readdir(data)) {
    if (!/^journal-\d+\.db$/.test(name)) continue;
    for (const [, id] of (await readFile(path.join(data, name), 'latin1')).matchAll(/"requestId":"([^"]+)"/g)) ids.add(id!);
  }
  return ids;
}

/** What was found, in sentences; the second value says whether every sale was safe. */
export function judged({ alone, crowd, cut }: Durability): readonly [string, boolean] {
  const second = (counts: readonly number[]) => [...counts].sort((a, b) => b - a)[1]!;
  const safe =
    second(alone.syncs) >= alone.sales &&
    cut.onMajority === cut.acknowledged &&
    cut.soldAfter >= alone.sales + crowd.sales + cut.acknowledged;
  const lines = [
    `one client: ${alone.sales} sales, syncs at the three kiosks ${alone.syncs.join(', ')} (a majority needs ${alone.sales} at two of them)`,
    `${MANY} clients: ${crowd.sales} sales, syncs ${crowd.syncs.join(', ')}`,
    `power cut: of ${cut.acknowledged} sales that were acknowledged before it, the copy of the disk holds ${cut.onEach.join(', ')} at the kiosks and ${cut.onMajority} at a majority; after the restart ${cut.soldAfter} tickets are sold`,
    safe ? 'every acknowledged sale was on the disks of a majority' : 'NOT SAFE: an acknowledged sale was not on the disks of a majority',
    '',
  ];
  return [lines.join('\n'), safe];
}
