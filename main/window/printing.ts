import type { PrintLanguage } from '../../shared/printing';
import { Told } from '../../shared/said';
import type { KioskService } from '../../shared/service';
import type { RunningKiosk } from '../kiosk';
import { CupsSpooler, type DocumentPrinter, type PageParts, PrintQueue, renderJob, type Spooler } from '../printing';
import { ticketCode } from '../signing/code';
import { HiddenPage } from './hiddenPage';
import { isGivenUp } from './openSales';
import { pagesHtml } from './pageHtml';
import { SystemSpooler } from './systemSpooler';

/** By then a kiosk sells, or says why it can't. */
const FIRST_LOOK_MS = 1_000;
/** In this time a page has drawn what it was told, on a slow machine too. */
const DRAWN_MS = 100;

export interface PrintingParts {
  readonly kiosk: Pick<RunningKiosk, 'service' | 'site' | 'ticketKey'>;
  /** Where "PDF to a folder" goes, and where the queue is kept. */
  readonly ticketFolder: string;
  readonly queueFolder: string;
  readonly pdf: DocumentPrinter;
  readonly language: () => PrintLanguage;
  readonly log: (line: string) => void;
}

/** What every page of this kiosk is made of. */
export function pageParts({ kiosk: { site, ticketKey, service }, language }: Pick<PrintingParts, 'kiosk' | 'language'>): PageParts {
  const { id } = service.view().site;
  return {
    site: { ...site, id },
    codeOf: (ticket) => {
      if (!ticketKey.ok) throw new Told(ticketKey.said);
      return ticketCode(ticket, ticketKey.value);
    },
    language: language(),
  };
}

/** What takes pages to this system's printers, and what makes the documents that it takes. */
export interface SystemPrinting {
  readonly spooler: Spooler;
  readonly document: DocumentPrinter;
}

/** CUPS where it is at home, which takes a PDF; Electron's own way on Windows. */
export function systemPrinting(pdf: DocumentPrinter): SystemPrinting {
  if (process.platform !== 'win32') return { spooler: new CupsSpooler(), document: pdf };
  return {
    spooler: new SystemSpooler(new HiddenPage(), new HiddenPage()),
    document: async (pages, size) => new TextEncoder().encode(pagesHtml(pages, size)),
  };
}

/** The kiosk's print queue, with this window's renderer and the log behind it. */
export function setupPrinting(parts: PrintingParts): PrintQueue {
  const { service } = parts.kiosk;
  const { spooler, document } = systemPrinting(parts.pdf);
  const queue = new PrintQueue({
    kiosk: service.view().kiosk.id,
    folder: parts.queueFolder,
    ticketFolder: parts.ticketFolder,
    spooler,
    sale: (id) => service.sale(id),
    isGivenUp: (requestId) => isGivenUp(service.view(), requestId),
    // In the name of whoever stands at the window: that is who hands the paper out.
    execute: (request) => service.execute({ ...request, clerk: service.view().desk.clerk?.id }),
    render: (job, sale) => renderJob(job, sale, pageParts(parts), job.printer === null ? parts.pdf : document),
    log: parts.log,
    firstLookMs: FIRST_LOOK_MS,
  });
  kickOnChange(service, queue);
  return queue;
}

/**
 * What it waits for, a majority or the end of a sale, comes with the log. While the kiosk starts nothing can be printed; and
 * the code that asks printers is loaded once the page had time to say that it sells.
 */
function kickOnChange(service: KioskService, queue: PrintQueue): void {
  let applied = service.view().applied;
  let connection = service.view().connection;
  service.subscribe((view) => {
    if (view.connection === 'starting' || (view.applied === applied && view.connection === connection)) return;
    const wait = connection === 'starting' ? DRAWN_MS : 0;
    ({ applied, connection } = view);
    if (wait === 0) queue.kick();
    else setTimeout(() => queue.kick(), wait);
  });
}
