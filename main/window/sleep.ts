import { powerMonitor } from './electron';

/** Calls `slept` when this machine is about to sleep and when it wakes up: what the other kiosks decided meanwhile it can't know. */
export function watchSleep(slept: () => void): void {
  powerMonitor.on('suspend', slept);
  onWake(slept);
}

export function onWake(woke: () => void): void {
  powerMonitor.on('resume', woke);
}
