import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { hasDisplay } from './setup/libraries.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say } from './setup/report.mjs';
import { setup } from './setup.mjs';
import { demoFolder } from './start/demo.mjs';
import { startDisplay } from './start/display.mjs';
import { electronCommand, passOn, pictureFile } from './start/electron.mjs';

/** `npm run kiosk|client|site|verify|simulate|bench|nemesis -- ...`: sets up what is missing, then is that program. */
const [program = '', ...args] = process.argv.slice(2);

const BAD_USE = 2;
const KIOSK_USE = 'npm run kiosk -- <kiosk_id> [--site FILE] [--data DIR] [--headless] [--rejoin] [--metrics [HOST:]PORT]';
const KIOSK_HELP = `${KIOSK_USE}

One kiosk of a site, in a window of its own. Ctrl-C here, or stop in the client, lets it leave in order; to close its window
is the crash test: it dies as in a power cut. Started again with the same command it goes on with all that it knew.

  --site FILE   the site's site.json, with the kiosk's certificates beside it; without it, the demo site of npm start
  --data DIR    where it keeps its data; without it, in the folder of its site under $QUORUM_HOME or your data folder
  --headless    without a window, under plain Node
  --metrics P   serves its figures for Prometheus at port P, path /metrics, to this machine alone; HOST:P opens them wider
  --rejoin      put its data aside and join the site as a new kiosk; it votes again after: change readmit <kiosk_id>
`;
const KIOSK_OPTIONS = {
  site: { type: 'string' },
  data: { type: 'string' },
  headless: { type: 'boolean' },
  rejoin: { type: 'boolean' },
  metrics: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

/** The program in this very process: signals and standard streams are its own. */
async function become(name) {
  const file = path.join(ROOT, 'out', 'main', `${name}.js`);
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}

/** @param {string} kiosk @param {string} siteFile */
async function kioskWindow(kiosk, siteFile) {
  await setup({ window: true });
  const display = hasDisplay() ? null : await startDisplay({ endsWithLastWindow: true });
  const picture = pictureFile(siteFile, kiosk);
  if (display !== null) say(`There is no display here: the window is on a virtual one. A picture of it, kept up to date: ${picture}`);
  const { command, args: first } = electronCommand();
  const child = spawn(command, [...(display === null ? [] : [`--picture=${picture}`]), ...first, ...args], {
    stdio: ['inherit', 'inherit', 'pipe'],
    env: display === null ? process.env : { ...process.env, DISPLAY: display.name },
  });
  passOn(child.stderr);
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill('SIGTERM'));
  child.on('exit', async (code, signal) => {
    await display?.stop();
    process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1));
  });
}

/** Reads the arguments only as far as this script needs them; the kiosk reads them in full. */
function readKiosk() {
  try {
    return parseArgs({ args, options: KIOSK_OPTIONS, allowPositionals: true });
  } catch (error) {
    say(`${error.message.split(/[.\n]/)[0]}; use: ${KIOSK_USE}`);
    return process.exit(BAD_USE);
  }
}

async function kiosk() {
  const { values, positionals } = readKiosk();
  if (values.help) {
    process.stdout.write(KIOSK_HELP);
    return;
  }
  const [id] = positionals;
  if (id === undefined) {
    say(`name the kiosk; use: ${KIOSK_USE}`);
    process.exit(BAD_USE);
  }
  const siteFile = path.resolve(process.env.INIT_CWD ?? process.cwd(), values.site ?? path.join(demoFolder(), 'site.json'));
  if (!values.headless) return kioskWindow(id, siteFile);
  await setup({ window: false });
  return become('kiosk');
}

/** Figures must not depend on somebody's desk. */
async function ownDisplay() {
  const display = await startDisplay();
  process.env.DISPLAY = display.name;
  display.unref();
  process.on('exit', () => void display.stop());
}

async function main() {
  if (program === 'kiosk') return kiosk();
  // A clone without a runtime is no obstacle to what needs no window.
  const window = program === 'bench' && args[0] === 'window' && !args.includes('--help');
  await setup({ window, virtualDisplay: window, faults: program === 'nemesis' });
  if (window && process.platform === 'linux') await ownDisplay();
  return become(program);
}

if (!existsSync(path.join(ROOT, 'package.json')) || !readFileSync(path.join(ROOT, 'package.json'), 'utf8').includes(`run.mjs ${program}"`))
  giveUp(new SetupError(`there is no program "${program}"`));
main().catch(giveUp);
