import { existsSync } from 'node:fs';
import { SetupError } from '../setup/report.mjs';

/** How long the host of the builder's tools may take to answer. */
const REACHABLE_MS = 8_000;
const TOOLS = 'https://github.com/electron-userland/electron-builder-binaries/releases/';

/**
 * The packages of each system. `fetched`: made with a tool that the builder downloads at its first use.
 * @typedef {{ name: string, platform: NodeJS.Platform, fetched: boolean }} Target
 */
const TARGETS = [
  { name: 'dir', platform: 'linux', fetched: false },
  { name: 'tar.gz', platform: 'linux', fetched: false },
  { name: 'deb', platform: 'linux', fetched: false },
  { name: 'AppImage', platform: 'linux', fetched: true },
  { name: 'dir', platform: 'win32', fetched: false },
  { name: 'nsis', platform: 'win32', fetched: true },
  { name: 'dir', platform: 'darwin', fetched: false },
  { name: 'dmg', platform: 'darwin', fetched: true },
];
const SYSTEMS = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };

/**
 * The packages to make here. @throws SetupError in words for one that can't be made on this system
 * @param {readonly string[]} wanted none: all that this system can make
 * @param {NodeJS.Platform} platform
 * @returns {Target[]}
 */
export function chooseTargets(wanted, platform) {
  const here = TARGETS.filter((target) => target.platform === platform);
  if (here.length === 0) throw new SetupError(`no packages are made on ${platform}; make them on Linux, Windows or macOS`);
  if (wanted.length === 0) return here;
  return wanted.map((word) => {
    const found = here.find(({ name }) => name.toLowerCase() === word.toLowerCase());
    if (found !== undefined) return found;
    const elsewhere = TARGETS.find(({ name }) => name.toLowerCase() === word.toLowerCase());
    const names = here.map(({ name }) => name).join(', ');
    throw new SetupError(
      elsewhere === undefined
        ? `there is no package "${word}"; on this system there are: ${names}`
        : `${elsewhere.name} is made on ${SYSTEMS[elsewhere.platform]}: run npm run dist -- ${elsewhere.name} there. Here there are: ${names}`,
    );
  });
}

/** Why a package can't be made at the moment, in one sentence with its remedy; null if it can. @param {Target} target */
export async function obstacle(target) {
  if (target.name === 'deb' && !existsSync('/usr/bin/dpkg-deb') && !(await toolsReachable()))
    return 'deb needs dpkg-deb, which is not here: make it on Debian or Ubuntu';
  if (target.fetched && !(await toolsReachable()))
    return `${target.name} needs a tool of electron-builder's that is downloaded at its first use, and its host can't be reached from here: make it on a machine with a wider network`;
  return null;
}

let reachable;
function toolsReachable() {
  reachable ??= fetch(TOOLS, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACHABLE_MS) }).then(
    () => true,
    () => false,
  );
  return reachable;
}
