import type { Jobs } from './jobs';
import type { QueueParts } from './parts';
import type { PrintJob } from './records';
import { markOf } from './ticketNames';

/** Printed tickets of a sale are confirmed together, unless one of them takes longer than this. */
const CONFIRM_MS = 2_000;
/** Between two tries where there is no majority. */
export const RETRY_MS = 2_000;

/** What is on paper, and the log not yet told so. S23: other kiosks need not ask for it then. */
export class Confirmations {
  /** When each job was done, by the monotonic clock. */
  private readonly since = new Map<string, number>();
  private retryAt = 0;

  constructor(
    private readonly jobs: Jobs,
    private readonly parts: Pick<QueueParts, 'sale' | 'execute' | 'log'>,
  ) {
    for (const { id } of jobs.in('done')) this.since.set(id, 0);
  }

  get areDue(): boolean {
    return this.since.size > 0;
  }

  waitsFor(job: PrintJob): boolean {
    return this.since.has(job.id);
  }

  /** The printer is done with it. */
  async add(job: PrintJob): Promise<void> {
    if (job.kind === 'tickets') this.since.set(job.id, performance.now());
    else await this.jobs.letGo(job);
  }

  drop(job: PrintJob): void {
    this.since.delete(job.id);
  }

  /** Confirms what is due. */
  async tell(): Promise<void> {
    const now = performance.now();
    if (now < this.retryAt) return;
    const done = this.jobs.all.filter(({ id }) => this.since.has(id));
    for (const id of new Set(done.map(({ sale }) => sale))) {
      const own = done.filter(({ sale }) => sale === id);
      const waits = this.jobs.onTheirWay().some(({ sale }) => sale === id);
      if (waits && own.every((job) => now - this.since.get(job.id)! < CONFIRM_MS)) continue;
      if (!(await this.confirm(id, own))) {
        this.retryAt = performance.now() + RETRY_MS;
        return;
      }
      for (const job of own) {
        this.since.delete(job.id);
        await this.jobs.letGo(job);
      }
    }
  }

  private async confirm(id: string, jobs: readonly PrintJob[]): Promise<boolean> {
    const sale = this.parts.sale(id);
    if (sale === null) return false;
    const tickets = jobs.flatMap((job) => job.tickets).filter((ticket) => markOf(sale, ticket)?.confirmed === false);
    if (tickets.length === 0) return true;
    const answer = await this.parts.execute({
      op: 'confirm',
      sale: id,
      clerk: jobs[0]!.clerk,
      tickets: tickets.map(({ event, number }) => ({ event, number })),
    });
    if (answer.ok) return true;
    if (answer.reason === 'timeout' || answer.reason === 'no_majority' || answer.reason === 'faulty') return false;
    this.parts.log(`tickets of sale ${id} could not be confirmed as printed: ${answer.message}`);
    return true;
  }
}
