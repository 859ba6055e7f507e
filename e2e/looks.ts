import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './cluster';

/** What every screen and dialog is measured by: what axe finds, contrast in each theme, the size and place of what is touched. */

export const THEMES = ['light', 'dark', 'contrast'] as const;
/** Pixels. */
export const TARGET = 56;
export const APART = 8;
/** Money that is read out to a customer. */
const AMOUNTS =
  '.till-amount, .amount-value, .given-total strong, .given-change, .result-total, .result-change, .details-amount, .row-amount';

/** Nothing that axe finds. All screens are looked at, even if one has a fault. */
export async function clean(page: Page, name: string): Promise<void> {
  await expectNone(page, name, (axe) => axe);
}

/** The page as it stands, in all three themes: axe's rules, and its contrasts again wherever the colours differ. */
export async function cleanInThemes(page: Page, name: string): Promise<void> {
  const before = await page.evaluate(() => document.documentElement.dataset.theme ?? 'system');
  for (const theme of THEMES) {
    await wear(page, theme);
    if (theme === 'light') await clean(page, name);
    else await expectNone(page, `${name}, ${theme}`, (axe) => axe.withRules(['color-contrast']));
    if ((await page.locator(AMOUNTS).count()) > 0)
      await expectNone(page, `amounts of ${name}, ${theme}`, (axe) => axe.include(AMOUNTS).withRules(['color-contrast-enhanced']));
  }
  await wear(page, before);
}

/** Another theme for this page alone, at once: colours that fade would be measured half-way. */
async function wear(page: Page, theme: string): Promise<void> {
  await page.evaluate((chosen) => {
    document.documentElement.dataset.theme = chosen;
    for (const animation of document.getAnimations()) animation.finish();
  }, theme);
}

/** Nothing is cut off, and whatever is touched is large enough and far enough from the next. */
export async function tidy(page: Page, name: string): Promise<void> {
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name).toBe(true);
  expect.soft(await page.evaluate(crowded, { target: TARGET, apart: APART }), name).toEqual([]);
}

async function expectNone(page: Page, name: string, rules: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  // Electron has one page per window: axe must not open another for its report.
  const { violations } = await rules(new AxeBuilder({ page }).setLegacyMode()).analyze();
  expect
    .soft(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      name,
    )
    .toEqual([]);
}

/** Targets that are too small for a finger or for their text, or too near to another; runs in the page. Of what lies under a dialog nothing can be touched. */
function crowded({ target, apart }: { target: number; apart: number }): string[] {
  const selector = 'button, select, input:not([type="radio"]):not([type="checkbox"]), label.segment, label.check, [role="spinbutton"]';
  const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
  const seen = [...root.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility() && element.offsetWidth > 0);
  const name = (element: HTMLElement) => element.getAttribute('aria-label') ?? element.textContent?.trim() ?? element.tagName;
  const boxes = seen.map((element) => ({ element, box: element.getBoundingClientRect() }));
  const wrong: string[] = [];
  for (const [index, { element, box }] of boxes.entries()) {
    const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
    if (Math.round(box.height) < target || (!isField && Math.round(box.width) < target))
      wrong.push(`${name(element)} is ${Math.round(box.width)} x ${Math.round(box.height)}`);
    for (const inner of element.querySelectorAll(':not(.unseen)')) {
      const { left, right, width } = inner.getBoundingClientRect();
      if (width > 0 && (left < box.left - 0.5 || right > box.right + 0.5)) wrong.push(`"${inner.textContent}" is wider than its button`);
    }
    for (const other of boxes.slice(index + 1)) {
      const across = Math.max(box.left, other.box.left) - Math.min(box.right, other.box.right);
      const down = Math.max(box.top, other.box.top) - Math.min(box.bottom, other.box.bottom);
      // Lists that scroll lie under what stands beside them; only neighbours in one place can be touched by mistake.
      if (
        element.parentElement?.closest('section, nav, header, form, ul, ol, dialog') !==
        other.element.parentElement?.closest('section, nav, header, form, ul, ol, dialog')
      )
        continue;
      if (Math.round(Math.max(across, down)) < apart)
        wrong.push(`${name(element)} and ${name(other.element)} are ${Math.round(Math.max(across, down))} apart`);
    }
  }
  for (const tile of root.querySelectorAll<HTMLElement>('.tile'))
    if (tile.scrollWidth > tile.clientWidth) wrong.push(`"${tile.textContent}" stands out of its tile`);
  return wrong;
}
