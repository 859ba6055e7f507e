import { execFile } from 'node:child_process';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Printed, Printer } from '../../shared/ipc';
import type { SaleView } from '../../shared/service';
import { TICKET_HEIGHT_MM, TICKET_WIDTH_MM, type TicketSite, ticketDocuments } from './document';

/** Turns pages of SVG into one PDF of that page size; the window lends its renderer for it. */
export type PdfPrinter = (pages: readonly string[], size: { readonly widthMm: number; readonly heightMm: number }) => Promise<Uint8Array>;

/** What the spooler is given at most before it counts as hung. */
const SPOOLER_MS = 15_000;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Prints of one sale into the folder; a clerk who needs more has another problem. */
const NAMES_MAX = 1_000;

const execute = promisify(execFile);

export class PrintError extends Error {
  override readonly name = 'PrintError';
}

/** Prints a committed sale's tickets, as their claims allow (0 the original, n COPY n), by a printer's name or, with null, as a PDF in the folder. @throws PrintError in words */
export async function printSale(
  sale: SaleView,
  site: TicketSite,
  copies: readonly number[],
  printer: string | null,
  folder: string,
  pdf: PdfPrinter,
): Promise<Printed> {
  const documents = ticketDocuments(sale, site, copies);
  const bytes = await pdf(
    documents.map(({ svg }) => svg),
    { widthMm: TICKET_WIDTH_MM, heightMm: TICKET_HEIGHT_MM },
  );
  if (printer === null) return { file: await file(folder, sale, bytes), printer: null, pages: documents.length };
  await spool(sale, printer, bytes);
  return { file: null, printer, pages: documents.length };
}

/** The printers that the system's spooler knows; none where there is no spooler. */
export async function listPrinters(): Promise<readonly Printer[]> {
  if (process.platform === 'win32') return [];
  const names = (await lpstat(['-e']))
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  if (names.length === 0) return [];
  const standard = /: (\S+)\s*$/.exec(await lpstat(['-d']))?.[1];
  return names.map((name) => ({ name, label: name.replaceAll('_', ' '), isDefault: name === standard }));
}

async function lpstat(args: readonly string[]): Promise<string> {
  try {
    return (await execute('lpstat', [...args], { timeout: SPOOLER_MS })).stdout;
  } catch {
    return '';
  }
}

async function spool(sale: SaleView, printer: string, bytes: Uint8Array): Promise<void> {
  const temporary = path.join(os.tmpdir(), `quorum-kiosk-${process.pid}-${sale.sale}.pdf`);
  await writeFile(temporary, bytes, { mode: FILE_MODE });
  try {
    const media = `media=Custom.${TICKET_WIDTH_MM}x${TICKET_HEIGHT_MM}mm`;
    await execute('lp', ['-d', printer, '-t', `sale ${sale.sale}`, '-o', media, '--', temporary], { timeout: SPOOLER_MS });
  } catch (error) {
    const { stderr, killed } = error as { stderr?: string; killed?: boolean };
    const cause = killed ? 'the print spooler does not answer' : (stderr?.trim() ?? (error as Error).message);
    throw new PrintError(
      `printer ${printer} took no ticket: ${cause}. The sale stands; choose another printer, or the PDF folder, and print again.`,
    );
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A name of its own for every print, so that none writes over another. */
async function file(folder: string, sale: SaleView, bytes: Uint8Array): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const base = path.join(folder, `${sale.items[0]!.event}-sale-${sale.sale}`);
    for (let copy = 1; copy <= NAMES_MAX; copy += 1) {
      const name = copy === 1 ? `${base}.pdf` : `${base}-${copy}.pdf`;
      if (await writeNew(name, bytes)) return name;
    }
  } catch (error) {
    throw new PrintError(
      `the tickets could not be written to ${folder} (${(error as NodeJS.ErrnoException).code ?? String(error)}). The sale stands; make room or choose a printer, and print again.`,
    );
  }
  throw new PrintError(`sale ${sale.sale} was printed ${NAMES_MAX} times; tidy up ${folder}`);
}

async function writeNew(name: string, bytes: Uint8Array): Promise<boolean> {
  try {
    const handle = await open(name, 'wx', FILE_MODE);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
