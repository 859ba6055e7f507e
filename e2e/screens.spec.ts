import type { Page } from '@playwright/test';
import { Cluster, expect, SEASON, sell, test } from './cluster';
import { createManager, go, openAlone, openShift, resize, type ScreenName } from './desk';
import { APART, clean, TARGET, tidy } from './looks';

/** Every screen in every theme, both languages and all sizes: nothing that axe finds, no target too small or too near, nothing cut off. */

const season = test.extend<{ one: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  one: async ({}, use) => {
    const cluster = await Cluster.make(SEASON, 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});

const SCREENS: readonly ScreenName[] = [
  'Sell',
  'Sales',
  'Printing',
  'Gate',
  'Shift',
  'Reports',
  'Events',
  'Clerks',
  'Kiosks',
  'Log',
  'Console',
];
// Eleven screens a test, and axe takes its time on each of them where the machine is busy.
season.describe.configure({ timeout: 300_000 });

/** A morning's sales, so that no screen is empty; printed or not. */
async function busy(page: Page, printed: boolean): Promise<void> {
  await createManager(page, 'Maria Lopez', '4711');
  await openShift(page, 10_000);
  await go(page, 'Sell');
  for (const [event, n] of [
    ['UCLA', 2],
    ['Cal Poly', 6],
    ['UCLA', 4],
    ['Long Beach', 10],
  ] as const) {
    await sell(page, n, event);
    const dialog = page.getByRole('dialog');
    if (!printed) {
      await dialog.getByRole('button', { name: 'Later' }).click();
      continue;
    }
    await dialog.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
    await dialog.getByRole('button', { name: 'Done' }).click();
  }
}

/** Each screen with what it shows when something is chosen on it. */
async function* screens(page: Page): AsyncGenerator<string> {
  for (const screen of SCREENS) {
    await page.locator('.tab').nth(SCREENS.indexOf(screen)).click();
    if (screen === 'Sell') {
      await page.locator('.key').first().click();
      await page.locator('.choice').nth(1).click();
      await page.locator('.key').nth(1).click();
    }
    if (screen === 'Sales') await page.getByTestId('sales').getByRole('button').first().click();
    if (screen === 'Reports') await expect(page.getByTestId('report')).toBeVisible();
    yield screen.toLowerCase();
    if (screen === 'Sell') await page.keyboard.press('Escape');
  }
}

for (const [theme, language] of [
  ['light', 'en'],
  ['dark', 'de'],
  ['contrast', 'en'],
] as const) {
  season(`axe finds nothing on any screen of an office, ${theme}, ${language}`, async ({ one }, info) => {
    const { page } = await openAlone(one);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await busy(page, true);
    await page.evaluate(([chosen, speaks]) => window.kiosk.setSettings({ language: speaks, theme: chosen, lockMinutes: 5 }), [
      theme,
      language,
    ] as const);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for await (const name of screens(page)) {
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
      await clean(page, name);
    }
  });
}

for (const [width, height] of [
  [1024, 600],
  [1280, 800],
  [1920, 1080],
] as const) {
  season(
    `targets are ${TARGET} px and ${APART} px apart, nothing is cut off at ${width} x ${height}, in the longer language`,
    async ({ one }, info) => {
      const { app, page } = await openAlone(one);
      await busy(page, false);
      await page.evaluate(() => window.kiosk.setSettings({ language: 'de', theme: 'light', lockMinutes: 5 }));
      await page.reload();
      await resize(app, page, width, height);
      for await (const name of screens(page)) {
        await page.screenshot({ path: info.outputPath(`${name}-${width}x${height}.png`) });
        await tidy(page, name);
      }
    },
  );
}

season('a log of 100,000 entries scrolls at 60 frames a second', async ({ one }, info) => {
  const { app, page } = await openAlone(one);
  const ENTRIES = 100_000;
  const MS_PER_FRAME = 1_000 / 60;
  const FRAMES = 240;
  // Main answers with a long season; what is measured is the page, and the way between them.
  // Its entries are made here: 100,000 real ones, each a slot and a sync of its own, are most of a minute of the disk
  // at some 2,000 a second. What main does for a real season is measured by `npm run bench -- history`.
  await app.evaluate(({ ipcMain, BrowserWindow }, entries) => {
    const entry = (slot: number) => ({
      slot,
      ballot: '3.0.1',
      kind: 'batch',
      commands: [
        {
          requestId: `w1-${slot}`,
          kiosk: 1 + (slot % 3),
          op: 'buy',
          n: 2,
          event: 'match',
          items: [{ event: 'match', category: 'adult', n: 2 }],
          clerk: 'ann',
          at: 1_790_000_000_000 + slot * 1_000,
          result: { ok: true, sale: `${slot}.1`, tickets: [slot * 2 - 1, slot * 2], items: [], total: 2_400 },
        },
      ],
    });
    ipcMain.removeHandler('kiosk:log');
    ipcMain.handle('kiosk:log', (_event, { from, limit }: { from: number; limit: number }) => ({
      ok: true,
      value: {
        entries: Array.from({ length: Math.max(0, Math.min(limit, entries - from + 1)) }, (_, index) => entry(from + index)),
        firstSlot: 1,
        applied: entries,
      },
    }));
    const window = BrowserWindow.getAllWindows().find((other) => other.isVisible())!;
    return window.webContents
      .executeJavaScript('window.kiosk.view()')
      .then(({ value }) => window.webContents.send('kiosk:changed', { ...value, version: 1_000_000_000, applied: entries }));
  }, ENTRIES);
  await go(page, 'Log');
  await expect(page.locator('.log-row').first()).toContainText(String(ENTRIES));
  const session = await page.context().newCDPSession(page);
  // The thread's own time: what other processes do meanwhile is not counted.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await busyMs();
  const intervals = await page.evaluate(
    (frames) =>
      new Promise<number[]>((resolve) => {
        const list = document.querySelector('.log-list')!;
        const times: number[] = [];
        let last = performance.now();
        const step = (now: number) => {
          times.push(now - last);
          last = now;
          // A hard flick: twenty rows a frame.
          list.scrollTop += 1_440;
          if (times.length < frames) requestAnimationFrame(step);
          else resolve(times);
        };
        requestAnimationFrame(step);
      }),
    FRAMES,
  );
  const workMs = ((await busyMs()) - before) / FRAMES;
  const median = [...intervals].sort((a, b) => a - b)[Math.floor(intervals.length / 2)]!;
  info.annotations.push({
    type: 'frame',
    description: `${workMs.toFixed(1)} ms of work a frame, ${median.toFixed(1)} ms between frames (median)`,
  });
  expect(workMs).toBeLessThan(MS_PER_FRAME);
  // And what is shown at the end is the log, not a blank.
  await page.getByRole('button', { name: 'Oldest' }).click();
  await expect(page.locator('.log-row').last()).toContainText('1.1');
});
