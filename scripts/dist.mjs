import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say } from './setup/report.mjs';
import { isFallback, runtimeVersion } from './setup/runtime.mjs';
import { setup } from './setup.mjs';

const HELP = `npm run dist -- [dir] [deb] [tar.gz]     packages for this machine's system, into release/; dir and deb on Linux by default
`;

const TARGETS = { linux: ['dir', 'deb', 'tar.gz'], darwin: ['dir', 'dmg', 'zip'], win32: ['dir', 'nsis', 'zip'] };

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  const known = TARGETS[process.platform] ?? [];
  const unknown = args.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new SetupError(`no package "${unknown}" is made on this system; there are: ${known.join(', ')}`);
  await setup({ window: true });
  const require = createRequire(import.meta.url);
  const { build, Platform } = require('electron-builder');
  const { path7za } = require('7zip-bin');
  // Its archive has it without the right to run it.
  chmodSync(path7za, 0o755);
  process.env.ELECTRON_BUILDER_7ZIP_PATH ??= path7za;
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= '1';
  process.env.CUSTOM_FPM_PATH ??= path.join(ROOT, 'scripts', 'dist', 'fpm-deb.mjs');
  const electronVersion = runtimeVersion();
  if (isFallback()) say(`This package holds the fallback runtime, Electron ${electronVersion}: for tests, NOT for production.`);
  const targets = args.length > 0 ? args : known.slice(0, 2);
  const platform = Platform.current();
  await build({
    projectDir: ROOT,
    targets: platform.createTarget(targets),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronVersion,
      electronDist: path.join(ROOT, 'node_modules', 'electron', 'dist'),
      ...(isFallback() ? { extraMetadata: { version: `${require(path.join(ROOT, 'package.json')).version}-fallback` } } : {}),
    },
  });
  say(`The packages are in ${path.join(ROOT, 'release')}.`);
}

main().catch(giveUp);
