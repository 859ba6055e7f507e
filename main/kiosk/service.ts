import { randomBytes } from 'node:crypto';
import type { Answer, ChangeAnswer, CommandResult, ProgressAnswer, Refusal, ShowAnswer, StatusAnswer } from '../../shared/answers';
import { formatBallot, type Slot } from '../../shared/ballot';
import { HELP_TEXT } from '../../shared/commandLine';
import { ALPHA } from '../../shared/constants';
import {
  BUY_TIMEOUT_MS,
  type BuyRequest,
  CHANGE_TIMEOUT_MS,
  type ChangeRequest,
  type Request,
  SHOW_ENTRIES_MAX,
  type ShowRequest,
} from '../../shared/requests';
import type { KioskService, KioskView, LogPageView, SaleView } from '../../shared/service';
import type { BuyCommand, ChangeCommand } from '../../shared/values';
import type { ReplicaView } from '../paxos';
import type { Tickets } from '../tickets';
import type { Addresses } from './addresses';
import type { History } from './history';
import type { Reads } from './reads';
import type { Outcome, Sessions } from './sessions';
import { CONFIRM_MS, NO_MAJORITY_MS, REVIEW_MS } from './timing';

const PROCESS_ID_BYTES = 6;
/** Who gives commands at the local client. */
const OPERATOR = 'operator';

export interface ServiceParts {
  readonly kiosk: number;
  readonly incarnation: string;
  readonly runtime: string;
  readonly version: string;
  readonly tickets: Tickets;
  readonly history: History;
  readonly sessions: Sessions;
  readonly reads: Reads;
  readonly addresses: Addresses;
  readonly replica: () => ReplicaView;
  readonly problem: () => string | null;
  readonly view: () => KioskView;
  readonly subscribe: (listener: (view: KioskView) => void) => () => void;
  /** Looks the site file up again for kiosks that were added to it. */
  readonly refreshSite: () => Promise<void>;
  /** A kiosk's address was given by a clerk. */
  readonly learnAddress: (command: ChangeCommand) => void;
  readonly stop: () => void;
  readonly exit: () => void;
}

/** What a kiosk offers to its window, its console and its local clients. */
export class Service implements KioskService {
  private readonly processId = randomBytes(PROCESS_ID_BYTES).toString('hex');
  private counter = 0;

  constructor(private readonly parts: ServiceParts) {}

  async execute(request: Request, onProgress: (progress: ProgressAnswer) => void = () => {}): Promise<Answer> {
    switch (request.op) {
      case 'buy':
        return this.buy(request);
      case 'show':
        return this.show(request);
      case 'status':
        return this.status();
      case 'help':
        return { ok: true, op: 'help', text: HELP_TEXT };
      case 'add_kiosk':
      case 'change':
        return this.change(request, onProgress);
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

  log(from: Slot, limit: number): LogPageView {
    const { history } = this.parts;
    return { entries: history.range(from, from + limit - 1), firstSlot: 1, applied: history.last };
  }

  sale(id: string): SaleView | null {
    return this.parts.tickets.sale(id);
  }

  private newId(): string {
    this.counter += 1;
    return `k${this.parts.kiosk}-${this.processId}:${this.counter}`;
  }

  private base(request: { readonly id?: string | undefined; readonly clerk?: string | undefined }) {
    const requestId = request.id ?? this.newId();
    return {
      requestId,
      kiosk: this.parts.kiosk,
      clerk: request.clerk ?? OPERATOR,
      issued: this.parts.sessions.issued(requestId) ?? this.parts.tickets.applied,
      at: Date.now(),
    };
  }

  private async buy(request: BuyRequest): Promise<Answer> {
    const base = this.base(request);
    const refuse = (reason: Refusal['reason'], message: string): Refusal => ({
      ok: false,
      op: 'buy',
      requestId: base.requestId,
      reason,
      message,
    });
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', problem);
    if (!(await this.opened())) return refuse('no_majority', this.unable());
    const resolved = this.parts.tickets.resolve(request.items);
    if (!resolved.ok) return refuse('bad_request', resolved.message);
    const command: BuyCommand = { op: 'buy', ...base, items: [...resolved.items] };
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? BUY_TIMEOUT_MS);
    if (outcome.kind !== 'applied') return refuse(...this.unanswered(outcome, base.requestId));
    return buyAnswer(base.requestId, outcome.result);
  }

  /** A kiosk that was just started may be about to open its site, or to read its log. */
  private async opened(): Promise<boolean> {
    const deadline = performance.now() + NO_MAJORITY_MS;
    while (this.parts.tickets.applied === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, REVIEW_MS));
    return this.parts.tickets.applied > 0;
  }

  private async change(request: ChangeRequest, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    const base = this.base(request);
    const { op, kiosk } = request;
    const refuse = (reason: Refusal['reason'], message: string): Refusal => ({ ok: false, op, requestId: base.requestId, reason, message });
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', problem);
    const adding = op === 'add_kiosk' || request.change === 'add';
    if (!adding && this.parts.sessions.withdrawAddition(kiosk) && !this.isMember(kiosk))
      return this.changed(op, base.requestId, kiosk, null);
    if (adding && request.host === undefined) await this.parts.refreshSite();
    const address = adding
      ? request.host === undefined
        ? this.parts.addresses.get(kiosk)
        : { host: request.host, port: request.port }
      : undefined;
    if (adding && address === undefined) {
      const known = this.parts.addresses.all().map((other) => other.kiosk);
      return refuse(
        'unknown_kiosk',
        `nobody knows where kiosk ${kiosk} is: say ${op} ${kiosk} host:port, or put it into the site file (which names ${known.join(', ')})`,
      );
    }
    const command: ChangeCommand = {
      op: 'change',
      ...base,
      change: adding
        ? { kind: 'add', kiosk, ...(address === undefined ? {} : { host: address.host, port: address.port }) }
        : { kind: 'remove', kiosk },
    };
    this.parts.learnAddress(command);
    const report = setInterval(() => onProgress(this.progress(op, command)), REVIEW_MS);
    onProgress(this.progress(op, command));
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? CHANGE_TIMEOUT_MS);
    clearInterval(report);
    if (outcome.kind !== 'applied') {
      const [reason, message] = this.unanswered(outcome, base.requestId);
      return refuse(
        reason,
        outcome.kind === 'timeout' && adding
          ? `${this.stillTrying(command)}; the site goes on trying, change remove ${kiosk} takes it back`
          : message,
      );
    }
    if (!outcome.result.ok) return refuse(outcome.result.reason, outcome.result.message);
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

  private isMember(kiosk: number): boolean {
    return this.parts.replica().members.some((member) => member.kiosk === kiosk);
  }

  private progress(op: 'add_kiosk' | 'change', command: ChangeCommand): ProgressAnswer {
    const { kiosk } = command.change;
    const base = { ok: true as const, op, requestId: command.requestId, kiosk };
    const replica = this.parts.replica();
    const votedAt = this.parts.sessions.votedAt(command);
    if (votedAt !== null) return { ...base, progress: 'voting', percent: percent(replica.chosen - votedAt, ALPHA) };
    if (command.change.kind === 'remove') return { ...base, progress: 'voting', percent: 0 };
    const peer = replica.peers.find((other) => other.kiosk === kiosk);
    if (peer === undefined || !Number.isFinite(peer.heardMs)) return { ...base, progress: 'contacting', percent: 0 };
    return { ...base, progress: 'catching_up', percent: percent(peer.chosen, replica.chosen) };
  }

  private stillTrying(command: ChangeCommand): string {
    const { progress } = this.progress('add_kiosk', command);
    const { kiosk, host, port } = command.change.kind === 'add' ? command.change : { ...command.change, host: undefined, port: undefined };
    if (progress === 'contacting')
      return `kiosk ${kiosk} does not answer${host === undefined ? '' : ` at ${host}:${port}`}: is it running?`;
    return `kiosk ${kiosk} is not yet a member (${progress.replace('_', ' ')})`;
  }

  private unanswered(outcome: Exclude<Outcome, { kind: 'applied' }>, requestId: string): [Refusal['reason'], string] {
    switch (outcome.kind) {
      case 'no_majority':
        return ['no_majority', this.unable()];
      case 'timeout':
        return ['timeout', `not known yet: it may still be carried out; ask again, here or at another kiosk, with the id ${requestId}`];
      case 'withdrawn':
        return ['withdrawn', 'this addition was taken back'];
      case 'faulty':
        return ['faulty', this.parts.problem() ?? 'this kiosk has stopped'];
    }
  }

  private unable(): string {
    return `nothing was sold: ${this.parts.view().reason ?? 'no leader can be reached'}`;
  }

  private async show(request: ShowRequest): Promise<ShowAnswer> {
    const { history, tickets, reads } = this.parts;
    const confirmed = this.parts.problem() === null && (await reads.confirm(CONFIRM_MS, NO_MAJORITY_MS));
    const replica = this.parts.replica();
    const limit = Math.min(request.last ?? SHOW_ENTRIES_MAX, SHOW_ENTRIES_MAX);
    const from = Math.max(1, request.from ?? history.last - limit + 1);
    const events = tickets.events().filter((event) => request.event === undefined || event.id === request.event);
    const to = from + limit - 1;
    const log = request.event === undefined ? history.range(from, to) : history.ofEvent(request.event, from, to);
    const nextSlot = to < history.last ? to + 1 : null;
    return {
      ok: true,
      op: 'show',
      confirmed,
      ...(confirmed ? {} : { ageSeconds: reads.ageSeconds() }),
      state: {
        events,
        members: replica.members.map(({ kiosk }) => kiosk),
        leader: replica.leader,
        applied: tickets.applied,
        hash: tickets.hash,
      },
      log,
      firstSlot: 1,
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
      role: problem === null ? replica.role : 'faulty',
      leader: problem === null ? replica.leader : null,
      ballot: formatBallot(replica.ballot),
      applied: this.parts.tickets.applied,
      committed: replica.chosen,
      members: replica.members.map(({ kiosk }) => kiosk),
      connected: problem === null ? [...replica.connected].sort((a, b) => a - b) : [],
      majority: problem === null && replica.majority,
      pid: process.pid,
      runtime: this.parts.runtime,
      version: this.parts.version,
      problem,
    };
  }
}

function buyAnswer(requestId: string, result: CommandResult): Answer {
  if (!result.ok) {
    const { reason, message, remaining } = result;
    return { ok: false, op: 'buy', requestId, reason, message, ...(remaining === undefined ? {} : { remaining }) };
  }
  if (result.op !== 'buy')
    return { ok: false, op: 'buy', requestId, reason: 'id_reused', message: `request id ${requestId} was used before for something else` };
  const { sale, items, total, remaining, slot } = result;
  return {
    ok: true,
    op: 'buy',
    requestId,
    sale,
    event: items[0]!.event,
    tickets: items.flatMap((item) => item.tickets),
    items,
    total,
    remaining,
    slot,
  };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.max(0, Math.min(100, Math.floor((100 * part) / whole)));
}
