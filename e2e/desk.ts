import type { ElectronApplication, Page } from '@playwright/test';
import { type Cluster, expect } from './cluster';

/** What a clerk does at a window, in steps that several specs take. */

export type ScreenName = 'Sell' | 'Sales' | 'Printing' | 'Gate' | 'Shift' | 'Reports' | 'Events' | 'Clerks' | 'Kiosks' | 'Log' | 'Console';

export async function go(page: Page, screen: ScreenName): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
}

/** The first manager of a site; she is signed in by it. */
export async function createManager(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name: 'Create a manager' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create the first manager' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('PIN, 4 to 12 digits').fill(pin);
  await dialog.getByLabel('The same PIN again').fill(pin);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(chip(page, name)).toBeVisible();
}

/** The button that tells who stands here. */
export function chip(page: Page, name: string) {
  return page.getByRole('button', { name: `${name}: shift, lock and sign out` });
}

/** Opens a shift with a float, in cents. */
export async function openShift(page: Page, cents: number): Promise<void> {
  await go(page, 'Shift');
  await page.getByRole('button', { name: 'Open a shift' }).click();
  await typeAmount(page, 'Float', cents);
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByTestId('shift-report')).toContainText('X report');
}

/** An amount typed as on a till, with the keyboard. */
export async function typeAmount(page: Page, label: string, cents: number): Promise<void> {
  await page.getByRole('spinbutton', { name: label }).focus();
  for (const digit of String(cents)) await page.keyboard.press(digit);
}

export async function signOut(page: Page, name: string): Promise<void> {
  await chip(page, name).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Who is selling?' })).toBeVisible();
}

/** Signs in, or opens a locked screen, by keyboard. */
export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByLabel(`PIN of ${name}`).fill(pin);
  await page.keyboard.press('Enter');
}

export async function addClerk(page: Page, name: string, pin: string, may: readonly string[]): Promise<void> {
  await go(page, 'Clerks');
  await page.getByRole('button', { name: 'New clerk' }).click();
  const dialog = page.getByRole('dialog', { name: 'New clerk' });
  await dialog.getByLabel('Name').fill(name);
  for (const box of await dialog.getByRole('checkbox').all()) await box.setChecked(false);
  for (const permission of may) await dialog.getByRole('checkbox', { name: permission, exact: true }).check();
  await dialog.getByLabel('PIN, 4 to 12 digits').fill(pin);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('clerk-result')).toContainText(`${name} is saved`);
}

/** Makes the window so large, and waits until its page knows. */
export async function resize(app: ElectronApplication, page: Page, width: number, height: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())
        ?.setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([width, height]);
}

/** A site of one kiosk: screens are looked at where nothing depends on others. */
export async function openAlone(cluster: Cluster) {
  const kiosk = await cluster.open(1);
  await cluster.selling(1);
  return kiosk;
}
