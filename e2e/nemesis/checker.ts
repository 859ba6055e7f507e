import type { KioskId } from '../../shared/ballot';
import type { RequestId } from '../../shared/values';
import { Answers } from './answers';
import { type Figures, figuresOf } from './figures';
import { Findings, type Violation } from './findings';
import { type Attempt, type CommandAttempt, type HistoryLine, type Isolation, isAttempt, isCommand, type ShowAttempt } from './history';
import { compareDumps, type Dump, timelineOf } from './logs';
import { checkMembership } from './membership';
import { type Misplaced, misplacedReads, writesOutOfOrder } from './order';
import type { EventPlan } from './pools';
import { Replay } from './replay';
import { judgeShows } from './shows';

export interface Evidence {
  readonly history: readonly HistoryLine[];
  /** Logs as the kiosks showed them, at least one of them complete. */
  readonly dumps: readonly Dump[];
  readonly events: readonly EventPlan[];
}

/** Below this a run has shown nothing. */
export interface Least {
  readonly sold: number;
  readonly confirmedShows: number;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Why a history without violations still proves nothing; empty if it does. */
  readonly tooLittle: readonly string[];
  readonly figures: Figures;
}

/** Bound of rule 9's memory of refusals and of the age of commands: beyond it a repeat may be answered `expired`. */
const SLOTS_MAX = 50_000;

/**
 * Whether clients of a site saw one single shop: exactly once, no ticket twice, no ghost sale, and every answer in an
 * order that real time allows (linearizability). The committed log is the witness of the order; it is itself held
 * against the rules of selling, and must be the same at every kiosk.
 */
export function check({ history, dumps, events }: Evidence, least: Least): Verdict {
  const findings = new Findings();
  const attempts = wellFormed(history, findings);
  const entries = compareDumps(dumps, findings);
  const timeline = timelineOf(entries);
  if (entries.length > SLOTS_MAX)
    findings.add('malformed', `the log has ${entries.length} slots; this checker knows no requests that expire`);
  checkMembership(entries, findings);
  const replay = new Replay(events, timeline, findings);
  const commands = attempts.filter(isCommand);
  const shows = attempts.filter((attempt): attempt is ShowAttempt => !isCommand(attempt));
  const answers = new Answers(commands, timeline, replay, findings);
  const judged = answers.judge();
  const reads = [...judged.reads, ...judgeShows(shows, events, timeline, replay, findings)];
  for (const { first, second } of writesOutOfOrder(judged.writes))
    findings.add(
      'realtime-order',
      `${nameOf(second.about)} was answered before ${nameOf(first.about)} was asked for, and stands behind it in the log (position ${second.position} after ${first.position})`,
      second.about,
      first.about,
    );
  for (const misplaced of misplacedReads<Attempt>(reads, judged.writes)) reportMisplaced(misplaced, findings);
  const isolations = history.filter((line): line is Isolation => line.type === 'isolation');
  judgeIsolated(isolations, attempts, (id) => answers.firstTried(id), findings);
  const figures = figuresOf(attempts, timeline, replay);
  return { violations: findings.violations, tooLittle: tooLittle(figures, dumps, least), figures };
}

/** The attempts that can be judged; complains about the others. */
function wellFormed(history: readonly HistoryLine[], findings: Findings): readonly Attempt[] {
  const attempts = history.filter(isAttempt).filter((attempt) => {
    const timed = Number.isFinite(attempt.start) && Number.isFinite(attempt.end) && attempt.end >= attempt.start;
    if (!timed) findings.add('malformed', `${nameOf(attempt)} begins at ${attempt.start} and ends at ${attempt.end}`, attempt);
    return timed;
  });
  const last = new Map<string, Attempt>();
  for (const attempt of [...attempts].sort((a, b) => a.start - b.start)) {
    const before = last.get(attempt.client);
    if (before !== undefined && before.end > attempt.start)
      findings.add('client-overlap', `client ${attempt.client} has two attempts open at once`, before, attempt);
    last.set(attempt.client, attempt);
  }
  return attempts;
}

function reportMisplaced(misplaced: Misplaced<Attempt>, findings: Findings): void {
  const { read } = misplaced;
  const what = `what ${nameOf(read.about)} was told from ${read.start.toFixed(1)} to ${read.end.toFixed(1)} ms`;
  switch (misplaced.kind) {
    case 'impossible':
      findings.add('impossible-read', `${what} was never so`, read.about);
      return;
    case 'stale': {
      const { missed } = misplaced;
      findings.add(
        'stale-read',
        `${what} misses ${nameOf(missed.about)}, answered at ${missed.end.toFixed(1)} ms`,
        read.about,
        missed.about,
      );
      return;
    }
    case 'went-back':
      findings.add(
        'read-went-back',
        `${what} is older than what ${nameOf(misplaced.seen.about)} had seen`,
        read.about,
        misplaced.seen.about,
      );
      return;
    case 'future': {
      const { known } = misplaced;
      findings.add(
        'future-read',
        `${what} knows of ${nameOf(known.about)}, asked for at ${known.start.toFixed(1)} ms`,
        read.about,
        known.about,
      );
      return;
    }
  }
}

/**
 * Cut off from every majority, nothing new is sold and nothing is confirmed (S21, S25). Whoever still hears the others may
 * tell what these have decided.
 */
function judgeIsolated(
  isolations: readonly Isolation[],
  attempts: readonly Attempt[],
  firstTried: (id: RequestId) => number,
  findings: Findings,
): void {
  for (const isolation of isolations) {
    const within = attempts.filter(
      ({ kiosk, start, end }) => isolation.kiosks.includes(kiosk) && start > isolation.start && end < isolation.end,
    );
    for (const attempt of within) {
      if (attempt.call.op === 'show') {
        const confirmed = attempt.outcome.kind === 'ok' && 'confirmed' in attempt.outcome.answer && attempt.outcome.answer.confirmed;
        if (confirmed)
          findings.add('minority-read', `kiosk ${attempt.kiosk} confirmed ${nameOf(attempt)} while it was cut off`, attempt, isolation);
      } else if (
        decided(attempt as CommandAttempt) &&
        firstTried(attempt.call.requestId) > isolation.start &&
        !(isolation.hears && decidedOutside(isolation, attempt as CommandAttempt, attempts))
      )
        findings.add('minority-sold', `kiosk ${attempt.kiosk} answered ${nameOf(attempt)} while it was cut off`, attempt, isolation);
    }
  }
}

/** Whether kiosks that are not cut off may have decided the request before this attempt ended. */
function decidedOutside(isolation: Isolation, attempt: CommandAttempt, attempts: readonly Attempt[]): boolean {
  return attempts.some(
    (other) =>
      other.call.op !== 'show' &&
      other.call.requestId === attempt.call.requestId &&
      !isolation.kiosks.includes(other.kiosk) &&
      other.start < attempt.end &&
      (other.outcome.kind === 'unknown' || decided(other as CommandAttempt)),
  );
}

/** Only a majority can have said so. */
function decided({ outcome }: CommandAttempt): boolean {
  return outcome.kind === 'ok' || (outcome.kind === 'refused' && (outcome.reason === 'sold_out' || outcome.reason === 'not_enough'));
}

function tooLittle(figures: Figures, dumps: readonly Dump[], least: Least): readonly string[] {
  const reasons: string[] = [];
  if (figures.sold < least.sold) reasons.push(`only ${figures.sold} requests were sold, and ${least.sold} are the least`);
  if (figures.confirmedShows < least.confirmedShows)
    reasons.push(`only ${figures.confirmedShows} confirmed shows, and ${least.confirmedShows} are the least`);
  if (!dumps.some(({ complete }) => complete)) reasons.push('no log was read to its end');
  if (figures.concurrency < 2) reasons.push('no two attempts ever overlapped');
  return reasons;
}

function nameOf({ call, client, kiosk }: { readonly call: Attempt['call']; readonly client: string; readonly kiosk: KioskId }): string {
  return call.op === 'show'
    ? `a show of client ${client} at kiosk ${kiosk}`
    : `${call.op} ${call.requestId} (client ${client}, kiosk ${kiosk})`;
}
