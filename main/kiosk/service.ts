import { randomBytes } from 'node:crypto';
import type {
  Admission,
  Answer,
  LogEntryView,
  ProgressAnswer,
  Refusal,
  ReprintAnswer,
  ShowAnswer,
  StatusAnswer,
  VerifyAnswer,
} from '../../shared/answers';
import { formatBallot, type Slot } from '../../shared/ballot';
import { OPERATOR } from '../../shared/clerks';
import type { CodeCheck } from '../../shared/codes';
import { HELP_TEXT } from '../../shared/commandLine';
import {
  type AdmitRequest,
  BUY_TIMEOUT_MS,
  type BuyRequest,
  type CancelRequest,
  type ClerkRequest,
  type ConfirmRequest,
  type PrintRequest,
  type RecoverRequest,
  type ReprintRequest,
  type Request,
  SHOW_ENTRIES_MAX,
  type ShiftRequest,
  type ShowRequest,
  type VerifyRequest,
  type VoidRequest,
} from '../../shared/requests';
import { englishOf, saidOf, say, type Undone, type Words, wordsOf } from '../../shared/said';
import type { KioskService, KioskView, LogPageView, SaleView } from '../../shared/service';
import type { BuyCommand, BuyItem, CancelCommand, ChangeCommand, Command, HeldBack, PrintCommand, ShiftCommand } from '../../shared/values';
import type { Tickets } from '../tickets';
import { Membership, type MembershipParts } from './membership';
import { hashPin } from './pins';
import type { Reads } from './reads';
import { refusing, resultAnswer } from './resultAnswer';
import { CONFIRM_MS, NO_MAJORITY_MS, REVIEW_MS } from './timing';
import { unable, unanswered } from './unanswered';

const PROCESS_ID_BYTES = 6;
const REPRINTS_KEPT = 1_000;
/** One answer to `show` goes on after so many commands no further: more of them would hold up whatever else this kiosk does. */
const SHOW_COMMANDS_MAX = 5_000;
/** Slots that are read at a time for it. */
const SHOW_STEP = 64;

export interface ServiceParts extends MembershipParts {
  /** A command of this kiosk's clients that has left it and has no answer yet; null for none. */
  readonly pending: (id: string) => Command | null;
  readonly incarnation: string;
  readonly runtime: string;
  readonly version: string;
  /** What the log means, as far as it is applied here. */
  readonly tickets: () => Tickets;
  readonly reads: Reads;
  readonly subscribe: (listener: (view: KioskView) => void) => () => void;
  /** Begins a new generation of the site with this kiosk alone (rule 8). */
  readonly recover: (heldBack: HeldBack | undefined) => void;
  readonly timeZone: string;
  /** Puts tickets into the print queue; null where there is no window. @throws Error in words */
  readonly printer: () => PrintPort | null;
  /** By form and signature alone. */
  readonly readCode: (text: string) => CodeCheck;
  readonly stop: () => void;
  readonly exit: () => void;
  /** Every request that was answered, and how long that took in ms. */
  readonly onAnswered: (answer: Answer, ms: number) => void;
}

/** A window's print queue. */
export type PrintPort = (sale: SaleView, tickets: readonly { readonly event: string; readonly number: number }[]) => Promise<unknown>;

/** Who is behind a request, where a window knows it. */
export interface Behind {
  /** Whose PIN allowed it. */
  readonly approver?: string;
}

/** What a kiosk offers to its window, its console and its local clients. */
export class Service implements KioskService {
  private readonly processId = randomBytes(PROCESS_ID_BYTES).toString('hex');
  private counter = 0;
  /** Answers that a repeat gets again, so that it prints nothing. */
  private readonly reprints = new Map<string, ReprintAnswer>();

  private readonly membership: Membership;

  constructor(private readonly parts: ServiceParts) {
    this.membership = new Membership(parts);
  }

  async execute(request: Request, onProgress: (progress: ProgressAnswer) => void = () => {}, behind: Behind = {}): Promise<Answer> {
    const began = performance.now();
    const answer = await this.carryOut(request, onProgress, behind);
    this.parts.onAnswered(answer, performance.now() - began);
    return answer;
  }

  private async carryOut(request: Request, onProgress: (progress: ProgressAnswer) => void, behind: Behind): Promise<Answer> {
    switch (request.op) {
      case 'buy':
        return this.buy(request, behind);
      case 'cancel':
        return this.cancel(request, behind);
      case 'void':
        return this.void(request, behind);
      case 'print':
        return this.print(request, behind);
      case 'confirm':
        return this.confirm(request, behind);
      case 'reprint':
        return this.reprint(request);
      case 'admit':
        return this.admit(request, behind);
      case 'verify':
        return this.verify(request);
      case 'event':
        return this.state({ op: 'event', ...this.base(request, behind), action: request.action }, request.timeoutMs, 'changed');
      case 'clerk':
        return this.clerk(request, behind);
      case 'shift':
        return this.shift(request, behind);
      case 'recover':
        return this.recover(request);
      case 'show':
        return this.show(request);
      case 'status':
        return this.status();
      case 'help':
        return { ok: true, op: 'help', text: HELP_TEXT };
      case 'add_kiosk':
      case 'change':
        return this.membership.change(request, this.base(request, behind), onProgress);
      case 'stop':
        this.parts.stop();
        return { ok: true, op: 'stop' };
      case 'exit':
        this.parts.exit();
        return { ok: true, op: 'exit' };
    }
  }

  view(): KioskView {
    return this.parts.view();
  }

  subscribe(listener: (view: KioskView) => void): () => void {
    return this.parts.subscribe(listener);
  }

  async log(from: Slot, limit: number): Promise<LogPageView> {
    const { history } = this.parts;
    return { entries: await history.range(from, from + limit - 1), firstSlot: history.firstSlot, applied: history.last };
  }

  sale(id: string): SaleView | null {
    return this.parts.tickets().sale(id);
  }

  private newId(): string {
    this.counter += 1;
    return `k${this.parts.kiosk}-${this.processId}:${this.counter}`;
  }

  private base(request: { readonly id?: string | undefined; readonly clerk?: string | undefined }, { approver }: Behind) {
    const requestId = request.id ?? this.newId();
    return {
      requestId,
      kiosk: this.parts.kiosk,
      clerk: request.clerk ?? OPERATOR,
      issued: this.parts.sessions.issued(requestId) ?? this.parts.tickets().applied,
      at: Date.now(),
      ...(approver === undefined ? {} : { approver }),
    };
  }

  /** The drawer that a clerk at this kiosk takes money into. */
  private drawer(clerk: string): { shift?: number } {
    const open = this.parts.tickets().shifts.openOf(this.parts.kiosk, clerk);
    return open === null ? {} : { shift: open.shift };
  }

  private async buy(request: BuyRequest, behind: Behind): Promise<Answer> {
    const base = this.base(request, behind);
    const refuse = refusing('buy', base.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    if (!(await this.opened())) return refuse('no_majority', unable('sold', this.parts));
    const resolved = this.parts.tickets().resolve(request.items, this.askedBefore(base.requestId));
    if (!resolved.ok) return refuse('bad_request', resolved.words);
    // Asked again, it is paid as was said first, unless the one who asks says otherwise.
    const first = this.pendingBuy(base.requestId);
    const payment = request.payment ?? first?.payment;
    const expects = request.expects ?? first?.expects;
    const command: BuyCommand = {
      op: 'buy',
      ...base,
      items: [...resolved.items],
      ...(payment === undefined ? {} : { payment }),
      ...(expects === undefined ? {} : { expects }),
      ...this.drawer(base.clerk),
    };
    const timeoutMs = request.timeoutMs ?? BUY_TIMEOUT_MS;
    const began = performance.now();
    const outcome = await this.parts.sessions.start(command, timeoutMs);
    if (outcome.kind !== 'applied') return refuse(...unanswered(outcome, base.requestId, 'sold', this.parts));
    if (outcome.own || !outcome.result.ok) return resultAnswer('buy', base.requestId, outcome.result);
    // What a repeat is told of a sale is a read: since it was made it may have been cancelled or voided, in a part of
    // the log that this kiosk does not have yet (rules 9, 11).
    const left = Math.max(0, timeoutMs - (performance.now() - began));
    if (!(await this.parts.reads.confirm(left, NO_MAJORITY_MS))) return refuse('timeout', say('sold_and_unsure', base.requestId));
    return resultAnswer('buy', base.requestId, this.parts.tickets().answer(command) ?? outcome.result);
  }

  /** What a buy of this id asked for, as far as this kiosk knows. */
  private askedBefore(id: string): readonly BuyItem[] | null {
    return this.pendingBuy(id)?.items ?? this.parts.tickets().itemsOf(id);
  }

  /** A buy of this id that this kiosk has sent out, and that the log has not answered. */
  private pendingBuy(id: string): BuyCommand | null {
    const pending = this.parts.pending(id);
    return pending?.op === 'buy' ? pending : null;
  }

  /** Rule 10: recorded here at once, and carried out by the log whenever it can be. */
  private async cancel(request: CancelRequest, behind: Behind): Promise<Answer> {
    const base = this.base(request, behind);
    const refuse = refusing('cancel', base.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    if (request.target === base.requestId) return refuse('bad_request', say('cancels_itself'));
    if (!(await this.opened())) return refuse('no_majority', unable('known_given_up', this.parts));
    const command: CancelCommand = { op: 'cancel', ...base, target: request.target };
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? BUY_TIMEOUT_MS);
    if (outcome.kind === 'timeout') {
      return refuse('timeout', say('giving_up', request.target));
    }
    if (outcome.kind !== 'applied') return refuse(...unanswered(outcome, base.requestId, 'given_up', this.parts));
    return resultAnswer('cancel', base.requestId, outcome.result);
  }

  private async void(request: VoidRequest, behind: Behind): Promise<Answer> {
    const { sale, reason } = request;
    const base = this.base(request, behind);
    return this.state(
      { op: 'void', ...base, sale, ...(reason === undefined ? {} : { reason }), ...this.drawer(base.clerk) },
      request.timeoutMs,
      'undone',
    );
  }

  /** The PIN goes no further than this: the log has what it is told by. */
  private async clerk(request: ClerkRequest, behind: Behind): Promise<Answer> {
    const { action, timeoutMs } = request;
    const base = this.base(request, behind);
    if (action.kind === 'add')
      return this.state({ op: 'clerk', ...base, action: { ...action, pin: await hashPin(action.pin) } }, timeoutMs, 'changed');
    const { pin, ...rest } = action;
    const hashed = pin === undefined ? {} : { pin: await hashPin(pin) };
    return this.state({ op: 'clerk', ...base, action: { ...rest, ...hashed } }, timeoutMs, 'changed');
  }

  private async shift(request: ShiftRequest, behind: Behind): Promise<Answer> {
    const { action, timeoutMs } = request;
    const base = this.base(request, behind);
    const shift = action.kind === 'open' ? undefined : (action.shift ?? this.drawer(base.clerk).shift);
    if (action.kind !== 'open' && shift === undefined)
      return refusing('shift', base.requestId)('no_shift', say('no_own_shift', base.clerk));
    const command: ShiftCommand['action'] = action.kind === 'open' ? action : { ...action, shift: shift! };
    return this.state({ op: 'shift', ...base, action: command }, timeoutMs, 'changed');
  }

  private async admit(request: AdmitRequest, behind: Behind): Promise<Answer> {
    const base = this.base(request, behind);
    const code = this.parts.readCode(request.code);
    if (!code.ok) return refusing('admit', base.requestId)('bad_code', wordsOf(code.why));
    const { sale, event, number } = code;
    const answer = await this.state({ op: 'admit', ...base, sale, event, number }, request.timeoutMs, 'let_in');
    if (answer.ok) return answer;
    if (answer.first !== undefined) return { ...answer, message: this.usedText(event, number, answer.first) };
    if (answer.reason !== 'already_void' && answer.reason !== 'cancelled') return answer;
    return { ...answer, ...this.undoneTicket(sale) };
  }

  /** What the code itself says, and what the log adds as far as it is known here. */
  private verify({ code: text }: VerifyRequest): VerifyAnswer | Refusal {
    const refuse = (reason: Refusal['reason'], words: Words, rest: Partial<Refusal> = {}): Refusal => ({
      ok: false,
      op: 'verify',
      reason,
      ...words,
      ...rest,
    });
    const code = this.parts.readCode(text);
    if (!code.ok) return refuse('bad_code', wordsOf(code.why));
    const { sale: id, event, number } = code;
    const tickets = this.parts.tickets();
    const sale = tickets.sale(id);
    // Who stole a kiosk signs what was never sold: what should be in the log that is here, and is not, is no ticket.
    if (sale === null && Number(id.split('.')[0]) <= tickets.applied) return refuse('unknown_sale', say('never_made', id));
    if (sale === null) return { ok: true, op: 'verify', sale: id, event, number, checked: 'signature' };
    if (!sale.items.some((item) => item.event === event && item.tickets.includes(number)))
      return refuse('bad_code', say('not_of_sale', id, number, event));
    if (sale.status !== 'live') {
      const { message, said, ...rest } = this.undoneTicket(id);
      return refuse(sale.status === 'void' ? 'already_void' : 'cancelled', { message, said }, rest);
    }
    const first = tickets.admissionOf(id, event, number);
    if (first !== null)
      return refuse('already_used', say('used_before', number, event, first.kiosk), {
        message: this.usedText(event, number, first),
        first,
      });
    return { ok: true, op: 'verify', sale: id, event, number, checked: 'log' };
  }

  private usedText(event: string, number: number, { kiosk, at }: Admission): string {
    return `ticket ${number} of ${event} was used before, at kiosk ${kiosk} on ${this.wallClock(at)}; let nobody else in with it`;
  }

  /** Why a ticket of a sale that was undone lets nobody in: whoever holds it is told when and where that was. */
  private undoneTicket(id: string): Words & Pick<Refusal, 'undone'> {
    const words = say('ticket_undone', id);
    const undone = this.parts.tickets().sale(id)?.undone ?? null;
    if (undone === null) return words;
    const { at, slot, kiosk, clerk } = undone;
    const message = `sale ${id} was undone, at kiosk ${kiosk} on ${this.wallClock(at)}, so this ticket is no longer good; let nobody in with it`;
    return { ...words, message, undone: { at, slot, kiosk, clerk } };
  }

  /** A time as the clocks on the site's walls have it. */
  private wallClock(at: number): string {
    return new Intl.DateTimeFormat('en-GB', { timeZone: this.parts.timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at);
  }

  /** Puts tickets into the print queue of this kiosk's window; claims and copies are the queue's business. */
  private async reprint(request: ReprintRequest): Promise<Answer> {
    const requestId = request.id ?? this.newId();
    const refuse = refusing('reprint', requestId);
    const before = this.reprints.get(requestId);
    if (before !== undefined) return before.sale === request.sale ? before : refuse('id_reused', say('id_reused', requestId));
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    const sale = this.parts.tickets().sale(request.sale);
    if (sale === null) return refuse('unknown_sale', say('unknown_here', request.sale));
    if (sale.status !== 'live') return refuse(sale.status === 'void' ? 'already_void' : 'cancelled', say('no_tickets_left', sale.sale));
    const all = sale.items.flatMap(({ event, tickets, printed }) =>
      tickets.map((number, place) => ({ event, number, copy: printed[place] ?? 0 })),
    );
    const wanted = request.tickets ?? all.map(({ event, number }) => ({ event, number }));
    const found = wanted.map((ticket) => all.find(({ event, number }) => event === ticket.event && number === ticket.number));
    if (found.includes(undefined)) return refuse('unknown_sale', say('not_all_of_sale', sale.sale));
    const print = this.parts.printer();
    if (print === null) return refuse('not_allowed', say('no_window', sale.sale));
    try {
      await print(sale, wanted);
    } catch (error) {
      return refuse('not_allowed', wordsOf(saidOf(error)));
    }
    const answer: ReprintAnswer = { ok: true, op: 'reprint', requestId, sale: sale.sale, copies: found.map((ticket) => ticket?.copy ?? 0) };
    this.reprints.set(requestId, answer);
    if (this.reprints.size > REPRINTS_KEPT) this.reprints.delete(this.reprints.keys().next().value!);
    return answer;
  }

  /** Rule 10: the claim without which no page leaves for a printer. */
  private async print(request: PrintRequest, behind: Behind): Promise<Answer> {
    const { sale, tickets, receipt } = request;
    const base = this.base(request, behind);
    const command: PrintCommand = { op: 'print', ...base, sale, tickets, ...(receipt === true ? { receipt } : {}) };
    const committed = this.parts.tickets().sale(sale);
    const givenUp = committed !== null && this.parts.sessions.isGivenUp(committed.requestId);
    // A claim that stands in the log already has its answer.
    if (givenUp && this.parts.tickets().answer(command) === null)
      return refusing('print', base.requestId)('cancelled', say('being_given_up', sale));
    return this.state(command, request.timeoutMs, 'claimed');
  }

  /** S23: tickets are on paper, so that no kiosk asks for them again. */
  private async confirm(request: ConfirmRequest, behind: Behind): Promise<Answer> {
    const { sale, tickets } = request;
    const base = this.base(request, behind);
    return this.state({ op: 'confirm', ...base, sale, tickets }, request.timeoutMs, 'noted');
  }

  /** Brings a command into the log, and gives the log's answer. */
  private async state(
    command: Exclude<Command, BuyCommand | CancelCommand | ChangeCommand>,
    timeoutMs: number | undefined,
    undone: Undone,
  ): Promise<Answer> {
    const refuse = refusing(command.op, command.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    if (!(await this.opened())) return refuse('no_majority', unable(undone, this.parts));
    const outcome = await this.parts.sessions.start(command, timeoutMs ?? BUY_TIMEOUT_MS);
    if (outcome.kind !== 'applied') return refuse(...unanswered(outcome, command.requestId, undone, this.parts));
    return resultAnswer(command.op, command.requestId, outcome.result);
  }

  /** Rule 8: deliberate, loud, and only where a majority can't be reached. */
  private recover({ site, heldBack }: RecoverRequest): Answer {
    const refuse = (reason: Refusal['reason'], words: Words): Refusal => ({ ok: false, op: 'recover', reason, ...words });
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    const replica = this.parts.replica();
    if (site !== this.parts.site) return refuse('bad_request', say('other_site', this.parts.site, site));
    if (replica.members.length === 0) return refuse('not_allowed', say('no_log'));
    if (replica.majority || replica.selling) return refuse('not_allowed', say('nothing_to_recover'));
    // What a snapshot is about to replace can't be gone on with.
    if (replica.fetching !== null) return refuse('not_allowed', say('recover_while_fetching'));
    this.parts.recover(heldBack);
    return { ok: true, op: 'recover', generation: this.parts.replica().generation };
  }

  /** A kiosk that was just started may be about to open its site, or to read its log. */
  private async opened(): Promise<boolean> {
    const deadline = performance.now() + NO_MAJORITY_MS;
    while (this.parts.tickets().applied === 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, REVIEW_MS));
    return this.parts.tickets().applied > 0;
  }

  private async show(request: ShowRequest): Promise<ShowAnswer> {
    const { history, reads } = this.parts;
    const asked = request.confirm !== false && this.parts.problem() === null;
    const confirmed = asked && (await reads.confirm(CONFIRM_MS, NO_MAJORITY_MS));
    const replica = this.parts.replica();
    const tickets = this.parts.tickets();
    const limit = Math.min(request.last ?? SHOW_ENTRIES_MAX, SHOW_ENTRIES_MAX);
    const { last } = history;
    const from = Math.max(1, history.firstSlot, request.from ?? last - limit + 1);
    const events = tickets.events().filter((event) => request.event === undefined || event.id === request.event);
    const to = from + limit - 1;
    const state = {
      events,
      members: replica.members.map(({ kiosk }) => kiosk),
      leader: replica.leader,
      applied: tickets.applied,
      hash: tickets.hash,
    };
    // What is applied while the log is read belongs to no state that was confirmed.
    const end = Math.min(to, last);
    const log: LogEntryView[] = [];
    let next = from;
    for (let commands = 0; next <= end && commands < SHOW_COMMANDS_MAX; next += SHOW_STEP) {
      const until = Math.min(end, next + SHOW_STEP - 1);
      const part = await (request.event === undefined ? history.range(next, until) : history.ofEvent(request.event, next, until));
      for (const entry of part) {
        log.push(entry);
        commands += entry.commands.length;
      }
      // Ten thousand slots hold some hundred thousand sales: what else this kiosk has to do goes on between.
      if (until < end) await new Promise(setImmediate);
    }
    const nextSlot = Math.min(next, end + 1);
    return {
      ok: true,
      op: 'show',
      confirmed,
      ...(confirmed ? {} : { ageSeconds: reads.ageSeconds() }),
      state,
      log,
      firstSlot: history.firstSlot,
      ...(nextSlot <= last ? { nextSlot } : {}),
    };
  }

  private status(): StatusAnswer {
    const replica = this.parts.replica();
    const problem = this.parts.problem();
    const { role, reason } = this.parts.view();
    return {
      ok: true,
      op: 'status',
      kiosk: this.parts.kiosk,
      incarnation: this.parts.incarnation,
      role,
      leader: problem === null ? replica.leader : null,
      ballot: formatBallot(replica.ballot),
      applied: this.parts.tickets().applied,
      committed: replica.chosen,
      members: replica.members.map(({ kiosk }) => kiosk),
      connected: problem === null ? [...replica.connected].sort((a, b) => a - b) : [],
      majority: problem === null && replica.majority,
      pid: process.pid,
      runtime: this.parts.runtime,
      version: this.parts.version,
      problem: problem === null ? null : englishOf(problem),
      notSelling: reason,
    };
  }
}
