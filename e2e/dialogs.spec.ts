import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { Cluster, expect, SEASON, sell, test } from './cluster';
import { addClerk, chip, createManager, go, openAlone, openShift, resize, signIn, signOut, typeAmount } from './desk';
import { cleanInThemes, tidy } from './looks';

/** Every dialog, and who stands before a closed kiosk: what axe finds, contrasts in all themes, sizes of what is touched. */

const office = test.extend<{ one: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  one: async ({}, use) => {
    const cluster = await Cluster.make(SEASON, 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});
// Some thirty dialogs in one window, each in three themes.
office.describe.configure({ timeout: 300_000 });

office(
  'every dialog and the screens before sign-in: nothing that axe finds, in three themes, and nothing too small',
  async ({ one }, info) => {
    const { app, page } = await openAlone(one);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // Where room is short.
    await resize(app, page, 1_024, 600);
    const look = async (name: string) => {
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
      await tidy(page, name);
      await cleanInThemes(page, name);
    };
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
    const dialog = page.getByRole('dialog').last();
    /** What is told on the phone. */
    const code = (within: Locator, what: string) => expect(within.getByTestId('fault-code')).toHaveText(`Kiosk 1 · code ${what}`);
    const put = async (name: string) => {
      await dialog.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog')).toHaveCount(0);
    };

    await button('Create a manager').click();
    await look('set-up');
    await put('Later');
    await createManager(page, 'Maria Lopez', '4711');
    await chip(page, 'Maria Lopez').click();
    await look('clerk-menu');
    await dialog.getByRole('button', { name: 'Language and looks' }).click();
    await look('settings');
    await put('Done');

    await go(page, 'Shift');
    await button('Open a shift').click();
    await typeAmount(page, 'Float', 10_000);
    await look('shift-open');
    await put('Cancel');
    await openShift(page, 10_000);
    await button('Put cash in').click();
    await look('cash-in');
    await put('Cancel');
    await button('Take cash out').click();
    await typeAmount(page, 'Amount', 90_000);
    await dialog.getByLabel('Why').fill('to the safe');
    await dialog.getByRole('button', { name: 'Take out' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await code(dialog, 'drawer_short');
    await look('cash-out-refused');
    await put('Cancel');
    await button('Count and close').click();
    await look('shift-close');
    await put('Cancel');

    await go(page, 'Sell');
    await page.locator('.event', { hasText: 'UCLA' }).click();
    await button('2').click();
    await button('Another amount').click();
    await look('cash-given');
    await typeAmount(page, 'Cash given', 20_000);
    await put('Take it');
    await page.locator('.sell-button').click();
    await expect(dialog.getByRole('img')).toHaveCount(2);
    await look('print');
    await dialog.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(dialog.getByTestId('print-job')).toContainText('Saved as');
    await look('printed');
    await put('Done');
    await look('sold');
    // Where the folder of tickets can't be written to, a print fails and asks.
    const tickets = path.join(one.dataFolder(1), 'tickets');
    await rename(tickets, `${tickets}-before`);
    await writeFile(tickets, '');
    await sell(page, 1, 'Cal Poly');
    await dialog.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(dialog.getByTestId('print-job')).toHaveAttribute('data-stage', 'trouble');
    await code(dialog.getByTestId('print-job'), 'not_written');
    await look('not-printed');
    await put('Later');
    await go(page, 'Printing');
    await code(page.getByTestId('print-row').first(), 'not_written');
    await button('Void').first().click();
    await look('job-void');
    await put('Keep the sale');
    await go(page, 'Sell');
    await sell(page, 1, 'UCLA');
    await put('Later');
    await button('Look').click();
    await look('open-sales');
    await put('Close');

    await go(page, 'Sales');
    await button('CSV').click();
    await expect(page.getByTestId('exported')).toContainText('rows saved as');
    await look('exported');
    await page.getByTestId('sales').getByRole('button').first().click();
    await button('Void').click();
    await look('void');
    await put('Keep the sale');

    await go(page, 'Events');
    await button('New event').click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    // A slip of one's own hand is nothing to phone about.
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(dialog.getByTestId('fault-code')).toHaveCount(0);
    await look('event-new');
    await put('Cancel');
    await page
      .getByRole('button', { name: /^Close UC/ })
      .first()
      .click();
    await look('event-close');
    await put('Cancel');

    await go(page, 'Clerks');
    await button('New clerk').click();
    await dialog.getByLabel('PIN, 4 to 12 digits').focus();
    await look('clerk-new');
    await put('Cancel');
    await addClerk(page, 'Tom Fischer', '2222', ['Sell', 'Let in']);

    await go(page, 'Kiosks');
    await button('Remove kiosk 1').click();
    await look('kiosk-remove');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    // The last one stays.
    await expect(page.getByTestId('change-result')).toHaveAttribute('data-state', 'refused');
    await code(page.getByTestId('change-result'), 'change_not_allowed');
    await look('kiosk-refused');

    await go(page, 'Log');
    // Asked at once, they share an entry.
    await page.evaluate(() => Promise.all(Array.from({ length: 8 }, () => window.kiosk.execute({ op: 'buy', items: [{ n: 1 }] }))));
    await page
      .getByRole('button', { name: /^All \d+ commands of slot/ })
      .first()
      .click();
    await look('log-entry');
    await put('Close');

    await gate(page, look);

    await signOut(page, 'Maria Lopez');
    await look('sign-in');
    await signIn(page, 'Tom Fischer', '9999');
    await expect(page.getByTestId('sign-in-failure')).toBeVisible();
    await code(page.getByTestId('sign-in-failure'), 'wrong_pin');
    await look('sign-in-failed');
    await signIn(page, 'Tom Fischer', '2222');
    await expect(chip(page, 'Tom Fischer')).toBeVisible();
    const voidNewest = async () => {
      await go(page, 'Sales');
      await page.getByTestId('sales').getByRole('button').first().click();
      await button('Void').click();
      await button('Wrong tickets').click();
      await button('Void the sale').click();
    };
    // No manager is asked for cash that there is no drawer for.
    await voidNewest();
    await expect(dialog.getByRole('alert')).toContainText('Tom Fischer has no open shift');
    await look('void-refused');
    await put('Keep the sale');
    await openShift(page, 10_000);
    await voidNewest();
    await expect(page.getByRole('dialog', { name: 'Ask a manager' })).toBeVisible();
    await look('approval');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await put('Keep the sale');
    await chip(page, 'Tom Fischer').click();
    await dialog.getByRole('button', { name: /^Lock the screen/ }).click();
    await expect(page.getByText('The cart of Tom Fischer is kept.')).toBeVisible();
    await look('locked');
  },
);

/** What the gate says of a ticket, in its colours. */
async function gate(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  await go(page, 'Gate');
  const code = await page.evaluate(async () => {
    const found = await window.kiosk.search({ limit: 1 });
    const documents = await window.kiosk.tickets(found.ok ? found.value.sales[0]!.sale : '');
    return documents.ok ? documents.value[0]!.code : '';
  });
  for (const [name, text, tone] of [
    ['gate-in', code, 'good'],
    ['gate-used', code, 'bad'],
    ['gate-none', '4006381333931', 'bad'],
  ] as const) {
    await page.getByRole('textbox').fill(text);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('verdict')).toHaveAttribute('data-tone', tone);
    await look(name);
  }
}
