import { z } from 'zod';
import type { Answer, ProgressAnswer, Reason } from './answers';
import { slotSchema } from './ballot';
import type { IpcChannel } from './channels';
import {
  exportSchema,
  type MembershipChange,
  reportQuerySchema,
  type SalesReport,
  type SearchPage,
  type SignIn,
  searchQuerySchema,
  signInSchema,
} from './desk';
import { type ElsewhereSale, PAPERS, PRINT_ANSWERS, type PrintQueueView } from './printing';
import { requestSchema } from './requests';
import type { Said } from './said';
import type { KioskView, LogPageView, PendingView, SaleView } from './service';
import { type Settings, settingsSchema } from './settings';
import type { ShiftView } from './shifts';
import { nameIdSchema } from './site';
import { type Till, tillSchema } from './till';
import { requestIdSchema, saleIdSchema, ticketsSchema } from './values';

/** A printer's name; null is "PDF to a folder". */
const printerSchema = z.string().min(1).max(200).nullable();

/** IPC between a kiosk's window and its main process: request channels with the schema of their one argument. */
export const ipcSchemas = {
  'kiosk:execute': requestSchema,
  /** The same, with the PIN of a manager who allows what the clerk may not do alone. */
  'kiosk:approve': z.strictObject({ request: requestSchema, approval: signInSchema }),
  /** Also opens a locked screen. */
  'kiosk:sign-in': signInSchema,
  'kiosk:sign-out': z.undefined(),
  'kiosk:lock': z.undefined(),
  'kiosk:search': searchQuerySchema,
  'kiosk:report': reportQuerySchema,
  /** X and Z reports, newest first, below the shift of that number. */
  'kiosk:shifts': z.strictObject({ before: z.int().min(1).nullable(), limit: z.int().min(1).max(200) }),
  /** Writes a CSV file into the folder of exports. */
  'kiosk:export': exportSchema,
  /** The page as it prints, as a PDF in the folder of exports. */
  'kiosk:page-pdf': z.strictObject({ name: nameIdSchema }),
  'kiosk:membership-changes': z.undefined(),
  /** A line typed into the console; answered as text, as the command-line client would print it. */
  'kiosk:console': z.string().max(2_000),
  'kiosk:view': z.undefined(),
  'kiosk:log': z.strictObject({ from: slotSchema, limit: z.int().min(1).max(500) }),
  /** Documents of a committed sale's tickets, to preview. */
  'kiosk:tickets': z.strictObject({ sale: z.string().max(40) }),
  /** Put tickets of a committed sale, or its receipt, into the print queue; printer null is "PDF to a folder". */
  'kiosk:print': z.strictObject({
    sale: saleIdSchema,
    /** Left out: all of them. */
    tickets: ticketsSchema.optional(),
    /** The receipt, and no ticket. */
    receipt: z.boolean().optional(),
    printer: printerSchema,
    paper: z.enum(PAPERS),
  }),
  'kiosk:print-queue': z.undefined(),
  /** A clerk's word on one job of the queue. */
  'kiosk:print-answer': z.strictObject({ id: z.string().max(60), answer: z.enum(PRINT_ANSWERS) }),
  /** Where this kiosk prints from now on. */
  'kiosk:print-choice': z.strictObject({ printer: printerSchema, paper: z.enum(PAPERS) }),
  /** What a clerk still has to see to its end. */
  'kiosk:open-sales': z.undefined(),
  /** The clerk has read how a request ended. */
  'kiosk:seen': z.strictObject({ requestId: requestIdSchema }),
  'kiosk:settings': z.undefined(),
  /** Whether this window is in kiosk mode: full screen, keys locked, and a PIN to leave. */
  'kiosk:locked-to-counter': z.undefined(),
  /** What lies on the counter, kept in main while a page is loaded anew. */
  'kiosk:till': z.undefined(),
  'kiosk:keep-till': tillSchema,
  'kiosk:sale': z.strictObject({ sale: saleIdSchema }),
  'kiosk:set-settings': settingsSchema,
} as const satisfies Readonly<Record<IpcChannel, z.ZodType>>;
export type { IpcChannel } from './channels';
export type IpcArgument<C extends IpcChannel> = z.infer<(typeof ipcSchemas)[C]>;

export interface TicketDocument {
  readonly event: string;
  readonly number: number;
  /** What the QR code says. */
  readonly code: string;
  /** The ticket as a self-contained SVG picture, 80 x 127 mm. */
  readonly svg: string;
  /** What its next claim would allow: 0 the original, n COPY n. */
  readonly copy: number;
  /** It is known to be on paper. */
  readonly onPaper: boolean;
}

/** Where a buy stands that was not answered at once. */
export type AskedState =
  | { readonly kind: 'checking' }
  /** Given up here; it may still be sold until the log has answered. */
  | { readonly kind: 'giving_up' }
  | { readonly kind: 'sold'; readonly sale: string; readonly tickets: readonly number[] }
  /** It was sold, and the sale was undone since. */
  | { readonly kind: 'voided'; readonly sale: string }
  /** The log says that nothing is sold by it, and nothing will be. */
  | { readonly kind: 'not_sold'; readonly reason: Reason; readonly said: Said }
  /** The log refused to give it up. */
  | { readonly kind: 'not_given_up'; readonly reason: Reason; readonly said: Said };

/** A buy of this kiosk whose end was not known at once (S19). */
export interface AskedSale {
  readonly requestId: string;
  /** ms since 1970, by this kiosk's clock. */
  readonly at: number;
  /** Empty where only its giving up is known here. */
  readonly items: PendingView['items'];
  readonly state: AskedState;
}

/** What a clerk still has to see to its end at this kiosk. Each change has a higher version. */
export interface OpenSalesView {
  readonly version: number;
  readonly asked: readonly AskedSale[];
  /** Committed sales of this kiosk whose printing was never begun, or did not end (S23). */
  readonly unprinted: readonly SaleView[];
  /** Sales of other kiosks that nobody is known to have printed, newest first. */
  readonly elsewhere: readonly ElsewhereSale[];
}

export interface ConsoleOutput {
  /** Lines as the command-line client prints them. */
  readonly text: string;
  readonly ok: boolean;
}

/** A file that was written for the clerk to take away. */
export interface Exported {
  readonly file: string;
  /** Lines of it, its header not counted. */
  readonly rows: number;
}

export interface IpcResults {
  'kiosk:execute': Answer;
  'kiosk:approve': Answer;
  'kiosk:sign-in': SignIn;
  'kiosk:sign-out': null;
  'kiosk:lock': null;
  'kiosk:search': SearchPage;
  'kiosk:report': SalesReport;
  'kiosk:shifts': readonly ShiftView[];
  'kiosk:export': Exported;
  'kiosk:page-pdf': { readonly file: string };
  'kiosk:membership-changes': readonly MembershipChange[];
  'kiosk:console': ConsoleOutput;
  'kiosk:view': KioskView;
  'kiosk:log': LogPageView;
  'kiosk:tickets': readonly TicketDocument[];
  /** Ids of the jobs. */
  'kiosk:print': readonly string[];
  'kiosk:print-queue': PrintQueueView;
  'kiosk:print-answer': null;
  'kiosk:print-choice': null;
  'kiosk:open-sales': OpenSalesView;
  'kiosk:seen': null;
  'kiosk:settings': Settings;
  'kiosk:locked-to-counter': boolean;
  'kiosk:till': Till;
  'kiosk:keep-till': null;
  /** Null where no such sale is committed here. */
  'kiosk:sale': SaleView | null;
  'kiosk:set-settings': null;
}

/** Results cross as values: a thrown class would lose its type on the way. */
export type IpcReply<C extends IpcChannel> = { ok: true; value: IpcResults[C] } | { ok: false; error: Said };

/** Events from main to the window. */
export interface IpcEvents {
  'kiosk:changed': KioskView;
  'kiosk:progress': ProgressAnswer;
  'kiosk:open-sales-changed': OpenSalesView;
  'kiosk:print-queue-changed': PrintQueueView;
  /** The machine slept: timers of the page stood still. */
  'kiosk:woke': null;
}

/** What the preload script gives to the page as `window.kiosk`. */
export interface KioskBridge {
  execute(request: IpcArgument<'kiosk:execute'>): Promise<IpcReply<'kiosk:execute'>>;
  approve(job: IpcArgument<'kiosk:approve'>): Promise<IpcReply<'kiosk:approve'>>;
  signIn(who: IpcArgument<'kiosk:sign-in'>): Promise<IpcReply<'kiosk:sign-in'>>;
  signOut(): Promise<IpcReply<'kiosk:sign-out'>>;
  lock(): Promise<IpcReply<'kiosk:lock'>>;
  search(query: IpcArgument<'kiosk:search'>): Promise<IpcReply<'kiosk:search'>>;
  report(query: IpcArgument<'kiosk:report'>): Promise<IpcReply<'kiosk:report'>>;
  shifts(page: IpcArgument<'kiosk:shifts'>): Promise<IpcReply<'kiosk:shifts'>>;
  exportCsv(query: IpcArgument<'kiosk:export'>): Promise<IpcReply<'kiosk:export'>>;
  pagePdf(page: IpcArgument<'kiosk:page-pdf'>): Promise<IpcReply<'kiosk:page-pdf'>>;
  membershipChanges(): Promise<IpcReply<'kiosk:membership-changes'>>;
  console(line: string): Promise<IpcReply<'kiosk:console'>>;
  view(): Promise<IpcReply<'kiosk:view'>>;
  log(range: IpcArgument<'kiosk:log'>): Promise<IpcReply<'kiosk:log'>>;
  tickets(sale: string): Promise<IpcReply<'kiosk:tickets'>>;
  print(order: IpcArgument<'kiosk:print'>): Promise<IpcReply<'kiosk:print'>>;
  printQueue(): Promise<IpcReply<'kiosk:print-queue'>>;
  printAnswer(answer: IpcArgument<'kiosk:print-answer'>): Promise<IpcReply<'kiosk:print-answer'>>;
  printChoice(choice: IpcArgument<'kiosk:print-choice'>): Promise<IpcReply<'kiosk:print-choice'>>;
  openSales(): Promise<IpcReply<'kiosk:open-sales'>>;
  seen(requestId: string): Promise<IpcReply<'kiosk:seen'>>;
  till(): Promise<IpcReply<'kiosk:till'>>;
  keepTill(till: Till): Promise<IpcReply<'kiosk:keep-till'>>;
  sale(sale: string): Promise<IpcReply<'kiosk:sale'>>;
  settings(): Promise<IpcReply<'kiosk:settings'>>;
  lockedToCounter(): Promise<IpcReply<'kiosk:locked-to-counter'>>;
  setSettings(settings: Settings): Promise<IpcReply<'kiosk:set-settings'>>;
  onChanged(listener: (view: KioskView) => void): () => void;
  onProgress(listener: (progress: ProgressAnswer) => void): () => void;
  onOpenSales(listener: (open: OpenSalesView) => void): () => void;
  onPrintQueue(listener: (queue: PrintQueueView) => void): () => void;
  onWoke(listener: () => void): () => void;
}
