import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AssistantArgument,
  type AssistantChannel,
  type AssistantReply,
  type AssistantResults,
  assistantSchemas,
  type InstallChoices,
  PROVISIONING_MAX_LENGTH,
} from '../../shared/assistant';
import { said, saidOf, Told, told } from '../../shared/said';
import { describeIssue, type SiteFile } from '../../shared/site';
import { type Installation, install, openOwn, packedSite } from '../kiosk/installation';
import { homeFolder } from '../site/folders';
import { PROVISIONING_EXTENSION, type Provisioning } from '../site/provisioning';
import { built } from './built';
import { app, BrowserWindow, dialog, ipcMain } from './electron';
import { isOwnFrame } from './gate';
import { findProvisioningFiles, foundFile } from './media';
import { ASSISTANT_URL } from './pages';
import { createPdfPrinter } from './pdf';
import { systemPrinting } from './printing';
import { setupSession } from './protocol';
import { PAGE_PREFERENCES } from './security';
import { testPage } from './testPage';

const WINDOW_SIZE = { width: 1024, height: 720 };
const TEST_PAGE = { widthMm: 80, heightMm: 127 };

/** What an assistant ended with: this machine is set up, and prints to that printer. */
export interface FirstStart {
  readonly installation: Installation;
  readonly printer: string | null;
}

type Handlers = { readonly [C in AssistantChannel]: (argument: AssistantArgument<C>) => Promise<AssistantResults[C]> };

/** Asks in a window of its own what this machine is to be. Null: the window was closed, and nothing was set up. */
export async function runAssistant(log: (line: string) => void): Promise<FirstStart | null> {
  app.setPath('userData', path.join(homeFolder(), 'assistant'));
  if (!app.requestSingleInstanceLock()) return null;
  await app.whenReady();
  setupSession();
  // Between this window and the kiosk's own there is none.
  app.on('window-all-closed', () => undefined);
  const window = new BrowserWindow({
    ...WINDOW_SIZE,
    title: 'Quorum Kiosk',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#10231b',
    webPreferences: { ...PAGE_PREFERENCES, preload: built('preload', 'assistant.cjs') },
  });
  window.setMenu(null);
  window.once('ready-to-show', () => window.show());
  const site = await packedSite();
  return new Promise((resolve) => {
    const handlers = handlersOf(window, site, resolve);
    for (const channel of Object.keys(handlers) as AssistantChannel[])
      ipcMain.handle(channel, (event, argument: unknown) =>
        isOwnFrame(event.senderFrame, window) ? answer(channel, argument, handlers, log) : { ok: false, error: said('foreign_page') },
      );
    window.on('closed', () => {
      for (const channel of Object.keys(handlers)) ipcMain.removeHandler(channel);
      // Settles nothing where the assistant has finished already.
      resolve(null);
    });
    void window.loadURL(ASSISTANT_URL);
  });
}

async function answer<C extends AssistantChannel>(
  channel: C,
  argument: unknown,
  handlers: Handlers,
  log: (line: string) => void,
): Promise<AssistantReply<C>> {
  const parsed = assistantSchemas[channel].safeParse(argument);
  if (!parsed.success) return { ok: false, error: said('misunderstood', parsed.error.issues.map(describeIssue).join('; ')) };
  try {
    return { ok: true, value: await handlers[channel](parsed.data as AssistantArgument<C>) };
  } catch (error) {
    log(`${channel} failed: ${(error as Error).message}`);
    return { ok: false, error: saidOf(error) };
  }
}

function handlersOf(window: BrowserWindow, site: SiteFile | null, done: (result: FirstStart) => void): Handlers {
  const { spooler, document } = systemPrinting(createPdfPrinter());
  let opened: Provisioning | null = null;
  return {
    'assistant:state': async () => ({
      site: site === null ? null : { id: site.site, place: site.place, kiosks: site.kiosks.map(({ id, name }) => ({ id, name })) },
      found: await findProvisioningFiles(),
      printers: (await spooler.printers()) ?? [],
    }),
    'assistant:read': async (text) => foundFile(text),
    'assistant:choose': async () => {
      const filters = [{ name: 'Quorum Kiosk', extensions: [PROVISIONING_EXTENSION.slice(1)] }];
      const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile'], filters });
      const [file] = filePaths;
      if (file === undefined) return null;
      const text = await readFile(file, 'utf8');
      return foundFile(text.slice(0, PROVISIONING_MAX_LENGTH + 1));
    },
    'assistant:open': async ({ text, code }) => {
      opened = null;
      const provisioning = await openOwn(text, code, site);
      if (!provisioning.ok) throw new Told(provisioning.said);
      const { site: own, kiosk } = provisioning.value;
      opened = provisioning.value;
      return { site: own.site, place: own.place, kiosk, name: own.kiosks.find(({ id }) => id === kiosk)?.name ?? '' };
    },
    'assistant:test-print': async ({ printer }) => {
      if (opened === null) throw told('file_first');
      const page = await document([testPage(opened.kiosk, opened.site.site)], TEST_PAGE);
      const submitted = await spooler.submit({
        name: `quorum-kiosk-test-${process.pid}-${Date.now()}`,
        printer,
        paper: 'ticket',
        document: page,
      });
      if (submitted.kind !== 'taken') throw told('page_not_taken', printer, submitted.kind === 'refused' ? submitted.detail : '');
      return null;
    },
    'assistant:finish': async ({ printer, ...choices }: InstallChoices) => {
      if (opened === null) throw told('file_first');
      const installed = await install(opened, choices);
      if (!installed.ok) throw new Told(installed.said);
      done({ installation: installed.value, printer });
      // After the answer has crossed.
      setImmediate(() => window.destroy());
      return null;
    },
  };
}
