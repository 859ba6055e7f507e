import { z } from 'zod';
import type { Answer, ProgressAnswer } from './answers';
import { type KioskId, kioskIdSchema, type Slot } from './ballot';
import { type ClerkView, clerkIdSchema } from './clerks';
import type { Permission } from './constants';
import { PAYMENT_KINDS, type PaymentKind } from './money';
import type { PrintLanguage } from './printing';
import type { Request } from './requests';
import type { Said } from './said';
import type { SaleView } from './service';
import type { ShiftView } from './shifts';
import { nameIdSchema } from './site';

/** Who stands at a kiosk's window, and what the screen needs to let somebody in. */
export interface DeskView {
  /**
   * set_up: the site has no clerks yet; whoever is there is the operator, and can make the first manager.
   * signed_out: nobody sells here. locked: the clerk went away, the cart stays, and her PIN opens it.
   */
  readonly state: 'set_up' | 'signed_out' | 'locked' | 'signed_in';
  /** signed_in and locked: who. */
  readonly clerk: ClerkView | null;
  /** Her open shift at this kiosk; without one she can't sell. */
  readonly shift: ShiftView | null;
  /** All clerks of the site, those that have left too. */
  readonly clerks: readonly ClerkView[];
  /** A site to try things out: its windows begin with a signed-in clerk and an open shift. */
  readonly demo: boolean;
}

/** How a PIN was taken. */
export type SignIn =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'wrong_pin' | 'unknown_clerk' | 'wait' | 'faulty';
      readonly message: string;
      readonly said: Said;
      /** wait: too many wrong tries; milliseconds until the next one is looked at. */
      readonly waitMs?: number;
    };

/** A manager's PIN beside the request of a clerk who may not do it alone. */
export interface Approval {
  readonly clerk: string;
  readonly pin: string;
}

export const SEARCH_SALES_MAX = 200;
export const searchQuerySchema = z.strictObject({
  /** What a clerk types or scans: a sale (12.1), a request id, a ticket's number or its code. */
  text: z.string().trim().max(512).optional(),
  event: nameIdSchema.optional(),
  /** ms since 1970, by the selling kiosk's clock: from (counted in) to (not). */
  from: z.int().min(0).optional(),
  to: z.int().min(0).optional(),
  kiosk: kioskIdSchema.optional(),
  clerk: z.string().min(1).max(64).optional(),
  payment: z.enum(PAYMENT_KINDS).optional(),
  status: z.enum(['live', 'cancelled', 'void']).optional(),
  shift: z.int().min(1).optional(),
  /** `next` of the page before. */
  before: z.int().min(0).optional(),
  limit: z.int().min(1).max(SEARCH_SALES_MAX),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;

/** Newest first. */
export interface SearchPage {
  readonly sales: readonly SaleView[];
  /** Where the next page begins; null where there is none. */
  readonly next: number | null;
  /** How long the search took, in ms. */
  readonly tookMs: number;
}

export const reportQuerySchema = z.strictObject({
  event: nameIdSchema.optional(),
  from: z.int().min(0).optional(),
  to: z.int().min(0).optional(),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;

/** Sold in a time, and given back in it (for sales of whatever time). Money in cents. */
export interface Figures {
  readonly sales: number;
  readonly tickets: number;
  readonly cents: number;
  readonly backSales: number;
  readonly backTickets: number;
  readonly backCents: number;
}

export interface EventFigures extends Figures {
  readonly event: string;
  readonly name: string;
  readonly capacity: number;
  readonly remaining: number;
  readonly categories: readonly (Figures & { readonly category: string; readonly name: string })[];
}

/** Straight from the committed log, as far as it is applied at this kiosk. */
export interface SalesReport {
  readonly applied: Slot;
  readonly totals: Figures;
  readonly events: readonly EventFigures[];
  /** Hours of the site's time zone with anything in them, oldest first; `from` in ms since 1970. */
  readonly hours: readonly (Figures & { readonly from: number })[];
  readonly kiosks: readonly (Figures & { readonly kiosk: KioskId; readonly name: string })[];
  readonly clerks: readonly (Figures & { readonly clerk: string; readonly name: string })[];
  readonly payments: readonly (Figures & { readonly payment: PaymentKind })[];
}

/** One change of who decides, newest first. */
export interface MembershipChange {
  readonly slot: Slot;
  readonly kind: 'founding' | 'configuration' | 'recovery';
  /** For example `add 4`; null for a founding or a recovery, or where this kiosk lacks that part of the log. */
  readonly change: string | null;
  readonly members: readonly KioskId[];
  readonly generation: number;
  readonly clerk: string | null;
  readonly kiosk: KioskId | null;
  readonly at: number | null;
}

export const exportSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('sales'), query: searchQuerySchema.omit({ before: true, limit: true }) }),
  z.strictObject({ what: z.literal('report'), query: reportQuerySchema }),
  z.strictObject({ what: z.literal('shifts') }),
]);
export type ExportQuery = z.infer<typeof exportSchema>;

/** Comma-separated values (RFC 4180), with the byte order mark that spreadsheets look for. */
export interface CsvFile {
  /** A good name for the file. */
  readonly name: string;
  readonly text: string;
  readonly rows: number;
}

export const signInSchema = z.strictObject({ clerk: clerkIdSchema, pin: z.string().max(64) });

/** What a kiosk offers to its window beyond what it offers to everybody: signing in, finding, reporting. */
export interface Desk {
  /** A window is here now: that of a demo signs its clerk in. */
  open(): void;
  /** Carries out a request of whoever stands at the window, with his permissions, or a manager's whose PIN is given. */
  execute(request: Request, approval: Approval | null, onProgress: (progress: ProgressAnswer) => void): Promise<Answer>;
  /** Also opens a locked screen. Another clerk than the one who locked it takes over. */
  signIn(clerk: string, pin: string): Promise<SignIn>;
  /** Whether whoever stands at the window may do this now, without a manager. */
  may(permission: Permission): boolean;
  signOut(): void;
  lock(): void;
  search(query: SearchQuery): Promise<SearchPage>;
  report(query: ReportQuery): Promise<SalesReport>;
  /** Newest first, open ones too, from below `before` on. */
  shifts(before: number | null, limit: number): readonly ShiftView[];
  /** With its words in this language. */
  exportCsv(query: ExportQuery, language: PrintLanguage): Promise<CsvFile>;
  membershipChanges(): Promise<readonly MembershipChange[]>;
}
