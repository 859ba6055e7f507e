import type { WebContents, WebContentsPrintOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pagesHtml } from './pageHtml';
import { type PrintingPage, SystemSpooler } from './systemSpooler';

/** What Electron's page does with a print: the callback's words, a throw, or nothing for ever. */
type Answer = readonly [boolean, string] | Error | 'hangs';

/** Stands for Electron's page on a system without CUPS, and for all that it was asked. */
class FakePage implements PrintingPage {
  readonly loaded: string[] = [];
  readonly printed: WebContentsPrintOptions[] = [];
  answer: Answer = [true, ''];
  /** Null: the page is never there. */
  loads: Error | null | 'at once' = 'at once';
  printers: unknown[] | Error | 'hangs' = [];
  asked = 0;
  discarded = 0;

  private readonly contents = {
    loadURL: async (url: string) => {
      this.loaded.push(Buffer.from(url.replace('data:text/html;base64,', ''), 'base64').toString());
      if (this.loads === null) await new Promise(() => undefined);
      if (this.loads instanceof Error) throw this.loads;
    },
    print: (options: WebContentsPrintOptions, done: (success: boolean, failureReason: string) => void) => {
      this.printed.push(options);
      if (this.answer instanceof Error) throw this.answer;
      if (this.answer !== 'hangs') setTimeout(done, 1, ...this.answer);
    },
    getPrintersAsync: async () => {
      this.asked += 1;
      if (this.printers === 'hangs') await new Promise(() => undefined);
      if (this.printers instanceof Error) throw this.printers;
      return this.printers;
    },
  };

  use<T>(work: (contents: Pick<WebContents, 'loadURL' | 'print' | 'getPrintersAsync'>) => Promise<T>): Promise<T> {
    return work(this.contents as unknown as WebContents);
  }

  discard(): void {
    this.discarded += 1;
  }
}

let page: FakePage;
let now: number;
let spooler: SystemSpooler;
beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  now = 0;
  spooler = new SystemSpooler(page, page, () => now);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const html = pagesHtml(['<svg>one</svg>', '<svg>two</svg>'], { widthMm: 80, heightMm: 127 });
const job = { name: 'qk-1-a', printer: 'Thermal_80', paper: 'ticket', document: new TextEncoder().encode(html) } as const;

async function submitted(given: Parameters<SystemSpooler['submit']>[0] = job) {
  const answer = spooler.submit(given);
  await vi.runAllTimersAsync();
  return answer;
}

describe('the printers of a system that tells nothing', () => {
  it('get their page silently, by their system name, at the size of the paper and without margins', async () => {
    expect(await submitted()).toEqual({ kind: 'taken' });
    // By that name the system's own queue shows it.
    expect(page.loaded).toEqual([`<!doctype html><meta charset="utf-8"><title>qk-1-a</title>${html}`]);
    expect(page.printed).toEqual([
      {
        silent: true,
        deviceName: 'Thermal_80',
        pageSize: { width: 80_000, height: 127_000 },
        margins: { marginType: 'none' },
        printBackground: true,
        landscape: false,
        copies: 1,
      },
    ]);
    await submitted({ ...job, paper: 'a4' });
    expect(page.printed[1]!.pageSize).toEqual({ width: 210_000, height: 297_000 });
  });

  it('have refused for certain only what Electron found wrong before anything left', async () => {
    page.answer = [false, 'Invalid deviceName provided'];
    expect(await submitted()).toEqual({ kind: 'refused', detail: 'Invalid deviceName provided' });
    page.answer = new Error('pageSize is too small');
    expect(await submitted()).toEqual({ kind: 'refused', detail: 'pageSize is too small' });
    page.loads = new Error('ERR_ABORTED');
    expect(await submitted()).toEqual({ kind: 'refused', detail: 'ERR_ABORTED' });
    page.loads = 'at once';
    // Half of it may be on paper.
    for (const reason of ['Print job failed', 'Print job canceled', 'words of a later version']) {
      page.answer = [false, reason];
      expect(await submitted()).toEqual({ kind: 'unclear' });
    }
    expect(page.discarded).toBe(0);
  });

  it('that never answer are given up, and say nothing of the page', async () => {
    page.answer = 'hangs';
    const answer = spooler.submit(job);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(page.discarded).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toEqual({ kind: 'unclear' });
    expect(page.discarded).toBe(1);
    // Where not even the page was there, nothing was given to anybody.
    page.loads = null;
    expect(await submitted()).toMatchObject({ kind: 'refused' });
  });

  it('are listed by name, whatever they are up to, and not asked at each look', async () => {
    page.printers = [
      { name: 'Thermal_80', displayName: 'Thermal 80', description: '', options: {} },
      { name: 'Office', displayName: '', description: '', options: {}, isDefault: true, status: 0 },
    ];
    const listed = [
      { name: 'Thermal_80', label: 'Thermal 80', isDefault: false, state: 'untold', detail: null },
      { name: 'Office', label: 'Office', isDefault: true, state: 'untold', detail: null },
    ];
    expect(await Promise.all([spooler.printers(), spooler.printers()])).toEqual([listed, listed]);
    now = 4_999;
    expect(await spooler.printers()).toEqual(listed);
    expect(page.asked).toBe(1);
    now = 5_000;
    page.printers = [];
    expect(await spooler.printers()).toEqual([]);
    now = 10_000;
    page.printers = new Error('the print service is stopped');
    expect(await spooler.printers()).toBeNull();
    page.printers = 'hangs';
    const asked = spooler.printers();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toBeNull();
    expect(page.discarded).toBe(1);
  });

  it('know no job, and take none back', async () => {
    expect(spooler.follows).toBe(false);
    await submitted();
    expect(await spooler.find()).toEqual(new Map());
    await spooler.cancel();
    expect(await spooler.find()).toEqual(new Map());
  });
});
