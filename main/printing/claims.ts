import { randomBytes } from 'node:crypto';
import type { Jobs } from './jobs';
import type { QueueParts } from './parts';
import type { PrintJob } from './records';
import { same, type TicketName } from './ticketNames';

/** A claim that was sent and not answered: asked again under its id, with the same tickets. */
interface Claim {
  readonly requestId: string;
  readonly sale: string;
  readonly clerk: string;
  readonly tickets: readonly TicketName[];
  readonly receipt: true | undefined;
  readonly jobs: readonly string[];
}

/** Rule 10: a page is claimed in the log before it leaves, so that no ticket ever has two originals. One claim at a time. */
export class Claims {
  private open: Claim | null = null;

  constructor(
    private readonly jobs: Jobs,
    private readonly execute: QueueParts['execute'],
  ) {}

  /** One was sent and not answered: no other is made until it is. */
  get waits(): boolean {
    return this.open !== null;
  }

  /** Claims jobs of one sale, kind and clerk. Returns those that may leave. */
  async claim(group: readonly PrintJob[]): Promise<readonly PrintJob[]> {
    const { id, sale, kind, clerk } = group[0]!;
    for (const job of group) await this.jobs.set(job, { state: 'rendering', reason: null, detail: null });
    // A clerk may have taken some out meanwhile.
    const own = this.jobs.in('rendering').filter((job) => group.some((one) => one.id === job.id));
    if (own.length === 0) return [];
    const tickets = own.flatMap((job) => job.tickets).map(({ event, number }) => ({ event, number }));
    // A group that was sent back for want of a majority may be another one now, and asks under another id.
    const requestId = `${id}-${randomBytes(4).toString('hex')}`;
    const receipt = kind === 'receipt' ? true : undefined;
    this.open = { requestId, sale, clerk, tickets, receipt, jobs: own.map((job) => job.id) };
    return this.send(this.open);
  }

  /** Asks for the answer that is missing, if one is. Returns the jobs that may leave. */
  async askAgain(): Promise<readonly PrintJob[]> {
    return this.open === null ? [] : this.send(this.open);
  }

  private async send(claim: Claim): Promise<readonly PrintJob[]> {
    const answer = await this.execute({
      op: 'print',
      sale: claim.sale,
      clerk: claim.clerk,
      tickets: [...claim.tickets],
      ...(claim.receipt === undefined ? {} : { receipt: claim.receipt }),
      id: claim.requestId,
    });
    const own = () => this.jobs.in('rendering').filter(({ id }) => claim.jobs.includes(id));
    if (!answer.ok && answer.reason === 'timeout') {
      for (const job of own()) await this.jobs.set(job, { reason: 'no_majority' });
      return [];
    }
    this.open = null;
    if (!answer.ok) {
      const waits = answer.reason === 'no_majority';
      for (const job of own())
        await this.jobs.set(
          job,
          waits
            ? { state: 'queued', reason: 'no_majority' }
            : { state: 'failed', reason: 'refused', detail: answer.said ?? answer.message },
        );
      return [];
    }
    const copies = answer.op === 'print' ? answer.copies : [];
    const claimed: PrintJob[] = [];
    for (const job of own()) {
      const tickets = job.tickets.map((ticket) => ({
        ...ticket,
        copy: copies[claim.tickets.findIndex((other) => same(other, ticket))] ?? null,
      }));
      const copy = claim.receipt === true ? (copies[0] ?? null) : null;
      claimed.push(await this.jobs.set(job, { tickets, copy, reason: null }));
    }
    return claimed;
  }
}
