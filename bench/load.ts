import { randomBytes } from 'node:crypto';
import { findEndpoint } from '../main/client/address';
import { Connection } from '../main/client/connection';
import { EtcdClient } from './etcdClient';
import type { Job, Outcome, Target } from './jobs';

/** The client of the comparison, a process of its own: works at one kiosk's local socket, or at one node of etcd, as a till would. */

/** As long as the command of a sale in the log. */
const VALUE = 'x'.repeat(200);
const PROBE_EVERY_MS = 10;
const PROBE_MAX_MS = 30_000;

/** One client: `sell` resolves with whether it is sold (or stored). */
interface Seller {
  sell(): Promise<boolean>;
  close(): void;
}

const run = randomBytes(4).toString('hex');
let sales = 0;

async function sellerAt(target: Target): Promise<Seller> {
  if (target.peer === 'etcd') {
    const client = new EtcdClient(target.address);
    return {
      sell: () => {
        sales += 1;
        return client.put(`sale-${run}-${sales}`, VALUE);
      },
      close: () => client.close(),
    };
  }
  const connection = await Connection.open(await findEndpoint(target.data));
  return {
    sell: async () => {
      sales += 1;
      const answer = await connection.execute({ op: 'buy', items: [{ n: 1 }], id: `b-${run}:${sales}` });
      return answer.ok;
    },
    close: () => connection.close(),
  };
}

/** Each client sells one after another until the time is over, or so many are sold. */
async function sell(target: Target, clients: number, ms: number, sales = Number.POSITIVE_INFINITY): Promise<Outcome> {
  const sellers = await Promise.all(Array.from({ length: clients }, () => sellerAt(target)));
  await Promise.all(sellers.map((seller) => must(seller)));
  const times: number[] = [];
  const began = performance.now();
  let left = sales - clients;
  await Promise.all(
    sellers.map(async (seller) => {
      for (let at = performance.now(); at < began + ms && left > 0; ) {
        left -= 1;
        await must(seller);
        const now = performance.now();
        times.push(now - at);
        at = now;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const seller of sellers) seller.close();
  return { kind: 'sold', times, seconds };
}

/** Begins sales at an even pace. */
async function pace(target: Target, perSecond: number, ms: number): Promise<Outcome> {
  const seller = await sellerAt(target);
  await must(seller);
  const times: number[] = [];
  const sales: Promise<void>[] = [];
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const clock = setInterval(() => {
      const now = performance.now();
      // A timer that comes late makes up for it.
      const due = Math.floor((Math.min(now - began, ms) / 1_000) * perSecond);
      while (sales.length < due) sales.push(must(seller).then(() => void times.push(performance.now() - now)));
      if (now - began < ms) return;
      clearInterval(clock);
      resolve();
    }, 1_000 / perSecond);
  });
  await Promise.all(sales);
  const seconds = (performance.now() - began) / 1_000;
  seller.close();
  return { kind: 'sold', times, seconds };
}

async function must(seller: Seller): Promise<void> {
  if (!(await seller.sell())) throw new Error('a sale was refused while nothing was wrong');
}

/** From the signal to the first sale that was begun after it and is sold, at any of the targets; one is begun at each every 10 ms. */
async function outage(targets: readonly Target[], pid: number, signal: 'SIGKILL' | 'SIGSTOP'): Promise<Outcome> {
  const sellers = await Promise.all(targets.map(sellerAt));
  await Promise.all(sellers.map(must));
  process.kill(pid, signal);
  const at = performance.now();
  const ms = await new Promise<number>((resolve, reject) => {
    const probe = () => {
      if (performance.now() - at > PROBE_MAX_MS) {
        clearInterval(clock);
        reject(new Error(`nothing was sold for ${PROBE_MAX_MS / 1_000} s after the leader went`));
      }
      for (const seller of sellers) {
        void seller.sell().then((sold) => {
          if (!sold) return;
          clearInterval(clock);
          resolve(performance.now() - at);
        });
      }
    };
    const clock = setInterval(probe, PROBE_EVERY_MS);
    probe();
  });
  for (const seller of sellers) seller.close();
  return { kind: 'outage', ms };
}

async function carryOut(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case 'sell':
      return sell(job.target, job.clients, job.ms);
    case 'count':
      return sell(job.target, job.clients, Number.POSITIVE_INFINITY, job.sales);
    case 'pace':
      return pace(job.target, job.perSecond, job.ms);
    case 'outage':
      return outage(job.targets, job.pid, job.signal);
  }
}

process.on('message', (job: Job) => {
  carryOut(job).then(
    (outcome) => process.send!(outcome),
    (error: Error) => process.send!({ kind: 'failed', message: error.message } satisfies Outcome),
  );
});
