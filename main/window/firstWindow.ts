import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { log } from '../kiosk/failStop';
import { app, dialog, Menu } from './electron';
import type { KnownKiosk } from './firstKiosk';
import { Gate } from './gate';
import { lockToCounter } from './kioskMode';
import { setupSession } from './protocol';
import { createWindow } from './window';

/** The kiosk's window, before there is a kiosk behind it. */
export interface FirstWindow {
  readonly window: BrowserWindow;
  /** Where the page's questions wait. */
  readonly gate: Gate;
  /** The kiosk leaves in order: to close the window is no crash test any more. */
  leaving: boolean;
}

/** One sentence, on stderr and, where nobody would see that, in a box. */
export function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  if (app.isPackaged && process.stderr.isTTY !== true && app.isReady()) dialog.showErrorBox('Quorum Kiosk', sentence);
  app.exit(1);
}

/** One sentence on what was typed: whoever typed it reads stderr, and a box would wait for somebody at the screen. */
export function refuseWords(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  app.exit(1);
}

/** Opens a kiosk's window; null, and the process ends, where it is open already. */
export async function openWindow({ kiosk, folder, title, locked }: KnownKiosk): Promise<FirstWindow | null> {
  // Before anything of Chromium is written: each kiosk has a profile, and a lock, of its own.
  app.setPath('userData', path.join(folder, 'window'));
  if (!app.requestSingleInstanceLock()) {
    refuse(`kiosk ${kiosk} is already open with the data folder ${folder}`);
    return null;
  }
  // Electron would make one of its own first. A window that is locked to its counter gets none at all.
  Menu.setApplicationMenu(null);
  await app.whenReady();
  setupSession();
  const window = createWindow(title, () => first.leaving, locked, log);
  const first: FirstWindow = { window, gate: new Gate(window), leaving: false };
  // Whoever starts it once more means this one.
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  if (locked) lockToCounter(window, () => first.leaving);
  return first;
}
