import { built } from './built';
import { app, BrowserWindow } from './electron';
import { PAGE_URL } from './pages';
import { PAGE_PREFERENCES } from './security';

const DEFAULT_SIZE = { width: 1280, height: 800 };
const SMALLEST_SIZE = { minWidth: 560, minHeight: 560 };

/** A number given as `--name=N` to the app; undefined where there is none. */
function numberSwitch(name: string): number | undefined {
  const value = app.commandLine.getSwitchValue(name);
  return /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** The kiosk's one window. Closing it is the crash test: the process is killed as by a power cut, nothing is asked and nothing flushed. One that is locked to its counter can't be closed. */
export function createWindow(title: string, isLeaving: () => boolean, locked: boolean, log: (line: string) => void): BrowserWindow {
  const x = numberSwitch('window-x');
  const y = numberSwitch('window-y');
  const window = new BrowserWindow({
    width: numberSwitch('window-width') ?? DEFAULT_SIZE.width,
    height: numberSwitch('window-height') ?? DEFAULT_SIZE.height,
    ...SMALLEST_SIZE,
    ...(x === undefined || y === undefined ? {} : { x, y }),
    title,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#10231b',
    webPreferences: { ...PAGE_PREFERENCES, preload: built('preload', 'index.cjs') },
  });
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', (event) => {
    if (isLeaving()) return;
    if (locked) event.preventDefault();
    else process.kill(process.pid, 'SIGKILL');
  });
  // A crashed page says nothing about the kiosk: it goes on, and gets a new page.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`the page is gone (${reason}); loading it again`);
    window.webContents.reload();
  });
  // Chromium asks nobody about `about:blank`: a page that went there is brought back.
  window.webContents.on('did-navigate', (_event, address) => {
    if (address === PAGE_URL) return;
    log(`the page went to ${address}; loading it again`);
    void window.loadURL(PAGE_URL);
  });
  window.on('unresponsive', () => log('the page does not respond'));
  void window.loadURL(PAGE_URL);
  return window;
}
