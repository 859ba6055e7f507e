import { isOnItsWay, type PrintState } from '../../shared/printing';
import type { PrintJob, Records } from './records';

/** The jobs of a print queue, the oldest first. What is in memory is never ahead of the disk. */
export class Jobs {
  private jobs: readonly PrintJob[];
  /** Ordered, and not on the disk yet. */
  private coming: readonly PrintJob[] = [];

  constructor(
    private readonly records: Records,
    kept: readonly PrintJob[],
    private readonly onChange: () => void,
  ) {
    this.jobs = kept.map(afterRestart);
  }

  get all(): readonly PrintJob[] {
    return this.jobs;
  }

  get(id: string): PrintJob | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  in(...states: readonly PrintState[]): readonly PrintJob[] {
    return this.jobs.filter(({ state }) => states.includes(state));
  }

  /** From the moment of their order on, in which nothing else may be ordered of the same paper. */
  onTheirWay(): readonly PrintJob[] {
    return [...this.jobs.filter(isOnItsWay), ...this.coming];
  }

  /** Durable when it resolves. @throws Error in words */
  async add(jobs: readonly PrintJob[]): Promise<void> {
    this.coming = [...this.coming, ...jobs];
    try {
      for (const job of jobs) await this.records.inTurn(() => this.records.save(job));
      this.jobs = [...this.jobs, ...jobs];
    } catch (error) {
      // Whoever ordered is told that nothing of it is printed: a restart must not find a part of it and ask.
      for (const job of jobs) await this.records.inTurn(() => this.records.remove(job.id)).catch(() => undefined);
      throw error;
    } finally {
      this.coming = this.coming.filter((job) => !jobs.includes(job));
    }
    this.onChange();
  }

  /** As it is then. What was taken out meanwhile stays out. */
  set(job: PrintJob, change: Partial<PrintJob>): Promise<PrintJob> {
    return this.records.inTurn(async () => {
      const known = this.get(job.id);
      if (known === undefined) return { ...job, ...change };
      const now = { ...known, ...change };
      await this.records.save(now);
      this.jobs = this.jobs.map((one) => (one.id === job.id ? now : one));
      this.onChange();
      return now;
    });
  }

  async remove(job: PrintJob): Promise<void> {
    this.jobs = this.jobs.filter(({ id }) => id !== job.id);
    await this.letGo(job);
    this.onChange();
  }

  /** Nothing is to be done about it any more: it is seen until the kiosk stops. */
  letGo(job: PrintJob): Promise<void> {
    return this.records.inTurn(() => this.records.remove(job.id));
  }
}

/** What was not given to a printer before the kiosk stopped is printed by a clerk's word alone; its customer may be gone. */
function afterRestart(job: PrintJob): PrintJob {
  return job.state === 'queued' || job.state === 'rendering' ? { ...job, state: 'failed', reason: 'restarted' } : job;
}
