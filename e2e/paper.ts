import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const DPI = 203;

/** What stands on one printed ticket. */
export interface Page {
  readonly file: string;
  readonly event: string;
  readonly number: number;
  readonly sale: string;
  readonly kiosk: number;
  readonly clerk: string;
  /** 0 the original, n COPY n. */
  readonly copy: number;
}

/** The PDF files of a folder; none where it was never made. */
export async function pdfsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.pdf')).map((name) => path.join(folder, name));
}

/** Reads every page of these files, as pdftotext does. */
export async function readPages(files: readonly string[]): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const file of files) {
    const { stdout } = await execute('pdftotext', ['-raw', file, '-']);
    for (const text of stdout.split('\f').filter((page) => page.trim() !== '')) pages.push(readPage(file, text));
  }
  return pages;
}

/** What each line of the stub says under its name. */
function readPage(file: string, text: string): Page {
  const under = (name: string) => new RegExp(`^${name}\\n(.+)$`, 'm').exec(text)?.[1] ?? '';
  const [, event = '', number = '', copy = '0'] = /^(\S+) · (\d+)(?: · COPY (\d+))?$/m.exec(text) ?? [];
  if (event === '') throw new Error(`no ticket is printed in ${file}:\n${text}`);
  return {
    file,
    event,
    number: Number(number),
    sale: under('SALE'),
    kiosk: Number(under('KIOSK')),
    clerk: under('CLERK'),
    copy: Number(copy),
  };
}

/** What a scanner reads from the first page of a printed file. */
export async function scannedFrom(file: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const picture = path.join(folder, 'page');
  await execute('pdftoppm', ['-r', String(DPI), '-png', '-singlefile', file, picture]);
  const { stdout } = await execute('zbarimg', ['--quiet', '--raw', `${picture}.png`]);
  await rm(folder, { recursive: true });
  return stdout.trim();
}
