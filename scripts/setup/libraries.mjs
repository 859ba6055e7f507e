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
  { name: 'libx11-xcb1', library: 'libX11-xcb.so.1' },
];
const VIRTUAL_DISPLAY = [
  { name: 'xvfb', file: '/usr/bin/Xvfb' },
  { name: 'xauth', file: '/usr/bin/xauth' },
];

/** What the tests of real faults need: networks that can be cut, disks that fill up and fail, system calls that are cut short, clocks that jump. */
const FAULT_TOOLS = [
  { name: 'iproute2', file: '/usr/sbin/tc' },
  { name: 'iptables', file: '/usr/sbin/iptables' },
  { name: 'util-linux', file: '/usr/bin/unshare' },
  { name: 'e2fsprogs', file: '/usr/sbin/mkfs.ext4' },
  { name: 'strace', file: '/usr/bin/strace' },
  { name: 'libfaketime', file: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1` },
];

/** What the tests of printing need: a spooler of their own, and eyes for what came out of it. */
const PRINT_TOOLS = [
  { name: 'cups-daemon', file: '/usr/sbin/cupsd' },
  { name: 'cups-client', file: '/usr/sbin/lpadmin' },
  { name: 'poppler-utils', file: '/usr/bin/pdftotext' },
  { name: 'zbar-tools', file: '/usr/bin/zbarimg' },
];

/** Whether windows can be shown to somebody. */
export function hasDisplay(environment = process.env) {
  return process.platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** @param {boolean} virtualDisplay also what a display without a screen needs */
export function missingPackages(virtualDisplay) {
  return missingOf(virtualDisplay ? [...VIRTUAL_DISPLAY, ...WINDOW_LIBRARIES] : WINDOW_LIBRARIES);
}

function missingOf(wanted) {
  if (process.platform !== 'linux') return [];
  const loaded = loadableLibraries();
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
  if (!isDebian())
    throw new SetupError(
      `The windows need system libraries that are missing here. On Debian their packages are: ${missing.join(' ')}. Install them and try again.`,
    );
  if (process.getuid() !== 0)
    throw new SetupError(
      `The windows need system libraries that only root may install. Run this, then try again:\n\n    sudo ${installCommand(missing)}\n`,
    );
  say(`System libraries that are missing, installed now by apt-get: ${missing.join(' ')}`);
  await step('system libraries', () => install(missing));
  const still = missingPackages(virtualDisplay);
  if (still.length > 0) throw new SetupError(`These system libraries are still missing: ${still.join(' ')}`);
}

/** Installs what the tests of real faults need, where it may; without it they say what they left out. */
export function installFaultTools() {
  return installTools(FAULT_TOOLS, 'the tests of faults', "Some faults can't be tested");
}

/** Installs what the tests of printing need, where it may. */
export function installPrintTools() {
  return installTools(PRINT_TOOLS, 'the tests of printing', "Printing can't be tested");
}

async function installTools(tools, what, without) {
  const missing = missingOf(tools);
  if (missing.length === 0) return;
  if (isDebian() && process.getuid() === 0) await step(`tools for ${what}: ${missing.join(' ')}`, () => install(missing));
  else say(`${without} without ${missing.join(', ')}. On Debian: sudo ${installCommand(missing)}`);
}

function installCommand(packages) {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}
