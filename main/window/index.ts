import path from 'node:path';
import { app, dialog, session } from 'electron';
import type { PrintLanguage } from '../../shared/printing';
import { type RunningKiosk, startKiosk } from '../kiosk';
import { type KioskArguments, readKioskArguments } from '../kiosk/arguments';
import { FATAL_STATUS, failStop, keepLog, log } from '../kiosk/failStop';
import type { PrintQueue } from '../printing';
import { dataFolder } from '../site/folders';
import { loadSite } from '../site/load';
import { setupIpc } from './ipc';
import { setupMenu } from './menu';
import { createPdfPrinter } from './pdf';
import { setupPicture } from './picture';
import { pageParts, setupPrinting } from './printing';
import { registerScheme, setupProtocol } from './protocol';
import { setupLockdown } from './security';
import { SettingsFile } from './settings';
import { createWindow } from './window';

failStop();

/** What is at a printer when the kiosk is stopped is waited for so long. */
const PRINTING_PATIENCE_MS = 10_000;

function systemLanguage(): PrintLanguage {
  return app.getLocale().startsWith('de') ? 'de' : 'en';
}

/** One sentence, on stderr and, where nobody would see that, in a box. */
function refuse(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  if (app.isPackaged && process.stderr.isTTY !== true && app.isReady()) dialog.showErrorBox('Quorum Kiosk', sentence);
  app.exit(1);
}

/** What stands behind the app's own path (an unpacked app is named on the command line, a packaged one is not). */
function ownArguments(): readonly string[] {
  if (!process.defaultApp) return process.argv.slice(1);
  const at = process.argv.findIndex((word, index) => index > 0 && path.resolve(word) === app.getAppPath());
  return process.argv.slice(at + 1);
}

async function start(): Promise<void> {
  const args = readKioskArguments(ownArguments());
  if (!args.ok) return refuse(args.sentence);
  const { kiosk: id, sitePath, dataPath, rejoin, metrics } = args.value;
  const site = await loadSite(sitePath);
  if (!site.ok) return refuse(site.sentence);
  // Before anything of Chromium is written: each kiosk has a profile, and a lock, of its own.
  const folder = dataPath ?? dataFolder(site.value.site, id);
  app.setPath('userData', path.join(folder, 'window'));
  if (!app.requestSingleInstanceLock()) return refuse(`kiosk ${id} is already open with the data folder ${folder}`);
  const [started] = await Promise.all([
    startKiosk({ kiosk: id, sitePath, dataPath: folder, rejoin, metrics, log, onFolder: keepLog }),
    app.whenReady(),
  ]);
  if (!started.ok) return refuse(started.sentence);
  open(args.value, started.kiosk);
}

function open(args: KioskArguments, kiosk: RunningKiosk): void {
  let leaving = false;
  let queue: PrintQueue | null = null;
  const stop = () => {
    if (leaving) return;
    leaving = true;
    // Pages on their way are claimed through the log: they first.
    void (queue?.finish(PRINTING_PATIENCE_MS) ?? Promise.resolve()).then(() => kiosk.stop());
  };
  void kiosk.stopped.then((status) => {
    leaving = true;
    // Not app.exit: a broken invariant must not wait for Chromium to tidy up.
    if (status === FATAL_STATUS) process.exit(status);
    app.exit(status);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  app.on('before-quit', (event) => {
    event.preventDefault();
    stop();
  });
  setupLockdown(session.defaultSession);
  setupProtocol(session.defaultSession, path.join(import.meta.dirname, '../renderer'));
  setupMenu(stop);
  const view = kiosk.service.view();
  const window = createWindow(`Kiosk ${args.kiosk} · ${view.kiosk.name} · ${view.site.id}`, () => leaving, log);
  const settings = new SettingsFile(path.join(kiosk.dataFolder, 'window.json'), log);
  const printing = {
    kiosk,
    ticketFolder: path.join(kiosk.dataFolder, 'tickets'),
    queueFolder: path.join(kiosk.dataFolder, 'printing'),
    pdf: createPdfPrinter(),
    language: () => settings.get().language ?? systemLanguage(),
    log,
  };
  queue = setupPrinting(printing);
  setupIpc({
    window,
    service: kiosk.service,
    desk: kiosk.desk,
    exportFolder: path.join(kiosk.dataFolder, 'exports'),
    queue,
    pages: () => pageParts(printing),
    settings,
    log,
  });
  kiosk.desk.open();
  const picture = app.commandLine.getSwitchValue('picture');
  if (picture !== '') setupPicture(window, kiosk.service, picture, log);
  process.stdout.write(`ready ${JSON.stringify(kiosk.ready)}\n`);
}

registerScheme();
void start();
