import { rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build as buildProgram } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, ShowAnswer, StatusAnswer } from '../../shared/answers';
import { COMMANDS_VERSION } from '../../shared/constants';
import { APP_VERSION } from '../../shared/version';
import { Processes } from './testing/processes';

/** A site that sells while its kiosks go from one build to the next, one after the other. */

const POLL = { timeout: 120_000, interval: 100 };
const ROOT = path.resolve(import.meta.dirname, '../..');
const NEXT_VERSION = '99.0.0';
/** Without a kiosk that is being changed the others sell on; a change of leader on a busy machine takes its time. */
const GAP_MAX_MS = 10_000;
/** ... which shows in the gaps between sales before anything is changed. */
const CALM_SALES = 10;
const CALM_TIMES = 10;

let site: Processes;
let next: string;
beforeEach(async () => {
  site = await Processes.make(['match=100000:1200']);
  next = await nextBuild(site.folder);
});
afterEach(() => site.remove());

/** The same program as a next version, which knows commands that this one does not: built from sources that say so. */
async function nextBuild(folder: string): Promise<string> {
  const build = path.join(folder, 'next');
  const changed: string[] = [];
  const change = (code: string, from: string, to: string): string => {
    if (!code.includes(from)) throw new Error(`the sources do not say "${from}"`);
    changed.push(from);
    return code.replace(from, to);
  };
  await buildProgram({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    build: {
      ssr: path.join(ROOT, 'main/kiosk/headless.ts'),
      outDir: build,
      target: 'node20.18',
      rolldownOptions: { output: { entryFileNames: 'kiosk.js', format: 'es' } },
    },
    plugins: [
      {
        name: 'next-version',
        enforce: 'pre',
        transform(code, id) {
          if (id.endsWith('/shared/version.ts')) return change(code, `'${APP_VERSION}'`, `'${NEXT_VERSION}'`);
          if (id.endsWith('/shared/constants.ts'))
            return change(code, `COMMANDS_VERSION = ${COMMANDS_VERSION};`, `COMMANDS_VERSION = ${COMMANDS_VERSION + 1};`);
          return undefined;
        },
      },
    ],
  });
  expect(changed).toHaveLength(2);
  // What the program does not bundle is found as it is by this build.
  await symlink(path.join(ROOT, 'node_modules'), path.join(build, 'node_modules'));
  await writeFile(path.join(build, 'package.json'), '{"type":"module"}');
  return build;
}

async function status(kiosk: number): Promise<StatusAnswer> {
  return (await site.ask(kiosk, { op: 'status' })) as StatusAnswer;
}

/** A clerk who sells one ticket after the other at whichever kiosk is up, asking again under the same id. */
class Clerk {
  private over = false;
  private readonly done: Promise<void>;
  private place = 0;
  sold = 0;
  longestGapMs = 0;
  readonly refusals: string[] = [];

  constructor(private readonly kiosks: readonly number[]) {
    this.done = this.work();
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.done;
  }

  private async work(): Promise<void> {
    let last = performance.now();
    for (let number = 1; !this.over; number += 1) {
      const id = `sale-${number}`;
      for (;;) {
        const kiosk = this.kiosks[this.place % this.kiosks.length]!;
        const answer: Answer | null = await site.ask(kiosk, { op: 'buy', items: [{ n: 1 }], id, timeoutMs: 2_000 }).catch(() => null);
        if (answer?.ok) break;
        if (answer !== null && !answer.ok && !['no_majority', 'timeout', 'unreachable', 'faulty'].includes(answer.reason))
          this.refusals.push(`${answer.reason}: ${answer.message}`);
        this.place += 1;
        if (this.over) return;
      }
      this.sold += 1;
      this.longestGapMs = Math.max(this.longestGapMs, performance.now() - last);
      last = performance.now();
    }
  }
}

describe('a rolling upgrade', () => {
  it('of a site that sells: no gap, no sale lost, new commands only when all know them, an old program told to update', {
    timeout: 400_000,
  }, async () => {
    await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
    for (const kiosk of [1, 2, 3])
      await expect.poll(() => site.ask(kiosk, { op: 'buy', items: [{ n: 1 }], id: `open-${kiosk}` }), POLL).toMatchObject({ ok: true });
    const versionsIn = async (kiosk: number) =>
      ((await site.ask(kiosk, { op: 'show' })) as ShowAnswer).log.filter(({ kind }) => kind === 'version').map(({ version }) => version);
    const before = await versionsIn(1);
    expect(before).not.toContain(COMMANDS_VERSION + 1);
    const clerk = new Clerk([1, 2, 3]);
    await expect.poll(() => clerk.sold, POLL).toBeGreaterThan(CALM_SALES);
    const calmGapMs = clerk.longestGapMs;

    const old = site.programs;
    site.programs = next;
    for (const kiosk of [1, 2, 3]) {
      const sold = clerk.sold;
      expect(await site.end(kiosk, 'SIGTERM')).toBe(0);
      // The others go on without it.
      await expect.poll(() => clerk.sold, POLL).toBeGreaterThan(sold + 3);
      expect(await versionsIn([1, 2, 3].find((other) => other !== kiosk)!)).not.toContain(COMMANDS_VERSION + 1);
      await site.start(kiosk);
      await expect.poll(() => status(kiosk), POLL).toMatchObject({ version: NEXT_VERSION, majority: true });
      const { committed } = await status([1, 2, 3].find((other) => other !== kiosk)!);
      await expect.poll(async () => (await status(kiosk)).applied, POLL).toBeGreaterThanOrEqual(committed);
    }
    await expect.poll(() => versionsIn(1), POLL).toContain(COMMANDS_VERSION + 1);
    const sold = clerk.sold;
    await expect.poll(() => clerk.sold, POLL).toBeGreaterThan(sold + 3);
    await clerk.stop();
    expect(clerk.refusals).toEqual([]);
    process.stdout.write(`upgrade: ${clerk.sold} sold, longest gap ${clerk.longestGapMs.toFixed(0)} ms\n`);
    expect(clerk.longestGapMs).toBeLessThan(Math.max(GAP_MAX_MS, CALM_TIMES * calmGapMs));

    const { state } = (await site.ask(1, { op: 'show' })) as ShowAnswer;
    expect(state.events[0]!.sold).toBeGreaterThanOrEqual(clerk.sold + 3);
    expect(state.events[0]!.sold).toBeLessThanOrEqual(clerk.sold + 4);

    // Back to the old program: it says what to do, and disturbs nobody.
    await site.end(3, 'SIGTERM');
    site.programs = old;
    await site.start(3);
    await expect.poll(() => status(3), POLL).toMatchObject({ role: 'faulty', problem: expect.stringMatching(/update this kiosk/) });
    expect(await site.ask(1, { op: 'buy', items: [{ n: 1 }], id: 'last' })).toMatchObject({ ok: true });
    // And it takes up its place again with the new one.
    await site.end(3, 'SIGTERM');
    site.programs = next;
    await site.start(3);
    await expect.poll(() => site.ask(3, { op: 'buy', items: [{ n: 1 }], id: 'back' }), POLL).toMatchObject({ ok: true });
    await rm(next, { recursive: true, force: true });
  });
});
