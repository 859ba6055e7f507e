import type { BrowserWindow } from 'electron';
import type { ProgressAnswer } from '../../shared/answers';
import { OPERATOR } from '../../shared/clerks';
import { EMPTY_TILL } from '../../shared/constants';
import type { Desk } from '../../shared/desk';
import { type IpcArgument, type IpcChannel, type IpcEvents, type IpcReply, type IpcResults, ipcSchemas } from '../../shared/ipc';
import type { PrintLanguage } from '../../shared/printing';
import { said, saidOf, told } from '../../shared/said';
import type { KioskService, SaleView } from '../../shared/service';
import { describeIssue } from '../../shared/site';
import { type PageParts, type PrintQueue, ticketDocuments } from '../printing';
import { runLine } from './consoleLine';
import { writeExport, writeFresh } from './exports';
import type { Gate } from './gate';
import { OpenSales } from './openSales';
import type { SettingsFile } from './settings';
import { onWake } from './sleep';

export interface IpcParts {
  readonly window: BrowserWindow;
  readonly service: KioskService;
  readonly desk: Desk;
  /** Where files for clerks to take away go. */
  readonly exportFolder: string;
  readonly queue: PrintQueue;
  readonly pages: () => PageParts;
  /** Somebody looks at tickets. */
  readonly onPreview: () => void;
  readonly settings: SettingsFile;
  /** In which the window speaks. */
  readonly language: () => PrintLanguage;
  readonly lockedToCounter: boolean;
  readonly log: (line: string) => void;
}

type Handlers = { readonly [C in IpcChannel]: (argument: IpcArgument<C>) => Promise<IpcResults[C]> | IpcResults[C] };

/** Answers the page's requests: each checked by its sender (the gate) and by schema, each result a value. */
export function setupIpc(gate: Gate, parts: IpcParts): void {
  const tell = <E extends keyof IpcEvents>(name: E, value: IpcEvents[E]) => {
    if (!parts.window.isDestroyed()) parts.window.webContents.send(name, value);
  };
  const openSales = new OpenSales(parts.service, parts.queue, (open) => tell('kiosk:open-sales-changed', open), parts.log);
  const handlers = handlersOf(parts, openSales);
  parts.queue.subscribe((queue) => tell('kiosk:print-queue-changed', queue));
  gate.open((channel, argument) => answer(channel, argument, handlers, parts.log));
  onWake(() => tell('kiosk:woke', null));
}

async function answer<C extends IpcChannel>(
  channel: C,
  argument: unknown,
  handlers: Handlers,
  log: (line: string) => void,
): Promise<IpcReply<C>> {
  // An error, a date or a map crosses too, and brings members along by its prototype: `name` of an error is one.
  const parsed = ipcSchemas[channel].safeParse(isData(argument) ? argument : null);
  if (!parsed.success) return { ok: false, error: said('misunderstood', parsed.error.issues.map(describeIssue).join('; ')) };
  try {
    return { ok: true, value: await handlers[channel](parsed.data as IpcArgument<C>) };
  } catch (error) {
    log(`${channel} failed: ${(error as Error).message}`);
    return { ok: false, error: saidOf(error) };
  }
}

/** A value that is all that it looks like: nothing of it comes from a prototype. */
function isData(argument: unknown): boolean {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) return true;
  return Object.getPrototypeOf(argument) === Object.prototype;
}

function handlersOf(parts: IpcParts, openSales: OpenSales): Handlers {
  const { window, service, desk, queue, pages, settings } = parts;
  let till = EMPTY_TILL;
  const progress = (news: ProgressAnswer) => {
    if (!window.isDestroyed()) window.webContents.send('kiosk:progress', news);
  };
  const sale = (id: string) => {
    const found = service.sale(id);
    if (found === null) throw told('not_committed', id);
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
    'kiosk:export': async (query) => writeExport(parts.exportFolder, await desk.exportCsv(query, parts.language())),
    'kiosk:page-pdf': async ({ name }) => {
      // The page's own print style says what of it is printed.
      // The window's own colour would be the page's margin.
      const colour = window.getBackgroundColor();
      window.setBackgroundColor('#ffffff');
      const pdf = await window.webContents
        .printToPDF({ pageSize: 'A4', printBackground: true })
        .finally(() => window.setBackgroundColor(colour));
      return { file: await writeFresh(parts.exportFolder, `${name}.pdf`, pdf) };
    },
    'kiosk:membership-changes': () => desk.membershipChanges(),
    'kiosk:console': (line) => runLine((request, onProgress) => desk.execute(request, null, onProgress), line),
    'kiosk:view': () => service.view(),
    'kiosk:log': ({ from, limit }) => service.log(from, limit),
    'kiosk:tickets': ({ sale: id }) => {
      parts.onPreview();
      // A picture of a ticket is a ticket.
      if (!desk.may('sell') && !desk.may('reprint')) throw told('tickets_hidden');
      return ticketDocuments(sale(id), pages());
    },
    'kiosk:print': ({ sale: id, ...order }) => {
      const committed = sale(id);
      const again = order.receipt === true ? committed.receipts > 0 : wasPrinted(committed, order.tickets);
      if (!desk.may('reprint') && (again || !desk.may('sell'))) throw told('reprint_hidden');
      return queue.add({ sale: committed, clerk: service.view().desk.clerk?.id ?? OPERATOR, ...order });
    },
    'kiosk:print-queue': () => queue.view(),
    'kiosk:print-answer': async ({ id, answer: word }) => {
      await queue.answer(id, word);
      return null;
    },
    'kiosk:print-choice': async (choice) => {
      await queue.choose(choice);
      return null;
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
    'kiosk:locked-to-counter': () => parts.lockedToCounter,
    'kiosk:set-settings': async (next) => {
      await settings.set(next);
      return null;
    },
  };
}

/** Whether a ticket was claimed for a printer before: one of those, or of the whole sale. */
function wasPrinted({ items }: SaleView, tickets: readonly { readonly event: string; readonly number: number }[] | undefined): boolean {
  return items.some(({ event, tickets: numbers, printed }) =>
    numbers.some(
      (number, place) =>
        (printed[place] ?? 0) > 0 && (tickets === undefined || tickets.some((one) => one.event === event && one.number === number)),
    ),
  );
}
