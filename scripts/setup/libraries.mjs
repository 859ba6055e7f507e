import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { run } from './command.mjs';
import { SetupError, say, step } from './report.mjs';

/** Debian packages and a file or library that shows that each is there. */
const WINDOW_LIBRARIES = [
  { name: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { name: 'libnss3', library: 'libnss3.so' },
  { name: 'libasound2', library: 'libasound.so.2' },
  { name: 'libgbm1', library: 'libgbm.so.1' },
];
const VIRTUAL_DISPLAY = [
  { name: 'xvfb', file: '/usr/bin/Xvfb' },
  { name: 'xauth', file: '/usr/bin/xauth' },
];

/** Whether windows can be shown to somebody. */
export function hasDisplay(environment = process.env) {
  return process.platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** @param {boolean} virtualDisplay also what a display without a screen needs */
export function missingPackages(virtualDisplay) {
  if (process.platform !== 'linux') return [];
  const loaded = loadableLibraries();
  const wanted = virtualDisplay ? [...VIRTUAL_DISPLAY, ...WINDOW_LIBRARIES] : WINDOW_LIBRARIES;
  return wanted
    .filter(({ file, library }) => (file === undefined ? !loaded.includes(`${library} `) : !existsSync(file)))
    .map(({ name }) => name);
}

function loadableLibraries() {
  for (const ldconfig of ['/sbin/ldconfig', 'ldconfig']) {
    try {
      return execFileSync(ldconfig, ['-p'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      // The next place.
    }
  }
  return '';
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Installs the system libraries that a window needs where it may, and otherwise says which. */
export async function installLibraries(virtualDisplay) {
  const missing = missingPackages(virtualDisplay);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isDebian())
    throw new SetupError(
      `The windows need system libraries that are missing here. On Debian their packages are: ${missing.join(' ')}. Install them and try again.`,
    );
  if (process.getuid() !== 0)
    throw new SetupError(
      `The windows need system libraries that only root may install. Run this, then try again:\n\n    sudo ${command}\n`,
    );
  say(`System libraries that are missing, installed now by apt-get: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step('system libraries', async () => {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
  });
  const still = missingPackages(virtualDisplay);
  if (still.length > 0) throw new SetupError(`These system libraries are still missing: ${still.join(' ')}`);
}
