import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Where the client of the comparison sells: a kiosk, found by its data folder, or a node of etcd. */
export type Target = { readonly peer: 'kiosk'; readonly data: string } | { readonly peer: 'etcd'; readonly address: string };

export type Job =
  /** Each client sells one after another, for so long or so many in all. */
  | { readonly kind: 'sell'; readonly target: Target; readonly clients: number; readonly ms: number }
  | { readonly kind: 'count'; readonly target: Target; readonly clients: number; readonly sales: number }
  /** So many are begun a second, whether those before are answered or not. */
  | { readonly kind: 'pace'; readonly target: Target; readonly perSecond: number; readonly ms: number }
  | { readonly kind: 'outage'; readonly targets: readonly Target[]; readonly pid: number; readonly signal: 'SIGKILL' | 'SIGSTOP' };

export type Outcome =
  /** Each sale's time in ms. */
  | { readonly kind: 'sold'; readonly times: readonly number[]; readonly seconds: number }
  | { readonly kind: 'outage'; readonly ms: number }
  | { readonly kind: 'failed'; readonly message: string };

/** The process that sells (load.ts). */
export class LoadProcess {
  private readonly child: ChildProcess = fork(path.join(import.meta.dirname, 'load.js'));

  async do<K extends 'sold' | 'outage'>(job: Job, kind: K): Promise<Extract<Outcome, { kind: K }>> {
    const answered = once(this.child, 'message');
    this.child.send(job);
    const [outcome] = (await answered) as [Outcome];
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    if (outcome.kind !== kind) throw new Error(`asked for ${kind}, got ${outcome.kind}`);
    return outcome as Extract<Outcome, { kind: K }>;
  }

  end(): void {
    this.child.kill();
  }
}
