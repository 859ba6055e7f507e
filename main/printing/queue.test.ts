import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../shared/answers';
import type { PrinterState, PrintJobView } from '../../shared/printing';
import type { ConfirmRequest, PrintRequest } from '../../shared/requests';
import type { SaleView } from '../../shared/service';
import { skipAllBecause } from '../../shared/testing/skip';
import { CupsSpooler } from './cups';
import { PrintQueue } from './queue';
import type { Spooler, Submitted } from './spooler';
import { missingTools, PrivateCups } from './testing/cups';

const execute = promisify(execFile);
const WAIT = { timeout: 30_000, interval: 30 };
const missing = missingTools();

/** A page with these words, as small as a PDF can be. */
function pdfOf(words: string): Uint8Array {
  const content = `BT /F1 12 Tf 10 100 Td (${words}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 226 360]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  return new TextEncoder().encode(
    `%PDF-1.4\n${objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('')}trailer<</Root 1 0 R>>\n`,
  );
}

/** The part of a site's log that printing is about: claims and confirmations of one sale. */
class Log {
  sale: SaleView;
  /** Answers instead of the log's own, in order. */
  readonly refusals: ('no_majority' | 'timeout')[] = [];
  readonly asked: (PrintRequest | ConfirmRequest)[] = [];
  private readonly answers = new Map<string, Answer>();

  constructor(tickets: number) {
    const numbers = Array.from({ length: tickets }, (_, index) => index + 1);
    const line = { event: 'match', eventName: 'Match', starts: null, category: 'adult', categoryName: 'Adult', price: 1200 };
    this.sale = {
      sale: '7.1',
      requestId: 'r1',
      slot: 7,
      kiosk: 1,
      clerk: 'ann',
      at: 0,
      status: 'live',
      total: 1200 * tickets,
      payment: { kind: 'card', given: 1200 * tickets, change: 0 },
      shift: null,
      receipts: 0,
      undone: null,
      items: [{ ...line, tickets: numbers, printed: numbers.map(() => 0), confirmed: numbers.map(() => false) }],
    };
  }

  get item() {
    return this.sale.items[0]!;
  }

  readonly execute = async (request: PrintRequest | ConfirmRequest): Promise<Answer> => {
    this.asked.push(request);
    const refusal = this.refusals.shift();
    // A request without an id is a new one each time, as at a kiosk.
    const base = { requestId: request.id ?? `new-${this.asked.length}`, sale: '7.1', slot: 8 };
    // What timed out was carried out all the same: the worst that can happen.
    if (refusal !== 'no_majority' && !this.answers.has(base.requestId)) this.answers.set(base.requestId, this.apply(request, base));
    if (refusal !== undefined) return { ok: false, op: request.op, requestId: base.requestId, reason: refusal, message: refusal };
    return request.op === 'print' ? this.answers.get(base.requestId)! : { ok: true, op: 'confirm', ...base };
  };

  /** By another kiosk. */
  claim(number: number): number {
    const before = this.item.printed[number - 1]!;
    this.change({ printed: this.item.printed.map((claims, index) => (index === number - 1 ? claims + 1 : claims)) });
    return before;
  }

  change(change: Partial<SaleView['items'][number]>, sale: Partial<SaleView> = {}): void {
    this.sale = { ...this.sale, ...sale, items: [{ ...this.item, ...change }] };
  }

  private apply(request: PrintRequest | ConfirmRequest, base: { requestId: string; sale: string; slot: number }): Answer {
    if (request.op === 'confirm') {
      const numbers = request.tickets.map(({ number }) => number);
      this.change({ confirmed: this.item.confirmed.map((confirmed, index) => confirmed || numbers.includes(index + 1)) });
      return { ok: true, op: 'confirm', ...base };
    }
    if (this.sale.status !== 'live')
      return { ok: false, op: 'print', requestId: base.requestId, reason: 'already_void', message: 'sale 7.1 was voided before' };
    if (request.receipt === true) {
      this.sale = { ...this.sale, receipts: this.sale.receipts + 1 };
      return { ok: true, op: 'print', ...base, copies: [this.sale.receipts - 1] };
    }
    return { ok: true, op: 'print', ...base, copies: request.tickets.map(({ number }) => this.claim(number)) };
  }
}

describe('the print queue, where the system tells nothing of what it took', () => {
  const sent: string[] = [];
  let taken: Submitted = { kind: 'taken' };
  let hangs = false;
  let looked = 0;
  let state: PrinterState = 'untold';
  let asked = 0;
  const spooler: Spooler = {
    follows: false,
    printers: async () => {
      asked += 1;
      return hangs ? null : [{ name: 'front', label: 'Front', isDefault: true, state, detail: null }];
    },
    submit: async ({ document }) => {
      sent.push(new TextDecoder().decode(document));
      return taken;
    },
    find: async () => {
      looked += 1;
      return new Map();
    },
    cancel: async () => undefined,
  };
  let folder: string;
  let log: Log;
  let queue: PrintQueue;
  const open = () => {
    queue = new PrintQueue({
      kiosk: 1,
      folder: path.join(folder, 'printing'),
      ticketFolder: path.join(folder, 'tickets'),
      spooler,
      sale: () => log.sale,
      isGivenUp: () => false,
      execute: log.execute,
      render: async (job) => new TextEncoder().encode(job.tickets.map(({ number, copy }) => `ticket ${number} copy ${copy}`).join()),
      log: () => undefined,
    });
  };
  const jobs = () => queue.view().jobs;
  const reach = (...wanted: PrintJobView['state'][]) => vi.waitFor(() => expect(jobs().map(({ state }) => state)).toEqual(wanted), WAIT);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'qk-queue-'));
    log = new Log(2);
    sent.length = 0;
    taken = { kind: 'taken' };
    hangs = false;
    state = 'untold';
    open();
  });
  afterEach(async () => {
    await queue.end();
    await rm(folder, { recursive: true });
  });

  it('asks the clerk of each page, also after a restart, and takes nothing for printed by itself', async () => {
    await queue.add({ sale: log.sale, clerk: 'ann', printer: 'front', paper: 'ticket' });
    await reach('unknown', 'unknown');
    expect(jobs().map(({ reason }) => reason)).toEqual(['not_told', 'not_told']);
    expect(log.item).toMatchObject({ printed: [1, 1], confirmed: [false, false] });
    await queue.end();
    open();
    await reach('unknown', 'unknown');
    await queue.answer(jobs().find(({ tickets }) => tickets[0]!.number === 1)!.id, 'printed');
    await vi.waitFor(() => expect(log.item.confirmed).toEqual([true, false]), WAIT);
    // The other one did not come out.
    await queue.answer(jobs().find(({ state }) => state === 'unknown')!.id, 'copy');
    await vi.waitFor(() => expect(sent).toHaveLength(3), WAIT);
    expect(sent).toEqual(['ticket 1 copy 0', 'ticket 2 copy 0', 'ticket 2 copy 1']);
    await vi.waitFor(
      () =>
        expect(
          jobs()
            .map(({ state }) => state)
            .sort(),
        ).toEqual(['done', 'unknown']),
      WAIT,
    );
    await queue.answer(jobs().find(({ state }) => state === 'unknown')!.id, 'printed');
    await vi.waitFor(() => expect(log.item.confirmed).toEqual([true, true]), WAIT);
  });

  it('has the pages of a sale in their order after a restart', async () => {
    hangs = true;
    log = new Log(12);
    await queue.add({ sale: log.sale, clerk: 'ann', printer: 'front', paper: 'ticket' });
    await queue.end();
    open();
    expect(jobs().flatMap(({ tickets }) => tickets.map(({ number }) => number))).toEqual(log.item.tickets);
  });

  it('is not asked again in the turn in which it hung: no print waits for a row of time limits', async () => {
    await queue.add({ sale: log.sale, clerk: 'ann', tickets: [{ event: 'match', number: 1 }], printer: 'front', paper: 'ticket' });
    await reach('unknown');
    hangs = true;
    await queue.add({ sale: log.sale, clerk: 'ann', tickets: [{ event: 'match', number: 2 }], printer: 'front', paper: 'ticket' });
    await vi.waitFor(() => expect(queue.view().printers[0]?.state).toBe('unreachable'), WAIT);
    looked = 0;
    queue.kick();
    await queue.end();
    expect([looked, sent.length, log.item.printed]).toEqual([0, 1, [1, 0]]);
    hangs = false;
    open();
    await vi.waitFor(() => expect(queue.view().choice.printer).toBe('front'), WAIT);
    await queue.answer(jobs().find(({ state }) => state === 'failed')!.id, 'copy');
    await reach('unknown', 'unknown');
    expect(sent).toEqual(['ticket 1 copy 0', 'ticket 2 copy 0']);
  });

  it.each(['stopped', 'none'] as const)('claims nothing for a printer that is %s, however often it looks', async (found) => {
    state = found;
    await queue.add({ sale: log.sale, clerk: 'ann', printer: 'front', paper: 'ticket' });
    const before = asked;
    await vi.waitFor(() => expect(asked).toBeGreaterThan(before + 2), WAIT);
    expect([log.asked, jobs().map((job) => job.state)]).toEqual([[], ['queued', 'queued']]);
  });

  it('two orders for one ticket at one moment: one is taken, and the other is told that it is on its way', async () => {
    const order = () =>
      queue.add({ sale: log.sale, clerk: 'ann', tickets: [{ event: 'match', number: 1 }], printer: 'front', paper: 'ticket' });
    const [first, second] = await Promise.allSettled([order(), order()]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/on their way/) as string } });
    await reach('unknown');
    expect(sent).toEqual(['ticket 1 copy 0']);
    // And once it is out, or has failed, it may be printed again.
    await order();
    await vi.waitFor(() => expect(sent).toEqual(['ticket 1 copy 0', 'ticket 1 copy 1']), WAIT);
  });

  it.each(['tickets', 'receipt'] as const)('a touch that bounces, on %s that failed, prints one copy', async (kind) => {
    taken = { kind: 'refused', detail: 'no' };
    const what = kind === 'receipt' ? { receipt: true } : { tickets: [{ event: 'match', number: 1 }] };
    const [id = ''] = await queue.add({ sale: log.sale, clerk: 'ann', ...what, printer: 'front', paper: 'ticket' });
    await reach('failed');
    taken = { kind: 'taken' };
    sent.length = 0;
    await queue.choose({ printer: 'front', paper: 'ticket' });
    await Promise.all([queue.answer(id, 'copy'), queue.answer(id, 'copy')]);
    await reach('unknown');
    expect(sent).toHaveLength(1);
  });

  it('two words at one moment, on a job or on the printer, are both written down', async () => {
    await Promise.all([queue.choose({ printer: 'front', paper: 'a4' }), queue.choose({ printer: 'front', paper: 'ticket' })]);
    await queue.add({ sale: log.sale, clerk: 'ann', printer: 'front', paper: 'ticket' });
    await reach('unknown', 'unknown');
    const [{ id }] = jobs() as [PrintJobView];
    await Promise.all([queue.answer(id, 'printed'), queue.answer(id, 'printed')]);
    await queue.end();
    open();
    expect(queue.view().choice.paper).toBe('ticket');
  });

  it('what is taken out while it is being claimed stays out, after a restart too', async () => {
    let gone = '';
    const dropped = new Promise<void>((resolve, reject) => {
      queue.subscribe(({ jobs: [first, second] }) => {
        if (gone !== '' || first?.state !== 'rendering' || second?.state !== 'queued') return;
        gone = second.id;
        queue.answer(gone, 'drop').then(resolve, reject);
      });
    });
    await queue.add({ sale: log.sale, clerk: 'ann', printer: 'front', paper: 'ticket' });
    await dropped;
    await reach('unknown');
    await queue.end();
    open();
    expect(jobs().map(({ id }) => id)).not.toContain(gone);
    expect([sent, log.item.printed]).toEqual([['ticket 1 copy 0'], [1, 0]]);
  });

  it('has the same question of what was perhaps taken, and another answer where it certainly was not', async () => {
    taken = { kind: 'unclear' };
    await queue.add({ sale: log.sale, clerk: 'ann', tickets: [{ event: 'match', number: 1 }], printer: 'front', paper: 'ticket' });
    await reach('unknown');
    taken = { kind: 'refused', detail: 'Invalid deviceName provided' };
    await queue.add({ sale: log.sale, clerk: 'ann', tickets: [{ event: 'match', number: 2 }], printer: 'front', paper: 'ticket' });
    await reach('unknown', 'failed');
    expect(jobs()[1]).toMatchObject({ reason: 'not_taken', detail: 'Invalid deviceName provided' });
  });
});

describe('the print queue, at a real CUPS', () => {
  skipAllBecause(missing);
  let cups: PrivateCups;
  let folder: string;
  let log: Log;
  let queue: PrintQueue | null = null;
  const lines: string[] = [];

  beforeAll(async () => {
    if (missing !== null) return;
    cups = await PrivateCups.start();
    vi.stubEnv('CUPS_SERVER', cups.socket);
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    if (missing === null) await cups.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'qk-queue-'));
    log = new Log(3);
    await cups.mode('ok');
    await cups.enable('front');
    for (const page of await cups.pages()) await rm(page);
  });
  afterEach(async () => {
    if (missing !== null) return;
    await queue?.end();
    queue = null;
    await rm(folder, { recursive: true });
  });

  function open(
    render = async (job: PrintJobView) => pdfOf(job.tickets.map(({ number, copy }) => `ticket ${number} copy ${copy}`).join(' ')),
  ): PrintQueue {
    queue = new PrintQueue({
      kiosk: 1,
      folder: path.join(folder, 'printing'),
      ticketFolder: path.join(folder, 'tickets'),
      spooler: new CupsSpooler(),
      sale: (id) => (id === '7.1' ? log.sale : null),
      isGivenUp: () => false,
      execute: log.execute,
      render,
      log: (line) => lines.push(line),
    });
    return queue;
  }

  const add = (printer: string | null = 'front', tickets?: readonly { event: string; number: number }[]) =>
    queue!.add({ sale: log.sale, clerk: 'ann', tickets, printer, paper: 'ticket' });
  const states = () => queue!.view().jobs.map(({ state }) => state);
  const reach = (...wanted: PrintJobView['state'][]) => vi.waitFor(() => expect(states()).toEqual(wanted), WAIT);
  const printed = async () => {
    const pages: string[] = [];
    for (const page of await cups.pages()) pages.push((await execute('pdftotext', [page, '-'])).stdout.trim());
    return pages.sort();
  };
  const onDisk = async () => (await readdir(path.join(folder, 'printing'))).filter((name) => name.endsWith('.job.json'));

  it('prints each ticket as a job of its own, named by the print, claimed before and confirmed after', async () => {
    open();
    const ids = await add();
    expect(ids).toHaveLength(3);
    await reach('done', 'done', 'done');
    expect(await printed()).toEqual(['ticket 1 copy 0', 'ticket 2 copy 0', 'ticket 3 copy 0']);
    const names = (await cups.pages()).map((page) => /-(qk-1-\w+-\d+)\.pdf$/.exec(page)![1]);
    expect(names.sort()).toEqual([...ids].sort());
    await vi.waitFor(() => expect(log.item.confirmed).toEqual([true, true, true]), WAIT);
    expect(log.asked.map(({ op }) => op)).toEqual(['print', 'confirm']);
    // Nothing is left to be looked after.
    await vi.waitFor(async () => expect(await onDisk()).toEqual([]), WAIT);
  });

  it('never gives one ticket to a printer twice, whoever asks', async () => {
    await cups.mode('paper');
    open();
    await add();
    await expect(add('front', [{ event: 'match', number: 2 }])).rejects.toThrow(/on their way/);
    await cups.mode('ok');
    await reach('done', 'done', 'done');
    await add('front', [{ event: 'match', number: 2 }]);
    await vi.waitFor(
      async () => expect(await printed()).toEqual(['ticket 1 copy 0', 'ticket 2 copy 0', 'ticket 2 copy 1', 'ticket 3 copy 0']),
      WAIT,
    );
  });

  it('out of paper: the pages wait and the others stay unclaimed, so that they could be printed elsewhere', async () => {
    log = new Log(8);
    await cups.mode('paper');
    open();
    await add();
    await vi.waitFor(() => expect(queue!.view().printers.find(({ name }) => name === 'front')?.state).toBe('out_of_paper'), WAIT);
    expect(log.item.printed.filter((claims) => claims > 0).length).toBeLessThanOrEqual(5);
    expect(states().at(-1)).toBe('queued');
    await cups.mode('ok');
    await reach(...Array<'done'>(8).fill('done'));
    expect(await printed()).toHaveLength(8);
  });

  it('stopped: nothing is claimed for the queue while it stands, and the page that was there comes out when it goes', async () => {
    await cups.mode('stop');
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await vi.waitFor(() => expect(queue!.view().printers.find(({ name }) => name === 'front')?.state).toBe('stopped'), WAIT);
    await add('front', [{ event: 'match', number: 2 }]);
    await vi.waitFor(() => expect(states()).toEqual(['submitted', 'queued']), WAIT);
    expect(log.item.printed).toEqual([1, 0, 0]);
    await cups.mode('ok');
    await cups.enable('front');
    await reach('done', 'done');
    expect(await printed()).toEqual(['ticket 1 copy 0', 'ticket 2 copy 0']);
  });

  it('failed and cancelled: the clerk is asked; a page printed again is a copy', async () => {
    await cups.mode('fail');
    open();
    await add('back', [{ event: 'match', number: 1 }]);
    await reach('failed');
    const [failed] = queue!.view().jobs;
    expect(failed).toMatchObject({ reason: 'aborted', detail: expect.stringContaining('fire') });
    await cups.mode('cancel');
    await add('front', [{ event: 'match', number: 2 }]);
    await reach('failed', 'failed');
    await cups.mode('ok');
    await queue!.choose({ printer: 'front', paper: 'ticket' });
    await queue!.answer(failed!.id, 'copy');
    await vi.waitFor(async () => expect(await printed()).toEqual(['ticket 1 copy 1']), WAIT);
    // The other came out before it was cancelled, as the clerk sees.
    const cancelled = queue!.view().jobs.find(({ reason }) => reason === 'cancelled')!;
    await queue!.answer(cancelled.id, 'printed');
    await vi.waitFor(() => expect(log.item.confirmed).toEqual([true, true, false]), WAIT);
  });

  it('a printer that dies half-way: the whole page comes when it is back, once', async () => {
    await cups.mode('half');
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await vi.waitFor(() => expect(queue!.view().printers.find(({ name }) => name === 'front')?.state).toBe('stopped'), WAIT);
    expect(await printed()).toEqual([]);
    await cups.mode('ok');
    await cups.enable('front');
    await reach('done');
    expect(await printed()).toEqual(['ticket 1 copy 0']);
  });

  it('the kiosk dies while its pages are at the printer: they are found by name, and nothing is sent again', async () => {
    await cups.mode('paper');
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await reach('printing');
    await queue!.end();
    await cups.mode('ok');
    open();
    await reach('done');
    expect(await printed()).toEqual(['ticket 1 copy 0']);
    await vi.waitFor(() => expect(log.item.confirmed[0]).toBe(true), WAIT);
    expect(log.asked.map(({ op }) => op)).toEqual(['print', 'confirm']);
  });

  it('both die, and the spooler has forgotten the page: it is unknown, and only a clerk’s word prints it again', async () => {
    await cups.mode('paper');
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await reach('printing');
    await queue!.end();
    await cups.kill();
    // As after a power cut before the spooler wrote its jobs down.
    await cups.forget();
    open();
    // Nobody who could know is there.
    await vi.waitFor(() => expect(queue!.view().printers.find(({ name }) => name === 'front')?.state).toBe('unreachable'), WAIT);
    expect(states()).toEqual(['printing']);
    await cups.mode('ok');
    await cups.run();
    await reach('unknown');
    const [job] = queue!.view().jobs;
    expect(job).toMatchObject({ reason: 'vanished' });
    await expect(queue!.answer(job!.id, 'drop')).rejects.toThrow(/say first/);
    expect(await printed()).toEqual([]);
    await queue!.choose({ printer: 'front', paper: 'ticket' });
    await queue!.answer(job!.id, 'copy');
    await reach('done');
    expect(await printed()).toEqual(['ticket 1 copy 1']);
  });

  it('the kiosk dies before a page left: nothing is printed by itself, and what was claimed comes out as a copy', async () => {
    let fail = (_reason: Error): void => undefined;
    let first!: PrintQueue;
    await new Promise<void>((rendering) => {
      first = open(
        () =>
          new Promise((_, reject) => {
            fail = reject;
            rendering();
          }),
      );
      void add('front', [{ event: 'match', number: 1 }]);
    });
    // A copy of the disk at this moment, as a power cut leaves it.
    const left = path.join(folder, 'left');
    await execute('cp', ['-r', path.join(folder, 'printing'), left]);
    fail(new Error('the renderer is gone'));
    await first.end();
    await rm(path.join(folder, 'printing'), { recursive: true });
    await execute('mv', [left, path.join(folder, 'printing')]);
    open();
    await reach('failed');
    expect(queue!.view().jobs[0]).toMatchObject({ reason: 'restarted' });
    await queue!.choose({ printer: 'front', paper: 'ticket' });
    await queue!.answer(queue!.view().jobs[0]!.id, 'copy');
    await reach('done');
    expect(await printed()).toEqual(['ticket 1 copy 1']);
  });

  it('without a majority nothing leaves; a claim whose answer is lost is asked for again under its id', async () => {
    log.refusals.push('no_majority', 'timeout', 'timeout');
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await reach('done');
    expect(await printed()).toEqual(['ticket 1 copy 0']);
    const [first, second, third, fourth] = log.asked.map(({ id }) => id);
    expect(second).not.toBe(first);
    expect([third, fourth]).toEqual([second, second]);
    expect(log.item.printed).toEqual([1, 0, 0]);
  });

  it('a receipt is claimed too: the first is the original, every later one a copy, and each kiosk can tell', async () => {
    open(async (job) => pdfOf(`${job.kind} copy ${job.copy}`));
    const receipt = () => queue!.add({ sale: log.sale, clerk: 'ann', receipt: true, printer: 'front', paper: 'ticket' });
    await receipt();
    await expect(receipt()).rejects.toThrow(/receipt of sale 7.1 is on its way/);
    await reach('done');
    await receipt();
    await reach('done', 'done');
    expect(await printed()).toEqual(['receipt copy 0', 'receipt copy 1']);
    // No tickets are confirmed by it, and nothing of it is kept once it is out.
    expect(log.asked.map(({ op }) => op)).toEqual(['print', 'print']);
    expect(log.item.printed).toEqual([0, 0, 0]);
    await vi.waitFor(async () => expect(await onDisk()).toEqual([]), WAIT);
    await cups.mode('fail');
    await queue!.add({ sale: log.sale, clerk: 'ann', receipt: true, printer: 'back', paper: 'ticket' });
    await reach('done', 'done', 'failed');
    await cups.mode('ok');
    await queue!.choose({ printer: 'front', paper: 'ticket' });
    await queue!.answer(queue!.view().jobs.at(-1)!.id, 'copy');
    await reach('done', 'done', 'done');
    expect(await printed()).toContain('receipt copy 3');
  });

  it('a voided sale is not printed, and nobody is asked about it any more', async () => {
    log.change({}, { status: 'void' });
    open();
    await add('front', [{ event: 'match', number: 1 }]);
    await vi.waitFor(() => expect(states()).toEqual([]), WAIT);
    expect(await printed()).toEqual([]);
  });

  it('what another kiosk has printed meanwhile is not asked about any more', async () => {
    await cups.mode('fail');
    open();
    await add('back', [{ event: 'match', number: 1 }]);
    await reach('failed');
    log.claim(1);
    log.change({ confirmed: [true, false, false] });
    queue!.kick();
    await reach();
  });

  it('a printer that is gone has its jobs wait, and says so; the folder takes them', async () => {
    open();
    await add('nowhere', [{ event: 'match', number: 1 }]);
    await vi.waitFor(() => expect(queue!.view().printers.find(({ name }) => name === 'nowhere')?.state).toBe('none'), WAIT);
    expect(log.item.printed).toEqual([0, 0, 0]);
    await queue!.answer(queue!.view().jobs[0]!.id, 'drop');
    await add(null);
    await reach('done');
    expect(await readdir(path.join(folder, 'tickets'))).toEqual([expect.stringMatching(/^match-sale-7\.1-qk-1-\w+\.pdf$/)]);
    // For their owner alone, and so is what the queue keeps of them; a file may go between the list and the look.
    await vi.waitFor(async () => {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
        if (entry.isFile()) expect((await stat(path.join(entry.parentPath, entry.name))).mode & 0o777, entry.name).toBe(0o600);
    }, WAIT);
    expect(queue!.view().jobs[0]!.tickets).toHaveLength(3);
  });

  it('a folder that can’t be written to says so', async () => {
    await writeFile(path.join(folder, 'tickets'), 'a file');
    open();
    await add(null);
    await reach('failed');
    expect(queue!.view().jobs[0]).toMatchObject({ reason: 'not_written', detail: expect.stringContaining('tickets') });
  });

  it('waits, when the kiosk is stopped, for what is on its way', async () => {
    open();
    await add();
    await queue!.finish(30_000);
    expect(await printed()).toHaveLength(3);
  });
});
