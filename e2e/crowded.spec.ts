import { readFile, writeFile } from 'node:fs/promises';
import { test as base, type Page } from '@playwright/test';
import { Cluster, expect, result, SEASON } from './cluster';
import { openAlone, resize } from './desk';
import { tidy } from './looks';

/** A programme that no designer would draw, on the smallest screen: many events, long names, big sums, money with three places. */

const NAMES = [
  'UCSB v UCLA',
  'The Extraordinarily Long Invitational Semi-Final',
  'Donaudampfschifffahrtspokalvorrunde',
  'كأس الجامعات 2026',
];
const CATEGORIES = [
  ['Erwachsene', 12_500],
  ['Kind', 700],
  ['Begleitperson', 0],
  ['Family of four with grandparents and dog', 123_400],
  ['Mitglied des Fördervereins', 1_199],
  ['Loge', 9_950_000],
  ['Studierende', 900],
  ['طفل', 500],
] as const;
const EVENTS = 12;

const test = base.extend<{ one: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
  one: async ({}, use, info) => {
    const categories = CATEGORIES.map(([name, price], index) => ({ id: `c${index}`, name, price }));
    const events = Array.from({ length: EVENTS }, (_, index) => ({
      id: `e${index}`,
      name: NAMES[index] ?? `Spieltag ${index}`,
      capacity: 1_000_000,
      categories: index === 0 ? categories : categories.slice(0, 2),
    }));
    const season = JSON.parse(await readFile(SEASON[1]!, 'utf8')) as object;
    const file = info.outputPath('site.json');
    await writeFile(file, JSON.stringify({ ...season, currency: 'BHD', events }));
    const cluster = await Cluster.make(['--from', file], 1, 1);
    await use(cluster);
    await cluster.remove();
  },
});

/** Words that stick out of what they stand on, or are under the next. */
function sticking(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = document.querySelectorAll<HTMLElement>('.choice, .event, .cart-text, .till-total, .key, .event-card, .result');
    return [...boxes].flatMap((box) => {
      const outer = box.getBoundingClientRect();
      const parts = [...box.querySelectorAll<HTMLElement>('span, strong, output, .chip')].filter((part) => !part.closest('.unseen'));
      return parts
        .filter((part) => {
          const inner = part.getBoundingClientRect();
          const across = inner.left < outer.left - 1 || inner.right > outer.right + 1 || part.scrollWidth > part.clientWidth + 1;
          const down = !box.matches('.result') && (inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1);
          // What ends in dots was cut off on purpose.
          return getComputedStyle(part).textOverflow !== 'ellipsis' && getComputedStyle(part).display !== 'inline' && (across || down);
        })
        .map((part) => `${box.className}: ${part.textContent}`);
    });
  });
}

test('many events, long names and big sums at 1024 x 600: what is chosen, what is due and what is wrong are seen', async ({
  one,
}, info) => {
  const { app, page } = await openAlone(one);
  await page.evaluate(() => window.kiosk.setSettings({ language: 'de', theme: 'light', lockMinutes: 0 }));
  await page.reload();
  await resize(app, page, 1024, 600);
  const tab = (name: 'Programm' | 'Verkauf') => page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  const shown = async (name: string) => {
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
    expect.soft(await sticking(page), name).toEqual([]);
    await tidy(page, name);
  };

  // A page that is not there yet hears no key.
  await expect(page.locator('.event[aria-pressed="true"]')).toBeVisible();
  for (let event = 1; event < EVENTS; event += 1) await page.keyboard.press('ArrowDown');
  await expect(page.locator('.event[aria-pressed="true"]')).toContainText(`Spieltag ${EVENTS - 1}`);
  await expect(page.locator('.event[aria-pressed="true"]')).toBeInViewport({ ratio: 0.9 });
  await shown('last event');
  await page.locator('.event').first().click();
  for (const [index] of CATEGORIES.entries()) {
    if (index > 0) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('3');
    await expect(page.locator('.categories [aria-pressed="true"]')).toBeInViewport({ ratio: 0.9 });
    await expect(page.locator('.cart-line[data-chosen="true"]')).toBeInViewport({ ratio: 0.9 });
  }
  await expect(page.locator('.till-amount')).toHaveText('302.675,970 BHD');
  await shown('cart');
  await page.getByRole('button', { name: 'Anderer Betrag' }).click();
  await page.keyboard.type('99999999');
  await expect(page.getByRole('spinbutton')).toHaveText('999.999,990 BHD');
  await page.keyboard.press('Enter');
  await page.locator('.sell-button').click();
  await page.getByRole('button', { name: 'Später' }).click();
  // Of eight lines, too, what the customer gets back comes first.
  await expect(page.getByTestId('change-due')).toBeInViewport({ ratio: 0.9 });
  await expect(page.getByTestId('change-due')).toContainText('697.324,020 BHD');
  await expect(result(page).getByRole('listitem')).toHaveCount(CATEGORIES.length);
  await shown('sold');
  // The next customer begins with the first price, and has put nothing down.
  await expect(page.locator('.categories [aria-pressed="true"]')).toContainText('Erwachsene');
  await page.keyboard.press('1');
  await expect(page.locator('.till-amount')).toHaveText('125,000 BHD');
  await expect(page.getByRole('button', { name: 'Genau' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.till-change')).toHaveCount(0);

  await tab('Programm');
  await shown('events');
  await page.getByRole('button', { name: 'UCSB v UCLA ändern' }).click();
  await expect(page.getByRole('textbox', { name: 'Preis der Kategorie 1' })).toHaveValue('125,000');
  await page.getByLabel('Karten insgesamt').fill('1');
  await page.getByRole('button', { name: 'Speichern' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeInViewport({ ratio: 0.9 });
});
