import { app } from './electron';

const IN_PROCESS_NETWORK = 'NetworkServiceInProcess2';

/**
 * Chromium without what a till has no use for; to be called before the app is ready. Forms and lists are drawn by the
 * processor as soon as by a graphics card, and its driver is one thing less to wait for and to fail; and pages that load
 * nothing from any network need no process for that.
 */
export function startLean(): void {
  app.disableHardwareAcceleration();
  const asked = app.commandLine.getSwitchValue('enable-features');
  app.commandLine.appendSwitch('enable-features', asked === '' ? IN_PROCESS_NETWORK : `${asked},${IN_PROCESS_NETWORK}`);
}
