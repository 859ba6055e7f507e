import { randomBytes } from 'node:crypto';
import type {
  Admission,
  Answer,
  ChangeAnswer,
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
import { ALPHA } from '../../shared/constants';
import {
  type AdmitRequest,
  BUY_TIMEOUT_MS,
  type BuyRequest,
  type CancelRequest,
  CHANGE_TIMEOUT_MS,
  type ChangeRequest,
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
import { englishOf, type Said, said, saidOf, say, type Undone, type Words, wordsOf } from '../../shared/said';
import type { KioskService, KioskView, LogPageView, SaleView } from '../../shared/service';
import type { BuyCommand, BuyItem, CancelCommand, Change, ChangeCommand, Command, HeldBack, ShiftCommand } from '../../shared/values';
import type { ReplicaView } from '../paxos';
import type { Tickets } from '../tickets';
import type { Addresses } from './addresses';
import type { History } from './history';
import { hashPin } from './pins';
import type { Reads } from './reads';
import { refusing, resultAnswer } from './resultAnswer';
import type { Outcome, Sessions } from './sessions';
import { CONFIRM_MS, NO_MAJORITY_MS, REVIEW_MS } from './timing';

const PROCESS_ID_BYTES = 6;
const REPRINTS_KEPT = 1_000;

export interface ServiceParts {
  readonly kiosk: number;
  readonly incarnation: string;
  readonly runtime: string;
  readonly version: string;
  /** What the log means, as far as it is applied here. */
  readonly tickets: () => Tickets;
  readonly history: History;
  readonly sessions: Sessions;
  readonly reads: Reads;
  readonly addresses: Addresses;
  readonly replica: () => ReplicaView;
  readonly problem: () => Said | null;
  readonly view: () => KioskView;
  readonly subscribe: (listener: (view: KioskView) => void) => () => void;
  /** Looks the site file up again for kiosks that were added to it. */
  readonly refreshSite: () => Promise<void>;
  /** A kiosk's address was given by a clerk. */
  readonly learnAddress: (command: ChangeCommand) => void;
  /** Begins a new generation of the site with this kiosk alone (rule 8). */
  readonly recover: (heldBack: HeldBack | undefined) => void;
  readonly site: string;
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

  constructor(private readonly parts: ServiceParts) {}

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
        return this.change(request, onProgress, behind);
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
    if (!(await this.opened())) return refuse('no_majority', this.unable('sold'));
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
    if (outcome.kind !== 'applied') return refuse(...this.unanswered(outcome, base.requestId, 'sold'));
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
    const pending = this.parts.replica().pending.find(({ requestId }) => requestId === id);
    return pending?.op === 'buy' ? pending : null;
  }

  /** Rule 10: recorded here at once, and carried out by the log whenever it can be. */
  private async cancel(request: CancelRequest, behind: Behind): Promise<Answer> {
    const base = this.base(request, behind);
    const refuse = refusing('cancel', base.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    if (request.target === base.requestId) return refuse('bad_request', say('cancels_itself'));
    if (!(await this.opened())) return refuse('no_majority', this.unable('known_given_up'));
    const command: CancelCommand = { op: 'cancel', ...base, target: request.target };
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? BUY_TIMEOUT_MS);
    if (outcome.kind === 'timeout') {
      return refuse('timeout', say('giving_up', request.target));
    }
    if (outcome.kind !== 'applied') return refuse(...this.unanswered(outcome, base.requestId, 'given_up'));
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
    if (answer.ok || answer.first === undefined) return answer;
    return { ...answer, message: this.usedText(event, number, answer.first) };
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
    if (sale === null) return { ok: true, op: 'verify', sale: id, event, number, checked: 'signature' };
    if (!sale.items.some((item) => item.event === event && item.tickets.includes(number)))
      return refuse('bad_code', say('not_of_sale', id, number, event));
    if (sale.status !== 'live') return refuse(sale.status === 'void' ? 'already_void' : 'cancelled', say('ticket_undone', id));
    const first = tickets.admissionOf(id, event, number);
    if (first !== null)
      return refuse('already_used', say('used_before', number, event, first.kiosk), {
        message: this.usedText(event, number, first),
        first,
      });
    return { ok: true, op: 'verify', sale: id, event, number, checked: 'log' };
  }

  /** With the time as the clocks on the site's walls have it. */
  private usedText(event: string, number: number, { kiosk, at }: Admission): string {
    const when = new Intl.DateTimeFormat('en-GB', { timeZone: this.parts.timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at);
    return `ticket ${number} of ${event} was used before, at kiosk ${kiosk} on ${when}; let nobody else in with it`;
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
    const committed = this.parts.tickets().sale(sale);
    if (committed !== null && this.parts.sessions.isGivenUp(committed.requestId))
      return refusing('print', base.requestId)('cancelled', say('being_given_up', sale));
    const claimed = { sale, tickets, ...(receipt === true ? { receipt } : {}) };
    return this.state({ op: 'print', ...base, ...claimed }, request.timeoutMs, 'claimed');
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
    if (!(await this.opened())) return refuse('no_majority', this.unable(undone));
    const outcome = await this.parts.sessions.start(command, timeoutMs ?? BUY_TIMEOUT_MS);
    if (outcome.kind !== 'applied') return refuse(...this.unanswered(outcome, command.requestId, undone));
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

  private async change(request: ChangeRequest, onProgress: (progress: ProgressAnswer) => void, behind: Behind): Promise<Answer> {
    const base = this.base(request, behind);
    const { op, kiosk } = request;
    const refuse = refusing(op, base.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    const kind = op === 'add_kiosk' ? 'add' : request.change;
    const adding = kind === 'add';
    if (adding && request.host === undefined) await this.parts.refreshSite();
    const address = adding
      ? request.host === undefined
        ? this.parts.addresses.get(kiosk)
        : { host: request.host, port: request.port }
      : undefined;
    if (adding && address === undefined) {
      const known = this.parts.addresses.all().map((other) => other.kiosk);
      return refuse('unknown_kiosk', say('kiosk_nowhere', kiosk, op, known));
    }
    const change = changeOf(kind, request, address);
    if (change === null) return refuse('bad_request', say('say_where', kiosk));
    const command: ChangeCommand = { op: 'change', ...base, change };
    this.parts.learnAddress(command);
    let reported = '';
    const review = () => {
      const progress = this.progress(op, command);
      const step = `${progress.progress} ${progress.percent}`;
      if (step !== reported) onProgress(progress);
      reported = step;
    };
    const report = setInterval(review, REVIEW_MS);
    review();
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? CHANGE_TIMEOUT_MS);
    clearInterval(report);
    if (outcome.kind !== 'applied') {
      const [reason, words] =
        outcome.kind === 'no_majority' ? [outcome.kind, this.unchanged()] : this.unanswered(outcome, base.requestId, 'changed');
      return refuse(reason, outcome.kind === 'timeout' && adding ? this.stillTrying(command) : words);
    }
    if (!outcome.result.ok) return refuse(outcome.result.reason, outcome.result);
    return this.changed(op, base.requestId, kiosk, outcome.slot);
  }

  private changed(op: 'add_kiosk' | 'change', requestId: string, kiosk: number, slot: Slot | null): ChangeAnswer {
    const { members, inForceFrom } = this.parts.replica();
    return {
      ok: true,
      op,
      requestId,
      kiosk,
      members: members.map((member) => member.kiosk),
      ...(slot !== null && slot + ALPHA === inForceFrom ? { inForce: inForceFrom } : {}),
    };
  }

  private progress(op: 'add_kiosk' | 'change', command: ChangeCommand): ProgressAnswer {
    const { kiosk } = command.change;
    const base = { ok: true as const, op, requestId: command.requestId, kiosk };
    const replica = this.parts.replica();
    const votedAt = this.parts.sessions.votedAt(command);
    if (votedAt !== null) return { ...base, progress: 'voting', percent: percent(replica.chosen - votedAt, ALPHA) };
    if (command.change.kind === 'remove') return this.removalProgress(base, replica, kiosk);
    if (command.change.kind === 'leader' || command.change.kind === 'address') return { ...base, progress: 'voting', percent: 0 };
    const peer = replica.peers.find((other) => other.kiosk === kiosk);
    if (kiosk === this.parts.kiosk)
      return {
        ...base,
        progress: 'catching_up',
        percent: percent(replica.applied, Math.max(replica.applied, ...replica.peers.map(({ chosen }) => chosen))),
      };
    if (peer === undefined || !Number.isFinite(peer.heardMs)) return { ...base, progress: 'contacting', percent: 0 };
    return { ...base, progress: 'catching_up', percent: percent(peer.chosen, replica.chosen) };
  }

  /** A removal waits until enough of those who stay have the whole history (rule 12). */
  private removalProgress(base: Omit<ProgressAnswer, 'progress' | 'percent'>, replica: ReplicaView, leaving: number): ProgressAnswer {
    const staying = replica.members.filter((member) => member.kiosk !== leaving);
    const parts = staying.map((member) => {
      if (member.kiosk === this.parts.kiosk) return share(this.parts.history.firstSlot, replica.applied);
      const peer = replica.peers.find((other) => other.kiosk === member.kiosk);
      return peer === undefined || peer.firstSlot === 0 ? 0 : share(peer.firstSlot, peer.applied);
    });
    const needed = parts.sort((a, b) => b - a).slice(0, Math.floor(staying.length / 2) + 1);
    const held = Math.min(1, ...needed);
    return held < 1 ? { ...base, progress: 'catching_up', percent: Math.floor(100 * held) } : { ...base, progress: 'voting', percent: 0 };
  }

  /** Who must return before the site can change its members, or what else there is to do (rule 8). */
  private unchanged(): Words {
    const { members, peers, majority } = this.parts.replica();
    const away = members.filter(
      (member) =>
        member.kiosk !== this.parts.kiosk && !peers.some((peer) => peer.kiosk === member.kiosk && peer.incarnation === member.incarnation),
    );
    if (away.length === 0 || majority || this.parts.view().role === 'removed') return this.unable('changed');
    return say(
      'majority_away',
      away.map(({ kiosk }) => kiosk),
      this.parts.site,
    );
  }

  private stillTrying(command: ChangeCommand): Words {
    const { progress } = this.progress('add_kiosk', command);
    const { kiosk, host, port } = command.change.kind === 'add' ? command.change : { ...command.change, host: undefined, port: undefined };
    return say('still_joining', kiosk, progress, host === undefined ? null : `${host}:${port}`);
  }

  private unanswered(outcome: Exclude<Outcome, { kind: 'applied' }>, requestId: string, undone: Undone): [Refusal['reason'], Words] {
    switch (outcome.kind) {
      case 'no_majority':
        return ['no_majority', this.unable(undone)];
      case 'timeout':
        return ['timeout', say('unknown_yet', requestId)];
      case 'faulty':
        return ['faulty', wordsOf(this.parts.problem() ?? said('stopped'))];
    }
  }

  private unable(undone: Undone): Words {
    return say('unable', undone, this.parts.view().why, this.parts.kiosk);
  }

  private async show(request: ShowRequest): Promise<ShowAnswer> {
    const { history, reads } = this.parts;
    const confirmed = this.parts.problem() === null && (await reads.confirm(CONFIRM_MS, NO_MAJORITY_MS));
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
    const log = await (request.event === undefined ? history.range(from, end) : history.ofEvent(request.event, from, end));
    const nextSlot = to < last ? to + 1 : null;
    return {
      ok: true,
      op: 'show',
      confirmed,
      ...(confirmed ? {} : { ageSeconds: reads.ageSeconds() }),
      state,
      log,
      firstSlot: history.firstSlot,
      ...(nextSlot === null ? {} : { nextSlot }),
    };
  }

  private status(): StatusAnswer {
    const replica = this.parts.replica();
    const problem = this.parts.problem();
    return {
      ok: true,
      op: 'status',
      kiosk: this.parts.kiosk,
      incarnation: this.parts.incarnation,
      role: this.parts.view().role,
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
    };
  }
}

/** Null where an address is missing. */
function changeOf(
  kind: Change['kind'],
  request: ChangeRequest,
  known: { readonly host: string; readonly port?: number | undefined } | undefined,
): Change | null {
  const { kiosk, host, port } = request;
  switch (kind) {
    case 'add':
      return { kind, kiosk, ...(known?.port === undefined ? {} : { host: known.host, port: known.port }) };
    case 'address':
      return host === undefined || port === undefined ? null : { kind, kiosk, host, port };
    case 'remove':
    case 'readmit':
    case 'leader':
      return { kind, kiosk };
  }
}

/** How much of the log is there, of what goes up to `last`. */
function share(firstSlot: Slot, last: Slot): number {
  return firstSlot <= 1 || last === 0 ? 1 : Math.max(0, (last - firstSlot + 1) / last);
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.max(0, Math.min(100, Math.floor((100 * part) / whole)));
}
