import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { step } from './report.mjs';
import { runtimeVersion } from './runtime.mjs';

const SOURCES = [
  'main',
  'preload',
  'renderer',
  'shared',
  'bench',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const OUT = path.join(ROOT, 'out');
const STAMP = path.join(OUT, '.sources');

/** Name, size and time of every source: changes with any of them, and costs no reading. What was compiled beforehand is good for one runtime alone. */
function fingerprint() {
  const hash = createHash('sha256').update(`runtime ${runtimeVersion()}\n`);
  const visit = (file) => {
    const found = statSync(file);
    if (found.isDirectory()) for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    else hash.update(`${path.relative(ROOT, file)} ${found.size} ${found.mtimeMs}\n`);
  };
  for (const source of SOURCES) if (existsSync(path.join(ROOT, source))) visit(path.join(ROOT, source));
  return hash.digest('hex');
}

/** True while out/ was built from the present sources. */
export function buildFresh() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

export async function build() {
  if (buildFresh()) return;
  await step('build', async () => {
    const before = fingerprint();
    rmSync(STAMP, { force: true });
    await run(process.execPath, [path.join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'], { cwd: ROOT });
    writeFileSync(STAMP, before);
  });
}
