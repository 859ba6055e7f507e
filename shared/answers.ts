import type { Incarnation, KioskId, Slot } from './ballot';
import type { Permission } from './constants';
import type { Paid } from './payment';
import type { Said } from './said';
import type { CategorySpec, EventSpec } from './site';
import type { Command, EventAction, HeldBack, RequestId, ShiftAction, Value } from './values';

/** Refusals that come from an applied entry: definite, the same at every kiosk. */
export type AppliedReason =
  | 'sold_out'
  | 'not_enough'
  | 'closed'
  | 'cancelled'
  | 'withdrawn'
  | 'expired'
  | 'printed'
  | 'unknown_sale'
  | 'already_void'
  | 'id_reused'
  | 'unknown_event'
  | 'unknown_category'
  | 'change_pending'
  | 'unknown_kiosk'
  | 'not_allowed'
  /** The payment does not fit the total, for example too little cash. */
  | 'not_paid'
  /** The total is not the one that was named to the customer. */
  | 'price_changed'
  /** No such shift is open. */
  | 'no_shift'
  /** Somebody was let in with this ticket before. */
  | 'already_used'
  | 'unknown_clerk';
/** Refusals from before the log, and `timeout`, which is no refusal: the truth is not known yet. */
export type LocalReason =
  | 'bad_request'
  | 'faulty'
  | 'unreachable'
  | 'no_majority'
  | 'timeout'
  /** No code of a ticket of this site. */
  | 'bad_code'
  /** At the window: nobody is signed in, or the screen is locked. */
  | 'signed_out'
  /** At the window: the clerk may not do this; a manager's PIN helps. */
  | 'not_permitted'
  | 'wrong_pin';
export type Reason = AppliedReason | LocalReason;

export interface SoldItem {
  readonly event: string;
  readonly category: string;
  readonly n: number;
  readonly tickets: readonly number[];
}

/** When and where a ticket let somebody in. */
export interface Admission {
  readonly kiosk: KioskId;
  readonly clerk: string;
  /** ms since 1970, by that kiosk's clock. */
  readonly at: number;
  readonly slot: Slot;
}

/** When and where a sale was undone. */
export type Undoing = Admission;

/** What closing a shift found. Cents. */
export interface Counted {
  /** Number of the Z report, without a gap over the whole site. */
  readonly z: number;
  readonly expected: number;
  readonly counted: number;
  readonly difference: number;
}

/** What applying a command gave; a pure function of the log, so equal at every kiosk (rule 13). */
export type CommandResult =
  | {
      readonly ok: true;
      readonly op: 'buy';
      readonly sale: string;
      readonly items: readonly SoldItem[];
      /** Cents. */
      readonly total: number;
      readonly payment: Paid;
      /** The shift whose drawer it was sold from; null for none. */
      readonly shift: number | null;
      /** Left of the first item's event after this sale. */
      readonly remaining: number;
      readonly slot: Slot;
      /** A repeat of a sale that was voided since. */
      readonly voided?: true;
      readonly duplicate?: true;
    }
  | {
      readonly ok: true;
      readonly op: 'cancel';
      readonly target: RequestId;
      /** The sale that was undone; null where the request had not been sold, and never will be. */
      readonly sale: string | null;
      /** What went back to the pool. */
      readonly items: readonly SoldItem[];
      readonly slot: Slot;
      readonly duplicate?: true;
    }
  | {
      readonly ok: true;
      readonly op: 'void';
      readonly sale: string;
      readonly items: readonly SoldItem[];
      /** Cents to be given back. */
      readonly total: number;
      /** How it was paid, and is given back. */
      readonly payment: Paid['kind'];
      readonly slot: Slot;
      readonly duplicate?: true;
    }
  | {
      readonly ok: true;
      readonly op: 'print';
      readonly sale: string;
      /** Per claimed ticket, or of the receipt: 0 is the original, n is COPY n. */
      readonly copies: readonly number[];
      readonly slot: Slot;
      readonly duplicate?: true;
    }
  | { readonly ok: true; readonly op: 'confirm'; readonly sale: string; readonly slot: Slot; readonly duplicate?: true }
  | {
      readonly ok: true;
      readonly op: 'admit';
      readonly sale: string;
      readonly event: string;
      readonly number: number;
      readonly slot: Slot;
      readonly duplicate?: true;
    }
  | { readonly ok: true; readonly op: 'event'; readonly event: string; readonly slot: Slot; readonly duplicate?: true }
  | { readonly ok: true; readonly op: 'clerk'; readonly clerk: string; readonly slot: Slot; readonly duplicate?: true }
  | {
      readonly ok: true;
      readonly op: 'shift';
      readonly shift: number;
      /** Cash that has to be in the drawer now. */
      readonly expected: number;
      /** close: what was found. */
      readonly closed?: Counted;
      readonly slot: Slot;
      readonly duplicate?: true;
    }
  | { readonly ok: true; readonly op: 'change'; readonly slot: Slot; readonly duplicate?: true }
  | {
      readonly ok: false;
      readonly op: Command['op'];
      readonly reason: AppliedReason;
      readonly message: string;
      /** The message as a window in another language says it. */
      readonly said: Said;
      readonly remaining?: number;
      /** already_used: the admission that counts. */
      readonly first?: Admission;
      readonly duplicate?: true;
    };

export interface BuyAnswer {
  readonly ok: true;
  readonly op: 'buy';
  readonly requestId: RequestId;
  readonly sale: string;
  /** Event of the first item. */
  readonly event: string;
  /** All numbers, in the order of the items. */
  readonly tickets: readonly number[];
  readonly items: readonly SoldItem[];
  readonly total: number;
  readonly payment: Paid;
  /** The shift whose drawer it was sold from; null for none. */
  readonly shift: number | null;
  readonly remaining: number;
  readonly slot: Slot;
  /** Voided since: the tickets are no longer good. */
  readonly voided?: true;
}

export interface CancelAnswer {
  readonly ok: true;
  readonly op: 'cancel';
  readonly requestId: RequestId;
  readonly target: RequestId;
  /** The sale that was undone; null where nothing had been sold, and never will be. */
  readonly sale: string | null;
  readonly tickets: readonly number[];
  readonly items: readonly SoldItem[];
  readonly slot: Slot;
}

export interface VoidAnswer {
  readonly ok: true;
  readonly op: 'void';
  readonly requestId: RequestId;
  readonly sale: string;
  readonly tickets: readonly number[];
  readonly items: readonly SoldItem[];
  /** Cents to be given back. */
  readonly total: number;
  /** How it was paid, and is given back. */
  readonly payment: Paid['kind'];
  readonly slot: Slot;
}

export interface PrintAnswer {
  readonly ok: true;
  readonly op: 'print';
  readonly requestId: RequestId;
  readonly sale: string;
  /** Per claimed ticket, or of the receipt: 0 is the original, n is COPY n. */
  readonly copies: readonly number[];
  readonly slot: Slot;
}

export interface ConfirmAnswer {
  readonly ok: true;
  readonly op: 'confirm';
  readonly requestId: RequestId;
  readonly sale: string;
  readonly slot: Slot;
}

/** The tickets are in the print queue, which claims them. */
export interface ReprintAnswer {
  readonly ok: true;
  readonly op: 'reprint';
  readonly requestId: RequestId;
  readonly sale: string;
  /** As what each will be marked, unless another kiosk is faster: 0 is the original, n is COPY n. */
  readonly copies: readonly number[];
}

export interface AdmitAnswer {
  readonly ok: true;
  readonly op: 'admit';
  readonly requestId: RequestId;
  readonly sale: string;
  readonly event: string;
  readonly number: number;
  readonly slot: Slot;
}

/** The code is good, as far as is known here. */
export interface VerifyAnswer {
  readonly ok: true;
  readonly op: 'verify';
  readonly sale: string;
  readonly event: string;
  readonly number: number;
  /** What says so: the signature alone, or the log as far as it is applied here, too. */
  readonly checked: 'signature' | 'log';
}

export interface EventAnswer {
  readonly ok: true;
  readonly op: 'event';
  readonly requestId: RequestId;
  readonly event: string;
  readonly slot: Slot;
}

export interface ClerkAnswer {
  readonly ok: true;
  readonly op: 'clerk';
  readonly requestId: RequestId;
  readonly clerk: string;
  readonly slot: Slot;
}

export interface ShiftAnswer {
  readonly ok: true;
  readonly op: 'shift';
  readonly requestId: RequestId;
  readonly shift: number;
  /** Cash that has to be in the drawer now. */
  readonly expected: number;
  /** close: what was found. */
  readonly closed?: Counted;
  readonly slot: Slot;
}

export interface ChangeAnswer {
  readonly ok: true;
  readonly op: 'add_kiosk' | 'change';
  readonly requestId: RequestId;
  readonly kiosk: KioskId;
  readonly members: readonly KioskId[];
  /** The slot from which the members count; absent where nothing had to change. */
  readonly inForce?: Slot;
}

export interface ProgressAnswer {
  readonly ok: true;
  readonly op: 'add_kiosk' | 'change';
  readonly requestId: RequestId;
  readonly kiosk: KioskId;
  readonly progress: 'contacting' | 'catching_up' | 'voting';
  readonly percent: number;
}

export interface EventState extends Omit<EventSpec, 'categories'> {
  /** Those that are for sale. */
  readonly categories: readonly CategorySpec[];
  readonly sold: number;
  readonly remaining: number;
  readonly open: boolean;
  /** Numbers that a lost part of the log may have sold: neither sold nor for sale (rule 8). */
  readonly heldBack?: number;
}

/** What was done to the programme, to the clerks or to a drawer, as far as it is anybody's business. */
export type LoggedAction =
  | { readonly op: 'event'; readonly action: EventAction }
  | {
      readonly op: 'clerk';
      readonly action: {
        readonly kind: 'add' | 'change';
        readonly target: string;
        readonly name?: string | undefined;
        readonly permissions?: readonly Permission[] | undefined;
        readonly active?: boolean | undefined;
        readonly newPin: boolean;
      };
    }
  | { readonly op: 'shift'; readonly action: ShiftAction };

export interface LoggedCommand {
  readonly requestId: RequestId;
  readonly kiosk: KioskId;
  readonly op: Command['op'];
  /** cancel: the request that is given up. */
  readonly target?: RequestId;
  /** void, print and confirm: the sale. */
  readonly sale?: string;
  /** print: the sale's receipt, and no ticket. */
  readonly receipt?: true;
  /** void: why, in the clerk's words. */
  readonly reason?: string;
  /** buy: tickets asked for in all, and the first item's event. */
  readonly n?: number;
  readonly event?: string;
  readonly items?: readonly { readonly event: string; readonly category: string; readonly n: number }[];
  /** change, event, clerk and shift: what, for example `add 4` or `close match`. */
  readonly change?: string;
  /** event, clerk and shift: the same for a screen in any language, without a PIN. */
  readonly action?: LoggedAction;
  /** admit: the ticket. */
  readonly number?: number;
  readonly clerk: string;
  /** Who allowed it with a PIN. */
  readonly approver?: string;
  readonly at: number;
  readonly result: {
    readonly ok: boolean;
    readonly sale?: string;
    readonly tickets?: readonly number[];
    readonly items?: readonly SoldItem[];
    readonly total?: number;
    readonly payment?: Paid;
    readonly shift?: number | null;
    /** shift: closed, with what was found. */
    readonly closed?: Counted;
    /** admit, already_used: the admission that counts. */
    readonly first?: Admission;
    /** print: 0 is the original, n is COPY n. */
    readonly copies?: readonly number[];
    readonly reason?: AppliedReason;
    readonly duplicate?: true;
  };
}

/** One committed entry as `show` gives it. */
export interface LogEntryView {
  readonly slot: Slot;
  readonly ballot: string;
  readonly kind: Value['kind'];
  readonly commands: readonly LoggedCommand[];
  readonly members?: readonly KioskId[];
  readonly events?: readonly { readonly id: string; readonly capacity: number }[];
  readonly generation?: number;
  /** recovery: numbers up to these are not sold again. */
  readonly heldBack?: HeldBack;
  /** version: of the commands that may follow. */
  readonly version?: number;
  /** configuration: the first slot that its members govern. */
  readonly inForce?: Slot;
}

export interface ShowAnswer {
  readonly ok: true;
  readonly op: 'show';
  readonly confirmed: boolean;
  /** Unconfirmed: seconds since this kiosk last knew itself current. */
  readonly ageSeconds?: number;
  readonly state: {
    readonly events: readonly EventState[];
    readonly members: readonly KioskId[];
    readonly leader: KioskId | null;
    readonly applied: Slot;
    readonly hash: string;
  };
  readonly log: readonly LogEntryView[];
  readonly firstSlot: Slot;
  /** The log goes on from here: so much was asked for, or a kiosk gives no more at a time. */
  readonly nextSlot?: Slot;
}

export type Role = 'leader' | 'follower' | 'candidate' | 'learner' | 'founding' | 'removed' | 'faulty';

export interface StatusAnswer {
  readonly ok: true;
  readonly op: 'status';
  readonly kiosk: KioskId;
  readonly incarnation: Incarnation;
  readonly role: Role;
  readonly leader: KioskId | null;
  readonly ballot: string;
  readonly applied: Slot;
  readonly committed: Slot;
  readonly members: readonly KioskId[];
  readonly connected: readonly KioskId[];
  readonly majority: boolean;
  readonly pid: number;
  /** For example `node 20.20.2` or `electron 45.4.1`. */
  readonly runtime: string;
  readonly version: string;
  readonly problem: string | null;
  /** Why it does not sell, in one sentence; null while it does. */
  readonly notSelling: string | null;
}

export interface HelpAnswer {
  readonly ok: true;
  readonly op: 'help';
  readonly text: string;
}

/** A new generation of the site has begun at this kiosk. */
export interface RecoverAnswer {
  readonly ok: true;
  readonly op: 'recover';
  readonly generation: number;
}

/** `stop` has begun, or `exit` is about to end the process. */
export interface LeavingAnswer {
  readonly ok: true;
  readonly op: 'stop' | 'exit';
}

export interface Refusal {
  readonly ok: false;
  /** As typed; a line that can't be read has the first word. */
  readonly op: string;
  /** On every command that changes state. */
  readonly requestId?: RequestId;
  readonly reason: Reason;
  readonly message: string;
  /** The message as a window in another language says it; absent where only a client reads it. */
  readonly said?: Said;
  readonly remaining?: number;
  /** already_used: the admission that counts. */
  readonly first?: Admission;
  /** already_void, cancelled, of a ticket that was scanned: when and where its sale was undone. */
  readonly undone?: Undoing;
}

/** The final answer to one request, before the client adds its line number. */
export type Answer =
  | BuyAnswer
  | CancelAnswer
  | VoidAnswer
  | PrintAnswer
  | ConfirmAnswer
  | ReprintAnswer
  | AdmitAnswer
  | VerifyAnswer
  | EventAnswer
  | ClerkAnswer
  | ShiftAnswer
  | RecoverAnswer
  | ChangeAnswer
  | ShowAnswer
  | StatusAnswer
  | HelpAnswer
  | LeavingAnswer
  | Refusal;

/** Exit status of a client: of a single command, or the highest of a prompt's. */
export function exitStatus(answer: Answer): 0 | 1 | 2 | 3 | 4 {
  if (answer.ok) return 0;
  if (answer.reason === 'bad_request') return 2;
  if (answer.reason === 'unreachable') return 3;
  if (answer.reason === 'timeout') return 4;
  return 1;
}
