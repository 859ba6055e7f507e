import type { Paper, PrinterView } from '../../shared/printing';
import type { Said } from '../../shared/said';

/** What a spooler says of a job that it knows. */
export type SpooledState =
  | { readonly state: 'submitted' | 'printing' | 'done' }
  | { readonly state: 'failed'; readonly reason: 'cancelled' | 'aborted'; readonly detail: string | null };

export type Submitted =
  | { readonly kind: 'taken' }
  /** It is certain that no page left. */
  | { readonly kind: 'refused'; readonly detail: Said | string }
  /** Whether it was taken only the spooler knows. */
  | { readonly kind: 'unclear' };

export interface Submission {
  /** The print's id, under which the job is found again: spoolers use job numbers twice. */
  readonly name: string;
  readonly printer: string;
  readonly paper: Paper;
  /** As the renderer made it for this spooler: a PDF for CUPS. */
  readonly document: Uint8Array;
}

/** What takes pages to printers: CUPS, or the system's own way where there is none. */
export interface Spooler {
  /** Whether it can tell what became of a job; if not, a clerk has to say of each whether it is on paper. */
  readonly follows: boolean;
  /** Null: it does not answer. */
  printers(): Promise<readonly PrinterView[] | null>;
  submit(job: Submission): Promise<Submitted>;
  /** The jobs of these names that it knows; null: it does not answer. */
  find(printer: string, names: readonly string[]): Promise<ReadonlyMap<string, SpooledState> | null>;
  /** Asks it to drop a job; what became of it `find` tells. */
  cancel(printer: string, name: string): Promise<void>;
}
