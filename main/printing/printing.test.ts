import { describe, expect, it } from 'vitest';
import { PRINT_LANGUAGES } from '../../shared/printing';
import type { SaleView } from '../../shared/service';
import { type PageParts, ticketDocuments } from './index';
import { renderJob, sheets } from './pages';
import { receiptSvgs } from './receipt';
import type { PrintJob } from './records';
import { widthOf } from './svg';
import { ticketSvg } from './ticket';
import { amount, WORDS } from './words';

const PARTS: PageParts = {
  site: { uid: 'uid00000', id: 'arena', place: 'Harder Stadium', currency: 'USD', timeZone: 'America/Los_Angeles' },
  codeOf: ({ event, number, sale }) => `QK2${event}${number}${sale}`,
  language: 'en',
};
const SALE: SaleView = {
  sale: '7.1',
  requestId: 'r1',
  slot: 7,
  kiosk: 2,
  clerk: 'ann',
  at: Date.parse('2026-11-20T18:30:00Z'),
  status: 'live',
  total: 2400,
  payment: { kind: 'cash', given: 5000, change: 2600 },
  shift: null,
  receipts: 0,
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
      printed: [0, 2],
      confirmed: [false, true],
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

/** The words of a picture, as they are read. */
function wordsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, content]) =>
    content!.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  );
}

const NAMES = [
  'X',
  'W'.repeat(119),
  'The very long name of a match that goes on and on between two clubs of whom nobody ever heard',
  'Universitätssportzentrum Schwäbisch Gmünd-Nord, Halle 3',
  '東京大学 対 京都大学 サッカー定期戦 第百回記念大会',
];

/** Texts that leave the paper's margins, or touch another on their line. A text that is turned is left out. */
function clashes(svg: string): string[] {
  const upright = svg.replace(/<g transform="rotate.*?<\/g>/g, '');
  const texts = [
    ...upright.matchAll(
      /<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="([\d.]+)"[^>]*letter-spacing="(\d+)" text-anchor="(\w+)"[^>]*>([^<]*)</g,
    ),
  ].map(([, x, y, size, spacing, anchor, content]) => {
    const text = content!.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    const width = widthOf(text) * Number(size) + Number(spacing) * text.length;
    const from = Number(x) - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
    return { text, y: Number(y), from, to: from + width };
  });
  return texts.flatMap(({ text, y, from, to }, index) => [
    ...(from < 49 || to > 751 ? [`${text} leaves the paper`] : []),
    ...texts
      .slice(index + 1)
      .filter((other) => Math.abs(other.y - y) < 10 && other.from < to && from < other.to)
      .map((other) => `${text} touches ${other.text}`),
  ]);
}

describe('a ticket', () => {
  const [first, second, third] = ticketDocuments(SALE, PARTS).map((document) => ({ ...document, words: wordsOf(document.svg) }));

  it('is drawn once per number, with its own code, and says whether it would be a copy, and is on paper', () => {
    expect([first, second, third].map((one) => [one!.number, one!.code, one!.copy, one!.onPaper])).toEqual([
      [4, 'QK2ucla47.1', 0, false],
      [5, 'QK2ucla57.1', 2, true],
      [6, 'QK2ucla67.1', 0, false],
    ]);
  });

  it('has event, date, place, category, price, number, sale, kiosk and clerk, in the time zone and money of the site', () => {
    const all = first!.words.join(' ');
    for (const part of ['Sat, Nov 28, 2026', '7:00 PM', 'HARDER STADIUM', 'Adult', '$12.00', '4', '7.1', '2', 'ann', 'ADMIT ONE'])
      expect(all).toContain(part);
    expect(all).toContain('UCSB <Gauchos> &');
    expect(first!.svg).not.toContain('<Gauchos>');
    expect(third!.words).toContain('Free');
    expect(third!.words).toContain('Any day');
  });

  it('is marked as the copy that it is, and as void', () => {
    expect(second!.words).toContain('COPY 2');
    const [gone] = ticketDocuments({ ...SALE, status: 'void' }, PARTS);
    expect(wordsOf(gone!.svg).filter((word) => word === 'VOID')).toHaveLength(2);
  });

  it('speaks German', () => {
    const words = wordsOf(ticketDocuments(SALE, { ...PARTS, language: 'de' })[1]!.svg).join(' ');
    for (const part of ['KOPIE 2', 'Sa., 28. Nov. 2026', '19:00', '12,00\u00a0$', 'KATEGORIE']) expect(words).toContain(part);
  });

  it.each(NAMES)('keeps any name within the paper, and clear of what stands beside it: %s', (name) => {
    for (const language of PRINT_LANGUAGES)
      for (const status of ['live', 'void'] as const) {
        const [item] = SALE.items;
        const svg = ticketSvg({
          ...PARTS,
          language,
          site: { ...PARTS.site, place: name },
          sale: { ...SALE, status, sale: '1234567.65535', kiosk: 255, clerk: name.slice(0, 64) },
          item: { ...item!, eventName: name, categoryName: name.slice(0, 80), price: 10_000_000, event: 'W'.repeat(64) },
          number: 1_000_000,
          code: 'QK2',
          copy: 12,
        });
        expect(clashes(svg)).toEqual([]);
        // The number and the mark are what a gate reads when the code is torn.
        expect(wordsOf(svg).join(' ')).toMatch(language === 'en' ? /… · 1000000 · (COPY 12|VOID)/ : /… · 1000000 · (KOPIE 12|UNGÜLTIG)/);
      }
  });

  it('has the whole name of an event, however long it is, if its letters are those of words', () => {
    const eventName = 'Landesmeisterschaften der Universitätsmannschaften: Halbfinale Göttingen gegen Schwäbisch Gmünd';
    const [item] = SALE.items;
    const svg = ticketSvg({ ...PARTS, sale: SALE, item: { ...item!, eventName }, number: 1, code: 'QK2', copy: 0 });
    expect(wordsOf(svg).join(' ')).toContain(eventName);
    const longer = ticketSvg({
      ...PARTS,
      sale: SALE,
      item: { ...item!, eventName: 'W '.repeat(60) + 'W'.repeat(99) },
      number: 1,
      code: 'QK2',
      copy: 0,
    });
    expect(wordsOf(longer).some((word) => /^W.*…$/.test(word))).toBe(true);
  });
});

describe('a page', () => {
  const job: PrintJob = {
    id: 'qk-1-a',
    kind: 'tickets',
    sale: '7.1',
    clerk: 'ann',
    copy: null,
    tickets: [4, 5, 6].map((number) => ({ event: 'ucla', number, copy: number - 4 })),
    printer: null,
    paper: 'ticket',
    state: 'rendering',
    reason: null,
    detail: null,
    file: null,
    at: 0,
  };
  const rendered = async (of: PrintJob, parts = PARTS) => {
    let given: { pages: readonly string[]; widthMm: number; heightMm: number } | null = null;
    await renderJob(of, SALE, parts, async (pages, size) => {
      given = { pages, ...size };
      return new Uint8Array();
    });
    return given!;
  };

  it('is a ticket of 80 x 127 mm each, marked as its claim allows', async () => {
    const { pages, widthMm, heightMm } = await rendered(job);
    expect([pages.length, widthMm, heightMm]).toEqual([3, 80, 127]);
    expect(pages.map((svg) => wordsOf(svg).find((word) => /^(ADMIT|COPY)/.test(word)))).toEqual(['ADMIT ONE', 'COPY 1', 'COPY 2']);
  });

  it('of A4 holds four', async () => {
    const { pages, widthMm, heightMm } = await rendered({ ...job, paper: 'a4' });
    expect([pages.length, widthMm, heightMm]).toEqual([1, 210, 297]);
    expect(pages[0]!.match(/<svg x=/g)).toHaveLength(3);
    expect(sheets(Array(9).fill('<svg width="80mm" height="127mm"></svg>'))).toHaveLength(3);
  });

  it('of a receipt is marked as its claim allows, and never made without one', async () => {
    const receipt = { ...job, kind: 'receipt' as const, tickets: [] };
    for (const [copy, marked] of [
      [0, false],
      [2, true],
    ] as const)
      expect(wordsOf((await rendered({ ...receipt, copy })).pages[0]!).includes('COPY 2')).toBe(marked);
    await expect(async () => rendered(receipt)).rejects.toThrow(/receipt of sale 7.1 was not claimed/);
  });

  it('is never made of a ticket that was not claimed', async () => {
    await expect(async () => rendered({ ...job, tickets: [{ event: 'ucla', number: 4, copy: null }] })).rejects.toThrow(/not claimed/);
  });
});

describe('a receipt', () => {
  it.each(NAMES)('keeps any name within the paper, and clear of its amount: %s', (name) => {
    const items = SALE.items.map((item) => ({ ...item, eventName: name, categoryName: name.slice(0, 80), price: 10_000_000 }));
    const tickets = Array.from({ length: 100 }, (_, index) => 2 * index + 1);
    const sale = { ...SALE, sale: '1234567.65535', kiosk: 255, clerk: name.slice(0, 64), items: [{ ...items[0]!, tickets }, ...items] };
    for (const language of PRINT_LANGUAGES)
      for (const page of receiptSvgs(sale, { ...PARTS.site, place: name }, language, 12)) expect(clashes(page)).toEqual([]);
  });

  it('has the lines of the sale, its total, what was given and the change', () => {
    const [page] = receiptSvgs(SALE, PARTS.site, 'en', 0);
    const words = wordsOf(page!).join(' ');
    expect(words).not.toMatch(/COPY|KOPIE/);
    for (const part of [
      'RECEIPT',
      'Sale 7.1',
      '2 × UCSB',
      '$24.00',
      'Tickets 4-5',
      'Ticket 6',
      '$0.00',
      'Total',
      'Cash',
      '$50.00',
      'Change',
      '$26.00',
      'Nov 20, 2026',
      '10:30 AM',
    ])
      expect(words).toContain(part);
  });

  it('of a sale that was undone is marked as void', () => {
    expect(wordsOf(receiptSvgs({ ...SALE, status: 'void' }, PARTS.site, 'de', 0)[0]!)).toContain('UNGÜLTIG');
    expect(wordsOf(receiptSvgs(SALE, PARTS.site, 'de', 0)[0]!)).not.toContain('UNGÜLTIG');
  });

  it('takes several pages for many lines, and the total stands on the last', () => {
    const pages = receiptSvgs({ ...SALE, items: Array(13).fill(SALE.items[0]!) }, PARTS.site, 'de', 3);
    // Which of them is which, a torn off page tells, too.
    expect(pages.map((page) => wordsOf(page).includes('KOPIE 3'))).toEqual([true, true, true]);
    expect(pages.map((page) => wordsOf(page).includes('Summe'))).toEqual([false, false, true]);
    expect(wordsOf(pages[1]!)).toContain('Seite 2 von 3');
  });
});

describe('money on paper', () => {
  it('is rounded nowhere, in a currency without cents either', () => {
    expect(amount(120_000, 'JPY', WORDS.en)).toBe('¥1,200');
    expect(amount(1250, 'JPY', WORDS.en)).toBe('¥12.50');
    expect(amount(1250, 'USD', WORDS.en)).toBe('$12.50');
    expect([1200, 1250].map((cents) => amount(cents, 'BHD', WORDS.en))).toEqual(['BHD\u00a012.000', 'BHD\u00a012.500']);
  });
});
