import { fractionOf } from '../../shared/money';
import type { PrintLanguage } from '../../shared/printing';

/** What is printed besides names, numbers, dates and money. */
export interface Words {
  readonly locale: string;
  readonly admit: string;
  readonly copy: (n: number) => string;
  readonly void: string;
  readonly free: string;
  readonly ticket: string;
  readonly date: string;
  readonly time: string;
  readonly category: string;
  readonly price: string;
  readonly sale: string;
  readonly kiosk: string;
  readonly clerk: string;
  readonly valid: string;
  readonly open: string;
  readonly receipt: string;
  readonly total: string;
  readonly tickets: (numbers: string, n: number) => string;
  readonly noTaxInvoice: string;
  readonly page: (n: number, of: number) => string;
  readonly paid: Readonly<Record<'cash' | 'card' | 'free', string>>;
  readonly change: string;
}

export const WORDS: Readonly<Record<PrintLanguage, Words>> = {
  en: {
    locale: 'en-US',
    admit: 'Admit one',
    copy: (n) => `Copy ${n}`,
    void: 'Void',
    free: 'Free',
    ticket: 'Ticket no.',
    date: 'Date',
    time: 'Begins',
    category: 'Category',
    price: 'Price',
    sale: 'Sale',
    kiosk: 'Kiosk',
    clerk: 'Clerk',
    valid: 'Good for one person, once. The code is signed.',
    open: 'Any day',
    receipt: 'Receipt',
    total: 'Total',
    tickets: (numbers, n) => (n === 1 ? `Ticket ${numbers}` : `Tickets ${numbers}`),
    noTaxInvoice: 'This is no tax invoice.',
    page: (n, of) => `Page ${n} of ${of}`,
    paid: { cash: 'Cash', card: 'Card', free: 'Nothing to pay' },
    change: 'Change',
  },
  de: {
    locale: 'de-DE',
    admit: 'Eine Person',
    copy: (n) => `Kopie ${n}`,
    void: 'Ungültig',
    free: 'Frei',
    ticket: 'Karte Nr.',
    date: 'Datum',
    time: 'Beginn',
    category: 'Kategorie',
    price: 'Preis',
    sale: 'Verkauf',
    kiosk: 'Kiosk',
    clerk: 'Bedient von',
    valid: 'Gilt einmal für eine Person. Der Code ist signiert.',
    open: 'Jeder Tag',
    receipt: 'Beleg',
    total: 'Summe',
    tickets: (numbers, n) => (n === 1 ? `Karte ${numbers}` : `Karten ${numbers}`),
    noTaxInvoice: 'Dies ist keine Rechnung im Sinne des Steuerrechts.',
    page: (n, of) => `Seite ${n} von ${of}`,
    paid: { cash: 'Bar', card: 'Karte', free: 'Nichts zu zahlen' },
    change: 'Rückgeld',
  },
};

/** Cents in the site's currency; a free ticket says so. */
export function money(cents: number, currency: string, words: Words): string {
  return cents === 0 ? words.free : amount(cents, currency, words);
}

export function amount(cents: number, currency: string, { locale }: Words): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...fractionOf(cents, currency) });
  // Whatever the currency, hundredths are counted.
  return format.format(cents / 100);
}

export function dateOf(at: string | number, timeZone: string, { locale }: Words): string {
  return new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(at),
  );
}

export function timeOf(at: string | number, timeZone: string, { locale }: Words): string {
  return new Intl.DateTimeFormat(locale, { timeZone, hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}
