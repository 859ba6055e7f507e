import type { PaymentKind } from '../../shared/money';
import type { PrintLanguage } from '../../shared/printing';
import type { SaleStatus } from '../../shared/service';

export const SALE_COLUMNS = [
  ...(['sale', 'time', 'kiosk', 'clerk', 'shift', 'status', 'payment', 'event', 'eventName', 'category', 'tickets', 'numbers'] as const),
  ...(['price', 'amount', 'requestId', 'undoneAt', 'undoneBy', 'allowedBy', 'reason'] as const),
] as const;

export const REPORT_COLUMNS = [
  ...(['by', 'of', 'name', 'sales', 'tickets', 'amount'] as const),
  ...(['backSales', 'backTickets', 'backAmount'] as const),
] as const;

export const SHIFT_COLUMNS = [
  ...(['shift', 'z', 'kiosk', 'clerk', 'opened', 'closed', 'float', 'cashSales', 'cardSales', 'freeTickets'] as const),
  ...(['cashBack', 'cardBack', 'cashIn', 'cashOut', 'expected', 'counted', 'difference'] as const),
  ...(['cashGivenUp', 'cardGivenUp'] as const),
] as const;

export type CsvColumn = (typeof SALE_COLUMNS | typeof REPORT_COLUMNS | typeof SHIFT_COLUMNS)[number];
/** What a report counts by. */
export type ReportPart = 'total' | 'event' | 'category' | 'hour' | 'kiosk' | 'clerk' | 'payment';

/** The words of a spreadsheet; its figures, times and ids are for programs, and the same in every language. */
export interface CsvWords {
  readonly columns: Readonly<Record<CsvColumn, string>>;
  readonly parts: Readonly<Record<ReportPart, string>>;
  readonly statuses: Readonly<Record<SaleStatus, string>>;
  readonly payments: Readonly<Record<PaymentKind, string>>;
}

export const CSV_WORDS: Readonly<Record<PrintLanguage, CsvWords>> = {
  en: {
    columns: {
      sale: 'sale',
      time: 'time',
      kiosk: 'kiosk',
      clerk: 'clerk',
      shift: 'shift',
      status: 'status',
      payment: 'payment',
      event: 'event',
      eventName: 'event name',
      category: 'category',
      tickets: 'tickets',
      numbers: 'numbers',
      price: 'price',
      amount: 'amount',
      requestId: 'request id',
      undoneAt: 'undone at',
      undoneBy: 'undone by',
      allowedBy: 'allowed by',
      reason: 'reason',
      by: 'by',
      of: 'of',
      name: 'name',
      sales: 'sales',
      backSales: 'sales given back',
      backTickets: 'tickets given back',
      backAmount: 'amount given back',
      z: 'z report',
      opened: 'opened',
      closed: 'closed',
      float: 'float',
      cashSales: 'cash sales',
      cardSales: 'card sales',
      freeTickets: 'free tickets',
      cashBack: 'cash given back',
      cardBack: 'card given back',
      cashIn: 'cash in',
      cashOut: 'cash out',
      expected: 'expected',
      counted: 'counted',
      difference: 'difference',
      cashGivenUp: 'cash given up since',
      cardGivenUp: 'card given up since',
    },
    parts: {
      total: 'total',
      event: 'event',
      category: 'category',
      hour: 'hour',
      kiosk: 'kiosk',
      clerk: 'clerk',
      payment: 'payment',
    },
    statuses: { live: 'live', cancelled: 'cancelled', void: 'void' },
    payments: { cash: 'cash', card: 'card', free: 'free' },
  },
  de: {
    columns: {
      sale: 'Verkauf',
      time: 'Zeit',
      kiosk: 'Kiosk',
      clerk: 'Person',
      shift: 'Schicht',
      status: 'Stand',
      payment: 'Zahlung',
      event: 'Veranstaltung',
      eventName: 'Name der Veranstaltung',
      category: 'Kategorie',
      tickets: 'Karten',
      numbers: 'Nummern',
      price: 'Preis',
      amount: 'Betrag',
      requestId: 'Kennung der Anfrage',
      undoneAt: 'rückgängig am',
      undoneBy: 'rückgängig durch',
      allowedBy: 'erlaubt von',
      reason: 'Grund',
      by: 'nach',
      of: 'Kennung',
      name: 'Name',
      sales: 'Verkäufe',
      backSales: 'Verkäufe zurück',
      backTickets: 'Karten zurück',
      backAmount: 'Betrag zurück',
      z: 'Z-Bericht',
      opened: 'geöffnet',
      closed: 'geschlossen',
      float: 'Wechselgeld',
      cashSales: 'bar verkauft',
      cardSales: 'mit Karte verkauft',
      freeTickets: 'freie Karten',
      cashBack: 'bar zurück',
      cardBack: 'auf Karte zurück',
      cashIn: 'eingelegt',
      cashOut: 'entnommen',
      expected: 'erwartet',
      counted: 'gezählt',
      difference: 'Differenz',
      cashGivenUp: 'bar, seither aufgegeben',
      cardGivenUp: 'Karte, seither aufgegeben',
    },
    parts: {
      total: 'Summe',
      event: 'Veranstaltung',
      category: 'Kategorie',
      hour: 'Stunde',
      kiosk: 'Kiosk',
      clerk: 'Person',
      payment: 'Zahlung',
    },
    statuses: { live: 'verkauft', cancelled: 'aufgegeben', void: 'storniert' },
    payments: { cash: 'bar', card: 'Karte', free: 'frei' },
  },
};
