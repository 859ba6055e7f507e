import type { PrintChoice, PrinterState, PrinterView } from '../../shared/printing';
import type { Jobs } from './jobs';
import type { Spooler } from './spooler';

/** Pages that a printer has at once: few, so that few are unknown after a crash, and those behind them can still be printed elsewhere. */
const IN_FLIGHT: Readonly<Record<PrinterState, number>> = {
  ready: 4,
  untold: 4,
  // What CUPS says of these may be old news, which only another page can change.
  out_of_paper: 1,
  unreachable: 1,
  stopped: 0,
  none: 0,
};

/** The printers of this machine as the spooler last told of them, and the folder. */
export class Printers {
  private found: readonly PrinterView[] = [];
  private answers = true;

  constructor(
    private readonly spooler: Spooler,
    private readonly jobs: Jobs,
  ) {}

  get spoolerAnswers(): boolean {
    return this.answers;
  }

  async look(): Promise<void> {
    const found = await this.spooler.printers();
    this.answers = found !== null;
    if (found !== null) this.found = found;
  }

  /** How many more pages a printer takes now; a folder takes all. */
  room(printer: string | null): number {
    if (printer === null) return Number.POSITIVE_INFINITY;
    if (!this.answers) return 0;
    const state = this.found.find(({ name }) => name === printer)?.state ?? 'none';
    const there = this.jobs.in('submitted', 'printing').filter((job) => job.printer === printer).length;
    return Math.max(0, IN_FLIGHT[state] - there);
  }

  /** Where a kiosk prints whose clerks have chosen nothing. */
  standard(): PrintChoice {
    return { printer: this.found.find(({ isDefault }) => isDefault)?.name ?? null, paper: 'ticket' };
  }

  /** All that can be chosen. A printer that jobs wait for, or that was chosen, is listed though it is gone. */
  list(choice: PrintChoice): readonly PrinterView[] {
    const printers = this.found.map((printer) => (this.answers ? printer : { ...printer, state: 'unreachable' as const, detail: null }));
    for (const name of new Set([choice.printer, ...this.jobs.all.filter(({ state }) => state !== 'done').map(({ printer }) => printer)])) {
      if (name === null || printers.some((printer) => printer.name === name)) continue;
      printers.push({ name, label: name, isDefault: false, state: this.answers ? 'none' : 'unreachable', detail: null });
    }
    printers.push({ name: null, label: '', isDefault: this.standard().printer === null, state: 'ready', detail: null });
    return printers;
  }
}
