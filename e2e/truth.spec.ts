import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ALPHA } from '../shared/constants';
import { type Cluster, expect, result, sell, sellAndDismiss, test } from './cluster';
import { resize } from './desk';
import { Keys } from './keys';

/** What the window says while the truth is not known, and when it is; and what it offers after data or members were lost. */

test.use({ site: ['--event', 'match=100:1200'] });

const SITE = [1, 2, 3];

function strip(page: Page) {
  return page.getByTestId('open-strip');
}

async function look(page: Page) {
  await strip(page).getByRole('button', { name: 'Look' }).click();
  return page.getByRole('dialog', { name: 'Open sales' });
}

async function go(page: Page, screen: 'Sell' | 'Log' | 'Kiosks' | 'Console') {
  await page.getByRole('navigation').getByRole('button', { name: screen }).click();
}

async function type(page: Page, line: string, answer: string | RegExp) {
  await page.getByRole('textbox', { name: 'Command' }).fill(line);
  await page.keyboard.press('Enter');
  await expect(page.locator('.console-entry').last()).toContainText(answer);
}

async function left(page: Page, text: string) {
  await expect(page.locator('.event', { hasText: 'match' })).toContainText(text);
}

async function printedFiles(cluster: Cluster, id: number): Promise<readonly string[]> {
  return readdir(path.join(cluster.dataFolder(id), 'tickets')).catch(() => []);
}

/** What was sold and voided, and sold and printed, before: its log knows all about it. */
async function tradeBefore(page: Page): Promise<void> {
  const done = await page.evaluate(async () => {
    const execute = async (request: Parameters<typeof window.kiosk.execute>[0]) => {
      const reply = await window.kiosk.execute(request);
      return reply.ok && reply.value.ok ? reply.value : null;
    };
    const voided = await execute({ op: 'buy', items: [{ n: 2 }] });
    if (voided?.op !== 'buy' || (await execute({ op: 'void', sale: voided.sale })) === null) return false;
    const sold = await execute({ op: 'buy', items: [{ n: 1 }] });
    if (sold?.op !== 'buy') return false;
    const tickets = sold.tickets.map((number) => ({ event: sold.event, number }));
    return (
      (await execute({ op: 'print', sale: sold.sale, tickets })) !== null &&
      (await execute({ op: 'confirm', sale: sold.sale, tickets })) !== null
    );
  });
  expect(done).toBe(true);
}

/** A kiosk has a sale of four on its way when the others fall asleep: nobody can tell its end. */
async function sellIntoTheDark(
  cluster: Cluster,
  seller: 'follower' | 'leader' = 'follower',
  before: (page: Page) => Promise<void> = async () => undefined,
): Promise<{ readonly clerk: number; readonly others: readonly number[] }> {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const leader = await cluster.leader(1);
  const clerk = seller === 'leader' ? leader : SITE.find((id) => id !== leader)!;
  const others = SITE.filter((id) => id !== clerk);
  const page = cluster.page(clerk);
  await before(page);
  await page.getByRole('button', { name: '4', exact: true }).click();
  for (const id of others) cluster.signal(id, 'SIGSTOP');
  await page.locator('.sell-button').click();
  await expect(result(page)).toHaveAttribute('data-state', 'checking');
  return { clerk, others };
}

for (const seller of ['follower', 'leader'] as const) {
  test(`S19: a sale on its way outlives its kiosk, a ${seller}: checking after a restart, then sold, and printed once`, async ({
    cluster,
  }) => {
    const { clerk, others } = await sellIntoTheDark(cluster, seller, tradeBefore);
    await cluster.close(clerk);
    const { page } = await cluster.open(clerk);
    await expect(strip(page)).toContainText('1 sale is being checked');
    const dialog = await look(page);
    // That one alone: of those before, its own log knows what became.
    const row = dialog.getByTestId('asked-sale');
    await expect(row).toHaveAttribute('data-state', 'checking');
    await expect(row).toContainText('4 × match, Adult');
    await expect(dialog.getByTestId('unprinted-sale')).toHaveCount(0);
    await row.getByRole('button', { name: 'Send again' }).click();
    await expect(row).toContainText('not known yet');
    // Nothing but the log may end it.
    await expect(row).toHaveAttribute('data-state', 'checking');
    for (const id of others) cluster.signal(id, 'SIGCONT');
    await cluster.selling(clerk);
    // The sale may have reached the others before the power cut; if not, it is sent again. It is sold once either way.
    const again = row.getByRole('button', { name: 'Send again' });
    await expect(async () => {
      if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => undefined);
      await expect(row).toHaveAttribute('data-state', 'sold', { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await expect(row).toContainText('tickets 2-5');
    await row.getByRole('button', { name: 'Print' }).click();
    const print = page.getByRole('dialog', { name: 'Print tickets' });
    await print.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(print.getByTestId('print-job')).toContainText('Saved as');
    await print.getByRole('button', { name: 'Done' }).click();
    await row.getByRole('button', { name: 'OK' }).click();
    await expect(dialog).toContainText('Everything is finished');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(strip(page)).toBeHidden();
    await left(page, '95 of 100 left');
    expect(await printedFiles(cluster, clerk)).toHaveLength(1);
  });
}

test('S22: given up in the dark, it is not sold in the light, nor printed, and another kiosk sells its tickets', async ({ cluster }) => {
  const { clerk, others } = await sellIntoTheDark(cluster);
  const page = cluster.page(clerk);
  await result(page).getByRole('button', { name: 'Give up this sale' }).click();
  await expect(result(page)).toHaveAttribute('data-state', 'giving_up');
  await expect(result(page)).toContainText('may still count as sold');
  // Neither a reload nor a power cut forgets that it was given up.
  await page.reload();
  await expect(result(page)).toHaveAttribute('data-state', 'giving_up');
  await cluster.close(clerk);
  const again = (await cluster.open(clerk)).page;
  const dialog = await look(again);
  const row = dialog.getByTestId('asked-sale');
  await expect(row).toHaveAttribute('data-state', 'giving_up');
  for (const id of others) cluster.signal(id, 'SIGCONT');
  await expect(row).toHaveAttribute('data-state', 'not_sold', { timeout: 30_000 });
  await expect(row).toContainText('nothing is sold by it, and nothing will be');
  await row.getByRole('button', { name: 'OK' }).click();
  await expect(dialog).toContainText('Everything is finished');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await left(again, '100 of 100 left');
  expect(await sellAndDismiss(cluster.page(others[0]!), 4)).toBe('Tickets 1-4');
  expect(await printedFiles(cluster, clerk)).toEqual([]);
});

test('S22: a sale of an earlier life is given up from the list', async ({ cluster }) => {
  const { clerk, others } = await sellIntoTheDark(cluster);
  await cluster.close(clerk);
  const { page } = await cluster.open(clerk);
  const row = (await look(page)).getByTestId('asked-sale');
  await row.getByRole('button', { name: 'Give up' }).click();
  await expect(row).toHaveAttribute('data-state', 'giving_up');
  await expect(row.getByRole('button', { name: 'Send again' })).toBeHidden();
  for (const id of others) cluster.signal(id, 'SIGCONT');
  await expect(row).toHaveAttribute('data-state', 'not_sold', { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(strip(page)).toContainText('1 sale was answered');
  await left(page, '100 of 100 left');
});

test('S22: the leader gives its own sale up while it is cut off', async ({ cluster }) => {
  const { clerk: leader, others } = await sellIntoTheDark(cluster, 'leader');
  const page = cluster.page(leader);
  await result(page).getByRole('button', { name: 'Give up this sale' }).click();
  await expect(result(page)).toHaveAttribute('data-state', 'giving_up');
  for (const id of others) cluster.signal(id, 'SIGCONT');
  await expect(result(page)).toHaveAttribute('data-state', 'given_up', { timeout: 30_000 });
  await expect(result(page)).toContainText('Not sold');
  await expect(page.getByRole('dialog')).toBeHidden();
  await left(page, '100 of 100 left');
  expect(await sellAndDismiss(page, 2)).toBe('Tickets 1-2');
  expect(await printedFiles(cluster, leader)).toEqual([]);
});

test('S23: tickets that were sold and not printed are offered after a power cut; printed again they are copies', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  await sellAndDismiss(cluster.page(1), 2);
  await sell(cluster.page(2), 1);
  await cluster.close(1);
  const { page } = await cluster.open(1);
  await expect(strip(page)).toContainText('1 sale is not printed');
  const dialog = await look(page);
  const row = dialog.getByTestId('unprinted-sale');
  await expect(row).toContainText('tickets 1-2');
  await cluster.selling(1);
  await row.getByRole('button', { name: /Print sale/ }).click();
  const print = page.getByRole('dialog', { name: 'Print tickets' });
  await print.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print.getByTestId('print-job')).toContainText('Saved as');
  await print.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toContainText('Everything is finished');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(strip(page)).toBeHidden();
  // At another kiosk, from the log: it says beforehand that these are copies.
  const other = cluster.page(3);
  await go(other, 'Log');
  const buy = other.locator('.log-row', { hasText: 'Buy 2 match/adult' });
  await buy.getByRole('button', { name: /Print sale/ }).click();
  const copies = other.getByRole('dialog', { name: 'Print tickets' });
  await expect(copies).toContainText('they will be marked COPY 1');
  await copies.getByRole('button', { name: 'Print', exact: true }).click();
  await expect(copies.getByTestId('print-job')).toContainText('Saved as');
  await copies.getByRole('button', { name: 'Done' }).click();
  const rows = other.locator('.log-row');
  for (const copies of ['originals', 'copies'])
    await expect(rows.filter({ hasText: new RegExp(`Print 2 tickets of sale \\d+\\.1 → ${copies}`) })).toHaveCount(1);
  // Confirmed once: the copies say nothing new.
  await expect(rows.filter({ hasText: /2 tickets of sale \d+\.1 printed/ })).toHaveCount(1);
});

test('S23: a print that failed is offered again, after a power cut too, and comes out as a copy', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const first = cluster.page(1);
  await sell(first, 2);
  // A file stands where the folder of the tickets should be.
  const folder = path.join(cluster.dataFolder(1), 'tickets');
  await writeFile(folder, '');
  const print = (page: Page) => page.getByRole('dialog', { name: 'Print tickets' });
  await print(first).getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print(first).getByRole('alert')).toContainText('could not be written');
  await expect(print(first)).toContainText('they will be marked COPY 1');
  await print(first).getByRole('button', { name: 'Later' }).click();
  await expect(strip(first)).toContainText('1 sale is not printed');
  await cluster.close(1);
  await rm(folder);
  const { page } = await cluster.open(1);
  const dialog = await look(page);
  const row = dialog.getByTestId('unprinted-sale');
  await expect(row).toContainText('Printing did not finish');
  await cluster.selling(1);
  await row.getByRole('button', { name: /Print sale/ }).click();
  await expect(print(page)).toContainText('they will be marked COPY 1');
  await print(page).getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print(page).getByTestId('print-job')).toContainText('Saved as');
  await print(page).getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toContainText('Everything is finished');
  expect(await printedFiles(cluster, 1)).toHaveLength(1);
});

test('S23: what a dead kiosk sold and began to print is offered at another one, and comes out as a copy', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const first = cluster.page(1);
  await writeFile(path.join(cluster.dataFolder(1), 'tickets'), '');
  await sell(first, 2);
  const print = (page: Page) => page.getByRole('dialog', { name: 'Print tickets' });
  await print(first).getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print(first).getByRole('alert')).toContainText('could not be written');
  await cluster.close(1);
  const other = cluster.page(2);
  await expect(strip(other)).toContainText('1 sale of a kiosk that is away is not printed', { timeout: 30_000 });
  await cluster.selling(2);
  const dialog = await look(other);
  await dialog.getByRole('button', { name: /Print sale/ }).click();
  await expect(print(other)).toContainText('they will be marked COPY 1');
  await print(other).getByRole('button', { name: 'Print', exact: true }).click();
  await expect(print(other).getByTestId('print-job')).toContainText('Saved as');
  await print(other).getByRole('button', { name: 'Done' }).click();
  // Confirmed through the log: nobody asks for it any more, its own kiosk neither.
  await expect(dialog).toContainText('Everything is finished');
  const { page } = await cluster.open(1);
  await cluster.selling(1);
  await expect(strip(page)).toBeHidden({ timeout: 30_000 });
});

test('S14: a kiosk whose data were lost says so, does not vote, and is readmitted by one touch', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  await sellAndDismiss(cluster.page(1), 3);
  await cluster.close(3);
  await cluster.loseData(3);
  const { page } = await cluster.open(3);
  await expect(page.getByRole('status').filter({ hasText: 'This kiosk lost its data' })).toContainText('its vote does not count');
  await expect(cluster.page(1).getByText('Kiosk 3 lost its data')).toBeVisible();
  await go(cluster.page(1), 'Kiosks');
  await expect(cluster.page(1).getByTestId('kiosk-3')).toHaveAttribute('data-standing', 'lost');
  await cluster.selling(3);
  await new Keys(page).use('Readmit kiosk 3');
  await expect(page.getByTestId('change-result')).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('change-result')).toContainText('Kiosk 3 votes again. Members now: 1 2 3');
  await expect(page.getByText('This kiosk lost its data')).toBeHidden();
  await expect(cluster.page(1).getByTestId('kiosk-3')).toHaveAttribute('data-standing', 'member');
  // Its vote counts again: without kiosk 1, two of three sell on.
  await cluster.close(1);
  await go(page, 'Sell');
  expect(await sellAndDismiss(page, 1)).toBe('Ticket 4');
});

test('S31, S32: leadership is handed over, a kiosk removed behind a question, and it says that it was removed', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const leader = await cluster.leader(1);
  const [at = 0, next = 0] = SITE.filter((id) => id !== leader);
  const page = cluster.page(at);
  await go(page, 'Kiosks');
  await new Keys(page).use(`Make kiosk ${next} the leader`);
  await expect(page.getByTestId('change-result')).toContainText(`Kiosk ${next} leads now`);
  await expect(page.getByTestId(`kiosk-${next}`)).toContainText('leads');
  await page.getByRole('button', { name: `Remove kiosk ${leader}` }).click();
  const question = page.getByRole('dialog', { name: `Remove kiosk ${leader} from the site?` });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(page.getByTestId(`kiosk-${leader}`)).toHaveAttribute('data-standing', 'member');
  await page.getByRole('button', { name: `Remove kiosk ${leader}` }).click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByTestId('change-result')).toContainText(`Kiosk ${leader} is no member any more`);
  const history = page.getByRole('region', { name: 'Changes so far' }).getByRole('listitem');
  await expect(history.first()).toContainText(`Remove kiosk ${leader}Members ${at < next ? `${at} ${next}` : `${next} ${at}`}`);
  await expect(history.last()).toContainText('The site was opened');
  const removed = cluster.page(leader);
  await expect(removed.getByRole('alert')).toContainText('This kiosk was removed from the site');
  await expect(removed.getByRole('alert')).toContainText(/at slot \d+/);
  await expect(removed.getByTestId('majority-bar')).toContainText('not of the site any more');
  await expect(removed.locator('.sell-button')).toBeDisabled();
  await go(page, 'Sell');
  expect(await sellAndDismiss(page, 1)).toBe('Ticket 1');
});

test('S33: an addition that waits for a dead kiosk is taken back, after a reload too', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const leader = await cluster.leader(1);
  const page = cluster.page(SITE.find((id) => id !== leader)!);
  await go(page, 'Kiosks');
  const line = page.getByTestId('change-result');
  await page.getByRole('button', { name: 'Add kiosk 4' }).click();
  await expect(line).toContainText('Contacting');
  await line.getByRole('button', { name: 'Take it back' }).click();
  await expect(line).toHaveAttribute('data-state', 'taken_back');
  await page.getByRole('button', { name: 'Add kiosk 5' }).click();
  await expect(line).toContainText('Adding kiosk 5');
  await page.reload();
  await go(page, 'Kiosks');
  const other = page.getByTestId('other-change');
  await other.getByRole('button', { name: 'Take it back' }).click();
  await expect(other).toBeHidden();
  await go(page, 'Log');
  await expect(page.locator('.log-row').first()).toContainText(/Give up w\d-.* → never sold|Add kiosk 5 → refused: taken back/);
});

test('S12: a disk that fails stops this kiosk in words; the others sell on', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const journal = path.join(cluster.dataFolder(2), 'journal-000001.db');
  await rename(journal, `${journal}.away`);
  await sellAndDismiss(cluster.page(1), 1);
  const page = cluster.page(2);
  await expect(page.getByRole('alert')).toContainText('This kiosk has stopped');
  // In a word that can be said on the phone, too.
  await expect(page.getByRole('alert')).toContainText(/Kiosk 2 · code \w+$/);
  await expect(page.getByTestId('majority-bar')).toContainText('start this kiosk again');
  await expect(page.locator('.sell-button')).toBeDisabled();
  expect(await sellAndDismiss(cluster.page(3), 1)).toBe('Ticket 2');
});

test('the log has a row in words for everything that happens, and says how old it is without a majority', async ({ cluster }) => {
  await cluster.openAll(SITE);
  await cluster.selling(...SITE);
  const page = cluster.page(1);
  await go(page, 'Console');
  await type(page, 'buy 3 --id first', 'sold tickets 1-3');
  await type(page, 'cancel first', 'back in the pool');
  await type(page, 'cancel never-asked', 'nothing was sold by it');
  await type(page, 'buy 2 --id second', 'sold tickets 1-2');
  await go(page, 'Log');
  const row = (text: string) => page.locator('.log-row', { hasText: text });
  await expect(row('Give up first')).toContainText(/sale \d+\.1 undone, tickets 1-3 back in the pool/);
  await expect(row('Give up first').getByRole('button')).toHaveCount(0);
  await expect(row('Give up never-asked')).toContainText('never sold');
  const sale = /sale (\d+\.\d+)/.exec((await row('second').textContent()) ?? '')![1]!;
  await go(page, 'Console');
  await type(page, `void ${sale} --reason wrong day`, 'is void');
  await go(page, 'Log');
  await expect(row(`Void sale ${sale}`)).toContainText('(wrong day) → done, tickets 1-2 back in the pool');
  await go(page, 'Console');
  await type(page, 'change address 3 127.0.0.1:1', 'kiosk 3: done');
  const inForce = /in force from slot (\d+)/.exec((await page.locator('.console-entry').last().textContent()) ?? '')![1];
  await go(page, 'Log');
  await page.getByRole('textbox', { name: 'Go to slot' }).fill(String(Number(inForce) - ALPHA));
  await page.keyboard.press('Enter');
  await expect(row('Kiosk 3 moves to 127.0.0.1:1')).toContainText(/members 1 2 3, in force from slot \d+/);
  const state = page.locator('.log-state');
  await expect(state).toContainText('Confirmed');
  await cluster.close(2);
  await cluster.close(3);
  await expect(state).toContainText(/Last known, not confirmed, \d+ s old/);
  await expect(page.getByRole('status').filter({ hasText: 'Cut off' }).last()).toContainText(/last known, not confirmed, \d+ s old/);
  await go(page, 'Console');
  await type(page, 'recover e2e', 'generation 2 of the site has begun');
  await go(page, 'Log');
  await expect(row('Recovery: generation 2')).toContainText('begins with kiosk 1 alone');
  await expect(state).toContainText('Confirmed');
  await go(page, 'Kiosks');
  await expect(page.locator('.chip', { hasText: 'Generation 2 of the site' })).toBeVisible();
});

const SIZES = [
  [1280, 800],
  [1024, 768],
  [1024, 600],
  [640, 800],
] as const;

test('open sales, losses and their words at three sizes, light and dark: nothing hidden, nothing that axe finds', async ({
  cluster,
}, info) => {
  const { clerk, others } = await sellIntoTheDark(cluster);
  await cluster.close(clerk);
  const { app, page } = await cluster.open(clerk);
  await expect(strip(page)).toBeVisible();
  const picture = async (name: string, check: (height: number) => Promise<void> = async () => {}) => {
    for (const [width, height] of SIZES) {
      await resize(app, page, width, height);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.screenshot({ path: info.outputPath(`${name}-${width}x${height}-${theme}.png`) });
        if (width !== SIZES[0][0]) continue;
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      }
      await check(height);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      // In one go: a window has some fifty buttons, and each question to it costs time on a busy machine.
      const low = await page
        .locator('button:visible')
        .evaluateAll((all) => all.filter((one) => Math.round(one.getBoundingClientRect().height) < 56).map((one) => one.textContent));
      expect(low).toEqual([]);
    }
  };
  await picture('cut-off');
  const dialog = await look(page);
  await picture('checking');
  await dialog.getByRole('button', { name: 'Give up' }).click();
  await expect(dialog.getByTestId('asked-sale')).toHaveAttribute('data-state', 'giving_up');
  await picture('giving-up');
  for (const id of others) cluster.signal(id, 'SIGCONT');
  await expect(dialog.getByTestId('asked-sale')).toHaveAttribute('data-state', 'not_sold', { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await cluster.selling(clerk);
  await sellAndDismiss(page, 2);
  await look(page);
  await picture('not-sold');
  await page.keyboard.press('Escape');
  await picture('sell', async (height) => {
    const box = (await page.locator('.sell-button').boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(height);
  });
  const lost = others[0]!;
  await cluster.close(lost);
  await cluster.loseData(lost);
  await cluster.open(lost);
  await go(page, 'Kiosks');
  await expect(page.getByTestId(`kiosk-${lost}`)).toHaveAttribute('data-standing', 'lost');
  await picture('lost');
  await go(page, 'Log');
  await picture('log');
});
