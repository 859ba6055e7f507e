import type { Page } from '@playwright/test';
import { missingTools, PrivateCups } from '../main/printing/testing/cups';
import { test as base, Cluster, expect, result, sell } from './cluster';
import { go, openAlone } from './desk';
import { readPages } from './paper';

/** What a clerk and a printer that is no friend of hers make of it: answers, order of the rows, touches that bounce. */

const SLOW_MS = 30_000;

const test = base.extend<{ one: Cluster; cups: PrivateCups }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  cups: async ({}, use) => {
    const cups = await PrivateCups.start(['front']);
    process.env.CUPS_SERVER = cups.socket;
    await use(cups);
    delete process.env.CUPS_SERVER;
    await cups.stop();
  },
  // The window asks the printing system that is there when it starts.
  one: async ({ cups: _ }, use) => {
    const cluster = await Cluster.make(['--event', 'match=100:1200'], 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});
test.skip(missingTools() !== null, `pages need a printer: ${missingTools()}`);

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Print tickets' });
const printButton = (page: Page) => dialog(page).getByRole('button', { name: 'Print', exact: true });

/** The system's own printer is there, and taken without a word. */
async function useFront(page: Page): Promise<void> {
  await go(page, 'Printing');
  const front = page.getByTestId('printer').filter({ hasText: 'The front printer' });
  await expect(front.getByRole('button', { name: 'Prints here' })).toBeVisible({ timeout: SLOW_MS });
  await go(page, 'Sell');
}

/** Numbers of the tickets of the pages that came out, and which copy each is. */
async function paper(cups: PrivateCups): Promise<readonly string[]> {
  return (await readPages(await cups.pages())).map(({ number, copy }) => `${number}${copy === 0 ? '' : ` COPY ${copy}`}`).sort();
}

/** Waits until so many pages wait for the clerk: the first one alone would say nothing of those behind it. */
async function asking(page: Page, n: number): Promise<void> {
  const failed = () =>
    page.evaluate(async () => {
      const queue = await window.kiosk.printQueue();
      return queue.ok ? queue.value.jobs.filter(({ state }) => state === 'failed').length : -1;
    });
  await expect.poll(failed, { timeout: SLOW_MS }).toBe(n);
}

/** What the log knows of a sale's tickets. */
function known(page: Page, sale: string) {
  return page.evaluate(async (id) => {
    const found = await window.kiosk.sale(id);
    if (!found.ok || found.value === null) return null;
    return found.value.items.map(({ printed, confirmed }) => ({ printed, confirmed }));
  }, sale);
}

async function saleSold(page: Page): Promise<string> {
  await expect(result(page)).toHaveAttribute('data-state', 'sold');
  const sale = await page.evaluate(async () => {
    const view = await window.kiosk.search({ limit: 1 });
    return view.ok ? view.value.sales[0]!.sale : '';
  });
  expect(sale).toMatch(/^\d+\.\d+$/);
  return sale;
}

test('a page that the printer gave up and that lies there all the same: "Already printed" ends it, and nothing comes out again', async ({
  one,
  cups,
}) => {
  const { page } = await openAlone(one);
  await useFront(page);
  const jammed = async (n: number) => {
    await cups.mode('cancel');
    await sell(page, n);
    const sale = await saleSold(page);
    await printButton(page).click();
    await expect(dialog(page).getByRole('alert')).toContainText('Look whether the paper came out', { timeout: SLOW_MS });
    await asking(page, n);
    return sale;
  };
  // In the dialog, where the customer still stands: all pages at once.
  const first = await jammed(2);
  await dialog(page).getByRole('button', { name: 'Already printed' }).click();
  await expect(dialog(page).getByTestId('print-job')).toHaveAttribute('data-stage', 'printed');
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => known(page, first)).toEqual([{ printed: [1, 1], confirmed: [true, true] }]);

  // On the Printing screen, once the dialog was put away.
  const second = await jammed(1);
  await dialog(page).getByRole('button', { name: 'Later' }).click();
  await go(page, 'Printing');
  const row = page.getByTestId('print-row').filter({ hasText: `Sale ${second}` });
  await expect(row).toHaveAttribute('data-state', 'failed');
  await row.getByRole('button', { name: 'Already printed' }).click();
  await expect(page.getByText('Waiting for you')).toBeHidden();
  await expect.poll(() => known(page, second)).toEqual([{ printed: [1], confirmed: [true] }]);

  // Neither a printer that works again nor another start of the kiosk brings them out, or asks once more.
  await cups.mode('ok');
  await one.close(1);
  const { page: again } = await openAlone(one);
  await sell(again, 1);
  await printButton(again).click();
  await expect(dialog(again).getByTestId('print-job')).toHaveAttribute('data-stage', 'printed', { timeout: SLOW_MS });
  await dialog(again).getByRole('button', { name: 'Done' }).click();
  await expect(again.getByTestId('open-strip')).toBeHidden();
  await go(again, 'Printing');
  await expect(again.getByText('Waiting for you')).toBeHidden();
  expect(await paper(cups)).toEqual(['4']);
});

test('the Printing screen begins with what waits for the clerk, then printers, what is on its way, and what came out last', async ({
  one,
  cups,
}) => {
  const { page } = await openAlone(one);
  await useFront(page);
  const order = async (n: number, stage: string) => {
    await sell(page, n);
    await printButton(page).click();
    await expect(dialog(page).getByTestId('print-job')).toHaveAttribute('data-stage', stage, { timeout: SLOW_MS });
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
  };
  await order(1, 'printed');
  await order(2, 'printed');
  await cups.mode('cancel');
  await order(3, 'trouble');
  await asking(page, 3);
  await cups.mode('paper');
  await order(4, 'under_way');
  await go(page, 'Printing');
  await expect(page.getByTestId('printer').filter({ hasText: 'The front printer' })).toHaveAttribute('data-state', 'out_of_paper', {
    timeout: SLOW_MS,
  });
  const rows = page.locator('[data-testid=print-row], [data-testid=printer]');
  const seen = () =>
    rows.evaluateAll((all) =>
      all.map((row) =>
        row.getAttribute('data-testid') === 'printer' ? 'printer' : (/Tickets? ([\d–-]+)/.exec(row.textContent ?? '')?.[1] ?? ''),
      ),
    );
  // Each page of an order in its own row, in the order of the tickets; of what came out the newest first.
  await expect.poll(seen).toEqual(['4', '5', '6', 'printer', 'printer', '7', '8', '9', '10', '3', '2', '1']);
  await cups.mode('ok');
  await expect(page.getByText('On their way')).toBeHidden({ timeout: SLOW_MS });
  expect(await paper(cups)).toEqual(['1', '10', '2', '3', '7', '8', '9']);
});

test('a touch that bounces sells once, prints once, and makes one copy', async ({ one, cups }) => {
  const { page } = await openAlone(one);
  await useFront(page);
  /** Two touches before the page could show that the first one was heard. */
  const bounce = (button: ReturnType<typeof printButton>) =>
    button.evaluate((element) => {
      for (const _ of [1, 2]) (element as HTMLButtonElement).click();
    });
  await page.getByRole('button', { name: '2', exact: true }).click();
  await bounce(page.locator('.sell-button'));
  const sale = await saleSold(page);
  await expect(page.locator('.event', { hasText: 'match' })).toContainText('98 of 100 left');
  await bounce(printButton(page));
  await expect(dialog(page).getByTestId('print-job')).toHaveAttribute('data-stage', 'printed', { timeout: SLOW_MS });
  // The second touch is not heard at all: nobody is told off for it.
  await expect(dialog(page).getByRole('alert')).toBeHidden();
  expect(await known(page, sale)).toMatchObject([{ printed: [1, 1] }]);
  await bounce(dialog(page).getByRole('button', { name: 'Print copies' }));
  await expect.poll(() => paper(cups), { timeout: SLOW_MS }).toEqual(['1', '1 COPY 1', '2', '2 COPY 1']);
  await expect(dialog(page).getByTestId('print-job')).toHaveAttribute('data-stage', 'printed', { timeout: SLOW_MS });
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  // And in the queue's rows.
  await cups.mode('cancel');
  await sell(page, 1);
  await printButton(page).click();
  await expect(dialog(page).getByRole('alert')).toContainText('Look whether the paper came out', { timeout: SLOW_MS });
  await dialog(page).getByRole('button', { name: 'Later' }).click();
  await go(page, 'Printing');
  await cups.mode('ok');
  await bounce(page.getByTestId('print-row').first().getByRole('button', { name: 'Print a copy' }));
  await expect(page.getByText('Waiting for you')).toBeHidden({ timeout: SLOW_MS });
  await expect(page.getByText('On their way')).toBeHidden({ timeout: SLOW_MS });
  expect(await paper(cups)).toEqual(['1', '1 COPY 1', '2', '2 COPY 1', '3 COPY 1']);
});
