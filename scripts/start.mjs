import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { hasDisplay } from './setup/libraries.mjs';
import { giveUp, SetupError, say } from './setup/report.mjs';
import { isFallback, runtimeVersion } from './setup/runtime.mjs';
import { setup } from './setup.mjs';
import { ALL_KIOSKS, busyKiosks, DEMO_KIOSKS, demoFolder, holdDemo, makeDemoSite, resetDemo, votersOf } from './start/demo.mjs';
import { startDisplay } from './start/display.mjs';
import { electronCommand, passOn, pictureFile } from './start/electron.mjs';

const HELP = `npm start                     three kiosk windows of one demo site, side by side; Ctrl-C ends them, their data stay
npm start -- --reset          forget the demo's sales and site first (asks; --yes answers)
npm start -- --help           this text

Things to try while it runs, in another terminal:

npm run kiosk -- 2            open a kiosk's window again after it was closed
npm run kiosk -- 4            start a fourth kiosk, then add it: in any window, Kiosks, Add kiosk 4
npm run -s client -- 1 buy 2  sell at kiosk 1 from the command line; show, status, add_kiosk 4, help likewise
npm run site -- --help        make and check sites of your own
npm run demo                  two minutes that play by themselves, with pictures

For who works on it (each with --help):

npm test                      all tests
npm run simulate              the engine in a simulated, hostile world
npm run nemesis               real kiosks under real faults, and a check of what their clients saw
npm run nightly               the long forms of the tests, and the benches
npm run bench                 how long a sale takes here
npm run dist                  installers
`;

/** Windows stand side by side in this width; each has at least the smallest size that works. */
const SCREEN_WIDTH = 1920;
const WINDOW_HEIGHT = 800;
/** How long a kiosk may take to get ready, and to leave in order. */
const READY_MS = 60_000;
const LEAVE_MS = 6_000;
/** Pictures of windows that nobody sees are waited for so long. */
const PICTURE_MS = 20_000;

async function confirmReset(args) {
  if (!existsSync(demoFolder())) return true;
  if (args.includes('--yes')) return true;
  if (!process.stdin.isTTY)
    throw new SetupError('--reset would forget all sales of the demo site; there is no terminal to ask, so say --reset --yes.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D are a no, too.
  const answer = await prompt.question(`Forget all sales of the demo site in ${demoFolder()}? [y/N] `).catch(() => {
    say('');
    return '';
  });
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

function launch(id, index, site, display) {
  const { command, args } = electronCommand();
  const width = Math.floor(SCREEN_WIDTH / DEMO_KIOSKS.length);
  const place = [`--window-x=${index * width}`, '--window-y=0', `--window-width=${width}`, `--window-height=${WINDOW_HEIGHT}`];
  const picture = display === null ? [] : [`--picture=${pictureFile(site, id)}`];
  const env = display === null ? process.env : { ...process.env, DISPLAY: display.name };
  // A group of its own: Ctrl-C reaches this script alone, which then ends the kiosks in order.
  const child = spawn(command, [...place, ...picture, ...args, String(id), '--site', site], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  passOn(child.stderr, `[kiosk ${id}] `);
  return {
    id,
    child,
    ready: whenReady(id, child),
    gone: new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal }))),
  };
}

function whenReady(id, child) {
  return new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => reject(new SetupError(`kiosk ${id} did not get ready within ${READY_MS / 1000} s`)), READY_MS);
    child.stdout.on('data', (data) => {
      out += data;
      const line = /^ready (\{.*\})$/m.exec(out)?.[1];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new SetupError(`kiosk ${id} could not be opened; it says why above`));
    });
  });
}

async function leave(kiosks) {
  for (const { child } of kiosks) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const killer = setTimeout(() => {
    for (const { child } of kiosks) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }, LEAVE_MS);
  await Promise.all(kiosks.map(({ gone }) => gone));
  clearTimeout(killer);
}

/** What the three kiosks can do by themselves; a kiosk that was added earlier has a vote, too, and is not opened here. @param {readonly number[]} voters */
function whoSells(voters) {
  const others = voters.filter((id) => !DEMO_KIOSKS.includes(id));
  if (others.length === 0) return 'They agree on every sale; any two of them can sell.';
  return `They agree on every sale; any ${Math.floor(voters.length / 2) + 1} of the site's ${voters.length} kiosks can sell.
You added to it before, and can open as well:   ${others.map((id) => `npm run kiosk -- ${id}`).join('   ')}`;
}

function firstScreen(ready, pictures, voters) {
  const pids = ready.map(({ kiosk, pid }) => `kiosk ${kiosk}: process ${pid}`).join(', ');
  say(`
Three kiosks of one site are open (${pids}).
${whoSells(voters)}

  Sell here      in any window: an event, how many, Sell; the tickets are printed to a PDF
  Watch there    the other windows count down the same pool; Log shows every committed sale
  Close a window that is the crash test: the kiosk dies as in a power cut, the other two sell on
                 open it again with:   npm run kiosk -- 2
  A fourth one   npm run kiosk -- 4    in another terminal, then in any window: Kiosks, Add kiosk 4
  From a shell   npm run -s client -- 1 buy 2       or show, status, help

Data: ${demoFolder()}
Runtime: Electron ${runtimeVersion()}${isFallback() ? ' (the fallback: for development and tests, not for production)' : ''}
Ctrl-C ends all three; they remember everything. npm start -- --help tells more.`);
  if (pictures.length > 0)
    say(
      `\nThere is no display here, so the windows are on a virtual one. Pictures of them, kept up to date:\n${pictures.map((file) => `  ${file}`).join('\n')}`,
    );
}

async function waitForPictures(pictures) {
  const deadline = Date.now() + PICTURE_MS;
  while (Date.now() < deadline && pictures.some((file) => !existsSync(file))) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function refuseBusy(site, kiosks = DEMO_KIOSKS) {
  const busy = await busyKiosks(site, kiosks);
  if (busy.length === 0) return;
  const which = busy.map(({ id, host, port }) => `port ${port} on ${host}, of kiosk ${id}`).join('; ');
  throw new SetupError(
    `In use by another process: ${which}. It may be a kiosk of this site that is still open (end it with: npm run -s client -- ${busy[0].id} stop), or another program: then change the port in ${site}.`,
  );
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const unknown = args.find((word) => !['--reset', '--yes'].includes(word));
  if (unknown !== undefined) throw new SetupError(`npm start knows no "${unknown}"; see npm start -- --help`);
  const virtual = !hasDisplay();
  await setup({ window: true, virtualDisplay: virtual });
  let release = holdDemo();
  process.on('exit', () => release());
  if (args.includes('--reset')) {
    const sure = await confirmReset(args);
    if (!sure) {
      say('Nothing was changed.');
      return;
    }
    if (existsSync(path.join(demoFolder(), 'site.json'))) await refuseBusy(path.join(demoFolder(), 'site.json'), ALL_KIOSKS);
    resetDemo();
    say('The demo site is empty.');
    release = holdDemo();
  }
  const { site, made } = makeDemoSite();
  if (made) say(`Made the demo site in ${demoFolder()}.`);
  await refuseBusy(site);
  const display = virtual ? await startDisplay({ endsWithLastWindow: true }) : null;
  const pictures = virtual ? DEMO_KIOSKS.map((id) => pictureFile(site, id)) : [];
  for (const file of pictures) rmSync(file, { force: true });
  const kiosks = DEMO_KIOSKS.map((id, index) => launch(id, index, site, display));
  let ending = null;
  const end = () => {
    ending ??= (async () => {
      say('\nEnding the kiosks ...');
      await leave(kiosks);
      await display?.stop();
      say('All three have left. Their data stay; npm start opens them again.');
      const open = await busyKiosks(site, ALL_KIOSKS);
      if (open.length > 0)
        say(`Still open, each in a terminal of its own: ${open.map(({ id }) => `kiosk ${id}`).join(', ')}. Ctrl-C there ends it.`);
      process.exit(0);
    })();
    return ending;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
  try {
    const ready = await Promise.all(kiosks.map((kiosk) => kiosk.ready));
    await waitForPictures(pictures);
    firstScreen(ready, pictures, await votersOf(site));
  } catch (error) {
    if (ending === null) {
      await leave(kiosks);
      await display?.stop();
      throw error;
    }
  }
  for (const { id, gone } of kiosks) {
    void gone.then(({ code, signal }) => {
      if (ending !== null) return;
      if (signal === 'SIGKILL')
        say(`\nKiosk ${id} was closed: it died as in a power cut, and lost nothing. Open it again with: npm run kiosk -- ${id}`);
      else
        say(
          `\nKiosk ${id} has ${code === 0 ? 'left in order' : `ended (${signal ?? `status ${code}`})`}. Open it again with: npm run kiosk -- ${id}`,
        );
    });
  }
  await Promise.all(kiosks.map(({ gone }) => gone));
  if (ending !== null) return ending;
  await display?.stop();
  say('\nThe last window is closed. Everything sold is remembered; npm start opens the kiosks again.');
  process.exit(0);
}

main().catch(giveUp);
