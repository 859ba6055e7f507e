import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './paths.mjs';
import { say } from './report.mjs';
import { runtimeVersion } from './runtime.mjs';

/** For two kiosks that start and sell once, on a busy machine. */
const CACHE_MS = 60_000;

/**
 * Has the window's runtime keep the kiosk's code as V8 compiles it; the build calls it. Where there is no runtime, or it
 * can't run, the window does without: it starts a little later.
 */
async function makeCodeCache() {
  if (runtimeVersion() === null) return;
  const programs = path.join(ROOT, 'out', 'main');
  const electron = path.join(ROOT, 'node_modules', 'electron');
  const executable = path.join(electron, 'dist', readFileSync(path.join(electron, 'path.txt'), 'utf8').trim());
  // As Node alone it has other flags, and V8 would take nothing of it.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Nothing is drawn: no display is needed.
  const args = [
    ...root,
    '--ozone-platform=headless',
    '--disable-gpu',
    path.join(programs, 'codeCache.js'),
    path.join(programs, 'window.cache'),
  ];
  try {
    await run(executable, args, { cwd: ROOT, env, timeoutMs: CACHE_MS });
  } catch (error) {
    say(`The window's code cache was not made, so windows start a little later: ${error.message}`);
  }
}

await makeCodeCache();
