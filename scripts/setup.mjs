import { build } from './setup/build.mjs';
import { checkNode, installDependencies } from './setup/dependencies.mjs';
import { hasDisplay, installFaultTools, installLibraries } from './setup/libraries.mjs';
import { giveUp } from './setup/report.mjs';
import { installRuntime } from './setup/runtime.mjs';

/**
 * Brings a checkout to where its programs run; does only what is missing.
 * @param {{ window: boolean, virtualDisplay?: boolean, faults?: boolean }} needs window: Electron and its system libraries too;
 *   virtualDisplay: a display without a screen, even where there is a real one; faults: the tools of the tests of real faults
 */
export async function setup({ window, virtualDisplay = !hasDisplay(), faults = false }) {
  checkNode();
  await installDependencies();
  if (window) {
    await installLibraries(virtualDisplay);
    await installRuntime();
  }
  if (faults) await installFaultTools();
  await build();
}

if (process.argv[1] === import.meta.filename) setup({ window: true }).catch(giveUp);
