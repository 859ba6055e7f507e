import { Cluster, expect, result, test } from './cluster';
import { chip, openAlone, resize } from './desk';
import { Keys } from './keys';

/** A day without mouse or touch, from the first manager to the Z report. */

const alone = test.extend<{ one: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  one: async ({}, use) => {
    const cluster = await Cluster.make(['--event', 'match=100:1200'], 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});
alone.describe.configure({ timeout: 180_000 });

alone('the whole office by keyboard alone: the focus is seen, stays in a dialog, and returns from it', async ({ one }) => {
  const { app, page } = await openAlone(one);
  await resize(app, page, 1_024, 600);
  const keys = new Keys(page);
  const dialog = page.getByRole('dialog').last();
  // Gone from the page, too: one that is only closed has not told its screen yet.
  const closed = () => expect(page.locator('dialog')).toHaveCount(0);
  const send = () => keys.press('Enter').then(closed);
  const leave = () => keys.press('Escape').then(closed);

  // First run.
  await keys.use('Create a manager');
  await keys.at('Name');
  await keys.round('Create the first manager');
  await leave();
  await keys.at('Create a manager');
  await keys.press('Enter');
  await keys.type('Maria');
  await keys.fill('PIN, 4 to 12 digits', '4711');
  await keys.fill('The same PIN again', '4711');
  await keys.press('Enter');
  await expect(chip(page, 'Maria')).toBeVisible();

  // Language and looks; what lies on the counter is left alone by keys that belong to a dialog.
  await keys.press('2');
  await keys.use(/^Maria: shift/);
  await keys.round('Maria');
  await keys.press('7', 'Escape');
  await closed();
  await keys.at(/^Maria: shift/);
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await keys.press('Enter');
  await keys.use('Language and looks');
  await keys.to('System');
  await keys.press('ArrowRight', 'ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await keys.to('English');
  await keys.press('ArrowRight');
  await expect(dialog).toHaveAccessibleName('Sprache und Darstellung');
  const menu = () => app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  await expect.poll(menu).toEqual(['Kiosk', 'Bearbeiten', 'Ansicht']);
  await keys.press('ArrowLeft');
  await keys.use('Done');
  await closed();
  await keys.at(/^Maria: shift/);

  // The drawer.
  await keys.use('Shift');
  await keys.use('Open a shift');
  await keys.at('Float');
  await keys.round('Open a shift');
  await keys.fill('Float', '10000');
  await keys.press('Enter');
  await expect(page.getByTestId('shift-report')).toContainText('X report');
  await keys.use('Put cash in');
  await keys.fill('Why', 'change');
  await keys.fill('Amount', '2000');
  await send();
  await keys.at('Put cash in');
  await keys.use('PDF');
  await expect(page.getByText('Saved as')).toBeVisible();

  // A sale with change, its print, a copy of it, and its void.
  await keys.use('Sell');
  await keys.use('Another amount');
  await keys.at('Cash given');
  await keys.round('Cash given');
  await leave();
  await keys.at('Another amount');
  await expect(page.getByTestId('cart')).toContainText('2 × Adult');
  await keys.press('Enter');
  await keys.type('5000');
  await send();
  await keys.to('Clear');
  await keys.use(/^Sell$/);
  await expect(dialog.getByRole('img')).toHaveCount(2);
  await keys.at('Print');
  await keys.round('Print tickets');
  await keys.use('Print');
  await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
  await keys.at('Done');
  await send();
  await expect(result(page)).toContainText('Change$26.00');
  await keys.use('Sales');
  await keys.use(/^2 × match/);
  await keys.use('Print');
  await expect(dialog.getByRole('img')).toHaveCount(2);
  await keys.at('Print');
  await keys.press('Enter');
  await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
  await send();
  await keys.at('Print');
  await keys.use('Void');
  await keys.round(/^Void sale/);
  await keys.use('Wrong tickets');
  await keys.use('Void the sale');
  await closed();
  await expect(page.getByTestId('sale-details')).toHaveAttribute('data-status', 'void');

  // The programme.
  await keys.use('Events');
  await keys.use('New event');
  await keys.at('Name');
  await keys.type('Gala');
  await keys.fill('Name of category 1', 'Everybody');
  await keys.fill('Price of category 1', '20');
  await send();
  await keys.at('New event');
  await keys.use('Close Gala');
  await keys.at('Cancel');
  await keys.use('Close');
  await expect(page.getByTestId('event-gala')).toHaveAttribute('data-open', 'false');
  await keys.use('Open Gala');
  await expect(page.getByTestId('event-gala')).toHaveAttribute('data-open', 'true');

  // Clerks.
  await keys.use('Clerks');
  await keys.use('New clerk');
  await keys.at('Name');
  await keys.type('Tom');
  await keys.to('Void sales');
  await keys.press('Space');
  await keys.fill('PIN, 4 to 12 digits', '2222');
  await send();
  await keys.use('Change Tom');
  await expect(dialog.getByRole('checkbox', { name: 'Void sales' })).toBeChecked();
  await keys.round('Change Tom');
  await leave();
  await keys.at('Change Tom');

  // The gate, where a scanner types.
  await keys.use('Gate');
  await keys.at('Scan a ticket');
  await keys.type('4006381333931');
  await keys.press('Enter');
  await expect(page.getByTestId('verdict')).toContainText('No ticket of this site');
  await keys.to('Let in');
  await keys.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Only check' })).toBeChecked();

  // Kiosks.
  await keys.use('Kiosks');
  await keys.use('Remove kiosk 1');
  await keys.round('Remove kiosk 1 from the site?');
  await leave();
  await keys.at('Remove kiosk 1');
  await keys.fill('Kiosk id (1 to 255)', 'x');
  await keys.press('Enter');
  await expect(page.getByTestId('change-result')).toHaveAttribute('data-state', 'refused');

  // Figures and files, the log, the console.
  await keys.use('Reports');
  await keys.to('Today');
  await keys.press('ArrowRight', 'ArrowLeft');
  await keys.use('CSV');
  await expect(page.getByTestId('exported')).toContainText('rows saved as');
  await keys.use('Log');
  await keys.fill('Go to slot', '1');
  await keys.press('Enter');
  await expect(page.locator('.log-row').last()).toContainText('Site opened by kiosks 1');
  await keys.to('Committed log');
  await keys.press('Home');
  await keys.use('Console');
  await keys.at('Command');
  await keys.type('status');
  await keys.press('Enter');
  await expect(page.getByRole('log')).toContainText('kiosk 1 is leader');

  // Counted, closed, and somebody else's turn.
  await keys.use('Shift');
  await keys.use('Count and close');
  await keys.type('12000');
  await send();
  await expect(page.getByTestId('shift-report')).toContainText('Z report 1');
  await keys.use(/^Maria: shift/);
  await keys.use(/^Sign out/);
  await expect(page.getByRole('heading', { name: 'Who is selling?' })).toBeVisible();
  await keys.use('Tom');
  await keys.at('PIN of Tom');
  await keys.type('0000');
  await keys.press('Enter');
  await expect(page.getByTestId('sign-in-failure')).toBeVisible();
  await keys.at('PIN of Tom');
  await keys.type('2222');
  await keys.press('Enter');
  await expect(chip(page, 'Tom')).toBeVisible();
  await keys.use(/^Tom: shift/);
  await keys.use(/^Lock the screen/);
  await keys.at('PIN of Tom');
  await keys.type('2222');
  await keys.press('Enter');
  await expect(chip(page, 'Tom')).toBeVisible();
});
