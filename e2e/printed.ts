import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '..');
const TOOLS = ['/usr/bin/pdftoppm', '/usr/bin/pdftotext', '/usr/bin/zbarimg'];
/** What thermal printers have. */
const DPI = 203;

/** Why printed pages can't be read here; null if they can. */
export function blind(): string | null {
  const missing = TOOLS.filter((file) => !existsSync(file));
  return missing.length === 0 ? null : `not installed here: ${missing.join(', ')} (on Debian: poppler-utils, zbar-tools)`;
}

/** The words of a PDF. */
export async function wordsOf(pdf: string): Promise<string> {
  return (await execute('pdftotext', ['-layout', pdf, '-'])).stdout;
}

/** The colours that cover more than a trace of a PDF's first page, sorted. */
export async function coloursOf(pdf: string): Promise<readonly string[]> {
  const TRACE = 400;
  const { stdout } = await execute('pdftoppm', ['-r', '50', '-aa', 'no', '-aaVector', 'no', '-f', '1', '-l', '1', pdf], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  });
  const counts = new Map<string, number>();
  // P6, width, height and depth, each on a line or between blanks; then three bytes a dot.
  const header = /^P6\s+\d+\s+\d+\s+\d+\s/.exec(stdout.toString('latin1', 0, 40))![0].length;
  for (let at = header; at + 2 < stdout.length; at += 3) {
    const colour = stdout.toString('hex', at, at + 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts].flatMap(([colour, count]) => (count > TRACE ? [colour] : [])).sort();
}

/** The codes on a PDF's pages, read from their picture as a scanner would. */
export async function codesOf(pdf: string): Promise<readonly string[]> {
  const picture = pdf.replace(/\.pdf$/, '');
  await execute('pdftoppm', ['-r', String(DPI), '-png', pdf, picture]);
  const { stdout } = await execute('sh', ['-c', `zbarimg --raw -q "${picture}"-*.png 2>/dev/null`]);
  return stdout.trim().split('\n');
}

/** What `npm run verify` says of a code. */
export async function verified(code: string, site: string): Promise<unknown> {
  const { stdout } = await execute(process.execPath, [path.join(ROOT, 'out/main/verify.js'), code, '--site', site, '--json']);
  return JSON.parse(stdout);
}
