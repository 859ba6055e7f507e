import { _electron, type ElectronApplication } from '@playwright/test';

/** Electron 33, the runtime that stands in here, fell over by itself (SIGSEGV) at one start in some five hundred, while Playwright attached its debugger. */
const CRASHED = /Process failed to launch[\s\S]*signal=SIGSEGV/;

/** Starts a program's window, once more where its runtime crashed at once; that is said, and a second crash is an error. */
export async function launch(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!CRASHED.test((error as Error).message)) throw error;
    process.stderr.write('the runtime crashed (SIGSEGV) while it was started: it is started once more\n');
    return _electron.launch(options);
  }
}
