import { type BrowserWindow, ipcMain, type WebFrameMain } from 'electron';
import type { ProgressAnswer } from '../../shared/answers';
import { parseLine } from '../../shared/commandLine';
import type { Desk } from '../../shared/desk';
import {
  type ConsoleOutput,
  type IpcArgument,
  type IpcChannel,
  type IpcEvents,
  type IpcReply,
  type IpcResults,
  ipcSchemas,
} from '../../shared/ipc';
import type { KioskService, KioskView, SaleView } from '../../shared/service';
import { describeIssue } from '../../shared/site';
import { answerText, progressText } from '../../shared/text';
import { EMPTY_TILL } from '../../shared/till';
import { listPrinters, type PdfPrinter, printSale, type TicketSite, ticketDocuments } from '../printing';
import { writeExport } from './exports';
import { isGivenUp, OpenSales } from './openSales';
import { isOwnPage } from './pages';
import { PrintJobs } from './printJobs';
import type { SettingsFile } from './settings';

export interface IpcParts {
  readonly window: BrowserWindow;
  readonly service: KioskService;
  readonly desk: Desk;
  readonly site: TicketSite;
  /** Where "PDF to a folder" goes. */
  readonly ticketFolder: string;
  /** Where files for clerks to take away go. */
  readonly exportFolder: string;
  /** Where prints are noted that have not ended. */
  readonly printFolder: string;
  readonly pdf: PdfPrinter;
  readonly settings: SettingsFile;
  readonly log: (line: string) => void;
}

type Handlers = { readonly [C in IpcChannel]: (argument: IpcArgument<C>) => Promise<IpcResults[C]> | IpcResults[C] };

/** Answers the page's requests: each checked by sender and by schema, each result a value. */
export function setupIpc(parts: IpcParts): void {
  const tell = <E extends keyof IpcEvents>(name: E, value: IpcEvents[E]) => {
    if (!parts.window.isDestroyed()) parts.window.webContents.send(name, value);
  };
  const jobs = new PrintJobs(parts.printFolder, parts.log);
  const openSales = new OpenSales(parts.service, jobs, (open) => tell('kiosk:open-sales-changed', open), parts.log);
  const handlers = handlersOf(parts, openSales, jobs);
  for (const channel of Object.keys(ipcSchemas) as IpcChannel[]) {
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!isOwnFrame(event.senderFrame, parts.window)) return { ok: false, error: "only the kiosk's own page may ask" };
      return answer(channel, argument, handlers, parts.log);
    });
  }
  // The service itself gives at most one view per frame.
  parts.service.subscribe((view: KioskView) => tell('kiosk:changed', view));
}

async function answer<C extends IpcChannel>(
  channel: C,
  argument: unknown,
  handlers: Handlers,
  log: (line: string) => void,
): Promise<IpcReply<C>> {
  const parsed = ipcSchemas[channel].safeParse(argument);
  if (!parsed.success) return { ok: false, error: parsed.error.issues.map(describeIssue).join('; ') };
  try {
    return { ok: true, value: await handlers[channel](parsed.data as IpcArgument<C>) };
  } catch (error) {
    log(`${channel} failed: ${(error as Error).message}`);
    return { ok: false, error: (error as Error).message };
  }
}

function isOwnFrame(frame: WebFrameMain | null, window: BrowserWindow): boolean {
  return frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame && isOwnPage(frame.url);
}

function handlersOf(parts: IpcParts, openSales: OpenSales, jobs: PrintJobs): Handlers {
  const { window, service, desk, site, ticketFolder, pdf, settings } = parts;
  let till = EMPTY_TILL;
  const progress = (news: ProgressAnswer) => {
    if (!window.isDestroyed()) window.webContents.send('kiosk:progress', news);
  };
  const sale = (id: string) => {
    const found = service.sale(id);
    if (found === null) throw new Error(`there is no committed sale ${id} here; only what is committed can be printed`);
    return found;
  };
  return {
    'kiosk:execute': (request) => desk.execute(request, null, progress),
    'kiosk:approve': ({ request, approval }) => desk.execute(request, approval, progress),
    'kiosk:sign-in': ({ clerk, pin }) => desk.signIn(clerk, pin),
    'kiosk:sign-out': () => {
      desk.signOut();
      return null;
    },
    'kiosk:lock': () => {
      desk.lock();
      return null;
    },
    'kiosk:search': (query) => desk.search(query),
    'kiosk:report': (query) => desk.report(query),
    'kiosk:shifts': ({ before, limit }) => desk.shifts(before, limit),
    'kiosk:export': async (query) => writeExport(parts.exportFolder, await desk.exportCsv(query)),
    'kiosk:membership-changes': () => desk.membershipChanges(),
    'kiosk:console': (line) => runLine(desk, line),
    'kiosk:view': () => service.view(),
    'kiosk:log': ({ from, limit }) => service.log(from, limit),
    'kiosk:tickets': ({ sale: id }) => ticketDocuments(sale(id), site),
    'kiosk:printers': () => listPrinters(),
    'kiosk:print': async ({ sale: id, printer }) => {
      const committed = sale(id);
      // Not left to the open request alone: what was given up before a restart is given up.
      if (isGivenUp(service.view(), committed.requestId))
        throw new Error(`nothing was printed: sale ${id} is being given up at this kiosk, and the site has not answered yet`);
      await jobs.begin(id);
      // Rule 10: claimed in the log before a page leaves, so that no ticket ever has two originals.
      const claim = await desk.execute({ op: 'print', sale: id, tickets: ticketsOf(committed) }, null, progress);
      if (!claim.ok) throw new Error(`nothing was printed: ${claim.message}`);
      const copies = claim.op === 'print' ? claim.copies : [];
      const printed = await printSale(committed, site, copies, printer, ticketFolder, pdf);
      await jobs.end(id);
      openSales.refreshSoon();
      return printed;
    },
    'kiosk:open-sales': () => openSales.view(),
    'kiosk:seen': ({ requestId }) => {
      openSales.seen(requestId);
      return null;
    },
    'kiosk:till': () => till,
    'kiosk:keep-till': (next) => {
      till = next;
      return null;
    },
    'kiosk:sale': ({ sale: id }) => service.sale(id),
    'kiosk:settings': () => settings.get(),
    'kiosk:set-settings': async (next) => {
      await settings.set(next);
      return null;
    },
  };
}

function ticketsOf({ items }: SaleView): { event: string; number: number }[] {
  return items.flatMap(({ event, tickets }) => tickets.map((number) => ({ event, number })));
}

/** A console line, answered in the words of the command-line client; the steps of a change stand before its answer. */
async function runLine(desk: Desk, line: string): Promise<ConsoleOutput> {
  const parsed = parseLine(line);
  if (parsed === null) return { text: '', ok: true };
  if (!parsed.ok) {
    const { op, message, id } = parsed;
    return {
      text: answerText({ ok: false, op, ...(id === undefined ? {} : { requestId: id }), reason: 'bad_request', message }),
      ok: false,
    };
  }
  const lines: string[] = [];
  const result = await desk.execute(parsed.request, null, (progress) => {
    const text = progressText(progress);
    if (lines.at(-1) !== text) lines.push(text);
  });
  return { text: [...lines, answerText(result)].join('\n'), ok: result.ok };
}
