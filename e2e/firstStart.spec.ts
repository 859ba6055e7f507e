import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base, type ElectronApplication, type Page } from '@playwright/test';
import { missingTools, PrivateCups } from '../main/printing/testing/cups';
import { said } from '../shared/said';
import { createManager, printDialog } from './boxOffice';
import { Cluster, expect, START_MS, sell, unpackedProgram } from './cluster';
import { launch } from './launch';
import { cleanInThemes, tidy } from './looks';
import { output, ROOT } from './packages/release';
import { readPages, scannedFrom } from './paper';

/** A machine that was not set up yet, with a user of its own, and a provisioning file for it. */
class Machine {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly cluster: Cluster,
    readonly home: string,
    readonly file: string,
    readonly code: string,
  ) {}

  static async make(): Promise<Machine> {
    const cluster = await Cluster.make(['--event', 'match=100:1200'], 2, 1);
    const target = path.join(cluster.folder, 'stick');
    const said = await output(
      process.execPath,
      path.join(ROOT, 'out/main/site.js'),
      'provision',
      path.dirname(cluster.site),
      '--kiosk',
      '1',
      '--to',
      target,
    );
    const home = path.join(cluster.folder, 'home');
    await mkdir(home);
    return new Machine(cluster, home, path.join(target, 'e2e-kiosk-1.provision'), / code (\S+)/.exec(said)![1]!);
  }

  get quorumHome(): string {
    return path.join(this.home, 'quorum');
  }

  async start(...args: readonly string[]): Promise<{ app: ElectronApplication; page: Page }> {
    const program = unpackedProgram();
    const app = await launch({
      executablePath: program.executablePath,
      chromiumSandbox: program.sandbox,
      args: ['--lang=en-US', ...program.args, '--installed', ...args],
      env: {
        ...process.env,
        ELECTRON_RENDERER_URL: '',
        TMPDIR: this.cluster.folder,
        QUORUM_HOME: this.quorumHome,
        XDG_CONFIG_HOME: path.join(this.home, 'config'),
      } as Record<string, string>,
    });
    // Asked for now: once it has ended by itself, Playwright has none.
    this.child = app.process();
    return { app, page: await app.firstWindow() };
  }

  /** Ends the program as a power cut would. */
  async cut(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.cut();
    await this.cluster.remove();
  }
}

const test = base.extend<{ machine: Machine }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern.
  machine: async ({}, use) => {
    const machine = await Machine.make();
    await use(machine);
    await machine.remove();
  },
});

/** Drops a file of that text on the page, as from a file manager. */
async function drop(page: Page, text: string): Promise<void> {
  const data = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([contents], 'kiosk.provision'));
    return transfer;
  }, text);
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: data });
}

test('the assistant makes a machine its kiosk: file by drag, code, choices; the next start asks nothing', async ({ machine }, info) => {
  const { app, page } = await machine.start();
  await expect(page.getByRole('heading', { name: 'Which kiosk is this?' })).toBeVisible({ timeout: START_MS });
  // It answers its own page, and no other that has the same bridge.
  const foreign = await app.evaluate(
    async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL('app://kiosk/assistant.html');
      const answer: unknown = await stranger.webContents.executeJavaScript('window.assistant.state()');
      stranger.destroy();
      return answer;
    },
    path.join(ROOT, 'out/preload/assistant.cjs'),
  );
  expect(foreign).toEqual({ ok: false, error: said('foreign_page') });
  await tidy(page, 'file');
  await cleanInThemes(page, 'file');
  await page.screenshot({ path: info.outputPath('file.png') });
  await drop(page, 'a letter to my aunt');
  await expect(page.getByRole('alert')).toContainText('This is no provisioning file');
  await drop(page, await readFile(machine.file, 'utf8'));
  await expect(page.getByRole('heading', { name: 'The code of kiosk 1, Kiosk 1' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Code' }).fill('AAAAA-AAAAA-AAAAA-AAAAA');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('The code does not open the file');
  await tidy(page, 'code');
  await cleanInThemes(page, 'code');
  await page.screenshot({ path: info.outputPath('code.png') });
  await page.getByRole('textbox', { name: 'Code' }).fill(machine.code.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /This is kiosk 1, Kiosk 1/ })).toBeVisible();
  await page.getByText('Deutsch').click();
  await expect(page.getByRole('heading', { name: /Das ist Kiosk 1/ })).toBeVisible();
  await page.getByText('English').click();
  await page.getByRole('checkbox', { name: /Full screen/ }).uncheck();
  await tidy(page, 'choices');
  await cleanInThemes(page, 'choices');
  await page.screenshot({ path: info.outputPath('options.png') });
  const opened = app.waitForEvent('window', { predicate: async (other) => other.url().endsWith('/index.html'), timeout: START_MS });
  await page.getByRole('button', { name: 'Start selling' }).click();
  const kiosk = await opened;
  await expect(kiosk.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling', { timeout: START_MS });
  expect(await readFile(path.join(machine.home, 'config/autostart/quorum-kiosk.desktop'), 'utf8')).toContain('Exec="');
  expect(JSON.parse(await readFile(path.join(machine.quorumHome, 'installed.json'), 'utf8'))).toEqual({
    version: 1,
    site: 'e2e',
    kiosk: 1,
    kioskMode: false,
    startAtLogin: true,
    language: 'en',
  });
  const certificates = path.join(machine.quorumHome, 'e2e/certificates');
  await access(path.join(certificates, 'kiosk-1/kiosk.key'));
  await expect(access(path.join(certificates, 'kiosk-2'))).rejects.toThrow();
  await machine.cut();
  const again = await machine.start();
  await expect(again.page.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling', { timeout: START_MS });
});

test('the test page comes out of a real printer, whole, and the kiosk prints there from then on', async ({ machine }, info) => {
  test.skip(missingTools() !== null, `a test page needs a printer: ${missingTools()}`);
  const cups = await PrivateCups.start(['front', 'back']);
  process.env.CUPS_SERVER = cups.socket;
  try {
    const { app, page } = await machine.start();
    await expect(page.getByRole('heading', { name: 'Which kiosk is this?' })).toBeVisible({ timeout: START_MS });
    await drop(page, await readFile(machine.file, 'utf8'));
    await page.getByRole('textbox', { name: 'Code' }).fill(machine.code);
    await page.keyboard.press('Enter');
    const picker = page.getByRole('combobox');
    const print = page.getByRole('button', { name: 'Print a test page' });
    await expect(picker).toHaveValue('front');
    // One that was taken away meanwhile says so, and in words.
    await picker.selectOption('The back printer');
    await cups.remove('back');
    await print.click();
    await expect(page.getByRole('alert')).toContainText('The printer back did not take the page');
    await picker.selectOption('The front printer');
    await print.click();
    await expect(page.getByRole('status')).toHaveText('The test page is on its way to the printer.');
    await expect.poll(() => cups.pages()).toHaveLength(1);
    const [file] = await cups.pages();
    const words = await output('pdftotext', '-raw', file!, '-');
    for (const word of ['TEST', 'e2e', 'kiosk 1', 'nothing is cut off']) expect(words).toContain(word);
    expect(await scannedFrom(file!, info.outputPath('scan'))).toBe('quorum-kiosk test e2e kiosk 1');
    const [, width, height] = /^Page size:\s+([\d.]+) x ([\d.]+) pts/m.exec(await output('pdfinfo', file!))!;
    // 80 x 127 mm in points, to one that the printing system rounds.
    expect([Math.abs(Number(width) - 226.8) < 1, Math.abs(Number(height) - 360) < 1]).toEqual([true, true]);
    await page.getByRole('checkbox', { name: /Full screen/ }).uncheck();
    const opened = app.waitForEvent('window', { predicate: async (other) => other.url().endsWith('/index.html'), timeout: START_MS });
    await page.getByRole('button', { name: 'Start selling' }).click();
    const kiosk = await opened;
    await expect(kiosk.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling', { timeout: START_MS });
    await sell(kiosk, 1);
    await printDialog(kiosk).getByRole('button', { name: 'Print', exact: true }).click();
    await expect.poll(() => cups.pages()).toHaveLength(2);
    expect(await readPages((await cups.pages()).slice(1))).toMatchObject([{ number: 1, kiosk: 1, copy: 0 }]);
  } finally {
    delete process.env.CUPS_SERVER;
    await machine.cut();
    await cups.stop();
  }
});

test('a page that crashes comes back locked to its counter, and sells', async ({ machine }) => {
  const codeFile = path.join(machine.home, 'code');
  await writeFile(codeFile, `${machine.code}\n`);
  const { app, page } = await machine.start('--provision', machine.file, '--code-file', codeFile, '--kiosk-mode');
  await expect(page.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling', { timeout: START_MS });
  const before = await page.evaluate(() => window.performance.timeOrigin);
  const crashed = page.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
  await crashed;
  // Playwright knows a page that crashed no more: it is looked at through its window.
  const look = () =>
    app.evaluate(async ({ BrowserWindow, Menu }) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      if (window.webContents.isCrashed() || window.webContents.isLoading()) return null;
      const script = `({ connection: document.querySelector('[data-testid=majority-bar]')?.dataset.connection, began: performance.timeOrigin })`;
      const { connection, began } = (await window.webContents.executeJavaScript(script)) as { connection?: string; began: number };
      return { connection, began, kiosk: window.isKiosk(), menu: Menu.getApplicationMenu() };
    });
  await expect.poll(look, { timeout: START_MS }).toMatchObject({ connection: 'selling', kiosk: true, menu: null });
  const { began } = (await look())!;
  expect(began).toBeGreaterThan(before);
  await app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    for (const keyCode of ['F5', 'F11'])
      for (const type of ['keyDown', 'keyUp'] as const) window.webContents.sendInputEvent({ type, keyCode, modifiers: [] });
    for (const type of ['keyDown', 'keyUp'] as const) window.webContents.sendInputEvent({ type, keyCode: 'R', modifiers: ['control'] });
    window.close();
  });
  expect(await look()).toMatchObject({ connection: 'selling', began, kiosk: true });
});

test('a machine that is set up by a file asks nothing, and is locked to its counter until a manager leaves', async ({ machine }, info) => {
  const codeFile = path.join(machine.home, 'code');
  await writeFile(codeFile, `${machine.code}\n`);
  const { app, page } = await machine.start('--provision', machine.file, '--code-file', codeFile, '--kiosk-mode');
  await expect(page.getByTestId('majority-bar')).toHaveAttribute('data-connection', 'selling', { timeout: START_MS });
  const state = () =>
    app.evaluate(({ BrowserWindow, Menu, powerSaveBlocker }) => ({
      kiosk: BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())!
        .isKiosk(),
      menu: Menu.getApplicationMenu(),
      awake: powerSaveBlocker.isStarted(0) || powerSaveBlocker.isStarted(1),
      zoom: BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())!
        .webContents.getZoomFactor(),
    }));
  const locked = { kiosk: true, menu: null, awake: true, zoom: 1 };
  expect(await state()).toEqual(locked);
  // As from a keyboard: what Playwright sends to the page itself passes the window by.
  await app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((other) => other.isVisible())!;
    const press = (keyCode: string, ...modifiers: ('control' | 'alt' | 'shift')[]) => {
      for (const type of ['keyDown', 'keyUp'] as const) window.webContents.sendInputEvent({ type, keyCode, modifiers });
    };
    press('F11');
    press('F5');
    press('F4', 'alt');
    press('W', 'control');
    press('Q', 'control');
    press('R', 'control');
    press('Plus', 'control');
    press('I', 'control', 'shift');
    window.close();
    window.minimize();
  });
  await page.evaluate(() => window.kiosk.view());
  expect(await state()).toEqual(locked);
  // The site has no clerks yet: whoever is there is the operator, and may leave without a PIN.
  const leave = page.getByRole('button', { name: 'Leave', exact: true }).first();
  const dialog = page.getByRole('dialog', { name: 'Leave this kiosk?' });
  const focus = () => page.evaluate(() => document.activeElement?.className);
  await leave.click();
  await expect(dialog.getByText('no PIN is asked for')).toBeVisible();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await createManager(page, { id: 'mia', name: 'Mia', pin: '1111' });
  await leave.click();
  await expect.poll(focus).toBe('pin-input');
  await page.keyboard.type('9999');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect.poll(focus).toBe('pin-input');
  await tidy(page, 'leave');
  await cleanInThemes(page, 'leave');
  await page.screenshot({ path: info.outputPath('leave.png') });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect((await leave.boundingBox())!.height).toBeGreaterThanOrEqual(56);
  // From a locked screen, by keyboard.
  await page.evaluate(() => window.kiosk.lock());
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  expect((await leave.boundingBox())!.height).toBeGreaterThanOrEqual(56);
  await tidy(page, 'leave-locked');
  await cleanInThemes(page, 'leave-locked');
  await page.screenshot({ path: info.outputPath('locked.png') });
  await leave.focus();
  await page.keyboard.press('Enter');
  await expect.poll(focus).toBe('pin-input');
  await page.keyboard.type('1111');
  const ended = once(app.process(), 'exit');
  await page.keyboard.press('Enter');
  expect(await ended).toEqual([0, null]);
});

test('a set-up that can’t be done ends with one sentence', async ({ machine }) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-first-'));
  try {
    const codeFile = path.join(folder, 'code');
    await writeFile(codeFile, 'AAAAA-AAAAA-AAAAA-AAAAA');
    const { executablePath, args } = unpackedProgram();
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const failed = output(executablePath, ...root, ...args, '--installed', '--provision', machine.file, '--code-file', codeFile);
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('the code does not open the file for kiosk 1') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
