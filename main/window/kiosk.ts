import path from 'node:path';
import { OPERATOR } from '../../shared/clerks';
import { EMPTY_TILL } from '../../shared/constants';
import { invariant } from '../../shared/invariant';
import { chosenPrinter, type PrintLanguage } from '../../shared/printing';
import { type RunningKiosk, startKiosk } from '../kiosk';
import { type KioskArguments, readKioskArguments } from '../kiosk/arguments';
import { FATAL_STATUS, keepLog, log } from '../kiosk/failStop';
import { findUnattended, type Installation, installUnattended, kioskOf, readInstallation } from '../kiosk/installation';
import { openLogFile } from '../kiosk/logFile';
import { dataFolder } from '../site/folders';
import { type Loaded, loadSite } from '../site/load';
import { app } from './electron';
import { titleOf } from './firstKiosk';
import { type FirstWindow, openWindow, refuse, refuseWords } from './firstWindow';
import { HiddenPage } from './hiddenPage';
import { setupIpc } from './ipc';
import { keepDisplayAwake } from './kioskMode';
import { setupMenu } from './menu';
import { createPdfPrinter } from './pdf';
import { setupPicture } from './picture';
import { pageParts, setupPrinting } from './printing';
import { SettingsFile } from './settings';
import { watchSleep } from './sleep';
import { setStartAtLogin } from './startAtLogin';

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

/** Starts the kiosk that these words name, or that this machine was set up as. @param opened its window, where it is open already */
export async function runKiosk(words: readonly string[], opened: FirstWindow | null): Promise<void> {
  const args = readKioskArguments(words);
  if (args.ok) return startNamed(args.value, null, opened);
  if (args.unnamed === null || !(app.isPackaged || words.includes('--installed'))) return refuseWords(args.sentence);
  const set = await setUpMachine(words);
  if (!set.ok) return refuse(set.sentence);
  if (set.value === null) return app.exit(0);
  const { installation } = set.value;
  await setStartAtLogin(installation.startAtLogin).catch((error: Error) =>
    log(`the start at login could not be changed: ${error.message}`),
  );
  await startNamed({ ...args.unnamed, ...kioskOf(installation) }, set.value, opened);
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
  const { runAssistant } = await import('./firstStart');
  return { ok: true, value: await runAssistant(log) };
}

async function startNamed(args: KioskArguments, set: SetUp | null, opened: FirstWindow | null): Promise<void> {
  const { kiosk: id, sitePath, dataPath, rejoin, metrics } = args;
  const first = opened ?? (await openNamed(args, set));
  if (first === null) return;
  const onFolder = (own: string) => keepLog(openLogFile(own));
  const shown: { settings?: SettingsFile } = {};
  const onMade = (kiosk: Pick<RunningKiosk, 'service' | 'dataFolder'>) => {
    shown.settings = show(kiosk, set, first);
  };
  const started = await startKiosk({ kiosk: id, sitePath, dataPath, rejoin, metrics, log, onFolder, onMade });
  if (!started.ok) return refuse(started.sentence);
  invariant(shown.settings !== undefined, 'a kiosk runs that was not made');
  open(started.kiosk, set, first, shown.settings);
}

/** The window of a kiosk whose site file could not be read at a glance: with care, and what is wrong with it is said. */
async function openNamed({ kiosk: id, sitePath, dataPath }: KioskArguments, set: SetUp | null): Promise<FirstWindow | null> {
  const site = await loadSite(sitePath);
  if (!site.ok) {
    refuse(site.sentence);
    return null;
  }
  const folder = dataPath ?? dataFolder(site.value.site, id);
  const name = site.value.kiosks.find((other) => other.id === id)?.name ?? '';
  return openWindow({ kiosk: id, folder, title: titleOf(id, name, site.value.site), locked: set?.installation.kioskMode === true });
}

/** The page draws the kiosk while that makes its links. */
function show({ service, dataFolder }: Pick<RunningKiosk, 'service' | 'dataFolder'>, set: SetUp | null, first: FirstWindow): SettingsFile {
  const settings = new SettingsFile(path.join(dataFolder, 'window.json'), log);
  // As it was set up, until somebody chooses another one here.
  if (set !== null && settings.get().language === null) void settings.set({ ...settings.get(), language: set.installation.language });
  const { window } = first;
  // The service itself gives at most one view per frame.
  service.subscribe((view) => {
    if (!window.isDestroyed()) window.webContents.send('kiosk:changed', view);
  });
  first.gate.show({
    'kiosk:view': () => service.view(),
    'kiosk:settings': () => settings.get(),
    'kiosk:till': () => EMPTY_TILL,
    'kiosk:locked-to-counter': () => set?.installation.kioskMode === true,
  });
  return settings;
}

function open(kiosk: RunningKiosk, set: SetUp | null, first: FirstWindow, settings: SettingsFile): void {
  const { window } = first;
  const lockedToCounter = set?.installation.kioskMode === true;
  const stop = () => {
    first.leaving = true;
    void kiosk.stop();
  };
  void kiosk.stopped.then((status) => {
    first.leaving = true;
    // Not app.exit: a broken invariant must not wait for Chromium to tidy up.
    if (status === FATAL_STATUS) process.exit(status);
    app.exit(status);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  app.on('before-quit', (event) => {
    event.preventDefault();
    stop();
  });
  const language = () => settings.get().language ?? systemLanguage();
  // A window that is locked to its counter has none.
  if (!lockedToCounter) {
    setupMenu(language(), stop);
    settings.subscribe(() => setupMenu(language(), stop));
  }
  if (set !== null) keepDisplayAwake();
  const hidden = new HiddenPage();
  const printing = {
    kiosk,
    ticketFolder: path.join(kiosk.dataFolder, 'tickets'),
    queueFolder: path.join(kiosk.dataFolder, 'printing'),
    pdf: createPdfPrinter(hidden),
    language,
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
  prints.subscribe((queue) => kiosk.tellPrinter(chosenPrinter(queue)));
  watchSleep(() => kiosk.slept());
  setupIpc(first.gate, {
    window,
    service: kiosk.service,
    desk: kiosk.desk,
    exportFolder: path.join(kiosk.dataFolder, 'exports'),
    queue: prints,
    pages: () => pageParts(printing),
    // Whoever looks at tickets prints them next.
    onPreview: () => hidden.warm(),
    settings,
    language,
    lockedToCounter,
    log,
  });
  kiosk.desk.open();
  const picture = app.commandLine.getSwitchValue('picture');
  if (picture !== '') setupPicture(window, kiosk.service, picture, log);
  process.stdout.write(`ready ${JSON.stringify(kiosk.ready)}\n`);
}
