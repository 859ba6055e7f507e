import type { Page } from '@playwright/test';
import { Cluster, expect, SEASON, sell, test } from './cluster';
import { createManager, go, openAlone, openShift, resize, type ScreenName } from './desk';
import { APART, clean, TARGET, tidy } from './looks';
import { writeSeason } from './season';

/** Every screen in every theme, both languages and all sizes: nothing that axe finds, no target too small or too near, nothing cut off. */

const season = test.extend<{ one: Cluster }>({
  one: async ({ site }, use) => {
    const cluster = await Cluster.make(site, 1, 1);
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
season.use({ site: SEASON });
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
      // As much as a good day takes: its amount is a long one.
      for (let sale = 0; sale < 10; sale += 1)
        await page.evaluate(() => window.kiosk.execute({ op: 'buy', items: [{ n: 100 }], payment: { kind: 'card' } }));
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

season.describe(() => {
  const ENTRIES = 100_000;
  season.use({ site: ['--event', `match=${ENTRIES}:1200`] });

  season('a log of 100,000 entries scrolls at 60 frames a second', async ({ one }, info) => {
    const MS_PER_FRAME = 1_000 / 60;
    const FRAMES = 240;
    await writeSeason(one, 1, ENTRIES);
    const { page } = await openAlone(one);
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
    await page.getByLabel('Go to slot').fill('50000');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await expect(page.locator('.log-row', { hasText: '50000.1' })).toContainText('49999');
    await page.getByRole('button', { name: 'Oldest' }).click();
    await expect(page.locator('.log-row').last()).toContainText('match');
    // A slot that is not there is said to be none, with the nearest in sight.
    await page.getByLabel('Go to slot').fill(String(ENTRIES + 1));
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await expect(page.getByTestId('slot-missed')).toHaveText(`There is no slot ${ENTRIES + 1}: this log has 1 to ${ENTRIES}.`);
    await expect(page.locator('.log-row').first()).toContainText(String(ENTRIES));
    await page.getByLabel('Go to slot').fill('7');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await expect(page.getByTestId('slot-missed')).toHaveCount(0);
  });
});
