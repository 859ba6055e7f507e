import type {
  Answer,
  AppliedReason,
  BuyAnswer,
  CancelAnswer,
  ChangeAnswer,
  LocalReason,
  LogEntryView,
  PrintAnswer,
  Reason,
  ShowAnswer,
  VoidAnswer,
} from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import type { BuyItem, RequestId } from '../../shared/values';

/**
 * What clients saw: who asked what of which kiosk, when, and what came back. Recorded by one process with one
 * clock that never goes back, so that "this had ended before that began" is a fact.
 */

export interface BuyCall {
  readonly op: 'buy';
  readonly requestId: RequestId;
  readonly items: readonly BuyItem[];
}
export interface CancelCall {
  readonly op: 'cancel';
  readonly requestId: RequestId;
  readonly target: RequestId;
}
export interface VoidCall {
  readonly op: 'void';
  readonly requestId: RequestId;
  readonly sale: string;
}
/** A claim of all tickets of a sale. */
export interface PrintCall {
  readonly op: 'print';
  readonly requestId: RequestId;
  readonly sale: string;
  readonly tickets: readonly { readonly event: string; readonly number: number }[];
}
export interface ChangeCall {
  readonly op: 'change';
  readonly requestId: RequestId;
  /** As the log words it, for example `add 4`. */
  readonly change: string;
}
export interface ShowCall {
  readonly op: 'show';
}
/** A call that the log answers, under its request id. */
export type CommandCall = BuyCall | CancelCall | VoidCall | PrintCall | ChangeCall;

/** What a `show` said, without what nothing can be held against. */
export interface Shown {
  readonly confirmed: boolean;
  readonly applied: Slot;
  readonly hash: string;
  readonly events: readonly { readonly id: string; readonly capacity: number; readonly sold: number; readonly remaining: number }[];
  readonly log: readonly LogEntryView[];
}

export type NotAnswered =
  /** Definite, from an applied entry. */
  | { readonly kind: 'refused'; readonly reason: AppliedReason; readonly remaining?: number }
  /** Definite for this attempt: nothing of it left the kiosk. */
  | { readonly kind: 'not-sent'; readonly reason: Exclude<LocalReason, 'timeout'> }
  /** It may have taken effect, or may do so at any later time. */
  | { readonly kind: 'unknown' };

interface AttemptOf<Call, Ok> {
  readonly type: 'attempt';
  /** Each client does one thing after the other. */
  readonly client: string;
  readonly kiosk: KioskId;
  /** Milliseconds of the recording process's monotonic clock. */
  readonly start: number;
  /** When the answer came, or when an unknown one was given up. */
  readonly end: number;
  readonly call: Call;
  readonly outcome: { readonly kind: 'ok'; readonly answer: Ok } | NotAnswered;
}

export type BuyAttempt = AttemptOf<BuyCall, BuyAnswer>;
export type CancelAttempt = AttemptOf<CancelCall, CancelAnswer>;
export type VoidAttempt = AttemptOf<VoidCall, VoidAnswer>;
export type PrintAttempt = AttemptOf<PrintCall, PrintAnswer>;
export type ChangeAttempt = AttemptOf<ChangeCall, ChangeAnswer>;
export type ShowAttempt = AttemptOf<ShowCall, Shown>;
/** One try of a request at one kiosk. A request that is tried again, anywhere, keeps its request id. */
export type CommandAttempt = BuyAttempt | CancelAttempt | VoidAttempt | PrintAttempt | ChangeAttempt;
export type Attempt = CommandAttempt | ShowAttempt;

/** These kiosks could ask no majority anything, from start to end. */
export interface Isolation {
  readonly type: 'isolation';
  readonly kiosks: readonly KioskId[];
  /** What the others send still comes in. */
  readonly hears: boolean;
  readonly start: number;
  readonly end: number;
}

/** What the nemesis did, for whoever reads the history. */
export interface FaultNote {
  readonly type: 'fault';
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

export type HistoryLine = Attempt | Isolation | FaultNote;

const LOCAL: ReadonlySet<Reason> = new Set<LocalReason>(['bad_request', 'faulty', 'unreachable', 'no_majority', 'timeout']);

function isLocal(reason: Reason): reason is LocalReason {
  return LOCAL.has(reason);
}

function notAnswered(answer: Extract<Answer, { ok: false }>): NotAnswered {
  const { reason, remaining } = answer;
  if (reason === 'timeout') return { kind: 'unknown' };
  if (isLocal(reason)) return { kind: 'not-sent', reason };
  return { kind: 'refused', reason, ...(remaining === undefined ? {} : { remaining }) };
}

/** Who asked, where, and from when to when. */
export type Frame = Pick<Attempt, 'client' | 'kiosk' | 'start' | 'end'>;

/**
 * A call with its answer as it stands in the history.
 * @throws Error if the answer is to something else than was asked: then the kiosk broke its contract
 */
export function attemptOf(frame: Frame, call: CommandCall | ShowCall, answer: Answer): Attempt {
  const base = { type: 'attempt' as const, ...frame };
  if (!answer.ok) return { ...base, call, outcome: notAnswered(answer) } as Attempt;
  if (call.op === 'buy' && answer.op === 'buy') return { ...base, call, outcome: { kind: 'ok', answer } };
  if (call.op === 'cancel' && answer.op === 'cancel') return { ...base, call, outcome: { kind: 'ok', answer } };
  if (call.op === 'void' && answer.op === 'void') return { ...base, call, outcome: { kind: 'ok', answer } };
  if (call.op === 'print' && answer.op === 'print') return { ...base, call, outcome: { kind: 'ok', answer } };
  if (call.op === 'change' && (answer.op === 'change' || answer.op === 'add_kiosk'))
    return { ...base, call, outcome: { kind: 'ok', answer } };
  if (call.op === 'show' && answer.op === 'show') return { ...base, call, outcome: { kind: 'ok', answer: shownOf(answer) } };
  throw new Error(`kiosk ${frame.kiosk} answered ${answer.op} to ${call.op}: ${JSON.stringify(answer)}`);
}

function shownOf({ confirmed, state, log }: ShowAnswer): Shown {
  const events = state.events.map(({ id, capacity, sold, remaining }) => ({ id, capacity, sold, remaining }));
  return { confirmed, applied: state.applied, hash: state.hash, events, log };
}

export function isAttempt(line: HistoryLine): line is Attempt {
  return line.type === 'attempt';
}

export function isCommand(attempt: Attempt): attempt is CommandAttempt {
  return attempt.call.op !== 'show';
}

/** The attempt's answer came out of the log: what it asked for is settled. */
export function isSettled({ outcome }: Attempt): boolean {
  return outcome.kind === 'ok' || outcome.kind === 'refused';
}
