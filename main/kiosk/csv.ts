/** Spreadsheets take a file without it for one of the machine's own alphabet. */
const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** A cell: text as it was typed by people, or a figure that is ours. */
export type CsvCell = string | number | { readonly cents: number };

/** A table as comma-separated values (RFC 4180), with a byte order mark, and without what a spreadsheet would run as a formula. */
export class CsvTable {
  private readonly parts: string[];
  private count = 0;

  constructor(header: readonly string[]) {
    this.parts = [`${BYTE_ORDER_MARK}${header.map(quote).join(',')}${LINE_END}`];
  }

  /** Lines so far, the header not counted. */
  get rows(): number {
    return this.count;
  }

  add(rows: readonly (readonly CsvCell[])[]): void {
    this.count += rows.length;
    this.parts.push(rows.map((row) => `${row.map(cellText).join(',')}${LINE_END}`).join(''));
  }

  text(): string {
    return this.parts.join('');
  }
}

function cellText(cell: CsvCell): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return money(cell.cents);
  return quote(harmless(cell));
}

/**
 * A name that begins like a formula is text: an apostrophe in front says so to every spreadsheet. One of Japan takes the
 * wide signs for formulas too; one that parts cells by semicolons, as in much of Europe, begins a cell behind each.
 */
function harmless(text: string): string {
  return text.replace(/^(?=[\t\r\n])|(^|[;\t\r\n])(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1'");
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With a point, whatever the language of the screen: for programs. */
function money(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  return `${sign}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}
