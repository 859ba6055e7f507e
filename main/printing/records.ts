import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PAPERS, type PrintChoice, type PrintJobView } from '../../shared/printing';
import { ENGLISH, type SaidCode, told } from '../../shared/said';
import { saleIdSchema } from '../../shared/values';

/** Of what was kept on a disk; codes of another version are left out there. */
const saidSchema = z.object({
  code: z.string().refine((code): code is SaidCode => Object.hasOwn(ENGLISH, code)),
  values: z.array(z.unknown()),
});

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const JOB_SUFFIX = '.job.json';
const CHOICE_FILE = 'choice.json';
/** Jobs that were written down together differ in the number at the end of their ids. Made when it is needed: it takes 8 ms of a start. */
const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

const jobSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  kind: z.enum(['tickets', 'receipt']),
  sale: saleIdSchema,
  clerk: z.string().min(1).max(64),
  tickets: z.array(z.object({ event: z.string(), number: z.int().min(1), copy: z.int().min(0).nullable() })),
  copy: z.int().min(0).nullable().default(null),
  printer: z.string().nullable(),
  paper: z.enum(PAPERS),
  state: z.enum(['queued', 'rendering', 'submitted', 'printing', 'done', 'failed', 'unknown']),
  reason: z
    .enum([
      'refused',
      'no_majority',
      'not_rendered',
      'not_written',
      'not_taken',
      'cancelled',
      'aborted',
      'restarted',
      'vanished',
      'not_told',
    ])
    .nullable(),
  detail: z.union([z.string(), saidSchema]).nullable(),
  file: z.string().nullable(),
  at: z.number(),
});
const choiceSchema = z.object({ printer: z.string().nullable(), paper: z.enum(PAPERS) });

export type PrintJob = PrintJobView;

/**
 * The jobs of a kiosk's print queue on its disk, a file each: written, synced and renamed into place, so that a power
 * cut leaves the old or the new. What can't be read is left alone and said.
 */
export class Records {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly log: (line: string) => void,
  ) {}

  /** Changes of the queue come one after the other, each to what the one before it left. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.last.then(change);
    this.last = done.catch(() => undefined);
    return done;
  }

  load(): { readonly jobs: readonly PrintJob[]; readonly choice: PrintChoice | null } {
    const jobs: PrintJob[] = [];
    let choice: PrintChoice | null = null;
    try {
      mkdirSync(this.folder, { recursive: true, mode: FOLDER_MODE });
      for (const name of readdirSync(this.folder)) {
        if (name.endsWith(JOB_SUFFIX)) {
          const job = this.read(name, jobSchema);
          if (job !== null) jobs.push(job);
        } else if (name === CHOICE_FILE) choice = this.read(name, choiceSchema);
      }
    } catch (error) {
      this.log(`the print queue in ${this.folder} can't be read: ${(error as Error).message}`);
    }
    return { jobs: jobs.sort((a, b) => a.at - b.at || inOrder(a.id, b.id)), choice };
  }

  /** Durable when it resolves. @throws Error in words */
  save(job: PrintJob): Promise<void> {
    return this.write(`${job.id}${JOB_SUFFIX}`, job);
  }

  saveChoice(choice: PrintChoice): Promise<void> {
    return this.write(CHOICE_FILE, choice);
  }

  async remove(id: string): Promise<void> {
    await rm(path.join(this.folder, `${id}${JOB_SUFFIX}`), { force: true });
  }

  private read<T>(name: string, schema: z.ZodType<T>): T | null {
    try {
      return schema.parse(JSON.parse(readFileSync(path.join(this.folder, name), 'utf8')));
    } catch {
      this.log(`${path.join(this.folder, name)} can't be read, and is left out of the print queue`);
      return null;
    }
  }

  private async write(name: string, value: unknown): Promise<void> {
    const file = path.join(this.folder, name);
    const draft = `${file}.new`;
    try {
      await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
      const handle = await open(draft, 'w', FILE_MODE);
      try {
        await handle.writeFile(JSON.stringify(value));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
      await this.syncFolder();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw told('queue_unwritable', this.folder, code ?? String(error));
    }
  }

  /** A new name is durable with its folder; Windows can't open one, and does it by itself. */
  private async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
