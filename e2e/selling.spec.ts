import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, result, sell, sellAndDismiss, test } from './cluster';
import { Keys } from './keys';
import { blind, codesOf, verified, wordsOf } from './printed';

test('golden path: four touches from an event to printed tickets, seen at every kiosk', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const page = cluster.page(1);
  await sell(page, 2, 'match');
  await expect(result(page)).toHaveAttribute('data-state', 'sold');
  await expect(result(page)).toContainText('Tickets 1-2');
  await expect(result(page)).toContainText('$24.00');
  const dialog = page.getByRole('dialog', { name: 'Print tickets' });
  await expect(dialog.getByRole('img')).toHaveCount(2);
  await expect(dialog.getByRole('button', { name: 'Print' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
  const files = await readdir(path.join(cluster.dataFolder(1), 'tickets'));
  expect(files).toEqual([expect.stringMatching(/^match-sale-\d+\.\d+-qk-1-[0-9a-f]{16}\.pdf$/)]);
  const pdf = await readFile(path.join(cluster.dataFolder(1), 'tickets', files[0]!), 'latin1');
  expect(pdf.startsWith('%PDF-')).toBe(true);
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
  // 80 x 127 mm in points.
  expect(pdf).toMatch(/\/MediaBox \[0 0 22[67][\d.]* 360[\d.]*\]|\/MediaBox \[0 0 22[67][\d.]* 359[\d.]*\]/);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  // The last sale stays on the screen, and a second Enter sells nothing.
  await page.keyboard.press('Enter');
  await expect(result(page)).toContainText('Tickets 1-2');
  for (const id of [2, 3]) await expect(cluster.page(id).locator('.event', { hasText: 'match' })).toContainText('98 of 100 left');
});

test("the leader's window is closed while sales run: the others sell on, and the reopened one remembers", async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const leader = await cluster.leader(1);
  const [other = 0, third = 0] = [1, 2, 3].filter((id) => id !== leader);
  expect(await sellAndDismiss(cluster.page(leader), 3)).toBe('Tickets 1-3');
  const signal = await cluster.close(leader);
  expect(signal).toBe('SIGKILL');
  const began = Date.now();
  expect(await sellAndDismiss(cluster.page(other), 2)).toBe('Tickets 4-5');
  // From the crash, over the election, two touches and the commit.
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(await sellAndDismiss(cluster.page(third), 1)).toBe('Ticket 6');
  await cluster.open(leader);
  await cluster.selling(leader);
  await expect(cluster.page(leader).locator('.event', { hasText: 'match' })).toContainText('94 of 100 left');
  expect(await sellAndDismiss(cluster.page(leader), 1)).toBe('Ticket 7');
});

test('two more kiosks are started and added from the window', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  await sellAndDismiss(cluster.page(2), 4);
  await cluster.openAll([4, 5]);
  const page = cluster.page(2);
  await page.getByRole('navigation').getByRole('button', { name: 'Kiosks' }).click();
  const keys = new Keys(page);
  // As each says itself.
  for (const id of [1, 2, 3, 4, 5]) await expect(page.getByTestId(`kiosk-${id}`)).toContainText('PDF to a folder');
  for (const id of [4, 5]) {
    await keys.use(`Add kiosk ${id}`);
    await expect(page.getByTestId(`kiosk-${id}`)).toHaveAttribute('data-standing', 'member');
    await expect(page.getByTestId('change-result')).toHaveAttribute('data-state', 'done');
  }
  await expect(page.getByTestId('majority-bar')).toContainText('5 of 5 kiosks');
  // What was sold before they came is known to them, and three of five are needed now.
  expect(await sellAndDismiss(cluster.page(5), 1)).toBe('Ticket 5');
  await cluster.close(1);
  await cluster.close(3);
  expect(await sellAndDismiss(cluster.page(4), 1)).toBe('Ticket 6');
  // And one is removed again.
  await keys.use('Remove kiosk 1');
  await keys.use('Remove');
  await expect(page.getByTestId('kiosk-1')).not.toHaveAttribute('data-standing', 'member');
});

test('one kiosk of three alone refuses and says why, and sells again when a second one returns', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  await sellAndDismiss(cluster.page(3), 1);
  await cluster.close(1);
  await cluster.close(2);
  const page = cluster.page(3);
  await expect(page.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'cut_off');
  await expect(page.getByTestId('majority-bar')).toContainText('Cut off');
  await expect(page.getByText('this kiosk reaches 1 of 3 members')).toBeVisible();
  await page.getByRole('navigation').getByRole('button', { name: 'Kiosks' }).click();
  await expect(page.getByTestId('kiosk-1')).toContainText(/Not linked, heard (just now|\d+ s ago)/);
  await expect(page.getByTestId('kiosk-3')).toContainText('up to date');
  await expect(page.getByTestId('mesh').getByRole('img')).toHaveAccessibleName(/^Who reaches whom\.?$/);
  for (const name of ['Remove kiosk 1', 'Make kiosk 1 the leader']) await expect(page.getByRole('button', { name })).toBeDisabled();
  await page.getByRole('navigation').getByRole('button', { name: 'Sell' }).click();
  await page.getByRole('button', { name: '2', exact: true }).click();
  await expect(page.locator('.sell-button')).toBeDisabled();
  // The console answers in words, at once.
  await page.getByRole('navigation').getByRole('button', { name: 'Console' }).click();
  await page.getByRole('textbox', { name: 'Command' }).fill('buy 1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('buy: no_majority: nothing was sold');
  await page.getByRole('textbox', { name: 'Command' }).fill('show');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('last known, not confirmed');
  await cluster.open(2);
  await cluster.selling(3);
  await page.getByRole('navigation').getByRole('button', { name: 'Sell' }).click();
  expect(await sellAndDismiss(page, 1)).toBe('Ticket 2');
});

test('two kiosks race for the last ticket: one sells, the other hears that it is sold out', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const first = cluster.page(1);
  const second = cluster.page(2);
  const pages = [first, second];
  for (const n of [8, 1]) {
    await sell(first, n, 'final');
    await first.getByRole('button', { name: 'Later' }).click();
  }
  for (const page of pages) {
    await page.locator('.event', { hasText: 'final' }).click();
    await expect(page.locator('.event', { hasText: 'final' })).toContainText('Only 1 left');
    await page.getByRole('button', { name: '1', exact: true }).click();
    await expect(page.locator('.sell-button')).toBeEnabled();
  }
  // Both touches at one moment of the machine's clock: neither screen can know of the other's sale.
  const at = Date.now() + 1_000;
  await Promise.all(
    pages.map((page) =>
      page.locator('.sell-button').evaluate(
        (button, moment) =>
          new Promise<void>((resolve) => {
            const touch = () => {
              while (Date.now() < moment);
              (button as HTMLButtonElement).click();
              resolve();
            };
            setTimeout(touch, moment - Date.now() - 50);
          }),
        at,
      ),
    ),
  );
  await expect(async () => {
    const states = await Promise.all(pages.map((page) => result(page).getAttribute('data-state')));
    expect(states.sort()).toEqual(['refused', 'sold']);
  }).toPass({ timeout: 15_000 });
  const loser = (await result(first).getAttribute('data-state')) === 'refused' ? first : second;
  await expect(result(loser)).toContainText('sold out');
  await expect(loser.locator('.event', { hasText: 'final' })).toContainText('Sold out');
  await expect(loser.locator('.event', { hasText: 'final' })).toBeDisabled();
});

test('fewer are left than asked for: the rest is offered, and one touch sells it', async ({ cluster }) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const page = cluster.page(1);
  await sell(page, 8, 'final');
  await page.getByRole('button', { name: 'Later' }).click();
  await page.locator('.event', { hasText: 'final' }).click();
  await sell(page, 5);
  await expect(result(page)).toHaveAttribute('data-state', 'refused');
  await expect(result(page)).toContainText('Kiosk 1 · code not_enough');
  await page.getByRole('button', { name: 'Only 2 left. Sell 2?' }).click();
  await expect(result(page)).toContainText('Tickets 9-10');
});

test('a sale whose end is not known is "checking", outlives a reload and a crash of the page, and is told when it is known (S19)', async ({
  cluster,
}) => {
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const leader = await cluster.leader(1);
  const others = [1, 2, 3].filter((id) => id !== leader);
  const { app, page } = cluster.kiosk(leader);
  await page.getByRole('button', { name: '4', exact: true }).click();
  // The others fall asleep with the sale on its way: it is in the leader's journal, and nobody can tell its end.
  for (const id of others) cluster.signal(id, 'SIGSTOP');
  await page.locator('.sell-button').click();
  await expect(result(page)).toHaveAttribute('data-state', 'checking');
  await expect(result(page)).toContainText('Checking');
  await expect(page.locator('.sell-button')).toBeDisabled();
  await page.reload();
  await expect(result(page)).toHaveAttribute('data-state', 'checking');
  // The next customer's order is on the counter when the page's process dies.
  await page.getByRole('button', { name: '3', exact: true }).click();
  await expect(page.locator('.till-amount')).toHaveText('$36.00');
  await app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const { webContents } = BrowserWindow.getAllWindows().find((window) => window.isVisible())!;
        webContents.once('did-finish-load', () => resolve());
        webContents.forcefullyCrashRenderer();
      }),
  );
  // Playwright has nothing more to do with a page that crashed: the new one is asked through its window.
  const shows = (selector: string, property = 'textContent') =>
    app.evaluate(
      ({ BrowserWindow }, script) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.isVisible())!
          .webContents.executeJavaScript(script) as Promise<string | undefined>,
      `document.querySelector(${JSON.stringify(selector)})?.${property}`,
    );
  await expect.poll(() => shows('[data-testid="result"]', 'dataset.state')).toBe('checking');
  expect(await shows('.till-amount')).toBe('$36.00');
  for (const id of others) cluster.signal(id, 'SIGCONT');
  await expect.poll(() => shows('dialog[open]'), { timeout: 30_000 }).toMatch(/Sale \d+\.\d+ · 4 tickets/);
  await expect.poll(() => shows('.event')).toContain('96 of 100 left');
  expect(await shows('[data-testid="cart"]')).toContain('3 × Adult');
});

test('what is printed can be read: the words of a ticket, and a code that the site has signed', async ({ cluster }) => {
  const why = blind();
  test.skip(why !== null, why ?? '');
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const page = cluster.page(1);
  await sell(page, 3, 'match');
  const dialog = page.getByRole('dialog', { name: 'Print tickets' });
  const folder = path.join(cluster.dataFolder(1), 'tickets');
  await dialog.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
  const [tickets = ''] = await readdir(folder);
  const words = await wordsOf(path.join(folder, tickets));
  for (const part of ['ADMIT ONE', 'Adult', '$12.00', 'operator']) expect(words).toContain(part);
  const expected = [1, 2, 3].map((number) => ({ ok: true, event: 'match', number, sale: expect.stringMatching(/^\d+\.1$/) }));
  const codes = await codesOf(path.join(folder, tickets));
  expect(await Promise.all([...codes].map((code) => verified(code, cluster.site)))).toEqual(expect.arrayContaining(expected));
  // A sheet of A4 has the same codes, and says that these are copies.
  await dialog.getByLabel('Paper').selectOption({ label: 'A4' });
  await dialog.getByRole('button', { name: 'Print copies' }).click();
  await expect.poll(async () => (await readdir(folder)).filter((name) => name.endsWith('.pdf')).length).toBe(2);
  const sheet = (await readdir(folder)).find((name) => name.endsWith('.pdf') && name !== tickets)!;
  expect(await wordsOf(path.join(folder, sheet))).toContain('COPY 1');
  // Of receipts there is one original, too.
  await dialog.getByLabel('Paper').selectOption({ label: 'Tickets' });
  const receipts: string[] = [];
  for (const button of ['Receipt', 'Receipt, copy 1', 'Receipt, copy 2']) {
    await dialog.getByRole('button', { name: button, exact: true }).click();
    const seen = new Set(receipts);
    const fresh = async () => (await readdir(folder)).filter((name) => /^receipt-.*\.pdf$/.test(name) && !seen.has(name));
    await expect.poll(fresh).toHaveLength(1);
    receipts.push(...(await fresh()));
  }
  const said = await Promise.all(receipts.map((name) => wordsOf(path.join(folder, name))));
  expect(said.map((text) => /COPY \d+/.exec(text)?.[0] ?? 'original')).toEqual(['original', 'COPY 1', 'COPY 2']);
  for (const text of said) expect(text).toContain('$36.00');
  expect([...(await codesOf(path.join(folder, sheet)))].sort()).toEqual([...codes].sort());
});
