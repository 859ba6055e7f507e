import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makePapers } from './dist/papers.mjs';
import { chooseTargets, obstacle } from './dist/targets.mjs';
import { run } from './setup/command.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say, step } from './setup/report.mjs';
import { isFallback, runtimeVersion } from './setup/runtime.mjs';
import { setup } from './setup.mjs';

const HELP = `npm run dist -- [package] ...                  packages for this machine's system, into release/
npm run dist -- --site <folder> [package] ...  those of one site, into release/<site>/: the site file is in them, and
                                               beside them a provisioning file per kiosk, with the codes that open them

  Linux     dir (the unpacked app)  tar.gz  deb  AppImage
  Windows   dir  nsis
  macOS     dir  dmg

Without a name: all that can be made here.
`;

const RELEASE = path.join(ROOT, 'release');
const MADE = path.join(RELEASE, '.made');

function readArguments(args) {
  const wanted = [];
  let site = null;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (word === '--site') {
      index += 1;
      if (args[index] === undefined) throw new SetupError("--site needs the site's folder; see npm run dist -- --help");
      site = path.resolve(process.env.INIT_CWD ?? process.cwd(), args[index]);
    } else if (word.startsWith('-')) throw new SetupError(`npm run dist knows no "${word}"; see npm run dist -- --help`);
    else wanted.push(word);
  }
  return { wanted, site };
}

/**
 * What a site's own packages have beside the app: its public files in them, and next to them what makes each kiosk.
 * @param {string} folder of the site
 */
async function prepareSite(folder) {
  const file = path.join(folder, 'site.json');
  if (!existsSync(file))
    throw new SetupError(`there is no site.json in ${folder}; make a site with npm run site -- create ${folder} --site ID`);
  const { site } = JSON.parse(readFileSync(file, 'utf8'));
  const output = path.join(RELEASE, site);
  const provisioning = path.join(output, 'provisioning');
  rmSync(provisioning, { recursive: true, force: true });
  mkdirSync(provisioning, { recursive: true, mode: 0o700 });
  const said = await run(process.execPath, [path.join(ROOT, 'out', 'main', 'site.js'), 'provision', folder, '--to', provisioning]);
  const codes = path.join(output, 'codes.txt');
  rmSync(codes, { force: true });
  writeFileSync(codes, said, { mode: 0o600 });
  const shown = path.join(MADE, 'site');
  rmSync(shown, { recursive: true, force: true });
  mkdirSync(shown, { recursive: true });
  // By name: nothing else of that folder may ever get into a package.
  for (const name of ['site.json', 'tickets.pub'])
    if (existsSync(path.join(folder, name))) copyFileSync(path.join(folder, name), path.join(shown, name));
  return { output, shown, provisioning, codes };
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
  const { wanted, site } = readArguments(args);
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
  const own = site === null ? null : await step("the site's own files", () => prepareSite(site));
  await build({
    projectDir: ROOT,
    targets: Platform.current().createTarget(targets),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronVersion,
      electronDist: path.join(ROOT, 'node_modules', 'electron', 'dist'),
      extraMetadata: { version },
      ...(own === null ? {} : { directories: { output: own.output }, extraResources: [{ from: own.shown, to: 'site' }] }),
    },
  });
  say(`The packages are in ${own?.output ?? RELEASE}.`);
  if (own !== null) {
    say(`Each kiosk's own file is in ${own.provisioning}; bring it on a stick, or by drag into the assistant at the first start.`);
    say(`The codes that open them are in ${own.codes}: bring those by another way. The authority stays here.`);
  }
}

main().catch(giveUp);
