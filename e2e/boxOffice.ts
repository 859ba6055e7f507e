import { expect, type Locator, type Page } from '@playwright/test';
import { likelyCash } from '../renderer/logic/amount';
import { QUICK_QUANTITIES } from '../renderer/logic/quantity';

/** What a clerk's hands do at a window, and what the clerk's eyes read there. Everything is waited for by what the screen shows. */

/** Under a busy machine three windows and a renderer for tickets share two cores. */
export const SLOW_MS = 60_000;
const NOTES_SHOWN = 3;

export interface Clerk {
  /** As the log has it. */
  readonly id: string;
  readonly name: string;
  readonly pin: string;
}

/** One line of a cart: names as the screen has them, with the price of one ticket in cents. */
export interface Line {
  readonly event: Priced;
  readonly category: string;
  readonly n: number;
}

/** An event as the box office knows it. Cents by the name of the category. */
export interface Priced {
  readonly id: string;
  readonly name: string;
  readonly prices: Readonly<Record<string, number>>;
}

export interface Order {
  readonly lines: readonly Line[];
  readonly pay: 'cash' | 'card' | 'free';
  /** Cash that the customer puts down, in cents; left out, it is the exact amount. */
  readonly given?: number;
}

/** A sale as its window told the clerk. Cents. */
export interface Told {
  readonly sale: string;
  readonly total: number;
  readonly change: number;
  readonly tickets: readonly number[];
}

export type Screen = 'Sell' | 'Sales' | 'Printing' | 'Gate' | 'Shift' | 'Reports' | 'Events' | 'Clerks' | 'Kiosks' | 'Log' | 'Console';

export function totalOf({ lines }: Order): number {
  return lines.reduce((sum, { event, category, n }) => sum + event.prices[category]! * n, 0);
}

/** Money in figures as the screen has it: 1250 is $12.50. */
export function dollars(cents: number): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(cents / 100);
}

function centsOf(text: string): number {
  return Math.round(Number(text.replace(/[^\d.]/g, '')) * 100);
}

export async function go(page: Page, screen: Screen): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
}

/** The first manager of a site that has no clerks. */
export async function createManager(page: Page, { name, pin }: Clerk): Promise<void> {
  await page.getByTestId('set-up-strip').getByRole('button', { name: 'Create a manager' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create the first manager' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('PIN, 4 to 12 digits').fill(pin);
  await dialog.getByLabel('The same PIN again').fill(pin);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toBeHidden({ timeout: SLOW_MS });
}

/** A new clerk with what clerks may do where nobody says otherwise: sell, print again, let in. */
export async function createClerk(page: Page, { name, pin, id }: Clerk): Promise<void> {
  await go(page, 'Clerks');
  await page.getByRole('button', { name: 'New clerk' }).click();
  const dialog = page.getByRole('dialog', { name: 'New clerk' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('PIN, 4 to 12 digits').fill(pin);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId(`clerk-${id}`)).toContainText('Sell', { timeout: SLOW_MS });
}

/** By touch, as at a screen without a keyboard. */
export async function signIn(page: Page, { name, pin }: Clerk): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  for (const digit of pin) await page.locator('.sign-in-pin').getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('.clerk-chip')).toContainText(name, { timeout: SLOW_MS });
}

/** Counts the drawer and opens the shift that the Sell button asks for. Resolves with the shift's number. */
export async function openShift(page: Page, float: number): Promise<number> {
  await go(page, 'Shift');
  await page.getByRole('button', { name: 'Open a shift' }).click();
  await typeCents(page, float);
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  const chip = page.locator('.clerk-chip');
  await expect(chip).toContainText(/Shift \d+ open/, { timeout: SLOW_MS });
  return Number(/Shift (\d+) open/.exec((await chip.textContent()) ?? '')![1]);
}

/** An X or Z report as it stands on the screen. */
export interface ShiftPaper {
  readonly title: string;
  /** By kind of payment: tickets, money sold, money given back. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  readonly sums: Readonly<Record<string, string>>;
}

/** Counts the drawer and closes the shift. Resolves with the Z report. */
export async function closeShift(page: Page, counted: number): Promise<ShiftPaper> {
  await go(page, 'Shift');
  await page.getByRole('button', { name: 'Count and close' }).click();
  await typeCents(page, counted);
  await page.getByRole('dialog').getByRole('button', { name: 'Close the shift' }).click();
  const report = page.getByTestId('shift-report');
  await expect(report).toContainText(/Z report \d+/, { timeout: SLOW_MS });
  return report.evaluate((element) => {
    const texts = (within: Element, where: string) => [...within.querySelectorAll(where)].map(({ textContent }) => textContent ?? '');
    const rows = [...element.querySelectorAll('tbody tr')].map((row) => [texts(row, 'th')[0]!, texts(row, 'td')] as const);
    const sums = [...element.querySelectorAll('.sum')].map((sum) => [texts(sum, 'dt')[0]!, texts(sum, 'dd')[0]!] as const);
    return { title: texts(element, 'h3')[0]!, kinds: Object.fromEntries(rows), sums: Object.fromEntries(sums) };
  });
}

/** A screen that locks itself would wait for a PIN in the middle of a slow machine's day. */
export async function neverLock(page: Page): Promise<void> {
  await page.locator('.clerk-chip').click();
  await page.getByRole('button', { name: 'Language and looks' }).click();
  const dialog = page.getByRole('dialog', { name: 'Language and looks' });
  await dialog.getByText('Never', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
}

/** Chooses where this kiosk prints from now on. */
export async function printTo(page: Page, printer: string): Promise<void> {
  await go(page, 'Printing');
  const choice = page.getByTestId('printer').filter({ hasText: printer });
  await choice.getByRole('button').click();
  await expect(choice.getByRole('button', { name: 'Prints here' })).toBeVisible();
}

/** Types an amount as on a till, into the dialog that has the focus for it. */
async function typeCents(page: Page, cents: number): Promise<void> {
  await expect(page.getByRole('spinbutton')).toBeFocused();
  await page.keyboard.type(String(cents));
  await expect(page.getByRole('spinbutton')).toHaveAttribute('aria-valuenow', String(cents));
}

/** Puts an order into the cart, by touch, and says how it is paid. */
export async function fillCart(page: Page, order: Order): Promise<void> {
  for (const { event, category, n } of order.lines) {
    await page.locator('.event', { hasText: event.name }).click();
    await page.locator('.categories .choice', { hasText: category }).click();
    const quick = QUICK_QUANTITIES.some((one) => one === n);
    if (quick)
      await page
        .locator('.quantity')
        .getByRole('button', { name: String(n), exact: true })
        .click();
    else await page.keyboard.type(String(n));
    await expect(page.getByTestId('quantity')).toHaveText(String(n));
  }
  await expect(page.locator('.till-amount')).toHaveText(dollars(totalOf(order)));
  if (order.pay === 'card') await page.locator('.payment-kinds').getByRole('button', { name: 'Card' }).click();
  if (order.given !== undefined) await putDown(page, order.given, totalOf(order));
}

async function putDown(page: Page, given: number, total: number): Promise<void> {
  if (likelyCash(total, 'USD', NOTES_SHOWN).includes(given)) {
    await page.getByRole('button', { name: `${dollars(given)} given` }).click();
  } else {
    await page.getByRole('button', { name: 'Another amount' }).click();
    await typeCents(page, given);
    await page.getByRole('button', { name: 'Take it' }).click();
  }
  await expect(page.locator('.till-change')).toHaveText(`Change ${dollars(given - total)}`);
}

export function printDialog(page: Page) {
  return page.getByRole('dialog', { name: 'Print tickets' });
}

/** Sells what is in the cart; the print dialog is left open. */
export async function touchSell(page: Page): Promise<Told> {
  await page.locator('.sell-button').click();
  await expect(printDialog(page)).toBeVisible({ timeout: SLOW_MS });
  return readSold(page);
}

/** The last sale as it stands on the screen. */
async function readSold(page: Page): Promise<Told> {
  const panel = page.getByTestId('result');
  await expect(panel).toHaveAttribute('data-state', 'sold');
  const read = await panel.evaluate((element) => {
    const text = (where: string) => element.querySelector(where)?.textContent ?? '';
    return {
      sale: text('.result-id'),
      total: text('.result-total').replace(/(Cash|Card|Free)$/, ''),
      change: text('.result-change strong'),
      tickets: [...element.querySelectorAll('.result-tickets, .result-items strong')].map(({ textContent }) => textContent ?? ''),
    };
  });
  return {
    sale: read.sale.replace('Sale ', ''),
    total: centsOf(read.total),
    change: centsOf(read.change),
    tickets: read.tickets.flatMap(numbersIn),
  };
}

/** Ticket numbers out of words: "Tickets 1-3, 7" is 1 2 3 7. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+)(?:[-–](\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => Number(from) + at),
  );
}

/** Prints what the dialog offers with Enter, waits until it is on paper, and puts the dialog away with Enter. */
export async function print(page: Page): Promise<void> {
  const dialog = printDialog(page);
  await dialog.locator('button:focus', { hasText: /^Print/ }).waitFor({ timeout: SLOW_MS });
  await page.keyboard.press('Enter');
  await dialog.locator('[data-testid=print-job][data-stage=printed]').waitFor({ timeout: SLOW_MS });
  await dialog.locator('button:focus', { hasText: 'Done' }).waitFor();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
}

/** From an empty counter to printed tickets. */
export async function sellAndPrint(page: Page, order: Order): Promise<Told> {
  await fillCart(page, order);
  const told = await touchSell(page);
  await print(page);
  return told;
}

/** A line typed into the console; resolves with its answer. */
export async function type(page: Page, line: string): Promise<string> {
  const entries = page.locator('.console-entry');
  const before = await entries.count();
  await page.getByRole('textbox', { name: 'Command' }).fill(line);
  await page.keyboard.press('Enter');
  await expect(entries).toHaveCount(before + 1);
  await expect(entries.last().locator('pre')).not.toHaveText('…', { timeout: SLOW_MS });
  return (await entries.last().locator('pre').textContent()) ?? '';
}

/** Sells by a line of the console, as the command-line client would. */
export async function typeSale(page: Page, { lines, pay, given }: Order): Promise<Told> {
  const items = lines.map(({ event, category, n }) => `${n} ${event.id}/${category.toLowerCase()}`).join(' + ');
  const answer = await type(page, `buy ${items} --pay ${pay}${given === undefined ? '' : ` --given ${(given / 100).toFixed(2)}`}`);
  const [, tickets = '', sale = '', total = ''] = /sold (.*?) -> sale ([\d.]+), total ([\d.]+)/.exec(answer) ?? [];
  expect(sale, answer).not.toBe('');
  const change = /given, ([\d.]+) back/.exec(answer)?.[1] ?? '0';
  return {
    sale,
    total: centsOf(total),
    change: centsOf(change),
    tickets: tickets.split(' + ').flatMap((part) => numbersIn(/tickets? ([\d, -]+)/.exec(part)![1]!)),
  };
}

/** Opens the list of what is not finished. */
export async function look(page: Page) {
  await page.getByTestId('open-strip').getByRole('button', { name: 'Look' }).click();
  return page.getByRole('dialog', { name: 'Open sales' });
}

/**
 * Prints a sale from the list of what is not finished, and sees it to its end there: as one that is not printed, or as
 * one that was answered while its kiosk was away, which the clerk has to put away too.
 */
export async function printOpen(page: Page, open: Locator, sale: string): Promise<void> {
  const row = open.locator('.open-row', { hasText: `Sale ${sale} ·` });
  const answered = (await row.getAttribute('data-testid', { timeout: SLOW_MS })) === 'asked-sale';
  await row.getByRole('button', { name: /^Print/ }).click();
  await print(page);
  if (answered) await row.getByRole('button', { name: 'OK' }).click();
  await expect(row).toHaveCount(0, { timeout: SLOW_MS });
}

/** Puts the list away, on which nothing is left to do. */
export async function closeFinished(open: Locator): Promise<void> {
  await expect(open).toContainText('Everything is finished', { timeout: SLOW_MS });
  await open.getByRole('button', { name: 'Close' }).click();
}

/** Reads what was answered while the kiosk was away, and has nothing left to do. */
export async function readAnswers(page: Page): Promise<void> {
  const strip = page.getByTestId('open-strip');
  await expect(async () => {
    if (await strip.isVisible()) {
      const open = await look(page);
      for (const row of await open.getByTestId('asked-sale').all()) await row.getByRole('button', { name: 'OK' }).click({ timeout: 1_000 });
      await open.getByRole('button', { name: 'Close' }).click();
    }
    await expect(strip).toBeHidden({ timeout: 1_000 });
  }).toPass({ timeout: SLOW_MS });
}

/** Finds a sale on the screen of sales. */
export async function find(page: Page, sale: string) {
  await go(page, 'Sales');
  await page.getByRole('textbox', { name: 'Number, sale or scanned code' }).fill(sale);
  const details = page.getByTestId('sale-details');
  await expect(details).toHaveAttribute('data-sale', sale);
  return details;
}

/** Holds a code under the scanner of the gate, which types it and ends with Enter. */
export async function scan(page: Page, code: string) {
  const earlier = page.locator('.door-row');
  const before = (await earlier.count()) + (await page.getByTestId('verdict').filter({ hasNotText: 'Ready to scan' }).count());
  await page.getByRole('textbox', { name: 'Scan a ticket' }).fill(code);
  await page.keyboard.press('Enter');
  await expect(earlier).toHaveCount(before);
  return page.getByTestId('verdict');
}
