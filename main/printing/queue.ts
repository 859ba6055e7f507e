import { randomBytes } from 'node:crypto';
import type { Answer } from '../../shared/answers';
import {
  asksClerk,
  isOnItsWay,
  type Paper,
  type PrintAnswerKind,
  type PrintChoice,
  type PrinterState,
  type PrinterView,
  type PrintQueueView,
} from '../../shared/printing';
import type { ConfirmRequest, PrintRequest } from '../../shared/requests';
import { said, saidOf, told } from '../../shared/said';
import type { SaleView } from '../../shared/service';
import { isWritten, writePdf } from './folder';
import { type PrintJob, Records } from './records';
import type { Spooler } from './spooler';

/** Between two looks at the spooler while something is on its way to it, and while nothing is. */
const BUSY_MS = 250;
const IDLE_MS = 5_000;
/** Printed tickets of a sale are confirmed together, unless one of them takes longer than this. */
const CONFIRM_MS = 2_000;
/** Between two tries where there is no majority. */
const RETRY_MS = 2_000;
/** Pages that a printer has at once: few, so that few are unknown after a crash, and those behind them can still be printed elsewhere. */
const IN_FLIGHT: Readonly<Record<PrinterState, number>> = {
  ready: 4,
  untold: 4,
  // What CUPS says of these may be old news, which only another page can change.
  out_of_paper: 1,
  unreachable: 1,
  stopped: 0,
  none: 0,
};
/** Tickets of one job: a spooler gets one a page, or an A4 sheet's worth; a file holds a whole sale. */
const TICKETS_PER_JOB: Readonly<Record<Paper, number>> = { ticket: 1, a4: 4 };
/** Jobs that are done, kept for the clerk to see. */
const DONE_SHOWN = 20;
const ID_BYTES = 8;

export interface QueueParts {
  readonly kiosk: number;
  /** Where the queue is kept. */
  readonly folder: string;
  /** Where "PDF to a folder" goes. */
  readonly ticketFolder: string;
  readonly spooler: Spooler;
  readonly sale: (id: string) => SaleView | null;
  /** The sale's request is being given up at this kiosk, which then never claims it (rule 10). */
  readonly isGivenUp: (requestId: string) => boolean;
  /** Claims and confirmations go through the log. */
  readonly execute: (request: PrintRequest | ConfirmRequest) => Promise<Answer>;
  /** A job's page or pages as the document that its printer takes: a PDF for CUPS and the folder. @throws Error in words */
  readonly render: (job: PrintJob, sale: SaleView) => Promise<Uint8Array>;
  readonly log: (line: string) => void;
  /** The first look at printers, and at what an earlier life left, waits for so long: a kiosk that starts has more urgent things to do. */
  readonly firstLookMs?: number;
}

export interface PrintOrder {
  readonly sale: SaleView;
  readonly clerk: string;
  /** Left out: all tickets of the sale. */
  readonly tickets?: readonly { readonly event: string; readonly number: number }[] | undefined;
  /** The sale's receipt, and no ticket. */
  readonly receipt?: boolean | undefined;
  readonly printer: string | null;
  readonly paper: Paper;
}

/** A claim that was sent and not answered: asked again under its id, with the same tickets. */
interface Claim {
  readonly requestId: string;
  readonly sale: string;
  readonly clerk: string;
  readonly tickets: readonly { readonly event: string; readonly number: number }[];
  readonly receipt: true | undefined;
  readonly jobs: readonly string[];
}

/**
 * The print queue of a kiosk. A ticket's way: written down, claimed through the log (rule 10), made into a page,
 * written down as submitted, given to the spooler under the print's id, followed there by that name until the printer
 * is done with it, and confirmed through the log. Whatever a crash leaves in doubt a clerk is asked about; nothing
 * that may have left is ever sent again by itself (S23).
 */
export class PrintQueue {
  private readonly records: Records;
  private jobs: PrintJob[];
  private choice: PrintChoice | null;
  private printers: readonly PrinterView[] = [];
  private spoolerAnswers = true;
  private claim: Claim | null = null;
  /** Done, and their sale not yet told so: when each was done, by the monotonic clock. */
  private readonly unconfirmed = new Map<string, number>();
  private retryAt = 0;
  private version = 0;
  private shown = '';
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private ended = false;
  private readonly listeners = new Set<(view: PrintQueueView) => void>();

  constructor(private readonly parts: QueueParts) {
    this.records = new Records(parts.folder, parts.log);
    const { jobs, choice } = this.records.load();
    this.jobs = jobs.map((job) => afterRestart(job));
    this.choice = choice;
    for (const { id, state } of this.jobs) if (state === 'done') this.unconfirmed.set(id, 0);
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
      const soon = this.again ? 0 : this.jobs.some(isOnItsWay) ? BUSY_MS : this.unconfirmed.size > 0 ? RETRY_MS : IDLE_MS;
      this.again = false;
      this.timer = setTimeout(() => this.kick(), soon);
    });
  }

  /** Puts a sale's tickets, or its receipt, into the queue; durable when it resolves with the ids of the jobs. @throws Error in words */
  async add({ sale, clerk, tickets, receipt = false, printer, paper }: PrintOrder): Promise<readonly string[]> {
    const wanted = receipt ? [] : (tickets ?? sale.items.flatMap(({ event, tickets: own }) => own.map((number) => ({ event, number }))));
    const busy = this.jobs.filter(
      (job) => isOnItsWay(job) && job.sale === sale.sale && job.tickets.some((ticket) => holds(wanted, ticket)),
    );
    if (busy.length > 0) throw told('print_under_way', sale.sale);
    const size = printer === null ? Math.max(1, wanted.length) : TICKETS_PER_JOB[paper];
    const parts: (readonly { readonly event: string; readonly number: number }[])[] = [];
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
    const jobs: PrintJob[] = parts.map((part) => ({
      ...base,
      id: this.newId(),
      kind: 'tickets',
      copy: null,
      tickets: part.map(({ event, number }) => ({ event, number, copy: null })),
    }));
    if (receipt) jobs.push({ ...base, id: this.newId(), kind: 'receipt', tickets: [], copy: null });
    for (const job of jobs) await this.records.save(job);
    this.jobs.push(...jobs);
    // What these tickets were asked about before is answered by printing them.
    const answered = this.jobs.filter(
      (job) => job.kind === 'tickets' && asksClerk(job) && job.sale === sale.sale && job.tickets.every((ticket) => holds(wanted, ticket)),
    );
    for (const job of answered) await this.remove(job);
    this.publish();
    this.kick();
    return jobs.map(({ id }) => id);
  }

  /** The clerk's word on a job. @throws Error in words */
  async answer(id: string, answer: PrintAnswerKind): Promise<void> {
    const job = this.jobs.find((one) => one.id === id);
    if (job === undefined) throw told('print_gone');
    switch (answer) {
      case 'copy':
        return this.printAgain(job);
      case 'printed':
        if (!asksClerk(job) || job.tickets.some(({ copy }) => copy === null)) throw told('print_never_given');
        await this.set(job, { state: 'done', reason: null, detail: null });
        this.finished(job.id);
        return this.kick();
      case 'drop':
        return this.drop(job);
    }
  }

  /** Where this kiosk prints from now on. */
  async choose(choice: PrintChoice): Promise<void> {
    await this.records.saveChoice(choice);
    this.choice = choice;
    this.publish();
  }

  /** Lets what is on its way to a printer arrive, for so long, and then ends. */
  async finish(patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (this.jobs.some((job) => isOnItsWay(job)) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    await this.end();
  }

  /** Ends as it stands; another process goes on with what is written down. */
  async end(): Promise<void> {
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.working;
  }

  private newId(): string {
    return `qk-${this.parts.kiosk}-${randomBytes(ID_BYTES).toString('hex')}`;
  }

  private async work(): Promise<void> {
    try {
      await this.look();
      await this.follow();
      await this.tidy();
      await this.confirm();
      await this.send();
    } catch (error) {
      this.parts.log(`printing: ${(error as Error).message}`);
    }
    this.publish();
  }

  private async look(): Promise<void> {
    const found = await this.parts.spooler.printers();
    this.spoolerAnswers = found !== null;
    if (found !== null) this.printers = found;
  }

  /** What the spooler says of the jobs that it should have. One that hangs is not asked a second time in the same turn. */
  private async follow(): Promise<void> {
    const there = this.jobs.filter(({ state }) => state === 'submitted' || state === 'printing' || state === 'unknown');
    for (const job of there) if (job.printer === null) await this.followFile(job);
    for (const printer of new Set(there.map((job) => job.printer))) {
      if (printer === null || !this.spoolerAnswers) continue;
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
          if (job.state !== 'unknown') await this.set(job, { state: 'unknown', reason, detail: null });
        } else if (now.state === 'failed') await this.set(job, now);
        else if (now.state !== job.state) {
          await this.set(job, { state: now.state, reason: null, detail: null });
          if (now.state === 'done') this.finished(job.id);
        }
      }
    }
  }

  /** A crash fell between the note that a file is written and its being there, or not. */
  private async followFile(job: PrintJob): Promise<void> {
    if (!(await isWritten(this.parts.ticketFolder, job))) {
      if (job.state !== 'unknown') await this.set(job, { state: 'unknown', reason: 'vanished', detail: null });
      return;
    }
    await this.set(job, { state: 'done', reason: null });
    this.finished(job.id);
  }

  /** Takes out what nobody has to be asked about any more: its sale is undone, or another kiosk has printed it since. */
  private async tidy(): Promise<void> {
    for (const job of this.jobs.filter((one) => asksClerk(one) || one.state === 'queued')) {
      const sale = this.parts.sale(job.sale);
      if (sale === null || job.kind === 'receipt') continue;
      const elsewhere = asksClerk(job) && job.tickets.every((ticket) => isPrintedSince(sale, ticket));
      if (sale.status !== 'live' || elsewhere) await this.remove(job);
    }
    const done = this.jobs.filter(({ id, state }) => state === 'done' && !this.unconfirmed.has(id));
    for (const job of done.slice(0, -DONE_SHOWN)) await this.remove(job);
  }

  /** S23: other kiosks need not ask for what is on paper. */
  private async confirm(): Promise<void> {
    const now = performance.now();
    if (now < this.retryAt) return;
    const done = this.jobs.filter(({ id }) => this.unconfirmed.has(id));
    for (const id of new Set(done.map(({ sale }) => sale))) {
      const own = done.filter(({ sale }) => sale === id);
      const waits = this.jobs.some((job) => job.sale === id && isOnItsWay(job));
      if (waits && own.every((job) => now - this.unconfirmed.get(job.id)! < CONFIRM_MS)) continue;
      if (!(await this.confirmed(id, own))) {
        this.retryAt = performance.now() + RETRY_MS;
        return;
      }
      for (const job of own) {
        this.unconfirmed.delete(job.id);
        await this.records.remove(job.id);
      }
    }
  }

  private async confirmed(id: string, jobs: readonly PrintJob[]): Promise<boolean> {
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

  /** Gives printers what they can take. */
  private async send(): Promise<void> {
    if (this.claim !== null) await this.sendClaimed(this.claim);
    for (const printer of new Set(this.jobs.filter(({ state }) => state === 'queued').map((job) => job.printer))) {
      if (this.claim !== null) return;
      const group = this.nextGroup(printer);
      if (group.length > 0) await this.sendGroup(group);
    }
  }

  /** The oldest jobs of one sale that this printer can take now. */
  private nextGroup(printer: string | null): readonly PrintJob[] {
    const queued = this.jobs.filter((job) => job.state === 'queued' && job.printer === printer);
    const [first] = queued;
    if (first === undefined) return [];
    const there = this.jobs.filter(({ printer: at, state }) => at === printer && (state === 'submitted' || state === 'printing')).length;
    const room = printer === null ? queued.length : this.spoolerAnswers ? IN_FLIGHT[this.stateOf(printer)] - there : 0;
    // A claim of a receipt is for one page alone.
    const most = first.kind === 'receipt' ? Math.min(1, room) : room;
    return queued
      .filter(({ sale, kind, clerk }) => sale === first.sale && kind === first.kind && clerk === first.clerk)
      .slice(0, Math.max(0, most));
  }

  private async sendGroup(group: readonly PrintJob[]): Promise<void> {
    const { id, sale: saleName, kind, clerk } = group[0]!;
    const sale = this.parts.sale(saleName);
    if (sale === null) return;
    if (this.parts.isGivenUp(sale.requestId)) {
      for (const job of group) await this.set(job, { state: 'failed', reason: 'refused', detail: said('being_given_up', saleName) });
      return;
    }
    for (const job of group) await this.set(job, { state: 'rendering', reason: null, detail: null });
    const tickets = group.flatMap((job) => job.tickets).map(({ event, number }) => ({ event, number }));
    // A group that was sent back for want of a majority may be another one now, and asks under another id.
    const requestId = `${id}-${randomBytes(4).toString('hex')}`;
    const receipt = kind === 'receipt' ? true : undefined;
    this.claim = { requestId, sale: saleName, clerk, tickets, receipt, jobs: group.map((job) => job.id) };
    return this.sendClaimed(this.claim);
  }

  /** Rule 10: claimed in the log before a page leaves, so that no ticket ever has two originals. */
  private async sendClaimed(claim: Claim): Promise<void> {
    const answer = await this.parts.execute({
      op: 'print',
      sale: claim.sale,
      clerk: claim.clerk,
      tickets: [...claim.tickets],
      ...(claim.receipt === undefined ? {} : { receipt: claim.receipt }),
      id: claim.requestId,
    });
    const own = () => this.jobs.filter(({ id, state }) => claim.jobs.includes(id) && state === 'rendering');
    if (!answer.ok && answer.reason === 'timeout') {
      for (const job of own()) await this.set(job, { reason: 'no_majority' });
      return;
    }
    this.claim = null;
    if (!answer.ok) {
      const waits = answer.reason === 'no_majority';
      for (const job of own())
        await this.set(
          job,
          waits
            ? { state: 'queued', reason: 'no_majority' }
            : { state: 'failed', reason: 'refused', detail: answer.said ?? answer.message },
        );
      return;
    }
    const copies = answer.op === 'print' ? answer.copies : [];
    const claimed: PrintJob[] = [];
    for (const job of own()) {
      const tickets = job.tickets.map((ticket) => ({
        ...ticket,
        copy: copies[claim.tickets.findIndex((other) => same(other, ticket))] ?? null,
      }));
      const copy = claim.receipt === true ? (copies[0] ?? null) : null;
      claimed.push(await this.set(job, { tickets, copy, reason: null }));
    }
    const sale = this.parts.sale(claim.sale);
    if (sale !== null) await this.leave(sale, claimed);
  }

  /** Makes the pages and lets them go. From the note that a job is submitted on, only its printer knows what became of it. */
  private async leave(sale: SaleView, jobs: readonly PrintJob[]): Promise<void> {
    for (const job of jobs) {
      let document: Uint8Array;
      try {
        document = await this.parts.render(job, sale);
      } catch (error) {
        await this.set(job, { state: 'failed', reason: 'not_rendered', detail: saidOf(error) });
        continue;
      }
      const submitted = await this.set(job, { state: 'submitted' });
      if (submitted.printer === null) {
        const written = await writePdf(this.parts.ticketFolder, submitted, document);
        if (!written.ok) await this.set(submitted, { state: 'failed', reason: 'not_written', detail: written.detail });
        else {
          await this.set(submitted, { state: 'done', file: written.file });
          this.finished(job.id);
        }
        continue;
      }
      const { id: name, printer, paper } = submitted;
      const answer = await this.parts.spooler.submit({ name, printer: printer!, paper, document });
      if (answer.kind === 'refused') await this.set(submitted, { state: 'failed', reason: 'not_taken', detail: answer.detail });
    }
    this.again = true;
  }

  private async printAgain(job: PrintJob): Promise<void> {
    const sale = this.parts.sale(job.sale);
    if (!asksClerk(job) || sale === null) throw told('print_not_failed');
    const { printer, paper } = this.current().choice;
    await this.add({ sale, clerk: job.clerk, tickets: job.tickets, receipt: job.kind === 'receipt', printer, paper });
    if (job.kind === 'receipt') await this.remove(job);
    this.publish();
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

  private finished(id: string): void {
    const job = this.jobs.find((one) => one.id === id);
    if (job?.kind === 'tickets') this.unconfirmed.set(id, performance.now());
    else void this.records.remove(id);
  }

  private async set(job: PrintJob, change: Partial<PrintJob>): Promise<PrintJob> {
    const now = { ...(this.jobs.find(({ id }) => id === job.id) ?? job), ...change };
    // Written first: what is in memory is never ahead of the disk.
    await this.records.save(now);
    this.jobs = this.jobs.map((one) => (one.id === job.id ? now : one));
    this.publish();
    return now;
  }

  private async remove(job: PrintJob): Promise<void> {
    this.jobs = this.jobs.filter(({ id }) => id !== job.id);
    this.unconfirmed.delete(job.id);
    await this.records.remove(job.id);
    this.publish();
  }

  private stateOf(printer: string): PrinterState {
    return this.printers.find(({ name }) => name === printer)?.state ?? 'none';
  }

  private current(): Omit<PrintQueueView, 'version'> {
    const standard = this.printers.find(({ isDefault }) => isDefault)?.name ?? null;
    const choice = this.choice ?? { printer: standard, paper: 'ticket' as const };
    const printers = this.printers.map((printer) =>
      this.spoolerAnswers ? printer : { ...printer, state: 'unreachable' as const, detail: null },
    );
    // A printer that jobs wait for, or that was chosen, is listed though it is gone.
    for (const name of new Set([choice.printer, ...this.jobs.filter((job) => job.state !== 'done').map(({ printer }) => printer)])) {
      if (name === null || printers.some((printer) => printer.name === name)) continue;
      printers.push({ name, label: name, isDefault: false, state: this.spoolerAnswers ? 'none' : 'unreachable', detail: null });
    }
    printers.push({ name: null, label: '', isDefault: standard === null, state: 'ready', detail: null });
    return { jobs: this.jobs, printers, choice };
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

/** What was not given to a printer before the kiosk stopped is printed by a clerk's word alone; its customer may be gone. */
function afterRestart(job: PrintJob): PrintJob {
  return job.state === 'queued' || job.state === 'rendering' ? { ...job, state: 'failed', reason: 'restarted' } : job;
}

type Ticket = { readonly event: string; readonly number: number };

function same(a: Ticket, b: Ticket): boolean {
  return a.event === b.event && a.number === b.number;
}

function holds(tickets: readonly Ticket[], ticket: Ticket): boolean {
  return tickets.some((other) => same(other, ticket));
}

function markOf(sale: SaleView, { event, number }: Ticket): { readonly claims: number; readonly confirmed: boolean } | null {
  for (const item of sale.items) {
    const place = item.event === event ? item.tickets.indexOf(number) : -1;
    if (place >= 0) return { claims: item.printed[place]!, confirmed: item.confirmed[place]! };
  }
  return null;
}

/** Somebody has claimed it after this job did, and has it on paper. */
function isPrintedSince(sale: SaleView, ticket: PrintJob['tickets'][number]): boolean {
  const mark = markOf(sale, ticket);
  return mark === null || (mark.confirmed && mark.claims > (ticket.copy ?? -1) + 1);
}
