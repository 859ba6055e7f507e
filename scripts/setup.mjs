import path from 'node:path';
import { build, buildFresh } from './setup/build.mjs';
import { checkNode, dependenciesFresh, installDependencies } from './setup/dependencies.mjs';
import { hasDisplay, installFaultTools, installLibraries, installPrintTools, missingPackages } from './setup/libraries.mjs';
import { withLock } from './setup/lock.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, SetupError, say } from './setup/report.mjs';
import { installRuntime, runtimeVersion } from './setup/runtime.mjs';

/**
 * Brings a checkout to where its programs run; does only what is missing. Two programs that are started beside
 * each other in a fresh clone don't get into each other's way: the second waits.
 * @param {{ window: boolean, virtualDisplay?: boolean, faults?: boolean, printing?: boolean }} needs window: Electron and its system libraries too;
 *   virtualDisplay: a display without a screen, even where there is a real one; faults: the tools of the tests of real faults; printing: those of the tests of printing
 */
export async function setup({ window, virtualDisplay = !hasDisplay(), faults = false, printing = false }) {
  checkNode();
  if (!isReady(window, virtualDisplay)) {
    await alone(async () => {
      await installDependencies();
      if (window) {
        await installLibraries(virtualDisplay);
        await installRuntime();
      }
      await build();
    });
  }
  if (faults) await installFaultTools();
  if (printing) await installPrintTools();
}

function isReady(window, virtualDisplay) {
  return dependenciesFresh() && buildFresh() && (!window || (runtimeVersion() !== null && missingPackages(virtualDisplay).length === 0));
}

/** The lock stands in out/, which is there before node_modules and outlives it. */
async function alone(work) {
  try {
    await withLock(path.join(ROOT, 'out'), work, () => say('Another program sets this checkout up at the moment; waiting for it ...'));
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
    throw new SetupError(
      `The set-up is not complete, and can't write to ${error.path ?? ROOT} (${error.code}): run it as the owner of ${ROOT}, or use a clone of your own.`,
    );
  }
}

if (process.argv[1] === import.meta.filename) setup({ window: true }).catch(giveUp);
