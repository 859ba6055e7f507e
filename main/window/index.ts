import path from 'node:path';
import { failStop, log } from '../kiosk/failStop';
import { tuneWindow } from '../kiosk/runtime';
import { homeFolder } from '../site/folders';
import { app } from './electron';
import { findKnown, toolWords } from './firstKiosk';
import { openWindow } from './firstWindow';
import { startLean } from './lean';
import { registerScheme } from './protocol';

/**
 * The window's first moments. What this module loads is little, so that the window is there, and its page loads in a
 * process of its own, while the kiosk's own code is loaded and its log is read.
 */

failStop();
tuneWindow();

/** What stands behind the app's own path (an unpacked app is named on the command line, a packaged one is not). */
function ownArguments(): readonly string[] {
  if (!process.defaultApp) return process.argv.slice(1);
  const at = process.argv.findIndex((word, index) => index > 0 && path.resolve(word) === app.getAppPath());
  return process.argv.slice(at + 1);
}

async function start(): Promise<void> {
  const words = ownArguments();
  const known = findKnown(words, app.isPackaged || words.includes('--installed'));
  const opened = known === null ? null : await openWindow(known);
  if (known !== null && opened === null) return;
  // From the folder of the program itself.
  const { CODE_CACHE_FILE, takeCodeCache } = await import('./codeCache');
  takeCodeCache(path.join(import.meta.dirname, CODE_CACHE_FILE), path.join(import.meta.dirname, 'chunks'), log);
  const { runKiosk } = await import('./kiosk');
  await runKiosk(words, opened);
}

/** One of the operator's programs, in this process and without a window. */
async function runProgram(words: readonly string[]): Promise<void> {
  app.setPath('userData', path.join(homeFolder(), 'tools'));
  const { runTool } = await import('./tools');
  app.exit(await runTool(words));
}

const tool = toolWords(ownArguments());
if (tool === null) {
  startLean();
  registerScheme();
  void start();
} else {
  void runProgram(tool);
}
