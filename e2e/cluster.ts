import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { placeAtFreePorts } from '../main/kiosk/testing/ports';
import { launch } from './launch';

const ROOT = path.resolve(import.meta.dirname, '..');
const execute = promisify(execFile);
/** Three windows at once on a busy machine, from files that were never read before. */
export const START_MS = 60_000;

/** What is started for a kiosk's window, and the arguments that come before the kiosk's own. */
export interface Program {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** With Chromium's sandbox, which root can't have. */
  readonly sandbox: boolean;
}

/** The app as it lies in the checkout. */
export function unpackedProgram(): Program {
  return {
    executablePath: createRequire(import.meta.url)('electron') as unknown as string,
    args: [ROOT],
    sandbox: process.getuid?.() !== 0,
  };
}

/** One kiosk in a window of its own. */
export interface KioskWindow {
  readonly id: number;
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly child: ChildProcess;
}

/** A site of kiosk windows with their own folder and ports, gone after the test. */
export class Cluster {
  private readonly windows = new Map<number, KioskWindow>();

  private constructor(
    readonly folder: string,
    readonly site: string,
    private readonly program: Program,
  ) {}

  static async make(options: readonly string[], kiosks = 5, members = 3, program = unpackedProgram()): Promise<Cluster> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-e2e-'));
    const args = [
      path.join(ROOT, 'out/main/site.js'),
      'create',
      path.join(folder, 'site'),
      '--site',
      'e2e',
      '--kiosks',
      String(kiosks),
      '--members',
      String(members),
    ];
    await execute(process.execPath, [...args, ...options]);
    const cluster = new Cluster(folder, path.join(folder, 'site', 'site.json'), program);
    await placeAtFreePorts(cluster.site);
    return cluster;
  }

  kiosk(id: number): KioskWindow {
    return this.windows.get(id)!;
  }

  page(id: number): Page {
    return this.kiosk(id).page;
  }

  dataFolder(id: number): string {
    return path.join(this.folder, `kiosk-${id}`);
  }

  /** Opens a kiosk's window; resolves when its page is there. */
  async open(id: number): Promise<KioskWindow> {
    const { executablePath, args, sandbox } = this.program;
    const app = await launch({
      executablePath,
      chromiumSandbox: sandbox,
      args: [
        '--lang=en-US',
        '--window-width=1280',
        '--window-height=800',
        ...args,
        String(id),
        '--site',
        this.site,
        '--data',
        this.dataFolder(id),
      ],
      // What a killed Chromium leaves in the temporary folder goes with the test's own.
      env: { ...process.env, ELECTRON_RENDERER_URL: '', TMPDIR: this.folder } as Record<string, string>,
    });
    const page = await app.firstWindow();
    const kiosk = { id, app, page, child: app.process() };
    // Before its page is looked for: what was started is ended with the test, whatever comes of it.
    this.windows.set(id, kiosk);
    await expect(page.getByTestId('majority-bar')).toBeVisible({ timeout: START_MS });
    return kiosk;
  }

  /** Starts a kiosk that is open already; resolves when that has ended. */
  async startAgain(id: number): Promise<{ readonly status: number | null; readonly said: string }> {
    const { executablePath, args, sandbox } = this.program;
    const words = [...args, String(id), '--site', this.site, '--data', this.dataFolder(id), ...(sandbox ? [] : ['--no-sandbox'])];
    const child = spawn(executablePath, words, { env: { ...process.env, TMPDIR: this.folder }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, said };
  }

  async openAll(ids: readonly number[]): Promise<void> {
    await Promise.all(ids.map((id) => this.open(id)));
  }

  /** Closes a kiosk's window as a clerk would: the process dies as by a power cut. Resolves with the signal that ended it. */
  async close(id: number): Promise<string | null> {
    const { app } = this.kiosk(id);
    this.windows.delete(id);
    const child = app.process();
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    // The reply can't come: the process is gone.
    await app
      .evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.isVisible())
          ?.close(),
      )
      .catch(() => undefined);
    const [, signal] = await ended;
    return signal;
  }

  /** Takes a closed kiosk's data away; what its Chromium is still writing while it ends is waited for. */
  async loseData(id: number): Promise<void> {
    await remove(this.dataFolder(id));
  }

  /** Stops or continues a kiosk's process. */
  signal(id: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.kiosk(id).app.process().kill(signal);
  }

  /** The kiosk that leads, as another one's screen says. */
  async leader(seenFrom: number): Promise<number> {
    const bar = this.page(seenFrom).getByTestId('majority-bar');
    await expect(bar).toContainText(/kiosk \d+ leads/);
    return Number(/kiosk (\d+) leads/.exec((await bar.textContent()) ?? '')![1]);
  }

  async selling(...ids: number[]): Promise<void> {
    for (const id of ids) await expect(this.page(id).getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling');
  }

  async remove(): Promise<void> {
    await Promise.all(
      // What the driver knows of a program goes with the program.
      [...this.windows.values()].map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    await remove(this.folder);
  }
}

/** Chromium's processes end a moment after the one that was killed, and write until then. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** A whole season, for pictures and for screens that have to scroll. */
export const SEASON = ['--from', path.join(ROOT, 'examples', 'ucsb-soccer', 'site.json')];

/** Sells by touch; the dialog that follows is left open. */
export async function sell(page: Page, n: number, event?: string): Promise<void> {
  if (event !== undefined) await page.locator('.event', { hasText: event }).click();
  await page.getByRole('button', { name: String(n), exact: true }).click();
  await page.getByRole('button', { name: 'Sell', exact: true }).last().click();
}

export function result(page: Page) {
  return page.getByTestId('result');
}

/** Sells and puts the print dialog away; returns the ticket numbers as the screen says them. */
export async function sellAndDismiss(page: Page, n: number): Promise<string> {
  await sell(page, n);
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(result(page)).toHaveAttribute('data-state', 'sold');
  return (await page.locator('.result-tickets').textContent()) ?? '';
}

export const test = base.extend<{ cluster: Cluster; site: readonly string[] }>({
  /** Options of `site create`. */
  site: [['--event', 'match=100:1200', '--event', 'final=10:0'], { option: true }],
  cluster: async ({ site }, use, info) => {
    const cluster = await Cluster.make(site);
    await use(cluster);
    if (info.status !== info.expectedStatus) {
      for (const id of [1, 2, 3, 4, 5]) {
        const page = cluster.kiosk(id)?.page;
        await page?.screenshot({ path: info.outputPath(`kiosk-${id}.png`), timeout: 5_000 }).catch(() => undefined);
      }
    }
    await cluster.remove();
  },
});

export { expect };
