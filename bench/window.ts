import { type ChildProcess, spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { ElectronApplication, Page } from '@playwright/test';
import { LoadProcess } from './jobs';
import { allGone, processTree, treeMemoryMb } from './processes';
import { spread } from './report';
import { BenchSite, endWithThis } from './site';
import { dropped, type Figure, once, p50p95, periodOf } from './windowFigures';

/** What the window is measured for, in this order. */
export const WINDOW_PARTS = ['start', 'click', 'memory', 'frames'] as const;
export type WindowPart = (typeof WINDOW_PARTS)[number];

/** How much is done for the figures. */
export interface WindowEffort {
  /** Starts of the kiosk and of the empty window. */
  readonly rounds: number;
  /** Sales by click, each printed. */
  readonly clicks: number;
  /** Sales for the memory. */
  readonly count: number;
  /** For the frames of each screen, at rest and under load. */
  readonly seconds: number;
}

const START_MOST = 1.25;
const CLICK_MOST_MS = 50;
const PRINT_MOST_MS = 150;
const MEMORY_MOST = 1.3;
const SALES_A_SECOND = 200;

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = path.join(ROOT, 'bench', 'page');
/** The kiosk with a window, and the two without. */
const [WINDOW, ...HEADLESS] = [1, 2, 3] as const;
/** What Chromium keeps of a page's code it writes a while after the page has been loaded. */
const SETTLE_MS = 3_000;
/** Until the memory of a kiosk that does nothing is looked at: by then V8 has given back what it only kept in hand. */
const REST_MS = 20_000;
const CLIENTS = 64;
const START_WAIT_MS = 60_000;
const SCREENS = ['Sell', 'Sales', 'Reports', 'Kiosks', 'Log'] as const;
/** A screen is let come to rest before its frames are counted. */
const SCREEN_MS = 1_000;
const WARM_CLICKS = 10;
/** To both kinds of window: Chromium reads the texts of one language at its start. */
const LANGUAGE = '--lang=en-US';

/** A window of one kiosk among two without: what a clerk waits for, and what it costs. @param parts what of it is measured */
export async function windowBench(folder: string, effort: WindowEffort, parts: readonly WindowPart[]): Promise<readonly Figure[]> {
  const site = new BenchSite(folder, 3);
  await site.make();
  const windows = new Windows(folder, site);
  const load = new LoadProcess();
  const measured: Readonly<Record<WindowPart, () => Promise<readonly Figure[]>>> = {
    start: () => starts(windows, effort.rounds),
    click: () => clicks(windows, effort.clicks),
    memory: () => memory(windows, load, site, effort.count),
    frames: () => frames(windows, load, site, effort.seconds),
  };
  try {
    // The first start founds the site, and the second fills the caches that a kiosk keeps from one day to the next.
    const [first] = await Promise.all([windows.start('kiosk'), ...HEADLESS.map((kiosk) => site.start(kiosk))]);
    await wait(SETTLE_MS);
    await first.leave();
    const again = await windows.start('kiosk');
    await wait(SETTLE_MS);
    await again.leave();
    const figures: Figure[] = [];
    for (const part of WINDOW_PARTS.filter((one) => parts.includes(one))) {
      figures.push(...(await measured[part]()));
      process.stderr.write(`${part} measured\n`);
    }
    return figures;
  } finally {
    load.end();
    await windows.end();
    await site.end();
  }
}

async function starts(windows: Windows, rounds: number): Promise<readonly Figure[]> {
  const times = { kiosk: [] as number[], empty: [] as number[] };
  await (await windows.start('empty')).leave();
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of round % 2 === 0 ? (['kiosk', 'empty'] as const) : (['empty', 'kiosk'] as const)) {
      const started = await windows.start(kind);
      times[kind].push(started.ms);
      await started.leave();
    }
  }
  return [
    {
      what: 'start to a kiosk that can sell',
      unit: 'ms',
      ours: spread(times.kiosk),
      beside: spread(times.empty),
      ratio: spread(times.kiosk.map((ms, round) => ms / times.empty[round]!)),
      most: START_MOST,
    },
  ];
}

/** Clicks of a mouse, timed in the page: from the event to the first task after the frame that shows what came of it. */
async function clicks(windows: Windows, count: number): Promise<readonly Figure[]> {
  const { app, page } = await windows.open();
  try {
    await page.evaluate(() => {
      const times = { sold: [] as number[], printed: [] as number[] };
      Object.assign(window, { benchTimes: times });
      let began: { kind: keyof typeof times; at: number } | null = null;
      document.addEventListener(
        'click',
        (click) => {
          const button = (click.target as Element).closest('button');
          if (button?.matches('.sell-button')) began = { kind: 'sold', at: click.timeStamp };
          else if (button?.matches('.dialog-actions .button-primary')) began = { kind: 'printed', at: click.timeStamp };
        },
        true,
      );
      const reached = { sold: '[data-testid="result"][data-state="sold"]', printed: '[data-testid="print-job"][data-stage="printed"]' };
      new MutationObserver(() => {
        if (began === null || document.querySelector(reached[began.kind]) === null) return;
        const { kind, at } = began;
        began = null;
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times[kind].push(performance.now() - at);
          port2.postMessage(null);
        });
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    const timed = (kind: 'sold' | 'printed') =>
      page.evaluate((which) => (window as unknown as { benchTimes: Record<string, number[]> }).benchTimes[which]!, kind);
    const reached = (kind: 'sold' | 'printed', number: number) =>
      page.waitForFunction(
        ([which, least]) => (window as unknown as { benchTimes: Record<string, number[]> }).benchTimes[which]!.length >= least,
        [kind, number] as const,
      );
    for (let number = 1; number <= WARM_CLICKS + count; number += 1) {
      await page.getByRole('button', { name: '2', exact: true }).click();
      await page.locator('.sell-button').click();
      await reached('sold', number);
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Print', exact: true }).click();
      await reached('printed', number);
      await dialog.getByRole('button', { name: 'Done', exact: true }).click();
    }
    const files = (await readdir(path.join(windows.data, 'tickets'))).filter((name) => name.endsWith('.pdf'));
    if (files.length !== WARM_CLICKS + count)
      throw new Error(`${WARM_CLICKS + count} sales were printed, and there are ${files.length} files`);
    const figures = async (kind: 'sold' | 'printed', what: string, most: number): Promise<readonly Figure[]> => {
      const { p50, p95 } = p50p95((await timed(kind)).slice(WARM_CLICKS));
      return [
        { what: `${what}, p50`, unit: 'ms', ours: once(p50) },
        { what: `${what}, p95`, unit: 'ms', ours: once(p95), most },
      ];
    };
    return [
      ...(await figures('sold', 'click on Sell to the result drawn', CLICK_MOST_MS)),
      ...(await figures('printed', 'click on Print to two tickets in a PDF', PRINT_MOST_MS)),
    ];
  } finally {
    await windows.close(app);
  }
}

/** All of a kiosk's processes, after so many sales that were made elsewhere, beside the same kiosk before them. */
async function memory(windows: Windows, load: LoadProcess, site: BenchSite, count: number): Promise<readonly Figure[]> {
  const started = await windows.start('kiosk');
  await wait(REST_MS);
  const fresh = await treeMemoryMb(started.pid);
  for (const [index, kiosk] of HEADLESS.entries()) {
    const sales = index === 0 ? Math.ceil(count / HEADLESS.length) : Math.floor(count / HEADLESS.length);
    await load.do({ kind: 'count', target: { peer: 'kiosk', data: site.data(kiosk) }, clients: CLIENTS, sales }, 'sold');
  }
  await wait(REST_MS);
  const after = await treeMemoryMb(started.pid);
  await started.leave();
  return [
    {
      what: `memory after ${count} sales`,
      unit: 'MB',
      ours: once(after),
      beside: once(fresh),
      ratio: once(after / fresh),
      most: MEMORY_MOST,
    },
  ];
}

/** Frames of each screen while others sell, beside the same screen at rest. */
async function frames(windows: Windows, load: LoadProcess, site: BenchSite, seconds: number): Promise<readonly Figure[]> {
  const { app, page } = await windows.open();
  const ms = seconds * 1_000;
  const drawn = () =>
    page.evaluate(
      (duration) =>
        new Promise<number[]>((resolve) => {
          const times: number[] = [];
          const next = (at: number) => {
            times.push(at);
            if (at - times[0]! < duration) requestAnimationFrame(next);
            else resolve(times);
          };
          requestAnimationFrame(next);
        }),
      ms,
    );
  const figures: Figure[] = [];
  let lost = 0;
  try {
    for (const screen of SCREENS) {
      await page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
      await wait(SCREEN_MS);
      const rest = await drawn();
      const selling = load.do(
        {
          kind: 'pace',
          target: { peer: 'kiosk', data: site.data(HEADLESS[0]) },
          perSecond: SALES_A_SECOND,
          ms: ms + 2 * SCREEN_MS,
        },
        'sold',
      );
      await wait(SCREEN_MS);
      const busy = await drawn();
      const { times } = await selling;
      if (times.length < SALES_A_SECOND * seconds) throw new Error(`only ${times.length} sales were made under the ${screen} screen`);
      const period = periodOf(rest);
      const [atRest, underLoad] = [dropped(rest, period), dropped(busy, period)];
      lost += Math.max(0, underLoad - atRest);
      figures.push({
        what: `${screen}: frames dropped of ${busy.length} at ${SALES_A_SECOND} sales/s`,
        unit: 'frames',
        ours: once(underLoad),
        beside: once(atRest),
      });
    }
  } finally {
    await windows.close(app);
  }
  return [...figures, { what: `frames dropped at ${SALES_A_SECOND} sales/s beyond rest`, unit: 'frames', ours: once(lost), most: 0 }];
}

interface StartedWindow {
  readonly pid: number;
  /** From the start of the process until its window could be used. */
  readonly ms: number;
  /** Ends it in order. */
  leave(): Promise<void>;
}

/** Windows of the kiosk that has one, and the empty one beside it. */
class Windows {
  private readonly electron = createRequire(import.meta.url)('electron') as unknown as string;
  private readonly running = new Set<ChildProcess>();

  constructor(
    private readonly folder: string,
    private readonly site: BenchSite,
  ) {}

  get data(): string {
    return this.site.data(WINDOW);
  }

  /** Starts it as a process of its own, without a debugger, and resolves when it can be used: the kiosk has sold by then. */
  async start(kind: 'kiosk' | 'empty'): Promise<StartedWindow> {
    const [program, address, script] =
      kind === 'kiosk'
        ? ([this.kioskArguments(), 'app://kiosk/', 'sellable.js'] as const)
        : ([[path.join(PAGE, 'empty.cjs'), `--user-data-dir=${path.join(this.folder, 'empty')}`], 'file://', 'drawn.js'] as const);
    const at = performance.timeOrigin + performance.now();
    const child = spawn(this.electron, ['-r', path.join(PAGE, 'probe.cjs'), LANGUAGE, ...this.rootArguments(), ...program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TMPDIR: await this.temporary(), QK_BENCH_PAGE: address, QK_BENCH_SCRIPT: script },
    });
    endWithThis(child);
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    const usable = await this.usable(child);
    return { pid: child.pid!, ms: usable - at, leave: () => this.leave(child) };
  }

  /** Opens the kiosk's window for Playwright, ready to sell. */
  async open(): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
    const { _electron } = await import('@playwright/test');
    const app = await _electron.launch({
      executablePath: this.electron,
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--window-width=1280', '--window-height=800', LANGUAGE, ...this.kioskArguments()],
      env: { ...process.env, TMPDIR: await this.temporary() } as Record<string, string>,
    });
    const child = app.process();
    endWithThis(child);
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    const page = await app.firstWindow();
    await page.locator('[data-testid="majority-bar"][data-connection="selling"]').waitFor({ timeout: START_WAIT_MS });
    return { app, page };
  }

  close(app: ElectronApplication): Promise<void> {
    return this.leave(app.process());
  }

  async end(): Promise<void> {
    for (const child of this.running) {
      const tree = await processTree(child.pid!);
      child.kill('SIGKILL');
      await allGone(tree);
    }
  }

  private async leave(child: ChildProcess): Promise<void> {
    const tree = await processTree(child.pid!);
    const gone = event(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    await allGone(tree);
  }

  private async usable(child: ChildProcess): Promise<number> {
    const timer = setTimeout(() => child.kill('SIGKILL'), START_WAIT_MS);
    try {
      for await (const line of createInterface({ input: child.stdout! })) {
        const at = /^bench (\d+(?:\.\d+)?)$/.exec(line)?.[1];
        if (at === undefined) continue;
        // What it says from now on must not fill the pipe.
        child.stdout!.resume();
        return Number(at);
      }
      throw new Error('a window ended, or said nothing for a minute, before it could be used');
    } finally {
      clearTimeout(timer);
    }
  }

  private rootArguments(): readonly string[] {
    return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  }

  private kioskArguments(): readonly string[] {
    return [ROOT, String(WINDOW), '--site', this.site.site, '--data', this.data];
  }

  /** What a killed Chromium leaves goes with the bench's own folder. */
  private async temporary(): Promise<string> {
    const folder = path.join(this.folder, 'temporary');
    await mkdir(folder, { recursive: true });
    return folder;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
