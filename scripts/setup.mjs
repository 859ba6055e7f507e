import { build } from './setup/build.mjs';
import { checkNode, installDependencies } from './setup/dependencies.mjs';
import { hasDisplay, installLibraries } from './setup/libraries.mjs';
import { giveUp } from './setup/report.mjs';
import { installRuntime } from './setup/runtime.mjs';

/**
 * Brings a checkout to where its programs run; does only what is missing.
 * @param {{ window: boolean, virtualDisplay?: boolean }} needs window: Electron and its system libraries too;
 *   virtualDisplay: a display without a screen, even where there is a real one
 */
export async function setup({ window, virtualDisplay = !hasDisplay() }) {
  checkNode();
  await installDependencies();
  if (window) {
    await installLibraries(virtualDisplay);
    await installRuntime();
  }
  await build();
}

if (process.argv[1] === import.meta.filename) setup({ window: true }).catch(giveUp);
