import type { Attempt, CommandAttempt } from './history';
import type { Timeline } from './logs';
import type { Replay } from './replay';

/** What a history holds, in numbers: a clean verdict on next to nothing is worth nothing. */
export interface Figures {
  readonly attempts: number;
  /** Requests, counted once however often they were tried, that were answered as sold. */
  readonly sold: number;
  readonly cancelled: number;
  readonly voided: number;
  readonly printed: number;
  readonly changed: number;
  /** Attempts that the log refused. */
  readonly refused: number;
  /** Attempts of which nothing left the kiosk. */
  readonly notSent: number;
  /** Attempts whose end was not known. */
  readonly unknown: number;
  /** Requests with an unknown attempt that were carried out, or refused, by the log. */
  readonly unknownInLog: number;
  /** Attempts of a request that had been tried before. */
  readonly repeats: number;
  readonly confirmedShows: number;
  readonly unconfirmedShows: number;
  readonly slots: number;
  readonly commands: number;
  /** Most attempts under way at one moment. */
  readonly concurrency: number;
  /** Milliseconds that an answered sale took. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Longest time without a sale answered anywhere, in ms. */
  readonly longestPauseMs: number;
}

export function figuresOf(attempts: readonly Attempt[], timeline: Timeline, replay: Replay): Figures {
  const commands = attempts.filter((attempt): attempt is CommandAttempt => attempt.call.op !== 'show');
  const done = (op: CommandAttempt['call']['op']) =>
    new Set(commands.filter(({ call, outcome }) => call.op === op && outcome.kind === 'ok').map(({ call }) => call.requestId)).size;
  const ended = (kind: Attempt['outcome']['kind']) => commands.filter(({ outcome }) => outcome.kind === kind);
  const sales = commands.filter(({ call, outcome }) => call.op === 'buy' && outcome.kind === 'ok');
  const times = sales.map(({ start, end }) => end - start).sort((a, b) => a - b);
  const unknown = new Set(ended('unknown').map(({ call }) => call.requestId));
  const shown = attempts.flatMap(({ call, outcome }) => (call.op === 'show' && outcome.kind === 'ok' ? [outcome.answer] : []));
  const confirmed = shown.filter((answer) => 'confirmed' in answer && answer.confirmed).length;
  return {
    attempts: attempts.length,
    sold: done('buy'),
    cancelled: done('cancel'),
    voided: done('void'),
    printed: done('print'),
    changed: done('change'),
    refused: ended('refused').length,
    notSent: ended('not-sent').length,
    unknown: ended('unknown').length,
    unknownInLog: [...unknown].filter((id) => (replay.fates.get(id)?.kind ?? 'never') !== 'never').length,
    repeats: commands.length - new Set(commands.map(({ call }) => call.requestId)).size,
    confirmedShows: confirmed,
    unconfirmedShows: shown.length - confirmed,
    slots: timeline.entries.length,
    commands: timeline.placed.filter(({ command }) => command !== null).length,
    concurrency: concurrencyOf(attempts),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    longestPauseMs: longestPause(sales.map(({ end }) => end)),
  };
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0;
}

function longestPause(times: readonly number[]): number {
  const ascending = [...times].sort((a, b) => a - b);
  return ascending.reduce((longest, time, index) => Math.max(longest, time - (ascending[index - 1] ?? time)), 0);
}

function concurrencyOf(attempts: readonly Attempt[]): number {
  // An attempt that ends when another begins does not overlap it.
  const turns = attempts.flatMap(({ start, end }) => [
    { time: start, change: 1 },
    { time: end, change: -1 },
  ]);
  turns.sort((a, b) => a.time - b.time || a.change - b.change);
  let now = 0;
  let most = 0;
  for (const { change } of turns) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
