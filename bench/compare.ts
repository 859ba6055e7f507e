import { EtcdSite, etcdVersion, installEtcd } from './etcd';
import { LoadProcess, type Target } from './jobs';
import { median, quantiles, type Row, spread } from './report';
import { type BenchSite, processorTime } from './site';

/** Each measurement is begun with so much of the same work, which is not counted. */
const WARM_MS = 1_000;
/** Between two kills everybody is given so long to come to rest. */
const REST_MS = 500;
/**
 * Both sell for so long first, to many clients and to one at each kind of node: a kiosk's code, unlike etcd's, is compiled
 * while it runs, by how often it was called, and one message carries the sales of many clients but of one client only one.
 * What runs by the clock, forty times a second or thirteen, is called often enough after a minute.
 */
const WARM_UP_MS = 20_000;
const MANY = 64;

interface Work {
  readonly what: string;
  readonly clients: number;
  readonly atLeader: boolean;
}

const WORKS: readonly Work[] = [
  { what: 'leader', clients: 1, atLeader: true },
  { what: 'follower', clients: 1, atLeader: false },
  { what: 'many', clients: MANY, atLeader: true },
];

export interface Effort {
  readonly passes: number;
  readonly seconds: number;
  readonly rounds: number;
  /** Beside etcd whose nodes speak mutual TLS with each other, too, as kiosks do. */
  readonly tls: boolean;
}

/** One of the two that are compared. */
interface Contender {
  readonly name: 'quorum-kiosk' | 'etcd' | 'etcd-tls';
  /** Waits until all three are up and have the same, and says who leads. */
  whole(): Promise<number>;
  target(node: number): Target;
  pid(node: number): number;
  restart(node: number): Promise<void>;
}

function kiosks(bench: BenchSite): Contender {
  return {
    name: 'quorum-kiosk',
    whole: () => bench.whole(),
    target: (kiosk) => ({ peer: 'kiosk', data: bench.data(kiosk) }),
    pid: (kiosk) => bench.pid(kiosk),
    restart: async (kiosk) => {
      await bench.kill(kiosk);
      await bench.start(kiosk);
    },
  };
}

function etcd(name: 'etcd' | 'etcd-tls', site: EtcdSite): Contender {
  return {
    name,
    whole: () => site.whole(),
    target: (node) => ({ peer: 'etcd', address: site.address(node) }),
    pid: (node) => site.pid(node),
    restart: async (node) => {
      await site.kill(node);
      site.start(node);
    },
  };
}

/** Samples per measurement: one number a pass, or a round. */
class Samples {
  private readonly all = new Map<string, number[]>();

  add(key: string, value: number): void {
    this.all.set(key, [...(this.all.get(key) ?? []), value]);
  }

  of(key: string): readonly number[] {
    return this.all.get(key) ?? [];
  }
}

const NODES = [1, 2, 3];

/**
 * Three kiosks and three nodes of etcd on this machine, the same work for both in one run and in turns: whoever
 * goes first in one pass goes last in the next. Ratios are taken within a pass, since the machine's pace changes between two.
 */
export async function compare(bench: BenchSite, folder: string, effort: Effort): Promise<{ rows: Row[]; etcd: string }> {
  installEtcd();
  const other = new EtcdSite(folder);
  const secured = effort.tls ? new EtcdSite(folder, 'tls') : null;
  const load = new LoadProcess();
  const samples = new Samples();
  try {
    await Promise.all([...NODES.map((kiosk) => bench.start(kiosk)), other.open(), secured?.open()]);
    const contenders = [kiosks(bench), etcd('etcd', other)];
    const all = secured === null ? contenders : [...contenders, etcd('etcd-tls', secured)];
    for (const contender of all) {
      for (const { clients, atLeader } of [...WORKS].reverse()) {
        const target = contender.target(await nodeFor(contender, atLeader));
        await load.do({ kind: 'sell', target, clients, ms: WARM_UP_MS }, 'sold');
      }
    }
    for (let pass = 0; pass < effort.passes; pass += 1) {
      process.stderr.write(`pass ${pass + 1} of ${effort.passes}\n`);
      for (const work of WORKS) for (const contender of inTurn(all, pass)) await sell(load, contender, work, effort.seconds, samples);
    }
    await secured?.end();
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      for (let round = 0; round < effort.rounds; round += 1) {
        process.stderr.write(`${signal} ${round + 1} of ${effort.rounds}\n`);
        for (const contender of inTurn(contenders, round)) await outage(load, contender, signal, samples);
      }
    }
  } finally {
    load.end();
    await Promise.all([other.end(), secured?.end()]);
  }
  return { rows: rowsOf(samples), etcd: etcdVersion() };
}

function inTurn<T>(items: readonly T[], turn: number): readonly T[] {
  const first = turn % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function nodeFor(contender: Contender, atLeader: boolean): Promise<number> {
  const leader = await contender.whole();
  return atLeader ? leader : NODES.find((other) => other !== leader)!;
}

async function sell(load: LoadProcess, contender: Contender, work: Work, seconds: number, samples: Samples): Promise<void> {
  const { what, clients, atLeader } = work;
  const job = { kind: 'sell', target: contender.target(await nodeFor(contender, atLeader)), clients } as const;
  await load.do({ ...job, ms: WARM_MS }, 'sold');
  const before = await allProcessorTime(contender);
  const { times, seconds: took } = await load.do({ ...job, ms: seconds * 1_000 }, 'sold');
  const used = (await allProcessorTime(contender)) - before;
  const { p50, p99 } = quantiles(times);
  samples.add(`${contender.name} ${what} p50`, p50);
  samples.add(`${contender.name} ${what} p99`, p99);
  samples.add(`${contender.name} ${what} rate`, times.length / took);
  samples.add(`${contender.name} ${what} cpu`, used / times.length);
}

async function outage(load: LoadProcess, contender: Contender, signal: 'SIGKILL' | 'SIGSTOP', samples: Samples): Promise<void> {
  const leader = await contender.whole();
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const targets = NODES.filter((node) => node !== leader).map((node) => contender.target(node));
  const { ms } = await load.do({ kind: 'outage', targets, pid: contender.pid(leader), signal }, 'outage');
  samples.add(`${contender.name} ${signal}`, ms);
  await contender.restart(leader);
}

/** Microseconds of processor time that the three processes have used. */
async function allProcessorTime(contender: Contender): Promise<number> {
  const times = await Promise.all(NODES.map((node) => processorTime(contender.pid(node))));
  return times.reduce((sum, time) => sum + time, 0);
}

function rowsOf(samples: Samples): Row[] {
  const row = (what: string, key: string, unit: string, bounds: Pick<Row, 'must' | 'aim' | 'better'>, beside = 'etcd'): Row => {
    const ours = samples.of(`quorum-kiosk ${key}`);
    const theirs = samples.of(`${beside} ${key}`);
    return {
      what,
      unit,
      ...bounds,
      ours: spread(ours),
      theirs: spread(theirs),
      ratio: spread(ours.map((value, at) => value / theirs[at]!)),
    };
  };
  const outages = (
    what: string,
    signal: string,
    of: (samples: readonly number[]) => number,
    bounds: Pick<Row, 'must' | 'aim' | 'better'>,
  ): Row => {
    const ours = samples.of(`quorum-kiosk ${signal}`);
    const theirs = samples.of(`etcd ${signal}`);
    const ratio = of(ours) / of(theirs);
    const one = (value: number) => ({ median: value, least: value, most: value });
    return { what, unit: 'ms', ...bounds, ours: one(of(ours)), theirs: one(of(theirs)), ratio: one(ratio) };
  };
  const secured = (what: string, key: string, unit: string, better: Row['better']) =>
    samples.of(`etcd-tls ${key}`).length === 0 ? [] : [row(`${what}, etcd with TLS`, key, unit, { better }, 'etcd-tls')];
  return [
    row('1 client at the leader, p50', 'leader p50', 'ms', { must: 1, aim: 0.7, better: 'less' }),
    row('1 client at the leader, p99', 'leader p99', 'ms', { must: 1, aim: 0.7, better: 'less' }),
    row('1 client at a follower, p50', 'follower p50', 'ms', { must: 1, aim: 0.75, better: 'less' }),
    row('64 clients, buys a second', 'many rate', '/s', { must: 2, aim: 3.5, better: 'more' }),
    row('64 clients, p99', 'many p99', 'ms', { better: 'less' }),
    row('processor time a buy, 1 client', 'leader cpu', 'us', { better: 'less' }),
    row('processor time a buy, 64 clients', 'many cpu', 'us', { better: 'less' }),
    outages('leader killed (-9), median', 'SIGKILL', median, { must: 0.15, aim: 0.06, better: 'less' }),
    outages('leader killed (-9), worst', 'SIGKILL', (all) => Math.max(...all), { must: 0.5, aim: 0.2, better: 'less' }),
    outages('leader silent (SIGSTOP), median', 'SIGSTOP', median, { must: 0.8, aim: 0.5, better: 'less' }),
    outages('leader silent (SIGSTOP), worst', 'SIGSTOP', (all) => Math.max(...all), { better: 'less' }),
    ...secured('1 client at the leader, p50', 'leader p50', 'ms', 'less'),
    ...secured('1 client at the leader, p99', 'leader p99', 'ms', 'less'),
    ...secured('1 client at a follower, p50', 'follower p50', 'ms', 'less'),
    ...secured('64 clients, buys a second', 'many rate', '/s', 'more'),
    ...secured('processor time a buy, 1 client', 'leader cpu', 'us', 'less'),
  ];
}
