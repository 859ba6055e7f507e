import type { Answer, EventState, LogEntryView, ProgressAnswer, Role } from './answers';
import type { KioskId, Slot } from './ballot';
import type { DeskView } from './desk';
import type { Paid } from './payment';
import type { ChosenPrinter } from './printing';
import type { Request } from './requests';
import type { Said } from './said';
import type { Command } from './values';

/** What the majority bar tells. starting: it was opened just now, and what of the site it reaches is not known yet. */
export type Connection = 'starting' | 'selling' | 'waiting' | 'cut_off';

/** What the opening of the site waits for (rule 7). */
export type FoundingWait =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'founding'; readonly awaited: readonly KioskId[] }
  /** Founders that can't agree. */
  | { readonly kind: 'disagreement'; readonly said: Said };

/** Why a kiosk is not selling; `notSellingText` has it as a sentence. */
export type NotSelling =
  | FoundingWait
  | { readonly kind: 'problem'; readonly said: Said }
  | { readonly kind: 'removed'; readonly slot: Slot }
  | { readonly kind: 'fetching'; readonly have: number; readonly of: number }
  | { readonly kind: 'no_majority'; readonly reached: number; readonly members: number }
  | { readonly kind: 'electing'; readonly reached: number; readonly members: number };

export interface KioskOnScreen {
  readonly id: KioskId;
  readonly name: string;
  readonly address: string;
  /** lost: a member whose data are gone, back as another incarnation; none: in the site file or on the network, and neither. */
  readonly standing: 'member' | 'joining' | 'learner' | 'removed' | 'lost' | 'none';
  readonly leader: boolean;
  readonly self: boolean;
  readonly linked: boolean;
  /** Slots behind the furthest kiosk; null where it isn't heard. */
  readonly lag: number | null;
  /** Milliseconds since it was last heard, in steps; null where never since this kiosk was started. */
  readonly heardMs: number | null;
  /** Kiosks that it reaches itself, as it says; null where it isn't heard. */
  readonly reaches: readonly KioskId[] | null;
  /** Where it prints, as it says; null where it isn't heard, or has no window that prints. */
  readonly printer: ChosenPrinter | null;
}

/** A kiosk of this site that runs on the same network and that nobody has added yet. */
export interface NearbyKiosk {
  readonly id: KioskId;
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** How long this kiosk's certificate is good. Without one, no other kiosk links with it. */
export interface CertificateView {
  /** ms since 1970. */
  readonly expiresAt: number;
  /** soon: within EXPIRY_WARNING_MS. */
  readonly state: 'good' | 'soon' | 'expired';
}

/** A request whose end is not known. */
export interface PendingView {
  readonly requestId: string;
  readonly op: Command['op'];
  readonly clerk: string;
  /** ms since 1970, by this kiosk's clock. */
  readonly at: number;
  /** buy: what was asked for. */
  readonly items: readonly { readonly event: string; readonly category: string; readonly n: number }[];
  /** cancel: the request that is given up. */
  readonly target: string | null;
}

/** All that a kiosk's screen shows, as one value. Each change has a higher version. */
export interface KioskView {
  readonly version: number;
  readonly kiosk: { readonly id: KioskId; readonly name: string };
  readonly site: { readonly id: string; readonly place: string; readonly currency: string; readonly timeZone: string };
  readonly connection: Connection;
  /** One sentence on why it is not selling; null while it sells. */
  readonly reason: string | null;
  /** The same, for a screen in any language. */
  readonly why: NotSelling | null;
  readonly role: Role;
  readonly leader: KioskId | null;
  readonly ballot: string;
  /** Members that this kiosk reaches, itself counted, of all members. */
  readonly reached: number;
  readonly memberCount: number;
  readonly events: readonly EventState[];
  readonly kiosks: readonly KioskOnScreen[];
  readonly nearby: readonly NearbyKiosk[];
  /** Who stands at this kiosk's window. */
  readonly desk: DeskView;
  readonly applied: Slot;
  readonly runtime: string;
  readonly appVersion: string;
  /** Requests of this kiosk whose end is not known: they left it, and the log has not answered. */
  readonly pending: readonly PendingView[];
  /** This kiosk lost its data and may sell, but not vote, until it is readmitted. */
  readonly estranged: boolean;
  readonly generation: number;
  readonly certificate: CertificateView;
  /** A fault that stopped this kiosk, in words; null while healthy. */
  readonly problem: string | null;
}

/** What became of a sale: its tickets are good, or they went back to the pool. */
export type SaleStatus = 'live' | 'cancelled' | 'void';

/** A committed sale, enough to print its tickets. */
export interface SaleView {
  readonly sale: string;
  readonly requestId: string;
  readonly slot: Slot;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by the selling kiosk's clock. */
  readonly at: number;
  readonly status: SaleStatus;
  readonly total: number;
  readonly payment: Paid;
  /** The shift whose drawer it was sold from; null for none. */
  readonly shift: number | null;
  /** Print claims of its receipt so far (rule 10). */
  readonly receipts: number;
  /** How it was undone; null while it is live. */
  readonly undone: {
    readonly at: number;
    readonly slot: Slot;
    readonly kiosk: KioskId;
    readonly clerk: string;
    readonly approver: string | null;
    readonly reason: string | null;
  } | null;
  readonly items: readonly {
    readonly event: string;
    readonly eventName: string;
    readonly starts: string | null;
    readonly category: string;
    readonly categoryName: string;
    /** Cents for one ticket. */
    readonly price: number;
    readonly tickets: readonly number[];
    /** Print claims of each ticket so far (rule 10). */
    readonly printed: readonly number[];
    /** Whether each ticket is known to be on paper (S23). */
    readonly confirmed: readonly boolean[];
  }[];
}

export interface LogPageView {
  readonly entries: readonly LogEntryView[];
  readonly firstSlot: Slot;
  readonly applied: Slot;
}

/** What a running kiosk offers to its window, its console and its local client. */
export interface KioskService {
  /** Carries out one request; refusals are values, never thrown. `exit` and `stop` are answered before they act. */
  execute(request: Request, onProgress?: (progress: ProgressAnswer) => void): Promise<Answer>;
  view(): KioskView;
  /** Called after every change of the view, at most once per turn of the event loop. Returns the way to stop it. */
  subscribe(listener: (view: KioskView) => void): () => void;
  /** Applied entries from slot `from` (1 = the first), at most `limit`. */
  log(from: Slot, limit: number): Promise<LogPageView>;
  /** A committed sale, or null. Only what is committed can be printed. */
  sale(id: string): SaleView | null;
}
