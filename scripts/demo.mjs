import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { hasDisplay } from './setup/libraries.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say } from './setup/report.mjs';
import { setup } from './setup.mjs';
import { startDisplay } from './start/display.mjs';
import { electronCommand } from './start/electron.mjs';

const HELP = `npm run demo [-- --pictures DIR] [--fast]

Two minutes of a box office, played by itself in real windows of a site that is made for it and removed afterwards: three
kiosks open and sell out of one pool, the one that leads is killed, the others sell on, it comes back, a fourth one is
added. Each step says what is to be seen, and leaves pictures of the windows.

  --pictures DIR   where the pictures go; otherwise into test-results/demo, which is emptied first
  --fast           without the pauses for a watcher
`;

const KIOSKS = [1, 2, 3];
const FOURTH = 4;
/** Windows stand side by side in this width, a fourth one before the first; no display at all is a wider one. */
const SCREEN_WIDTH = 1920;
const WINDOW_HEIGHT = 860;
/** A watcher reads a sentence and looks at three windows. */
const READ_MS = 11_000;
/** Between two touches. */
const TOUCH_MS = 900;
/** What does not come in this time does not come. */
const PATIENCE_MS = 45_000;
/** With a machine as slow as that, still no more. */
const DEMO_MAX_MS = 240_000;

function readArguments(args) {
  const fast = args.includes('--fast');
  const rest = args.filter((word) => word !== '--fast');
  if (rest.length === 0) return { fast, pictures: path.join(ROOT, 'test-results', 'demo'), empty: true };
  if (rest[0] === '--pictures' && rest[1] !== undefined && rest.length === 2)
    return { fast, pictures: path.resolve(process.env.INIT_CWD ?? process.cwd(), rest[1]), empty: false };
  throw new SetupError(`npm run demo does not know "${rest.join(' ')}"; see npm run demo -- --help`);
}

/** Ports that are free now, on this machine alone. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A site with a season of games, whose windows begin with a clerk and an open drawer. */
async function makeSite(folder) {
  const site = path.join(folder, 'site');
  const season = path.join(ROOT, 'examples', 'ucsb-soccer', 'site.json');
  const program = path.join(ROOT, 'out', 'main', 'site.js');
  execFileSync(process.execPath, [program, 'create', site, '--site', 'demo', '--kiosks', '4', '--members', '3', '--from', season]);
  const file = path.join(site, 'site.json');
  const made = JSON.parse(readFileSync(file, 'utf8'));
  const ports = await freePorts(made.kiosks.length);
  const kiosks = made.kiosks.map((kiosk, index) => ({ ...kiosk, port: ports[index] }));
  writeFileSync(file, JSON.stringify({ ...made, kiosks, demo: true }));
  return file;
}

/** The windows of the demo, and a clerk's hands at them. */
class Stage {
  windows = new Map();
  step = 0;
  taken = 0;

  constructor(playwright, folder, site, { fast, pictures }, display) {
    Object.assign(this, { playwright, folder, site, fast, pictures, display });
  }

  async open(id, place = id - 1) {
    const { command, args } = electronCommand();
    const width = Math.floor(SCREEN_WIDTH / KIOSKS.length);
    const app = await this.playwright.launch({
      executablePath: command,
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        '--lang=en-US',
        `--window-x=${place * width}`,
        '--window-y=0',
        `--window-width=${width}`,
        `--window-height=${WINDOW_HEIGHT}`,
        ...args,
        String(id),
        '--site',
        this.site,
        '--data',
        path.join(this.folder, `kiosk-${id}`),
      ],
      env: { ...process.env, ...(this.display === null ? {} : { DISPLAY: this.display.name }), TMPDIR: this.folder },
    });
    const child = app.process();
    const page = await app.firstWindow();
    page.setDefaultTimeout(PATIENCE_MS);
    this.windows.set(id, { app, child, page });
    await page.locator('[data-testid=majority-bar][data-connection=selling]').waitFor();
    return page;
  }

  page(id) {
    return this.windows.get(id).page;
  }

  async pause(ms) {
    if (!this.fast) await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** What is to be seen, in words; then time to look, and pictures of these windows. */
  async show(words, ...ids) {
    this.step += 1;
    say(`\n${this.step}. ${words}`);
    for (const id of ids) {
      this.taken += 1;
      const name = `${String(this.taken).padStart(2, '0')}-step-${this.step}-kiosk-${id}.png`;
      await this.page(id).screenshot({ path: path.join(this.pictures, name) });
    }
    await this.pause(READ_MS);
  }

  /** Touches for a sale of the event that is chosen. Resolves with the tickets' numbers as the window tells them. */
  async sell(id, n) {
    const page = this.page(id);
    await page.getByRole('button', { name: String(n), exact: true }).click();
    await this.pause(TOUCH_MS);
    await page.locator('.sell-button').click();
    await page.getByRole('dialog', { name: 'Print tickets' }).waitFor();
    return page.locator('.result-tickets').textContent();
  }

  /** Prints, as Enter does, to a PDF in the kiosk's folder; puts the dialog away. */
  async print(id) {
    const page = this.page(id);
    const dialog = page.getByRole('dialog', { name: 'Print tickets' });
    await dialog.locator('button:focus', { hasText: /^Print/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.locator('[data-testid=print-job][data-stage=printed]').waitFor();
    await this.pause(TOUCH_MS);
    await dialog.locator('button:focus', { hasText: 'Done' }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }

  async go(id, screen) {
    await this.page(id).getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
  }

  async leader(seenFrom) {
    const bar = this.page(seenFrom)
      .getByTestId('majority-bar')
      .filter({ hasText: /kiosk \d+ leads/ });
    await bar.waitFor();
    return Number(/kiosk (\d+) leads/.exec(await bar.textContent())[1]);
  }

  /** As by a power cut. */
  async kill(id) {
    const { child } = this.windows.get(id);
    this.windows.delete(id);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** All leave in order; what does not is ended. */
  async end() {
    const left = [...this.windows.values()];
    this.windows.clear();
    await Promise.all(
      left.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS / 3);
        await ended;
        clearTimeout(killer);
      }),
    );
  }
}

async function play(stage) {
  await Promise.all(KIOSKS.map((id) => stage.open(id)));
  await stage.show('Three kiosks of one site. They have one pool of tickets, and no server.', ...KIOSKS);

  const first = await stage.sell(1, 2);
  await stage.show(`Kiosk 1 sells: ${first}. A majority of the kiosks has them on its disk before the screen says so.`, 1);
  await stage.print(1);
  await stage.show('Printed, and the other kiosks count down the same pool.', 2, 3);

  const both = await Promise.all([stage.sell(2, 3), stage.sell(3, 1)]);
  await Promise.all([stage.print(2), stage.print(3)]);
  await stage.show(`Two clerks sell at the same moment: ${both.join(' and ')}. No number is sold twice.`, 2, 3);

  const leader = await stage.leader(1);
  const [next, third] = KIOSKS.filter((id) => id !== leader);
  await stage.kill(leader);
  const killed = performance.now();
  const without = await stage.sell(next, 2);
  const seconds = ((performance.now() - killed - (stage.fast ? 0 : TOUCH_MS)) / 1_000).toFixed(1);
  await stage.print(next);
  await stage.show(`Kiosk ${leader} led and was killed, as by a power cut. Kiosk ${next} sold ${without} ${seconds} s later.`, next, third);

  await stage.open(leader);
  await stage.show(`Kiosk ${leader} is back. It remembers what it sold, and has learned what the others did.`, leader);

  await stage.open(FOURTH, 0);
  await stage.go(next, 'Kiosks');
  await stage
    .page(next)
    .getByRole('button', { name: `Add kiosk ${FOURTH}` })
    .click();
  await stage.page(next).locator(`[data-testid=kiosk-${FOURTH}][data-standing=member]`).waitFor();
  await stage.show('A fourth kiosk was started and is voted in. It caught up first, and held nobody up.', next);
  const fourth = await stage.sell(FOURTH, 4);
  await stage.print(FOURTH);
  await stage.show(`It sells out of the same pool: ${fourth}.`, FOURTH);

  await stage.go(third, 'Log');
  await stage.page(third).locator('.log-list').waitFor();
  await stage.show('Every kiosk holds the whole log: who sold what, in one order, chained by hashes.', third);
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const options = readArguments(args);
  const virtual = !hasDisplay();
  await setup({ window: true, virtualDisplay: virtual });
  const { _electron } = await import('@playwright/test');
  if (options.empty) rmSync(options.pictures, { recursive: true, force: true });
  else if (existsSync(options.pictures) && readdirSync(options.pictures).length > 0)
    throw new SetupError(`${options.pictures} is not empty: name another folder for the pictures`);
  mkdirSync(options.pictures, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'qk-demo-'));
  const display = virtual ? await startDisplay() : null;
  const stage = new Stage(_electron, folder, await makeSite(folder), options, display);
  if (virtual) say('There is no display here: the windows are on a virtual one, and the pictures show them.');
  let ending = null;
  const end = () => {
    ending ??= stage
      .end()
      .then(() => display?.stop())
      .then(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
    return ending;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end().then(() => process.exit(1)));
  const limit = setTimeout(() => {
    say(`The demo took longer than ${DEMO_MAX_MS / 60_000} minutes and is ended.`);
    void end().then(() => process.exit(1));
  }, DEMO_MAX_MS);
  const began = performance.now();
  try {
    await play(stage);
  } catch (error) {
    // Its windows are gone because it is being ended.
    if (ending !== null) return ending;
    throw error;
  } finally {
    clearTimeout(limit);
    await end();
  }
  say(`
That was it, in ${Math.round((performance.now() - began) / 1_000)} s. All kiosks have left, and their site is removed.
${stage.taken} pictures of the windows are in ${options.pictures}`);
}

main().catch(giveUp);
