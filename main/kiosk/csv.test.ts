import { describe, expect, it } from 'vitest';
import { CsvTable } from './csv';

function text(...rows: Parameters<CsvTable['add']>[0]): string {
  const table = new CsvTable(['a', 'b']);
  table.add(rows);
  return table.text();
}

describe('a table for a spreadsheet', () => {
  it('begins with a byte order mark, and ends each line as RFC 4180 has it', () => {
    expect(text(['x', 1], ['ü', 2])).toBe('\uFEFFa,b\r\nx,1\r\nü,2\r\n');
  });

  it('quotes commas, quotes and line ends', () => {
    expect(text(['a\rb', 'c'])).toContain('\r\n"a\rb",c\r\n');
    expect(text(['a,b', 'say "no"'], ['two\nlines', 'plain'])).toContain('"a,b","say ""no"""\r\n"two\nlines",plain\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('never holds %j as a formula', (typed) => {
    expect(text([typed, '']).split('a,b\r\n')[1]).toMatch(/^"?'/);
  });

  it.each(['＝1+1', '＋1', '－1', '＠SUM(A1)'])('never holds %j as a formula in Japan', (typed) => {
    expect(text([typed, '']).split('a,b\r\n')[1]).toMatch(/^'/);
  });

  it('never begins a formula behind what parts cells elsewhere', () => {
    expect(text(["Mum's;=cmd|' /C calc'!A0", ''])).toContain("\r\nMum's;'=cmd");
    expect(text(['two\n=1+1', ''])).toContain(`\r\n"two\n'=1+1",`);
  });

  it('leaves names as they are', () => {
    for (const name of ['Ann-Marie', 'a@b.example', '1+1', 'x = y; z', 'Çelik']) expect(text([name, 'b'])).toContain(`\r\n${name},b\r\n`);
  });

  it('has money as figures, missing money too', () => {
    expect(text([{ cents: 123_405 }, { cents: -5 }])).toContain('1234.05,-0.05');
  });
});
