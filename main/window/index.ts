import path from 'node:path';
import { app, dialog, session } from 'electron';
import { OPERATOR } from '../../shared/clerks';
import type { PrintLanguage } from '../../shared/printing';
import { type RunningKiosk, startKiosk } from '../kiosk';
import { type KioskArguments, readKioskArguments } from '../kiosk/arguments';
import { FATAL_STATUS, failStop, keepLog, log } from '../kiosk/failStop';
import { findUnattended, type Installation, installUnattended, kioskOf, readInstallation } from '../kiosk/installation';
import { dataFolder } from '../site/folders';
import { type Loaded, loadSite } from '../site/load';
import { runAssistant } from './firstStart';
import { setupIpc } from './ipc';
import { keepDisplayAwake, lockToCounter } from './kioskMode';
import { setupMenu } from './menu';
import { createPdfPrinter } from './pdf';
import { setupPicture } from './picture';
import { pageParts, setupPrinting } from './printing';
import { registerScheme, setupProtocol } from './protocol';
import { setupLockdown } from './security';
import { SettingsFile } from './settings';
import { setStartAtLogin } from './startAtLogin';
import { createWindow } from './window';

failStop();

/** What is at a printer when the kiosk is stopped is waited for so long. */
const PRINTING_PATIENCE_MS = 10_000;

/** An installed kiosk; `printer` where it was chosen just now, null for the folder. */
interface SetUp {
  readonly installation: Installation;
  readonly printer: string | null | undefined;
}

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
  const words = ownArguments();
  const args = readKioskArguments(words);
  if (args.ok) return startNamed(args.value, null);
  if (args.unnamed === null || !(app.isPackaged || words.includes('--installed'))) return refuse(args.sentence);
  const set = await setUpMachine(words);
  if (!set.ok) return refuse(set.sentence);
  if (set.value === null) return app.exit(0);
  const { installation } = set.value;
  await setStartAtLogin(installation.startAtLogin).catch((error: Error) =>
    log(`the start at login could not be changed: ${error.message}`),
  );
  await startNamed({ ...args.unnamed, ...kioskOf(installation) }, set.value);
}

/** What an installed kiosk starts as: as it was set up, or is set up now, by a file or by whoever sits here. Null: not at all. */
async function setUpMachine(words: readonly string[]): Promise<Loaded<SetUp | null>> {
  const before = await readInstallation();
  if (!before.ok) return before;
  // The operator's standing file sets up a machine that is none yet; what the command line says is meant for now.
  if (before.value !== null && !words.some((word) => word.startsWith('--provision')))
    return { ok: true, value: { installation: before.value, printer: undefined } };
  const ordered = await findUnattended(words);
  if (!ordered.ok) return ordered;
  if (ordered.value !== null) {
    const installed = await installUnattended(ordered.value);
    return installed.ok ? { ok: true, value: { installation: installed.value, printer: undefined } } : installed;
  }
  return { ok: true, value: await runAssistant(log) };
}

async function startNamed(args: KioskArguments, set: SetUp | null): Promise<void> {
  const { kiosk: id, sitePath, dataPath, rejoin, metrics } = args;
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
  open(args, started.kiosk, set);
}

function open(args: KioskArguments, kiosk: RunningKiosk, set: SetUp | null): void {
  let leaving = false;
  const stop = () => {
    leaving = true;
    void kiosk.stop();
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
  setupMenu(stop);
  const view = kiosk.service.view();
  const lockedToCounter = set?.installation.kioskMode === true;
  const window = createWindow(`Kiosk ${args.kiosk} · ${view.kiosk.name} · ${view.site.id}`, () => leaving, lockedToCounter, log);
  const settings = new SettingsFile(path.join(kiosk.dataFolder, 'window.json'), log);
  if (set !== null) {
    keepDisplayAwake();
    if (lockedToCounter) lockToCounter(window, () => leaving);
    // As it was set up, until somebody chooses another one here.
    if (settings.get().language === null) void settings.set({ ...settings.get(), language: set.installation.language });
  }
  const printing = {
    kiosk,
    ticketFolder: path.join(kiosk.dataFolder, 'tickets'),
    queueFolder: path.join(kiosk.dataFolder, 'printing'),
    pdf: createPdfPrinter(),
    language: () => settings.get().language ?? systemLanguage(),
    log,
  };
  const prints = setupPrinting(printing);
  kiosk.leaveAfter(() => prints.finish(PRINTING_PATIENCE_MS));
  kiosk.printWith((sale, tickets) => {
    const clerk = kiosk.service.view().desk.clerk?.id ?? OPERATOR;
    return prints.add({ sale, clerk, tickets, ...prints.view().choice });
  });
  if (set?.printer !== undefined)
    void prints
      .choose({ printer: set.printer, paper: 'ticket' })
      .catch((error: Error) => log(`the printer was not kept: ${error.message}`));
  setupIpc({
    window,
    service: kiosk.service,
    desk: kiosk.desk,
    exportFolder: path.join(kiosk.dataFolder, 'exports'),
    queue: prints,
    pages: () => pageParts(printing),
    settings,
    lockedToCounter,
    log,
  });
  kiosk.desk.open();
  const picture = app.commandLine.getSwitchValue('picture');
  if (picture !== '') setupPicture(window, kiosk.service, picture, log);
  process.stdout.write(`ready ${JSON.stringify(kiosk.ready)}\n`);
}

registerScheme();
// Before any window: that of the first start, or the kiosk's own.
void app.whenReady().then(() => {
  setupLockdown(session.defaultSession);
  setupProtocol(session.defaultSession, path.join(import.meta.dirname, '../renderer'));
});
void start();
