import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SaleView } from '../../shared/service';
import { listPrinters, printSale, ticketDocuments } from './index';

const SITE = { uid: 'uid00000', place: 'Harder Stadium', currency: 'USD', timeZone: 'America/Los_Angeles' };
const SALE: SaleView = {
  sale: '7.1',
  requestId: 'r1',
  slot: 7,
  kiosk: 2,
  clerk: 'ann',
  at: 0,
  status: 'live',
  total: 3000,
  payment: { kind: 'cash', given: 3000, change: 0 },
  shift: null,
  undone: null,
  items: [
    {
      event: 'ucla',
      eventName: 'UCSB <Gauchos> & "friends" v UCLA',
      starts: '2026-11-28T19:00:00-08:00',
      category: 'adult',
      categoryName: 'Adult',
      price: 1200,
      tickets: [4, 5],
      printed: [0, 0],
      confirmed: [false, false],
    },
    {
      event: 'ucla',
      eventName: 'UCSB v UCLA',
      starts: null,
      category: 'child',
      categoryName: 'Child',
      price: 0,
      tickets: [6],
      printed: [0],
      confirmed: [false],
    },
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-print-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pdf = async (pages: readonly string[]) => new TextEncoder().encode(`%PDF of ${pages.length}`);

describe('a ticket', () => {
  it('is drawn once per number, with its own code, date, price and escaped names', () => {
    const documents = ticketDocuments(SALE, SITE);
    expect(documents.map(({ number, code }) => [number, code])).toEqual([
      [4, 'QK1:uid00000:ucla:4:7.1'],
      [5, 'QK1:uid00000:ucla:5:7.1'],
      [6, 'QK1:uid00000:ucla:6:7.1'],
    ]);
    const [first, , third] = documents;
    expect(first!.svg).toContain('Saturday, November 28, 2026');
    expect(first!.svg).toContain('7:00 PM');
    expect(first!.svg).toContain('$12.00');
    expect(first!.svg).toContain('&#60;Gauchos&#62;');
    expect(first!.svg).not.toContain('<Gauchos>');
    expect(third!.svg).toContain('>Free<');
  });

  it('keeps any name within the paper', () => {
    const long = { ...SALE, items: [{ ...SALE.items[0]!, eventName: 'A'.repeat(119) }] };
    for (const [, x, size, content] of ticketDocuments(long, SITE)[0]!.svg.matchAll(
      /<text x="(\d+)" y="[\d.]+"[^>]*font-size="(\d+)"[^>]*anchor="start"[^>]*>([^<]*)</g,
    )) {
      expect(Number(x) + content!.length * Number(size) * 0.58).toBeLessThanOrEqual(800);
    }
  });
});

describe('printing', () => {
  it('goes to a PDF file of its own each time', async () => {
    const first = await printSale(SALE, SITE, [0, 0, 0], null, folder, pdf);
    const second = await printSale(SALE, SITE, [0, 0, 0], null, folder, pdf);
    expect(first.pages).toBe(3);
    expect(first.file).not.toBe(second.file);
    expect(await readFile(first.file!, 'utf8')).toBe('%PDF of 3');
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('says in words what went wrong, and that the sale stands', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(printSale(SALE, SITE, [0, 0, 0], null, path.join(folder, 'file'), pdf)).rejects.toThrow(/The sale stands/);
  });

  it("hands the PDF to the spooler by the printer's name, and passes its refusal on", async () => {
    const bin = path.join(folder, 'bin');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(bin);
    await writeFile(
      path.join(bin, 'lp'),
      `#!/bin/sh\n[ "$2" = broken ] && { echo "lp: no such printer" >&2; exit 1; }\necho "$@" > ${folder}/args\nfor last; do :; done\ncat "$last" > ${folder}/spooled\n`,
    );
    await writeFile(
      path.join(bin, 'lpstat'),
      '#!/bin/sh\n[ "$1" = -e ] && echo "front_desk" && echo "broken"\n[ "$1" = -d ] && echo "system default destination: front_desk"\nexit 0\n',
    );
    await chmod(path.join(bin, 'lp'), 0o755);
    await chmod(path.join(bin, 'lpstat'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    try {
      expect(await listPrinters()).toEqual([
        { name: 'front_desk', label: 'front desk', isDefault: true },
        { name: 'broken', label: 'broken', isDefault: false },
      ]);
      expect(await printSale(SALE, SITE, [0, 0, 0], 'front_desk', folder, pdf)).toEqual({ file: null, printer: 'front_desk', pages: 3 });
      expect(await readFile(path.join(folder, 'spooled'), 'utf8')).toBe('%PDF of 3');
      expect(await readFile(path.join(folder, 'args'), 'utf8')).toContain('-t sale 7.1 -o media=Custom.80x127mm');
      await expect(printSale(SALE, SITE, [0, 0, 0], 'broken', folder, pdf)).rejects.toThrow(
        /printer broken took no ticket: lp: no such printer.*The sale stands/,
      );
    } finally {
      process.env.PATH = before;
    }
  });
});
