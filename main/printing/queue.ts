import { randomBytes } from 'node:crypto';
import { asksClerk, type Paper, type PrintAnswerKind, type PrintChoice, type PrintQueueView } from '../../shared/printing';
import { said, saidOf, told } from '../../shared/said';
import { Claims } from './claims';
import { Confirmations, RETRY_MS } from './confirmations';
import { isWritten, writePdf } from './folder';
import { Jobs } from './jobs';
import type { PrintOrder, QueueParts } from './parts';
import { Printers } from './printers';
import { type PrintJob, Records } from './records';
import { holds, isPrintedSince, type TicketName } from './ticketNames';

/** Between two looks at the spooler while something is on its way to it, and while nothing is. */
const BUSY_MS = 250;
const IDLE_MS = 5_000;
/** Tickets of one job: a spooler gets one a page, or an A4 sheet's worth; a file holds a whole sale. */
const TICKETS_PER_JOB: Readonly<Record<Paper, number>> = { ticket: 1, a4: 4 };
/** Jobs that are done, kept for the clerk to see. */
const DONE_SHOWN = 20;
const ID_BYTES = 8;

/**
 * The print queue of a kiosk. A ticket's way: written down, claimed through the log (rule 10), made into a page,
 * written down as submitted, given to the spooler under the print's id, followed there by that name until the printer
 * is done with it, and confirmed through the log. Whatever a crash leaves in doubt a clerk is asked about; nothing
 * that may have left is ever sent again by itself (S23).
 */
export class PrintQueue {
  private readonly records: Records;
  private readonly jobs: Jobs;
  private readonly printers: Printers;
  private readonly claims: Claims;
  private readonly confirmations: Confirmations;
  private choice: PrintChoice | null;
  private version = 0;
  private shown = '';
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private ended = false;
  /** Answers of a clerk that are being carried out, by job. */
  private readonly answering = new Map<string, Promise<void>>();
  private readonly listeners = new Set<(view: PrintQueueView) => void>();

  constructor(private readonly parts: QueueParts) {
    this.records = new Records(parts.folder, parts.log);
    const { jobs, choice } = this.records.load();
    this.jobs = new Jobs(this.records, jobs, () => this.publish());
    this.printers = new Printers(parts.spooler, this.jobs);
    this.claims = new Claims(this.jobs, parts.execute);
    this.confirmations = new Confirmations(this.jobs, parts);
    this.choice = choice;
    this.timer = setTimeout(() => this.kick(), parts.firstLookMs ?? 0);
  }

  view(): PrintQueueView {
    return { version: this.version, ...this.current() };
  }

  /** Called with each new view. Returns the way to stop it. */
  subscribe(listener: (view: PrintQueueView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something that it waits for may have happened. */
  kick(): void {
    if (this.ended) return;
    if (this.working !== null) {
      this.again = true;
      return;
    }
    if (this.timer !== null) clearTimeout(this.timer);
    this.working = this.work().finally(() => {
      this.working = null;
      if (this.ended) return;
      const soon = this.again ? 0 : this.jobs.onTheirWay().length > 0 ? BUSY_MS : this.confirmations.areDue ? RETRY_MS : IDLE_MS;
      this.again = false;
      this.timer = setTimeout(() => this.kick(), soon);
    });
  }

  /** Puts a sale's tickets, or its receipt, into the queue; durable when it resolves with the ids of the jobs. @throws Error in words */
  async add({ sale, clerk, tickets, receipt = false, printer, paper }: PrintOrder): Promise<readonly string[]> {
    const wanted = receipt ? [] : (tickets ?? sale.items.flatMap(({ event, tickets: own }) => own.map((number) => ({ event, number }))));
    const busy = this.jobs.onTheirWay().filter((job) => job.sale === sale.sale);
    if (receipt && busy.some(({ kind }) => kind === 'receipt')) throw told('receipt_under_way', sale.sale);
    if (busy.some(({ tickets: own }) => own.some((ticket) => holds(wanted, ticket)))) throw told('print_under_way', sale.sale);
    const size = printer === null ? Math.max(1, wanted.length) : TICKETS_PER_JOB[paper];
    const parts: (readonly TicketName[])[] = [];
    for (let at = 0; at < wanted.length; at += size) parts.push(wanted.slice(at, at + size));
    const base = {
      sale: sale.sale,
      clerk,
      printer,
      paper,
      state: 'queued' as const,
      reason: null,
      detail: null,
      file: null,
      at: Date.now(),
    };
    const order = `qk-${this.parts.kiosk}-${randomBytes(ID_BYTES).toString('hex')}`;
    const jobs: PrintJob[] = parts.map((part, place) => ({
      ...base,
      id: parts.length === 1 ? order : `${order}-${place}`,
      kind: 'tickets',
      copy: null,
      tickets: part.map(({ event, number }) => ({ event, number, copy: null })),
    }));
    if (receipt) jobs.push({ ...base, id: order, kind: 'receipt', tickets: [], copy: null });
    await this.jobs.add(jobs);
    // What these tickets were asked about before is answered by printing them.
    const answered = this.jobs.all.filter(
      (job) => job.kind === 'tickets' && asksClerk(job) && job.sale === sale.sale && job.tickets.every((ticket) => holds(wanted, ticket)),
    );
    for (const job of answered) await this.remove(job);
    this.kick();
    return jobs.map(({ id }) => id);
  }

  /** The clerk's word on a job; a touch that bounces is one word. @throws Error in words */
  answer(id: string, answer: PrintAnswerKind): Promise<void> {
    const running = this.answering.get(id);
    if (running !== undefined) return running;
    const done = this.carryOut(id, answer).finally(() => this.answering.delete(id));
    this.answering.set(id, done);
    return done;
  }

  /** Where this kiosk prints from now on. */
  async choose(choice: PrintChoice): Promise<void> {
    await this.records.inTurn(() => this.records.saveChoice(choice));
    this.choice = choice;
    this.publish();
  }

  /** Lets what is on its way to a printer arrive, for so long, and then ends. */
  async finish(patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (this.jobs.onTheirWay().length > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    await this.end();
  }

  /** Ends as it stands; another process goes on with what is written down. */
  async end(): Promise<void> {
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.working;
  }

  private async carryOut(id: string, answer: PrintAnswerKind): Promise<void> {
    const job = this.jobs.get(id);
    if (job === undefined) throw told('print_gone');
    switch (answer) {
      case 'copy':
        return this.printAgain(job);
      case 'printed':
        if (!asksClerk(job) || job.tickets.some(({ copy }) => copy === null)) throw told('print_never_given');
        await this.jobs.set(job, { state: 'done', reason: null, detail: null });
        await this.confirmations.add(job);
        return this.kick();
      case 'drop':
        return this.drop(job);
    }
  }

  private async work(): Promise<void> {
    try {
      await this.printers.look();
      await this.follow();
      await this.tidy();
      await this.confirmations.tell();
      await this.send();
    } catch (error) {
      this.parts.log(`printing: ${(error as Error).message}`);
    }
    this.publish();
  }

  /** What the spooler says of the jobs that it should have. One that hangs is not asked a second time in the same turn. */
  private async follow(): Promise<void> {
    const there = this.jobs.in('submitted', 'printing', 'unknown');
    for (const job of there) if (job.printer === null) await this.followFile(job);
    for (const printer of new Set(there.map((job) => job.printer))) {
      if (printer === null || !this.printers.spoolerAnswers) continue;
      const own = there.filter((job) => job.printer === printer);
      const found = await this.parts.spooler.find(
        printer,
        own.map(({ id }) => id),
      );
      if (found === null) continue;
      for (const job of own) {
        const now = found.get(job.id);
        if (now === undefined) {
          const reason = this.parts.spooler.follows ? 'vanished' : 'not_told';
          if (job.state !== 'unknown') await this.jobs.set(job, { state: 'unknown', reason, detail: null });
        } else if (now.state === 'failed') await this.jobs.set(job, now);
        else if (now.state !== job.state) {
          await this.jobs.set(job, { state: now.state, reason: null, detail: null });
          if (now.state === 'done') await this.confirmations.add(job);
        }
      }
    }
  }

  /** A crash fell between the note that a file is written and its being there, or not. */
  private async followFile(job: PrintJob): Promise<void> {
    if (!(await isWritten(this.parts.ticketFolder, job))) {
      if (job.state !== 'unknown') await this.jobs.set(job, { state: 'unknown', reason: 'vanished', detail: null });
      return;
    }
    await this.jobs.set(job, { state: 'done', reason: null });
    await this.confirmations.add(job);
  }

  /** Takes out what nobody has to be asked about any more: its sale is undone, or another kiosk has printed it since. */
  private async tidy(): Promise<void> {
    for (const job of this.jobs.all.filter((one) => asksClerk(one) || one.state === 'queued')) {
      const sale = this.parts.sale(job.sale);
      if (sale === null || job.kind === 'receipt') continue;
      const elsewhere = asksClerk(job) && job.tickets.every((ticket) => isPrintedSince(sale, ticket));
      if (sale.status !== 'live' || elsewhere) await this.remove(job);
    }
    const done = this.jobs.in('done').filter((job) => !this.confirmations.waitsFor(job));
    for (const job of done.slice(0, -DONE_SHOWN)) await this.remove(job);
  }

  /** Gives printers what they can take. */
  private async send(): Promise<void> {
    await this.leave(await this.claims.askAgain());
    for (const printer of new Set(this.jobs.in('queued').map((job) => job.printer))) {
      if (this.claims.waits) return;
      const group = this.nextGroup(printer);
      if (group.length > 0) await this.sendGroup(group);
    }
  }

  /** The oldest jobs of one sale that this printer can take now. */
  private nextGroup(printer: string | null): readonly PrintJob[] {
    const queued = this.jobs.in('queued').filter((job) => job.printer === printer);
    const [first] = queued;
    if (first === undefined) return [];
    const room = this.printers.room(printer);
    return (
      queued
        .filter(({ sale, kind, clerk }) => sale === first.sale && kind === first.kind && clerk === first.clerk)
        // A claim of a receipt is for one page alone.
        .slice(0, first.kind === 'receipt' ? Math.min(1, room) : room)
    );
  }

  private async sendGroup(group: readonly PrintJob[]): Promise<void> {
    const sale = this.parts.sale(group[0]!.sale);
    if (sale === null) return;
    if (!this.parts.isGivenUp(sale.requestId)) return this.leave(await this.claims.claim(group));
    for (const job of group) await this.jobs.set(job, { state: 'failed', reason: 'refused', detail: said('being_given_up', sale.sale) });
  }

  /** Makes the pages and lets them go. From the note that a job is submitted on, only its printer knows what became of it. */
  private async leave(jobs: readonly PrintJob[]): Promise<void> {
    for (const job of jobs) {
      const sale = this.parts.sale(job.sale);
      if (sale === null) continue;
      let document: Uint8Array;
      try {
        document = await this.parts.render(job, sale);
      } catch (error) {
        await this.jobs.set(job, { state: 'failed', reason: 'not_rendered', detail: saidOf(error) });
        continue;
      }
      const submitted = await this.jobs.set(job, { state: 'submitted' });
      if (submitted.printer === null) {
        const written = await writePdf(this.parts.ticketFolder, submitted, document);
        if (!written.ok) await this.jobs.set(submitted, { state: 'failed', reason: 'not_written', detail: written.detail });
        else {
          await this.jobs.set(submitted, { state: 'done', file: written.file });
          await this.confirmations.add(job);
        }
        continue;
      }
      const { id: name, printer, paper } = submitted;
      const answer = await this.parts.spooler.submit({ name, printer: printer!, paper, document });
      if (answer.kind === 'refused') await this.jobs.set(submitted, { state: 'failed', reason: 'not_taken', detail: answer.detail });
    }
    this.again ||= jobs.length > 0;
  }

  private async printAgain(job: PrintJob): Promise<void> {
    const sale = this.parts.sale(job.sale);
    if (!asksClerk(job) || sale === null) throw told('print_not_failed');
    const { printer, paper } = this.current().choice;
    await this.add({ sale, clerk: job.clerk, tickets: job.tickets, receipt: job.kind === 'receipt', printer, paper });
    if (job.kind === 'receipt') await this.remove(job);
  }

  private async drop(job: PrintJob): Promise<void> {
    switch (job.state) {
      case 'submitted':
      case 'printing':
        if (job.printer !== null) await this.parts.spooler.cancel(job.printer, job.id);
        return this.kick();
      case 'rendering':
        if (job.reason !== 'no_majority') throw told('print_leaving');
        return this.remove(job);
      case 'unknown':
        if (job.kind === 'tickets') throw told('print_undecided');
        return this.remove(job);
      case 'queued':
      case 'failed':
      case 'done':
        return this.remove(job);
    }
  }

  private async remove(job: PrintJob): Promise<void> {
    this.confirmations.drop(job);
    await this.jobs.remove(job);
  }

  private current(): Omit<PrintQueueView, 'version'> {
    const choice = this.choice ?? this.printers.standard();
    return { jobs: this.jobs.all, printers: this.printers.list(choice), choice };
  }

  private publish(): void {
    const view = this.current();
    const text = JSON.stringify(view);
    if (text === this.shown) return;
    this.shown = text;
    this.version += 1;
    for (const listener of this.listeners) listener({ version: this.version, ...view });
  }
}
