import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import { type } from './boxOffice';
import { type Cluster, expect, result, SEASON, sell, sellAndDismiss, test } from './cluster';
import { resize } from './desk';
import { output, ROOT } from './packages/release';

const ONE_EVENT = ['--event', 'match=100:1200'];
test.use({ site: ONE_EVENT });

test('the log shows the state first, then every committed entry, and prints a past sale', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1);
  const page = cluster.page(1);
  for (const n of [1, 2]) await sellAndDismiss(page, n);
  await page.getByRole('navigation').getByRole('button', { name: 'Log' }).click();
  await expect(page.locator('.log-state')).toContainText('match: 97 of 100 left');
  const rows = page.locator('.log-row');
  await expect(rows.first()).toContainText('Buy 2 match/adult → sale');
  await expect(rows.last()).toContainText('Site opened by kiosks 1 2 3');
  await rows
    .first()
    .getByRole('button', { name: /Print sale/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Print tickets' });
  await expect(dialog.getByRole('img')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('neither a ticket nor the goods of a shop under the scanner sell anything on the Sell screen', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1);
  const page = cluster.page(1);
  for (const code of ['QK21A4', '0012345678905', '4A5']) {
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('quantity')).toHaveAttribute('data-none', 'true');
    await expect(result(page)).toHaveAttribute('data-state', 'idle');
  }
});

test('the keyboard alone sells and prints; the console answers like the client', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1);
  const page = cluster.page(1);
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await expect(page.getByTestId('quantity')).toHaveText('12');
  await page.keyboard.press('Enter');
  await expect(result(page)).toContainText('Tickets 1-12');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Print' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('print-job')).toContainText('Saved as');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByRole('button', { name: 'Console' }).click();
  const output = page.getByRole('log');
  await type(page, 'buy 2');
  await expect(output).toContainText('sold tickets 13-14 match/adult -> sale');
  await type(page, 'buy two');
  await expect(output).toContainText('the number of tickets is a whole number from 1 to 100, not "two"');
  await type(page, 'status');
  await expect(output).toContainText(/kiosk 1 is (leader|follower)/);
  // Word for word what `npm run client` says of the same line; a request that has its id is answered twice alike.
  for (const line of [
    'help',
    'status',
    'buy 2 --id twice',
    'buy 999 --id many',
    'buy 1 opera --id none',
    'void 99.1 --id gone',
    'verify QK2NONSENSE',
    'show match --last 2',
    'show',
    'nonsense',
  ]) {
    const said = await type(page, line);
    expect(said.trimEnd(), line).toBe(await clientSays(cluster, 1, line));
  }
  // Earlier lines come back, and what was being typed is not lost by it; Tab finishes a word.
  const field = page.getByRole('textbox', { name: 'Command' });
  await field.fill('buy 1 ma');
  await page.keyboard.press('ArrowUp');
  await expect(field).toHaveValue('nonsense');
  await page.keyboard.press('ArrowUp');
  await expect(field).toHaveValue('show');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(field).toHaveValue('buy 1 ma');
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue('buy 1 match');
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue('buy 1 match/adult ');
  await field.fill('st');
  await page.keyboard.press('Tab');
  // What fits takes no room of the last answer.
  await expect(page.getByRole('status').filter({ hasText: 'stop' })).toBeVisible();
  await expect(page.locator('.console-entry').last()).toBeInViewport();
});

test('a start leaves out what it can do without: a process for the network, and the code of screens that nobody looks at', async ({
  cluster,
}) => {
  await cluster.open(1);
  const { app, page } = cluster.kiosk(1);
  const services = () => app.evaluate((electron) => electron.app.getAppMetrics().map(({ type, serviceName }) => serviceName ?? type));
  expect(await services()).toContain('GPU');
  expect(await services()).not.toContain('network.mojom.NetworkService');
  // What a page loads later it names in its head first.
  const named = (script: string) => page.locator(`head [src*="/${script}-"], head [href*="/${script}-"]`).first();
  await expect(page.locator('.frame')).toBeVisible();
  await expect(named('index')).toBeAttached();
  await expect(named('commandLine')).not.toBeAttached();
  await page.getByRole('navigation').getByRole('button', { name: 'Console' }).click();
  await expect(named('commandLine')).toBeAttached();
});

/** What the command-line client prints for a line. */
async function clientSays(cluster: Cluster, kiosk: number, line: string): Promise<string> {
  const client = path.join(ROOT, 'out/main/client.js');
  const args = [client, String(kiosk), '--site', cluster.site, '--data', cluster.dataFolder(kiosk), ...line.split(' ')];
  // Refused, it ends with another status than 0, and has said the same.
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((ended: { stdout: string }) => ended);
  return stdout.trimEnd();
}

test('a machine that slept does not count on leading; one data folder has one window; nobody overlooks an error', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const leader = await cluster.leader(1);
  const { app, page } = cluster.kiosk(leader);
  const ballot = () => page.evaluate(async () => ((await window.kiosk.view()) as { value: { ballot: string } }).value.ballot);
  const before = await ballot();
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect.poll(ballot).not.toBe(before);
  await cluster.selling(1, 2, 3);

  // Whoever starts it once more is shown the window that there is.
  const shown = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const window = BrowserWindow.getAllWindows().find((other) => other.isVisible())!;
        window.focus = () => resolve();
      }),
  );
  const second = await cluster.startAgain(leader);
  expect(second).toEqual({ status: 1, said: expect.stringContaining(`kiosk ${leader} is already open with the data folder`) });
  await shown;
  await sellAndDismiss(page, 1);

  // Electron itself would go on.
  const ended = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
  await app.evaluate(() => void Promise.reject(new Error('nobody caught this'))).catch(() => undefined);
  expect(await ended).toBe(70);
});

test('exit in the console kills the process; a reloaded page finds its kiosk again', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1);
  const { app, page } = cluster.kiosk(1);
  await sellAndDismiss(page, 1);
  await page.reload();
  await expect(page.locator('.event', { hasText: 'match' })).toContainText('99 of 100 left');
  const child = app.process();
  const ended = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  await page.getByRole('navigation').getByRole('button', { name: 'Console' }).click();
  await page.getByRole('textbox', { name: 'Command' }).fill('exit');
  await page.keyboard.press('Enter').catch(() => undefined);
  expect(await ended).toBe('SIGKILL');
});

test.describe('with a season of events', () => {
  test.use({ site: SEASON });
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any screen, ${theme}`, async ({ cluster }, info) => {
      await cluster.openAll([1, 2, 3]);
      await cluster.selling(1);
      const page = cluster.page(1);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const clean = async (name: string) => {
        await page.screenshot({ path: info.outputPath(`${name}.png`) });
        // Electron has one page per window: axe must not open another for its report.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      };
      await clean('sell');
      await sell(page, 3);
      await expect(page.getByRole('dialog').getByRole('img')).toHaveCount(3);
      await clean('print');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('print-job')).toContainText('Saved as');
      await page.keyboard.press('Enter');
      await clean('sold');
      for (const name of ['Log', 'Kiosks', 'Console']) {
        await page.getByRole('navigation').getByRole('button', { name }).click();
        await clean(name.toLowerCase());
      }
    });
  }

  test('touch targets are 56 px high, and Sell needs no scrolling at 1024 x 600', async ({ cluster }, info) => {
    await cluster.openAll([1]);
    const { app, page } = cluster.kiosk(1);
    await cluster.openAll([2, 3]);
    await cluster.selling(1);
    for (const [width, height] of [
      [1280, 800],
      [1024, 600],
      [640, 800],
    ] as const) {
      await resize(app, page, width, height);
      for (const button of await page.getByRole('button').all()) {
        const box = (await button.boundingBox())!;
        expect(Math.round(box.height), (await button.textContent()) ?? '').toBeGreaterThanOrEqual(56);
      }
      const sellButton = (await page.locator('.sell-button').boundingBox())!;
      expect(sellButton.y + sellButton.height).toBeLessThanOrEqual(height);
      await page.screenshot({ path: info.outputPath(`${width}x${height}.png`) });
    }
  });
});

test('a certificate that ends soon is told on the screen, with the day and what to do, until a new one is there', async ({ cluster }) => {
  const renew = (...more: readonly string[]) =>
    output(process.execPath, path.join(ROOT, 'out/main/site.js'), 'renew', path.dirname(cluster.site), '--kiosk', '1', ...more);
  await renew('--days', '30');
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2);
  const notice = (kiosk: number) => cluster.page(kiosk).locator('.notice', { hasText: "This kiosk's certificate ends on" });
  await expect(notice(1)).toContainText(/ends on .*20\d\d/);
  await expect(notice(1)).toContainText('Tell the operator');
  await expect(notice(2)).toBeHidden();
  await renew();
  await expect(notice(1)).toBeHidden({ timeout: 20_000 });
  await sellAndDismiss(cluster.page(1), 1);
});

test('the runtime takes the code as the build compiled it, and says so where it does not', async () => {
  expect(existsSync(path.join(ROOT, 'out/main/window.cache'))).toBe(true);
  const said = async (...flags: readonly string[]) => {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(createRequire(import.meta.url)('electron') as unknown as string, [...root, ...flags, ROOT, '0']);
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
    await once(child, 'close');
    return text;
  };
  const usual = await said();
  expect(usual).toContain('a kiosk id is a whole number from 1 to 255');
  expect(usual).not.toMatch(/compiled anew/);
  expect(await said('--js-flags=--no-opt')).toContain('the compiled code beside the program is of another runtime');
});
