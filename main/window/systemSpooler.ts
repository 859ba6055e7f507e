import type { WebContents, WebContentsPrintOptions } from 'electron';
import type { Paper, PrinterView } from '../../shared/printing';
import { said } from '../../shared/said';
import type { SpooledState, Spooler, Submission, Submitted } from '../printing';
import { documentUrl } from './pageHtml';

/** What is asked of Electron's page that prints. */
export interface PrintingPage {
  use<T>(work: (contents: Pick<WebContents, 'loadURL' | 'print' | 'getPrintersAsync'>) => Promise<T>): Promise<T>;
  /** Whatever hangs in it is given up. */
  discard(): void;
}

/** The system asks every printer on the network how it is: not at each look at the queue. */
const PRINTERS_FRESH_MS = 5_000;
/** A system that has not answered by then is taken for one that does not. */
const PRINTERS_MS = 10_000;
/** A driver that asks somebody something, in a window behind this one, never ends. */
const PRINT_MS = 60_000;
/** `pageSize` is in microns. */
const SIZES: Readonly<Record<Paper, NonNullable<Exclude<WebContentsPrintOptions['pageSize'], string>>>> = {
  ticket: { width: 80_000, height: 127_000 },
  a4: { width: 210_000, height: 297_000 },
};
/** Electron's own words for what it found wrong before it gave anything to the system. */
const BEFORE_PRINTING: ReadonlySet<string> = new Set([
  'Invalid printer settings',
  'Invalid deviceName provided',
  'No printers available on the network',
]);

/**
 * Printers of a system without CUPS (Windows), through Electron. It takes a page, and tells no more: neither how a
 * printer is, nor what became of a job, nor can it take one back. So nothing that was taken is ever known as printed
 * but by a clerk's word. Its documents are the HTML of `pagesHtml`.
 */
export class SystemSpooler implements Spooler {
  readonly follows = false;
  private known: { readonly at: number; readonly printers: readonly PrinterView[] } | null = null;
  private asking: Promise<readonly PrinterView[] | null> | null = null;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly lister: PrintingPage,
    private readonly printer: PrintingPage,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async printers(): Promise<readonly PrinterView[] | null> {
    if (this.known !== null && this.now() - this.known.at < PRINTERS_FRESH_MS) return this.known.printers;
    this.asking ??= this.list().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  async submit({ name, printer, paper, document }: Submission): Promise<Submitted> {
    // Whether anything was given to the system yet.
    let given = false;
    const printed = this.printer.use(async (contents) => {
      await contents.loadURL(documentUrl(new TextDecoder().decode(document), name));
      return new Promise<Submitted>((resolve) => {
        given = true;
        contents.print(optionsFor(printer, paper), (success, failureReason) => {
          if (success) resolve({ kind: 'taken' });
          else resolve(BEFORE_PRINTING.has(failureReason) ? { kind: 'refused', detail: failureReason } : { kind: 'unclear' });
        });
      });
    });
    const late = after(PRINT_MS);
    try {
      const answer = await Promise.race([printed, late.passed]);
      if (answer !== null) return answer;
      this.printer.discard();
      return given ? { kind: 'unclear' } : { kind: 'refused', detail: said('page_not_ready', name) };
    } catch (error) {
      // Settings that it can't use are thrown before anything leaves; a page that can't be loaded never began.
      return { kind: 'refused', detail: (error as Error).message };
    } finally {
      late.stop();
    }
  }

  /** It knows of none: what was given to it may have come out or not. */
  async find(): Promise<ReadonlyMap<string, SpooledState>> {
    return new Map();
  }

  /** It takes nothing back. */
  async cancel(): Promise<void> {}

  private async list(): Promise<readonly PrinterView[] | null> {
    const late = after(PRINTERS_MS);
    const listed = this.lister.use((contents) => contents.getPrintersAsync());
    try {
      const found = await Promise.race([listed, late.passed]);
      if (found === null) {
        this.lister.discard();
        return null;
      }
      const printers = found.map(viewOf);
      this.known = { at: this.now(), printers };
      return printers;
    } catch {
      return null;
    } finally {
      late.stop();
    }
  }
}

function optionsFor(printer: string, paper: Paper): WebContentsPrintOptions {
  return {
    silent: true,
    deviceName: printer,
    pageSize: SIZES[paper],
    margins: { marginType: 'none' },
    printBackground: true,
    landscape: false,
    copies: 1,
  };
}

/** Older versions of Electron say which one is the default; 45 no more. */
function viewOf(found: { readonly name: string; readonly displayName: string; readonly isDefault?: unknown }): PrinterView {
  const { name, displayName, isDefault } = found;
  return { name, label: displayName || name, isDefault: isDefault === true, state: 'untold', detail: null };
}

function after(ms: number): { readonly passed: Promise<null>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return { passed, stop: () => clearTimeout(timer) };
}
