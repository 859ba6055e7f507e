import type { Group } from '@sealsystems/ipp';
import type { Paper, PrinterState, PrinterView } from '../../shared/printing';
import { said } from '../../shared/said';
import { ask, groups, NoAnswer, statusIsOk } from './ipp';
import type { SpooledState, Spooler, Submission, Submitted } from './spooler';

/** Jobs looked through for a name; CUPS keeps 500. */
const JOBS_MAX = 500;
const MEDIA: Readonly<Record<Paper, string>> = { ticket: 'custom_ticket_80x127mm', a4: 'iso_a4_210x297mm' };

const JOB_ATTRIBUTES = ['job-id', 'job-name', 'job-state', 'job-state-reasons', 'job-printer-state-message'];
const PRINTER_ATTRIBUTES = [
  'printer-name',
  'printer-info',
  'printer-state',
  'printer-state-reasons',
  'printer-state-message',
  'printer-is-accepting-jobs',
];

/** What IPP calls a job's state (RFC 8011, 5.3.7). */
const JOB_STATES: Readonly<Record<string, 'submitted' | 'printing' | 'done' | 'cancelled' | 'aborted'>> = {
  pending: 'submitted',
  'pending-held': 'submitted',
  processing: 'printing',
  'processing-stopped': 'printing',
  canceled: 'cancelled',
  aborted: 'aborted',
  completed: 'done',
};

/** Printers of CUPS (Linux, macOS), by IPP over its local socket. Jobs are known by their name alone. */
export class CupsSpooler implements Spooler {
  readonly follows = true;

  async printers(): Promise<readonly PrinterView[] | null> {
    try {
      const found = await ask('CUPS-Get-Printers', '/', { 'requested-attributes': PRINTER_ATTRIBUTES });
      if (!statusIsOk(found)) return [];
      const standard = await ask('CUPS-Get-Default', '/', { 'requested-attributes': ['printer-name'] });
      const name = groups(standard['printer-attributes-tag'])[0]?.['printer-name'];
      return groups(found['printer-attributes-tag']).flatMap((group) => printerOf(group, name));
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }

  async submit({ name, printer, paper, document }: Submission): Promise<Submitted> {
    try {
      const answer = await ask(
        'Print-Job',
        pathOf(printer),
        { 'job-name': name, 'document-format': 'application/pdf' },
        { job: { media: MEDIA[paper], copies: 1 }, data: document },
      );
      if (statusIsOk(answer)) return { kind: 'taken' };
      const words = answer['operation-attributes-tag']?.['status-message'];
      return { kind: 'refused', detail: typeof words === 'string' ? words : answer.statusCode };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return error.sent ? { kind: 'unclear' } : { kind: 'refused', detail: said('spooler_silent', error.message) };
    }
  }

  async find(printer: string, names: readonly string[]): Promise<ReadonlyMap<string, SpooledState> | null> {
    const found = await this.jobs(printer, names);
    return found === null ? null : new Map([...found].map(([name, group]) => [name, stateOf(group)]));
  }

  async cancel(printer: string, name: string): Promise<void> {
    const id = (await this.jobs(printer, [name]))?.get(name)?.['job-id'];
    if (typeof id !== 'number') return;
    await ask('Cancel-Job', pathOf(printer), { 'job-id': id }).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
    });
  }

  /** Those that wait or print first: they are few, and most that is asked for is among them. */
  private async jobs(printer: string, names: readonly string[]): Promise<ReadonlyMap<string, Group> | null> {
    const found = new Map<string, Group>();
    try {
      for (const which of ['not-completed', 'completed']) {
        const answer = await ask('Get-Jobs', pathOf(printer), {
          limit: JOBS_MAX,
          'which-jobs': which,
          'requested-attributes': JOB_ATTRIBUTES,
        });
        for (const group of statusIsOk(answer) ? groups(answer['job-attributes-tag']) : []) {
          const name = group['job-name'];
          if (typeof name === 'string' && names.includes(name) && !found.has(name)) found.set(name, group);
        }
        if (found.size === names.length) break;
      }
      return found;
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }
}

function pathOf(printer: string): string {
  return `/printers/${encodeURIComponent(printer)}`;
}

function stateOf(group: Group): SpooledState {
  const state = JOB_STATES[String(group['job-state'])] ?? 'submitted';
  if (state !== 'cancelled' && state !== 'aborted') return { state };
  return { state: 'failed', reason: state, detail: wordsOf(group['job-printer-state-message']) };
}

function printerOf(group: Group, standard: unknown): readonly PrinterView[] {
  const name = group['printer-name'];
  if (typeof name !== 'string') return [];
  return [
    {
      name,
      label: wordsOf(group['printer-info']) ?? name.replaceAll('_', ' '),
      isDefault: name === standard,
      state: printerState(group),
      detail: wordsOf(group['printer-state-message']),
    },
  ];
}

/** Reasons are words like media-empty-error, of which the last part says how bad it is (RFC 8011, 5.4.12). */
function printerState(group: Group): PrinterState {
  const found = group['printer-state-reasons'];
  const reasons = (Array.isArray(found) ? found : [found]).map((reason) => String(reason).replace(/-(error|warning|report)$/, ''));
  if (reasons.includes('media-empty') || reasons.includes('media-needed')) return 'out_of_paper';
  if (reasons.some((reason) => ['offline', 'connecting-to-device', 'timed-out', 'shutdown'].includes(reason))) return 'unreachable';
  if (group['printer-state'] === 'stopped' || group['printer-is-accepting-jobs'] === false) return 'stopped';
  return 'ready';
}

function wordsOf(value: Group[string] | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
