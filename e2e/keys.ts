import type { Page } from '@playwright/test';
import { expect } from './cluster';

/** More stops than any screen has: what was not reached by then can't be reached. */
const STOPS_MAX = 120;

interface Stop {
  /** As a screen reader says it. */
  readonly name: string;
  /** Whether the eye finds it: a ring around it, and on the screen. */
  readonly seen: boolean;
  /** A dialog lies over it. */
  readonly under: boolean;
}

/** A clerk without mouse or touch: every step is a key, and at every stop it is asked whether she can see where she is. */
export class Keys {
  constructor(private readonly page: Page) {}

  press(...keys: readonly string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes on by Tab until the focus is on what has that name. */
  async to(name: string | RegExp): Promise<void> {
    const passed: string[] = [];
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      await this.page.keyboard.press('Tab');
      const here = await this.page.evaluate(stopOf);
      // The end of the page, from where Tab begins anew.
      if (here === null) continue;
      expect(here, `the focus is on "${here.name}", and it can be seen there`).toMatchObject({ seen: true, under: false });
      if (typeof name === 'string' ? here.name === name : name.test(here.name)) return;
      passed.push(here.name);
    }
    throw new Error(`Tab does not lead to ${name}, only to: ${[...new Set(passed)].join(' | ')}`);
  }

  /** Goes there and types. */
  async fill(name: string | RegExp, text: string): Promise<void> {
    await this.to(name);
    await this.type(text);
  }

  /** Goes there and presses it. */
  async use(name: string | RegExp): Promise<void> {
    await this.to(name);
    await this.page.keyboard.press('Enter');
  }

  /** The focus is there now, without a key: a dialog took it, or gave it back. */
  async at(name: string | RegExp): Promise<void> {
    await expect
      .poll(async () => (await this.page.evaluate(stopOf))?.name ?? '')
      .toMatch(typeof name === 'string' ? new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : name);
  }

  /** Tab goes round within the dialog, forwards and backwards, and never leaves it. */
  async round(dialog: string | RegExp): Promise<void> {
    const inside = this.page.getByRole('dialog', { name: dialog });
    await expect(inside).toBeVisible();
    const names = new Set<string>();
    for (const key of ['Tab', 'Shift+Tab'])
      for (let stop = 0; stop < 2 * (await inside.locator('button, input, select, [tabindex="0"]').count()); stop += 1) {
        await this.page.keyboard.press(key);
        const here = await this.page.evaluate(stopOf);
        if (here === null) continue;
        expect(here, String(dialog)).toMatchObject({ under: false });
        names.add(here.name);
      }
    expect(names.size, String(dialog)).toBeGreaterThan(1);
  }
}

/** Where the focus is; null for nowhere. Runs in the page. */
function stopOf(): Stop | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body || element instanceof HTMLDialogElement) return null;
  const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null;
  const label = labels?.[0]?.querySelector('span') ?? null;
  const shown = element instanceof HTMLInputElement && element.type === 'radio' ? (element.nextElementSibling ?? element) : element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const onScreen = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
  const top = [...document.querySelectorAll('dialog[open]')].at(-1);
  return {
    name: (element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent ?? '').trim(),
    seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && onScreen,
    under: top !== undefined && !top.contains(element),
  };
}
