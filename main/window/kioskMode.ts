import type { BrowserWindow, Input } from 'electron';
import { powerSaveBlocker } from './electron';

/** Keys that a locked kiosk still takes together with Control (or Command): those that edit text. */
const EDITING_KEYS = new Set(['a', 'c', 'v', 'x', 'z', 'backspace', 'delete', 'arrowleft', 'arrowright', 'home', 'end']);

/** Whether a key would lead out of the kiosk's page, or change how it is shown. */
export function isLockedKey({ key, control, meta, alt }: Pick<Input, 'key' | 'control' | 'meta' | 'alt'>): boolean {
  const name = key.toLowerCase();
  if (/^f\d{1,2}$/.test(name)) return true;
  if (['meta', 'contextmenu', 'printscreen', 'browserback', 'browserforward', 'browserrefresh'].includes(name)) return true;
  // AltGr, which types @ and € on many keyboards, comes as Control and Alt together.
  if (alt) return !control || name.length !== 1;
  return (control || meta) && !EDITING_KEYS.has(name);
}

/**
 * Locks a window to the counter: full screen, no menu, no key that leads elsewhere, and closing it does nothing. The way
 * out is to stop the kiosk, which the desk allows to a manager's PIN.
 */
export function lockToCounter(window: BrowserWindow, isLeaving: () => boolean): void {
  window.setKiosk(true);
  window.on('leave-full-screen', () => {
    if (!isLeaving()) window.setKiosk(true);
  });
  window.on('minimize', () => window.restore());
  window.webContents.on('before-input-event', (event, input) => {
    if (isLockedKey(input)) event.preventDefault();
  });
}

/** A counter whose screen goes dark sells nothing: the display stays on as long as the kiosk runs. */
export function keepDisplayAwake(): void {
  powerSaveBlocker.start('prevent-display-sleep');
}
