import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasDisplay } from './setup/libraries.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, say } from './setup/report.mjs';
import { setup } from './setup.mjs';
import { startDisplay } from './start/display.mjs';
import { electronCommand } from './start/electron.mjs';

/** `npm run kiosk|client|site|simulate|bench|nemesis -- ...`: sets up what is missing, then is that program. */
const [program = '', ...args] = process.argv.slice(2);

/** The program in this very process: signals and standard streams are its own. */
async function become(name) {
  const file = path.join(ROOT, 'out', 'main', `${name}.js`);
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}

async function kioskWindow() {
  await setup({ window: true });
  const display = hasDisplay() ? null : await startDisplay({ endsWithLastWindow: true });
  if (display !== null) say(`There is no display here: the window is shown on a virtual one (DISPLAY=${display.name}).`);
  const { command, args: first } = electronCommand();
  const env = display === null ? process.env : { ...process.env, DISPLAY: display.name };
  const child = spawn(command, [...first, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill('SIGTERM'));
  child.on('exit', async (code, signal) => {
    await display?.stop();
    process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1));
  });
}

async function main() {
  if (program === 'kiosk' && (args.length === 0 || args.includes('--help'))) {
    say('npm run kiosk -- <kiosk_id> [--site FILE] [--data DIR] [--headless]');
    process.exit(args.length === 0 ? 2 : 0);
  }
  if (program === 'kiosk' && !args.includes('--headless')) return kioskWindow();
  // A clone without a runtime is no obstacle to what needs no window.
  await setup({ window: false, faults: program === 'nemesis' });
  return become(program);
}

if (!existsSync(path.join(ROOT, 'package.json')) || !readFileSync(path.join(ROOT, 'package.json'), 'utf8').includes(`run.mjs ${program}"`))
  giveUp(new Error(`there is no program "${program}"`));
main().catch(giveUp);
