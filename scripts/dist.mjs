import { chmodSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makePapers } from './dist/papers.mjs';
import { chooseTargets, obstacle } from './dist/targets.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say, step } from './setup/report.mjs';
import { isFallback, runtimeVersion } from './setup/runtime.mjs';
import { setup } from './setup.mjs';

const HELP = `npm run dist -- [package] ...     packages for this machine's system, into release/

  Linux     dir (the unpacked app)  tar.gz  deb  AppImage
  Windows   dir  nsis
  macOS     dir  dmg

Without a name: all that can be made here.
`;

const RELEASE = path.join(ROOT, 'release');
const MADE = path.join(RELEASE, '.made');

function readArguments(args) {
  const wanted = [];
  for (const word of args) {
    if (word.startsWith('-')) throw new SetupError(`npm run dist knows no "${word}"; see npm run dist -- --help`);
    wanted.push(word);
  }
  return { wanted };
}

/** Those that can be made; one that was asked for by name and can't be is an error, any other is left out with its reason. */
async function possible(targets, named) {
  const makeable = [];
  for (const target of targets) {
    const reason = await obstacle(target);
    if (reason === null) makeable.push(target.name);
    else if (named) throw new SetupError(reason);
    else say(`Left out: ${reason}.`);
  }
  return makeable;
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  const { wanted } = readArguments(args);
  const targets = await possible(chooseTargets(wanted, process.platform), wanted.length > 0);
  await setup({ window: true });
  process.chdir(ROOT);
  const require = createRequire(import.meta.url);
  const { build, Platform } = require('electron-builder');
  const { path7za } = require('7zip-bin');
  // Its archive has it without the right to run it.
  chmodSync(path7za, 0o755);
  process.env.ELECTRON_BUILDER_7ZIP_PATH ??= path7za;
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= '1';
  if (existsSync('/usr/bin/dpkg-deb')) process.env.CUSTOM_FPM_PATH ??= path.join(ROOT, 'scripts', 'dist', 'fpm-deb.mjs');
  const electronVersion = runtimeVersion();
  const { version: plain } = require(path.join(ROOT, 'package.json'));
  const version = isFallback() ? `${plain}-fallback` : plain;
  if (isFallback()) say(`This package holds the fallback runtime, Electron ${electronVersion}: for tests, NOT for production.`);
  await step('icons and papers', () => makePapers(MADE, version));
  await build({
    projectDir: ROOT,
    targets: Platform.current().createTarget(targets),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronVersion,
      electronDist: path.join(ROOT, 'node_modules', 'electron', 'dist'),
      extraMetadata: { version },
    },
  });
  say(`The packages are in ${RELEASE}.`);
}

main().catch(giveUp);
