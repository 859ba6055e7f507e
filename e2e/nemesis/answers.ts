import type { BuyAnswer } from '../../shared/answers';
import { canonicalJson } from '../../shared/hash';
import type { RequestId } from '../../shared/values';
import type { Code, Findings } from './findings';
import { type BuyAttempt, type CommandAttempt, isSettled } from './history';
import type { Timeline } from './logs';
import type { Read, Span, Write } from './order';
import { contentsOf, type Fate, type Replay, type ReplayedSale } from './replay';

/** All tries of one request. */
type Tries = readonly CommandAttempt[];

export interface JudgedAnswers {
  readonly writes: readonly Write<CommandAttempt>[];
  readonly reads: readonly Read<CommandAttempt>[];
}

/**
 * Holds what the clients were answered against the log, and says when each command was written and each answer was
 * true: an answer to a repeat is a read of what became of the request. A sale's answer is true from the sale
 * until it is undone; all others are true for ever.
 */
export class Answers {
  private readonly tries = new Map<RequestId, CommandAttempt[]>();
  private readonly length: number;

  constructor(
    attempts: readonly CommandAttempt[],
    private readonly timeline: Timeline,
    private readonly replay: Replay,
    private readonly findings: Findings,
  ) {
    this.length = timeline.placed.length;
    for (const attempt of attempts) {
      const { requestId } = attempt.call;
      const tries = this.tries.get(requestId);
      if (tries === undefined) this.tries.set(requestId, [attempt]);
      else tries.push(attempt);
    }
  }

  judge(): JudgedAnswers {
    this.judgeOrigins();
    const writes: Write<CommandAttempt>[] = [];
    const reads: Read<CommandAttempt>[] = [];
    for (const [requestId, tries] of this.tries) {
      const fate = this.replay.fates.get(requestId);
      const write = writeOf(tries, fate);
      if (write !== null) writes.push(write);
      for (const attempt of tries) {
        const span = this.spanOf(attempt, fate);
        if (span !== null) reads.push({ spans: [span], start: attempt.start, end: attempt.end, mayBeOld: false, about: attempt });
      }
    }
    return { writes, reads };
  }

  /** When the request was first tried, by anyone; Infinity if never. */
  firstTried(requestId: RequestId): number {
    return Math.min(...this.triesOf(requestId).map(({ start }) => start));
  }

  /** Every command of the log was asked of the kiosk that it names, and not of tries alone of which nothing left that kiosk. */
  private judgeOrigins(): void {
    for (const { slot, command } of this.timeline.placed) {
      if (command === null) continue;
      const contents = contentsOf(command);
      const here = this.triesOf(command.requestId).filter(({ kiosk, call }) => kiosk === command.kiosk && contentsOf(call) === contents);
      const what = `slot ${slot}: ${command.op} ${command.requestId} of kiosk ${command.kiosk}`;
      if (here.length === 0) this.findings.add('phantom', `${what} was asked of that kiosk by no client`, command);
      else if (here.every(({ outcome }) => outcome.kind === 'not-sent'))
        this.findings.add('definite-but-committed', `${what} is in the log, and nothing of it had left the kiosk`, command, ...here);
    }
  }

  /** Where in the log the answer is true; null for no answer, and for one that is wrong. */
  private spanOf(attempt: CommandAttempt, fate: Fate | undefined): Span | null {
    if (!isSettled(attempt)) return null;
    if (attempt.outcome.kind === 'refused') return this.refusedSpan(attempt, attempt.outcome.reason, fate);
    switch (attempt.call.op) {
      case 'buy':
        return this.soldSpan(attempt as BuyAttempt, fate);
      case 'cancel':
      case 'void':
      case 'print':
        return this.doneSpan(attempt, fate);
      case 'change':
        return this.changedSpan(attempt, fate);
    }
  }

  private soldSpan(attempt: BuyAttempt, fate: Fate | undefined): Span | null {
    if (fate?.kind !== 'sold') return this.lost(attempt, fate);
    if (attempt.outcome.kind !== 'ok') return null;
    const { sale, at } = fate;
    const { voided } = attempt.outcome.answer;
    const expected = buyAnswer(sale);
    if (contentsOf(at.command) !== contentsOf(attempt.call) || !says(attempt.outcome.answer, expected))
      return this.wrong('answer-mismatch', attempt, `was answered otherwise than slot ${at.slot} says`, expected, at.command);
    const { undone } = sale;
    if (voided && undone?.by !== 'void') return this.wrong('answer-mismatch', attempt, 'was called void, and is not', at.command);
    if (voided && undone !== null) return [undone.position, this.length];
    return [sale.position, undone === null ? this.length : undone.position - 1];
  }

  private doneSpan(attempt: CommandAttempt, fate: Fate | undefined): Span | null {
    if (fate?.kind !== 'settled' || !fate.at.command.result.ok) return this.lost(attempt, fate);
    const { command, slot, position } = fate.at;
    const { result } = command;
    const expected = {
      ok: true,
      op: command.op,
      requestId: command.requestId,
      slot,
      ...(command.op === 'cancel' ? { target: command.target, sale: result.sale ?? null } : { sale: command.sale }),
      ...(command.op === 'print' ? { copies: result.copies } : { tickets: result.tickets, items: result.items }),
      ...(command.op === 'void' ? { total: result.total } : {}),
    };
    const same = attempt.outcome.kind === 'ok' && says(attempt.outcome.answer, expected);
    if (!same || contentsOf(command) !== contentsOf(attempt.call))
      return this.wrong('answer-mismatch', attempt, `was answered otherwise than slot ${slot} says`, expected, command);
    return [position, this.length];
  }

  /** Where nothing had to change, a change may be answered without an entry. */
  private changedSpan(attempt: CommandAttempt, fate: Fate | undefined): Span | null {
    const voted = attempt.outcome.kind === 'ok' && 'inForce' in attempt.outcome.answer;
    if (fate === undefined) return voted ? this.lost(attempt, fate) : null;
    if (fate.kind !== 'settled' || !fate.at.command.result.ok) return this.lost(attempt, fate);
    return [fate.at.position, this.length];
  }

  private refusedSpan(attempt: CommandAttempt, reason: string, fate: Fate | undefined): Span | null {
    const { call } = attempt;
    if (fate?.kind === 'never') {
      const right = reason === (call.op === 'change' ? 'withdrawn' : 'cancelled');
      return right ? [fate.position, this.length] : this.wrong('refusal-mismatch', attempt, `was refused as ${reason}; it was given up`);
    }
    if (fate === undefined) {
      if (call.op === 'change' || this.isGivenUpHere(attempt, reason)) return null;
      return this.wrong('refusal-mismatch', attempt, `was refused as ${reason}, and the log does not say so`);
    }
    const { at } = fate;
    const same = contentsOf(at.command) === contentsOf(call);
    if (!same && reason === 'id_reused') return [at.position, this.length];
    if (fate.kind === 'settled') {
      const left = attempt.outcome.kind === 'refused' ? attempt.outcome.remaining : undefined;
      const right = same && !at.command.result.ok && reason === at.command.result.reason && left === fate.left;
      if (right) return [at.position, this.length];
      // It knew of no claim of that id, made elsewhere.
      if (same && this.isGivenUpHere(attempt, reason)) return null;
      return this.wrong('refusal-mismatch', attempt, `was refused as ${reason}; slot ${at.slot} says otherwise`, at.command);
    }
    const { undone } = fate.sale;
    if (same && reason === 'cancelled' && undone?.by === 'cancel') return [undone.position, this.length];
    const code = same && reason !== 'cancelled' ? 'definite-but-committed' : 'refusal-mismatch';
    return this.wrong(code, attempt, `was refused as ${reason}, and slot ${at.slot} sold it`, at.command);
  }

  /**
   * A kiosk at which a request is being given up refuses to print its sale, without asking the log (rule 10): from when it
   * was asked to give it up until it knows what the log said to that, and no claim of which it knows the log's answer.
   */
  private isGivenUpHere({ call, kiosk, start, end }: CommandAttempt, reason: string): boolean {
    if (call.op !== 'print' || reason !== 'cancelled') return false;
    const sold = [...this.replay.fates.values()].find((fate) => fate.kind === 'sold' && fate.sale.sale === call.sale);
    const bought = sold?.kind === 'sold' ? sold.sale.requestId : null;
    const before = (tried: CommandAttempt) => tried.kiosk === kiosk && tried.end < start;
    if (this.triesOf(call.requestId).some((tried) => before(tried) && tried.outcome.kind === 'ok')) return false;
    return [...this.tries.values()].some((tries) => {
      const here = tries.filter((tried) => tried.kiosk === kiosk && tried.call.op === 'cancel' && tried.call.target === bought);
      const begun = here.some((tried) => tried.start < end && tried.outcome.kind !== 'not-sent');
      return begun && !here.some((tried) => before(tried) && isSettled(tried));
    });
  }

  private triesOf(requestId: RequestId): Tries {
    return this.tries.get(requestId) ?? [];
  }

  private lost(attempt: CommandAttempt, fate: Fate | undefined): null {
    const why = fate === undefined ? 'is in no log' : 'has another end in the log';
    return this.wrong('lost-ack', attempt, `was acknowledged and ${why}`, fate);
  }

  private wrong(code: Code, attempt: CommandAttempt, what: string, ...evidence: readonly unknown[]): null {
    this.findings.add(code, `${attempt.call.op} ${attempt.call.requestId} at kiosk ${attempt.kiosk} ${what}`, attempt, ...evidence);
    return null;
  }
}

/** Everything that is expected stands in the answer; other fields may be added by later versions. */
function says(answer: object, expected: object): boolean {
  const told = Object.fromEntries(Object.entries(answer).filter(([name]) => Object.hasOwn(expected, name)));
  return canonicalJson(told) === canonicalJson(expected);
}

/** When the request took effect: not before it was first asked for, and not after it was first answered. */
function writeOf(tries: Tries, fate: Fate | undefined): Write<CommandAttempt> | null {
  if (fate === undefined || fate.kind === 'never') return null;
  const contents = contentsOf(fate.at.command);
  const asked = tries.filter(({ call }) => contentsOf(call) === contents);
  const [first] = [...asked].sort((a, b) => a.start - b.start);
  if (first === undefined) return null;
  const end = Math.min(...tries.filter(isSettled).map((attempt) => attempt.end));
  return { position: fate.at.position, start: first.start, end, about: first };
}

function buyAnswer({ requestId, sale, items, total, remaining, slot }: ReplayedSale): BuyAnswer {
  const tickets = items.flatMap((item) => item.tickets);
  // The clients pay in exact cash, and have no drawer.
  const payment = { kind: total === 0 ? 'free' : 'cash', given: total, change: 0 } as const;
  return {
    ok: true,
    op: 'buy',
    requestId,
    sale,
    event: items[0]?.event ?? '',
    tickets,
    items,
    total,
    payment,
    shift: null,
    remaining,
    slot,
  };
}
