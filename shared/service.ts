import type { Answer, EventState, LogEntryView, ProgressAnswer, Role } from './answers';
import type { KioskId, Slot } from './ballot';
import type { Request } from './requests';

/** The three words of the majority bar. */
export type Connection = 'selling' | 'waiting' | 'cut_off';

export interface KioskOnScreen {
  readonly id: KioskId;
  readonly name: string;
  readonly address: string;
  /** none: in the site file or on the network, and neither. */
  readonly standing: 'member' | 'joining' | 'learner' | 'removed' | 'none';
  readonly leader: boolean;
  readonly self: boolean;
  readonly linked: boolean;
  /** Slots behind the furthest kiosk; null where it isn't heard. */
  readonly lag: number | null;
  /** Milliseconds since it was last heard; null where never. */
  readonly heardMs: number | null;
}

/** All that a kiosk's screen shows, as one value. Each change has a higher version. */
export interface KioskView {
  readonly version: number;
  readonly kiosk: { readonly id: KioskId; readonly name: string };
  readonly site: { readonly id: string; readonly place: string; readonly currency: string; readonly timeZone: string };
  readonly connection: Connection;
  /** One sentence on why it is not selling; null while it sells. */
  readonly reason: string | null;
  readonly role: Role;
  readonly leader: KioskId | null;
  readonly ballot: string;
  /** Members that this kiosk reaches, itself counted, of all members. */
  readonly reached: number;
  readonly memberCount: number;
  readonly events: readonly EventState[];
  readonly kiosks: readonly KioskOnScreen[];
  readonly applied: Slot;
  readonly runtime: string;
  readonly appVersion: string;
  /** A fault that stopped this kiosk, in words; null while healthy. */
  readonly problem: string | null;
}

/** A committed sale, enough to print its tickets. */
export interface SaleView {
  readonly sale: string;
  readonly requestId: string;
  readonly slot: Slot;
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by the selling kiosk's clock. */
  readonly at: number;
  readonly total: number;
  readonly items: readonly {
    readonly event: string;
    readonly eventName: string;
    readonly starts: string | null;
    readonly category: string;
    readonly categoryName: string;
    /** Cents for one ticket. */
    readonly price: number;
    readonly tickets: readonly number[];
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
  log(from: Slot, limit: number): LogPageView;
  /** A committed sale, or null. Only what is committed can be printed. */
  sale(id: string): SaleView | null;
}
