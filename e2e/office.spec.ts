import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Cluster, expect, result, test } from './cluster';
import { addClerk, chip, createManager, go, openAlone, openShift, signIn, signOut, typeAmount } from './desk';
import { cleanInThemes, tidy } from './looks';
import { blind, coloursOf, wordsOf } from './printed';

/** A box office's day at one window: first run, drawer, payment, lock, void, gate, events. */

const SITE = ['--event', 'match=100:1200', '--event', 'final=10:500'];

const alone = test.extend<{ one: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  one: async ({}, use) => {
    const cluster = await Cluster.make(SITE, 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});

alone('first run: a manager, a drawer, cash with change, a lock that keeps the cart, and a Z report that adds up', async ({ one }) => {
  const { page } = await openAlone(one);
  await createManager(page, 'Maria', '4711');
  await page.getByRole('button', { name: '2', exact: true }).click();
  // Without a counted drawer nothing is sold.
  await expect(page.getByText('Open a shift to sell')).toBeVisible();
  await openShift(page, 10_000);
  await go(page, 'Sell');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await page.getByRole('button', { name: '$30.00 given' }).click();
  await expect(page.getByText('Change $6.00')).toBeVisible();

  // Locked, unlocked, loaded anew: the cart is still there.
  await chip(page, 'Maria').click();
  await page.getByRole('button', { name: /^Lock the screen/ }).click();
  await expect(page.getByText('The cart of Maria is kept.')).toBeVisible();
  await page.getByLabel('PIN of Maria').fill('9999');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('sign-in-failure')).toContainText('This is not the PIN');
  await page.getByLabel('PIN of Maria').fill('4711');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  // Before the page is loaded: a timer of an earlier clock could not be stopped by this one.
  await page.clock.install();
  await page.reload();
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');

  // Left alone for five minutes, on a clock of its own: it locks itself, and the cart is still there.
  await page.keyboard.press('Shift');
  await page.clock.fastForward('04:30');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await page.keyboard.press('Shift');
  await page.clock.fastForward('04:30');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await page.clock.fastForward('00:30');
  await expect(page.getByText('The cart of Maria is kept.')).toBeVisible();
  await page.getByLabel('PIN of Maria').fill('4711');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await page.clock.resume();

  await page.getByRole('button', { name: '$30.00 given' }).click();
  await page.locator('.sell-button').click();
  await expect(page.getByTestId('change-due')).toContainText('$6.00');
  await page.getByRole('button', { name: 'Later' }).click();
  // The last sale stays, over a reload too, and is not offered for printing by itself again.
  await page.reload();
  await expect(result(page)).toContainText('Tickets 1-2');
  await expect(page.getByRole('dialog')).toBeHidden();
  // By card, and free of the drawer.
  await page.getByRole('button', { name: '1', exact: true }).click();
  await page.getByRole('button', { name: 'Card', exact: true }).click();
  await page.locator('.sell-button').click();
  await page.getByRole('button', { name: 'Later' }).click();

  await go(page, 'Shift');
  await page.getByRole('button', { name: 'Take cash out' }).click();
  await page.getByLabel('Why').fill('to the safe');
  await typeAmount(page, 'Amount', 5_000);
  await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await expect(page.getByTestId('shift-report')).toContainText('-$50.00');
  await expect(page.getByTestId('shift-report')).toContainText('Expected in the drawer$74.00');
  await page.getByRole('button', { name: 'Count and close' }).click();
  await typeAmount(page, 'Counted', 7_300);
  await page.getByRole('button', { name: 'Close the shift' }).click();
  const z = page.getByTestId('shift-report');
  await expect(z).toContainText('Z report 1');
  await expect(z).toContainText('Difference-$1.00');

  // Her drawer is counted and closed: no cash leaves it any more.
  await go(page, 'Sales');
  await page.getByTestId('sales').getByRole('button').nth(1).click();
  await page.getByTestId('sale-details').getByRole('button', { name: 'Void' }).click();
  await page.getByRole('button', { name: 'Wrong tickets' }).click();
  await page.getByRole('button', { name: 'Void the sale' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Maria has no open shift at this kiosk; open one');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep the sale' }).click();
  await expect(page.getByTestId('sale-details')).toHaveAttribute('data-status', 'live');

  // The card sale goes back over its terminal; then screen, spreadsheet and page say the same.
  await page.getByTestId('sales').getByRole('button').first().click();
  await page.getByTestId('sale-details').getByRole('button', { name: 'Void' }).click();
  await page.getByRole('button', { name: 'Wrong tickets' }).click();
  await page.getByRole('button', { name: 'Void the sale' }).click();
  await expect(page.getByTestId('sale-details')).toHaveAttribute('data-status', 'void');
  await go(page, 'Reports');
  await expect(page.locator('.tile strong')).toHaveText(['$24.00', '2', '2', '$12.00']);
  const saved = async (button: string, pattern: RegExp) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    const said = page.getByTestId('exported').filter({ hasText: pattern });
    await expect(said).toBeVisible();
    return pattern.exec((await said.textContent()) ?? '')![1]!;
  };
  const table = (await readFile(await saved('CSV', /saved as (.+\.csv)$/), 'utf8')).split('\r\n').map((line) => line.split(','));
  expect(table[0]).toEqual([
    '\uFEFFby',
    'of',
    'name',
    'sales',
    'tickets',
    'amount',
    ...['sales', 'tickets', 'amount'].map((what) => `${what} given back`),
  ]);
  const figures = ['2', '3', '36.00', '1', '1', '12.00'];
  // Whatever it is counted by, it comes to the totals.
  expect(table.find(([by]) => by === 'total')!.slice(3)).toEqual(figures);
  for (const by of ['event', 'category', 'hour', 'kiosk', 'clerk', 'payment']) {
    const rows = table.filter(([kind]) => kind === by).map((row) => row.slice(3).map(Number));
    expect(
      rows.reduce((sums, row) => sums.map((sum, at) => sum + row[at]!), [0, 0, 0, 0, 0, 0]),
      by,
    ).toEqual(figures.map(Number));
  }
  const pdf = await saved('PDF', /Saved as (.+\.pdf)$/);
  const why = blind();
  alone.skip(why !== null, why ?? '');
  const words = await wordsOf(pdf);
  // Each table has the same total, in the money of the site.
  for (const part of ['$24.00', '$12.00', 'match', 'Maria', 'Cash', 'Card', 'Kiosk 1']) expect(words).toContain(part);
  expect(words.match(/\$24\.00/g)!.length).toBeGreaterThanOrEqual(5);
  // By night and in high contrast it is the same page: what is drawn for a dark screen would not be seen on paper.
  const byDay = await coloursOf(pdf);
  for (const theme of ['dark', 'contrast'] as const) {
    await page.evaluate((worn) => window.kiosk.setSettings({ language: 'en', theme: worn, lockMinutes: 5 }), theme);
    await page.reload();
    await go(page, 'Reports');
    await expect(page.getByTestId('report').locator('canvas')).toBeVisible();
    expect(await coloursOf(await saved('PDF', /Saved as (.+\.pdf)$/)), theme).toEqual(byDay);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
  // And nothing of the window around it.
  for (const part of ['Console', 'Printing', 'CSV', 'Selling']) expect(words).not.toContain(part);
});

alone('a Z report stays as it is, and what was given up after it stands below it', async ({ one }, info) => {
  const { page } = await openAlone(one);
  await createManager(page, 'Maria', '4711');
  await openShift(page, 10_000);
  const ask = (request: Parameters<typeof window.kiosk.execute>[0]) =>
    page.evaluate(async (asked) => {
      const answer = await window.kiosk.execute(asked);
      return answer.ok && answer.value.ok;
    }, request);
  expect(await ask({ op: 'buy', id: 'late', items: [{ n: 2 }] })).toBe(true);
  await page.getByRole('button', { name: 'Count and close' }).click();
  await typeAmount(page, 'Counted', 10_000);
  await page.getByRole('button', { name: 'Close the shift' }).click();
  const z = page.getByTestId('shift-report');
  await expect(z).toContainText('Difference-$24.00');
  await expect(z).not.toContainText('given up');
  expect(await ask({ op: 'cancel', target: 'late' })).toBe(true);
  // The one that lies there, and the one in the list.
  for (const looked of [false, true]) {
    if (looked) await page.getByRole('region', { name: 'Reports' }).getByRole('button', { name: 'Z report 1' }).click();
    await expect(z).toContainText('Expected in the drawer$124.00');
    await expect(z).toContainText('Difference-$24.00');
    await expect(z).toContainText('1 sale given up since, Cash-$24.00');
    await expect(z).toContainText('Expected without them$100.00');
    await expect(z).toContainText('Difference without them$0.00');
  }
  await tidy(page, 'z-given-up');
  await cleanInThemes(page, 'z-given-up');
  await page.screenshot({ path: info.outputPath('z.png') });
});

alone('a machine that slept longer than it may stand alone is locked when it wakes up, and the cart is kept', async ({ one }) => {
  const { app, page } = await openAlone(one);
  await createManager(page, 'Maria', '4711');
  await openShift(page, 10_000);
  await go(page, 'Sell');
  await page.getByRole('button', { name: '2', exact: true }).click();
  const wake = () => app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  const cart = page.getByTestId('cart');
  const open = async () => {
    await expect(page.getByText('The cart of Maria is kept.')).toBeVisible();
    await page.getByLabel('PIN of Maria').fill('4711');
    await page.keyboard.press('Enter');
    await expect(cart).toContainText('2 × Adult');
  };
  // As in a sleep: the day goes on, and every timer of the page stands still. A page of that clock from its beginning.
  await page.clock.install();
  await page.reload();
  await expect(cart).toContainText('2 × Adult');
  let day = Date.now() + 60_000;
  await page.clock.pauseAt(day);
  const sleep = (minutes: number) => {
    day += minutes * 60_000;
    return page.clock.setSystemTime(day);
  };
  await page.keyboard.press('Shift');
  await sleep(4.9);
  await wake();
  await page.evaluate(() => window.kiosk.view());
  await expect(cart).toContainText('2 × Adult');
  await sleep(0.2);
  await expect(cart).toContainText('2 × Adult');
  await wake();
  await open();
  // Where the system says nothing of a sleep: whoever touches it first, or the page's next look.
  await sleep(6);
  await page.keyboard.press('Shift');
  await open();
  await sleep(6);
  await page.clock.runFor(1_000);
  await open();
});

alone('a seller voids with the PIN of a manager; the sale, its reason and both names stand in the list', async ({ one }) => {
  const { page } = await openAlone(one);
  await createManager(page, 'Maria', '4711');
  await addClerk(page, 'Tom', '2222', ['Sell']);
  await signOut(page, 'Maria');
  await signIn(page, 'Tom', '2222');
  await openShift(page, 0);
  // What Tom may not use is not shown to him.
  await expect(page.getByRole('navigation').getByRole('button')).toHaveText(['Sell', 'Sales', 'Printing', 'Shift']);
  await go(page, 'Sell');
  await page.getByRole('button', { name: '3', exact: true }).click();
  await page.locator('.sell-button').click();
  await page.getByRole('button', { name: 'Later' }).click();
  await go(page, 'Sales');
  await page.getByTestId('sales').getByRole('button').first().click();
  const details = page.getByTestId('sale-details');
  await expect(details).toBeVisible();
  // Another ticket is scanned, which nobody sold: what could be voided now would be the sale of the one before.
  const scan = page.locator('.sales-text input');
  await scan.fill('99.9');
  await expect(details).toBeHidden();
  await expect(page.getByTestId('sales').getByRole('heading', { name: 'No sale fits' })).toBeVisible();
  await scan.fill('');
  await page.getByTestId('sales').getByRole('button').first().click();
  await details.getByRole('button', { name: 'Void' }).click();
  await page.getByRole('button', { name: 'Wrong tickets' }).click();
  await page.getByRole('button', { name: 'Void the sale' }).click();
  const manager = page.getByRole('dialog', { name: 'Ask a manager' });
  await manager.getByLabel('PIN').fill('0000');
  await manager.getByRole('button', { name: 'Allow' }).click();
  await expect(manager.getByRole('alert')).toContainText('Kiosk 1 · code wrong_pin');
  await manager.getByLabel('PIN').fill('4711');
  await manager.getByRole('button', { name: 'Allow' }).click();
  await expect(details).toHaveAttribute('data-status', 'void');
  await expect(details).toContainText('allowed by Maria');
  await expect(details).toContainText('Wrong tickets');
  await go(page, 'Sell');
  await expect(page.locator('.event', { hasText: 'match' })).toContainText('100 of 100 left');

  // Where printing failed the same rule holds, and nothing comes of it before a manager has spoken.
  await writeFile(path.join(one.dataFolder(1), 'tickets'), 'no folder');
  await page.getByRole('button', { name: '2', exact: true }).click();
  await page.locator('.sell-button').click();
  const print = page.getByRole('dialog', { name: 'Print tickets' });
  await print.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print.getByRole('alert')).toContainText('tickets');
  await print.getByRole('button', { name: 'Later' }).click();
  await go(page, 'Printing');
  const failed = page.getByTestId('print-row');
  await failed.getByRole('button', { name: 'Void' }).click();
  await expect(page.getByRole('textbox', { name: 'In words' })).toHaveValue('not printed');
  await page.getByRole('button', { name: 'Void the sale' }).click();
  await manager.getByRole('button', { name: 'Cancel' }).click();
  await expect(failed).toHaveAttribute('data-state', 'failed');
  await page.getByRole('button', { name: 'Void the sale' }).click();
  await manager.getByLabel('PIN').fill('4711');
  await manager.getByRole('button', { name: 'Allow' }).click();
  await expect(failed).toHaveCount(0);
  await go(page, 'Sales');
  await expect(page.getByTestId('sales').locator('.row-void')).toHaveCount(2);

  // Tom goes home without counting his drawer: a manager does it for him, and nobody else.
  await go(page, 'Shift');
  await expect(page.getByTestId('shift-report')).toContainText('X report');
  await expect(page.getByRole('button', { name: /^Count and close shift/ })).toHaveCount(0);
  await signOut(page, 'Tom');
  await signIn(page, 'Maria', '4711');
  await go(page, 'Shift');
  await page.getByRole('button', { name: /^X report, shift 1/ }).click();
  await page.getByRole('button', { name: 'Count and close shift 1' }).click();
  await expect(page.getByRole('dialog')).toContainText('Tom, kiosk 1, opened');
  await typeAmount(page, 'Counted', 500);
  await page.getByRole('button', { name: 'Close the shift' }).click();
  const z = page.getByTestId('shift-report');
  await expect(z).toContainText('Z report 1');
  await expect(z).toContainText('Closed by Maria');
  await expect(z).toContainText('Difference$5.00');
});

alone('the gate lets a ticket in once, says when the first was, and knows what is no ticket', async ({ one }) => {
  const { page } = await openAlone(one);
  await page.getByRole('button', { name: '1', exact: true }).click();
  await page.locator('.sell-button').click();
  await expect(page.getByRole('dialog').getByRole('img')).toHaveCount(1);
  const sale = /Sale (\d+\.\d+)/.exec((await page.getByRole('dialog').textContent()) ?? '')![1]!;
  const documents = await page.evaluate((id) => window.kiosk.tickets(id), sale);
  const code = documents.ok ? documents.value[0]!.code : '';
  await page.getByRole('button', { name: 'Later' }).click();
  await go(page, 'Gate');
  const verdict = page.getByTestId('verdict');
  const scan = async (text: string) => {
    // A scanner is a keyboard: the field has the focus by itself.
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  await page.getByText('Only check').click();
  await scan(code);
  await expect(verdict).toContainText('Good ticket');
  await page.getByText('Let in', { exact: true }).click();
  await scan(code);
  await expect(verdict).toContainText('Let in');
  await expect(verdict).toHaveAttribute('data-tone', 'good');
  await scan(code);
  await expect(verdict).toContainText('Used before');
  await expect(verdict).toContainText('at kiosk 1 by operator');
  await expect(verdict).toContainText('Kiosk 1 · code used_before');
  await scan('4006381333931');
  await expect(verdict).toContainText('No ticket of this site');
  await expect(verdict).toContainText('Kiosk 1 · code code_unreadable');
  // Somebody touched beside the field: what is scanned then is not lost.
  await page.getByTestId('verdict').click();
  await scan(code);
  await expect(verdict).toContainText('Used before');
  // The same code finds its sale, whatever was touched before; what a list of filters has is no place for it.
  await go(page, 'Sales');
  await page.getByLabel('When').selectOption('All');
  await page.getByRole('combobox', { name: 'Kiosk' }).focus();
  await scan(code);
  const details = page.getByTestId('sale-details');
  await expect(details).toHaveAttribute('data-sale', sale);
  // Voided by hand: at the gate it is told when and where.
  await details.getByRole('button', { name: 'Void' }).click();
  await page.getByRole('button', { name: 'Wrong tickets' }).click();
  await page.getByRole('button', { name: 'Void the sale' }).click();
  await expect(details).toHaveAttribute('data-status', 'void');
  await go(page, 'Gate');
  await scan(code);
  await expect(verdict).toContainText('Void ticket');
  await expect(verdict).toContainText(/Given back .* at kiosk 1 by operator\. Let nobody in with it\./);
});

alone('events are made, changed and closed in the window, and never cut below what is sold', async ({ one }) => {
  const { page } = await openAlone(one);
  await page.locator('.event', { hasText: 'final' }).click();
  await page.getByRole('button', { name: '6', exact: true }).click();
  await page.locator('.sell-button').click();
  await page.getByRole('button', { name: 'Later' }).click();
  await go(page, 'Events');
  await page.getByRole('button', { name: 'Change final' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tickets in all').fill('5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Kiosk 1 · code below_sold');
  await dialog.getByLabel('Tickets in all').fill('8');
  await dialog.getByLabel('Price of category 1').fill('7,50');
  await dialog.getByRole('button', { name: 'Add a category' }).click();
  await dialog.getByLabel('Name of category 2').fill('Child');
  await dialog.getByLabel('Price of category 2').fill('0');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('event-result')).toContainText('final is saved');
  await expect(page.getByTestId('event-final')).toContainText('6 of 8 sold');
  await page.getByRole('button', { name: 'Close match' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByTestId('event-match')).toHaveAttribute('data-open', 'false');
  await page.getByRole('button', { name: 'New event' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Grand Gala');
  await dialog.getByLabel('Name of category 1').fill('Everybody');
  await dialog.getByLabel('Price of category 1').fill('20');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await go(page, 'Sell');
  await expect(page.locator('.event', { hasText: 'match' })).toBeDisabled();
  await page.locator('.event', { hasText: 'Grand Gala' }).click();
  await page.getByRole('button', { name: '2', exact: true }).click();
  await expect(page.locator('.till-amount')).toHaveText('$40.00');
  // Several events, one command.
  await page.locator('.event', { hasText: 'final' }).click();
  await page.locator('.choice', { hasText: 'Child' }).click();
  await page.getByRole('button', { name: '1', exact: true }).click();
  await page.locator('.sell-button').click();
  await expect(result(page)).toContainText('Tickets 1-2');
  await expect(result(page)).toContainText('Ticket 7');
});
