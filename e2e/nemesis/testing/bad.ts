import type { BuyAnswer, LogEntryView, LoggedCommand } from '../../../shared/answers';
import type { Evidence } from '../checker';
import type { Code } from '../findings';
import type { Attempt, CommandAttempt, HistoryLine, ShowAttempt, Shown } from '../history';
import { buy, Story, wholeStory } from './story';

type Mutable<T> = T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : { -readonly [K in keyof T]: Mutable<T[K]> };

/** The whole story, open to be made wrong. */
class Spoiled {
  readonly evidence: Mutable<Evidence>;

  constructor(story: Story = wholeStory()) {
    this.evidence = structuredClone(story.evidence()) as Mutable<Evidence>;
  }

  get history(): Mutable<HistoryLine>[] {
    return this.evidence.history;
  }

  /** What the logs of all kiosks say of a request. */
  logged(requestId: string, which = 0): Mutable<LoggedCommand>[] {
    return this.evidence.dumps.map(
      ({ entries }) => entries.flatMap(({ commands }) => commands).filter((command) => command.requestId === requestId)[which]!,
    );
  }

  /** A try of a request, the first if not said otherwise. */
  tried(requestId: string, which = 0): Mutable<CommandAttempt> {
    const tries = this.history.filter(
      (line): line is Mutable<CommandAttempt> => line.type === 'attempt' && line.call.op !== 'show' && line.call.requestId === requestId,
    );
    return tries[which]!;
  }

  /** What a try was answered. */
  answer<T = BuyAnswer>(requestId: string, which = 0): Mutable<T> {
    const { outcome } = this.tried(requestId, which);
    if (outcome.kind !== 'ok') throw new Error(`${requestId} has no answer`);
    return outcome.answer as unknown as Mutable<T>;
  }

  show(which: number): { readonly attempt: Mutable<ShowAttempt>; readonly answer: Mutable<Shown> } {
    const shows = this.history.filter((line): line is Mutable<ShowAttempt> => line.type === 'attempt' && line.call.op === 'show');
    const attempt = shows.at(which)!;
    if (attempt.outcome.kind !== 'ok') throw new Error('this show was refused');
    return { attempt, answer: attempt.outcome.answer };
  }

  /** Does something to each kiosk's log. */
  logs(spoil: (entries: Mutable<LogEntryView>[]) => void): void {
    for (const { entries } of this.evidence.dumps) spoil(entries);
  }

  /** Sells other tickets under a request, in the logs and in the answer. */
  sell(requestId: string, tickets: number[]): void {
    for (const { result } of this.logged(requestId)) {
      result.tickets = [...tickets];
      result.items![0]!.tickets = [...tickets];
    }
    const answer = this.answer(requestId);
    answer.tickets = [...tickets];
    answer.items[0]!.tickets = [...tickets];
  }

  append(command: Mutable<LoggedCommand>): void {
    this.logs((entries) =>
      entries.push({ slot: entries.length + 1, ballot: '1.0.1', kind: 'batch', commands: [structuredClone(command)] }),
    );
  }

  /** Takes a request's first entry out of all logs. */
  forget(requestId: string): void {
    this.logs((entries) => {
      const entry = entries.find(({ commands }) => commands[0]?.requestId === requestId)!;
      entry.kind = 'no-op';
      entry.commands = [];
    });
  }
}

/** A sale for the log, as if in slot 0. */
function sale(requestId: string, tickets: number[]): Mutable<LoggedCommand> {
  const item = { event: 'match', category: 'adult', n: tickets.length };
  const result = { ok: true, sale: '0.1', tickets, items: [{ ...item, tickets }], total: 1_200 * tickets.length };
  return { requestId, kiosk: 1, op: 'buy', n: tickets.length, event: 'match', items: [item], clerk: 'operator', at: 0, result };
}

function refuse(command: Mutable<LoggedCommand>, reason: 'printed' | 'already_void' | 'sold_out'): void {
  command.result = { ok: false, reason };
}

/** A write that takes its time, and two shows within it of which the second has forgotten it. */
function forgetfulShows(): Evidence {
  const story = new Story();
  story.do(buy('r1', 1));
  story.do(buy('slow', 1), { client: 'bob' });
  story.show('cid', 3);
  story.show('ann', 2, true, 2);
  const { history, ...rest } = story.evidence();
  const last = history.at(-1)!;
  return { ...rest, history: history.map((line) => (isTry(line, 'slow') ? { ...line, end: last.end + 1 } : line)) };
}

function isTry(line: HistoryLine, requestId: string): line is Attempt {
  return line.type === 'attempt' && line.call.op !== 'show' && line.call.requestId === requestId;
}

function spoiled(spoil: (story: Spoiled) => void): () => Evidence {
  return () => {
    const story = new Spoiled();
    spoil(story);
    return story.evidence as Evidence;
  };
}

/** By code, histories in which just that is wrong, or that at least. The compiler sees to it that no code is without one. */
export const BAD: Readonly<Record<Code, Readonly<Record<string, () => Evidence>>>> = {
  malformed: {
    'an answer before its question': spoiled((story) => {
      story.tried('r1').end = 0;
    }),
    'a claim of a part of a sale': spoiled((story) => {
      for (const command of story.logged('p1')) command.n = 1;
    }),
  },
  'client-overlap': {
    'two at once': spoiled((story) => {
      story.tried('r2').end = story.tried('c1').start + 1;
    }),
  },
  'log-gap': {
    'a slot left out': spoiled((story) => story.logs((entries) => entries.splice(8, 1))),
  },
  'log-diverged': {
    'another entry at one kiosk': spoiled((story) => {
      story.evidence.dumps[2]!.entries[6] = { slot: 7, ballot: '2.0.3', kind: 'no-op', commands: [] };
    }),
    'another result at one kiosk': spoiled((story) => {
      story.logged('r4')[1]!.result.tickets = [5, 6];
    }),
    'another entry in a show': spoiled((story) => {
      story.show(-1).answer.log[0]!.kind = 'version';
    }),
  },
  'log-shrank': {
    'after a restart': spoiled(({ evidence }) => {
      evidence.dumps.push({ kiosk: 3, sequence: 2, complete: false, entries: evidence.dumps[2]!.entries.slice(0, 8) });
    }),
  },
  'log-behind': {
    'at the end': spoiled(({ evidence }) => {
      evidence.dumps[2]!.entries.length = 8;
    }),
  },
  'state-diverged': {
    'two hashes of one slot': spoiled((story) => {
      story.show(1).answer.hash = 'f'.repeat(64);
    }),
  },
  'committed-twice': {
    'a repeat that sells again': spoiled((story) => {
      for (const { result } of story.logged('r1', 1)) delete result.duplicate;
    }),
    'a ghost: given up, and sold later': spoiled((story) => story.append(sale('r8', [9]))),
    'a ghost: cancelled, and sold again': spoiled((story) => story.append({ ...sale('r2', [9, 10, 11]), kiosk: 2 })),
  },
  'bad-repeat': {
    'other tickets for a repeat': spoiled((story) => {
      for (const { result } of story.logged('r1', 1)) result.tickets = [8, 9];
    }),
    'a repeat of nothing': spoiled((story) => {
      for (const { result } of story.logged('r4')) result.duplicate = true;
    }),
    'a repeat of what was given up, sold': spoiled((story) => {
      for (const { result } of story.logged('r8')) result.ok = true;
    }),
  },
  'double-sold': {
    'to two customers': spoiled((story) => story.sell('r4', [1, 3])),
    'in the logs alone': spoiled((story) => story.append({ ...sale('r7', [1]), requestId: 'rx' })),
  },
  oversold: {
    'more than there are': spoiled(({ evidence }) => {
      evidence.events[0]!.capacity = 4;
    }),
  },
  'false-sold-out': {
    'with tickets left': spoiled(({ evidence }) => {
      evidence.events[1]!.capacity = 5;
    }),
  },
  'ticket-range': {
    'beyond the capacity': spoiled((story) => story.sell('r4', [3, 13])),
    'below the first': spoiled((story) => story.sell('r4', [0, 3])),
  },
  'ticket-count': {
    'fewer than asked for': spoiled((story) => story.sell('r4', [3])),
    'two lists that differ': spoiled((story) => {
      for (const { result } of story.logged('r4')) result.tickets = [3, 5];
    }),
  },
  'ticket-order': {
    'a returned number passed over': spoiled((story) => story.sell('r4', [6, 7])),
    descending: spoiled((story) => story.sell('r4', [4, 3])),
  },
  'wrong-total': {
    'too cheap': spoiled((story) => {
      for (const { result } of story.logged('r4')) result.total = 1;
    }),
  },
  'wrong-sale': {
    'the name of another slot': spoiled((story) => {
      for (const { result } of story.logged('r4')) result.sale = '3.1';
    }),
  },
  'wrong-return': {
    'a cancel that keeps a ticket': spoiled((story) => {
      for (const { result } of story.logged('c1')) result.items![0]!.tickets = [3, 4];
    }),
    'a void that gives too much back': spoiled((story) => {
      for (const { result } of story.logged('v1')) result.total = 2_400;
    }),
    'a cancel that returns what was never sold': spoiled((story) => {
      for (const { result } of story.logged('c3')) result.sale = '2.1';
    }),
  },
  'wrong-refusal': {
    'a cancel refused without a reason': spoiled((story) => {
      for (const command of story.logged('c1')) refuse(command, 'printed');
    }),
    'a cancel of printed tickets': spoiled((story) => {
      for (const command of story.logged('c2')) command.result = { ok: true, tickets: [], items: [] };
    }),
    'a void refused without a reason': spoiled((story) => {
      for (const command of story.logged('v1')) refuse(command, 'already_void');
    }),
    'the wrong word': spoiled((story) => {
      for (const command of story.logged('r6')) refuse(command, 'sold_out');
    }),
  },
  'wrong-copies': {
    'two originals': spoiled((story) => {
      for (const { result } of story.logged('p2')) result.copies = [0, 0];
    }),
  },
  'wrong-members': {
    'one too few': spoiled((story) =>
      story.logs((entries) => {
        entries.find(({ kind }) => kind === 'configuration')!.members = [1, 2, 4];
      }),
    ),
    'in force too early': spoiled((story) =>
      story.logs((entries) => {
        const entry = entries.find(({ kind }) => kind === 'configuration')!;
        entry.inForce = entry.slot + 1;
      }),
    ),
    'two changes at once': spoiled((story) =>
      story.logs((entries) => {
        const entry = entries.at(-1)!;
        entry.kind = 'configuration';
        entry.members = [1, 2, 3];
        entry.inForce = entry.slot + 16;
        entry.commands = [{ requestId: 'm2', kiosk: 1, op: 'change', change: 'remove 4', clerk: 'operator', at: 0, result: { ok: true } }];
      }),
    ),
  },
  phantom: {
    'asked for by nobody': spoiled((story) => story.append(sale('rx', [9]))),
    'asked of another kiosk': spoiled((story) => {
      for (const command of story.logged('r4')) command.kiosk = 1;
    }),
    'with other contents': spoiled((story) => {
      for (const command of story.logged('r7')) command.items![0]!.category = 'child';
    }),
  },
  'lost-ack': {
    'a sale that is gone': spoiled((story) => story.forget('r4')),
    'a sale that the log refuses': spoiled((story) => {
      for (const command of story.logged('r4')) refuse(command, 'sold_out');
    }),
    'a cancel that is gone': spoiled((story) => story.forget('c1')),
    'a void that is gone': spoiled((story) => story.forget('v1')),
    'a claim that is gone': spoiled((story) => story.forget('p2')),
    'a change that is gone': spoiled((story) => story.forget('m1')),
  },
  'answer-mismatch': {
    'other tickets than in the log': spoiled((story) => {
      story.answer('r4').tickets = [9, 10];
    }),
    'another slot': spoiled((story) => {
      story.answer('r4').slot = 3;
    }),
    'called void, and is not': spoiled((story) => {
      story.answer('r4').voided = true;
    }),
    'a cancel that returned less than the log': spoiled((story) => {
      story.answer<{ tickets: number[] }>('c1').tickets = [3];
    }),
    'a copy called an original': spoiled((story) => {
      story.answer<{ copies: number[] }>('p2').copies = [0, 0];
    }),
    'the answer to another request': spoiled((story) => {
      const { call } = story.tried('r4');
      if (call.op === 'buy') call.items[0]!.n = 1;
    }),
  },
  'refusal-mismatch': {
    'another reason than in the log': spoiled((story) => {
      story.tried('r6').outcome = { kind: 'refused', reason: 'closed' };
    }),
    'another number of tickets left': spoiled((story) => {
      story.tried('r6').outcome = { kind: 'refused', reason: 'not_enough', remaining: 0 };
    }),
    'called cancelled, and is not': spoiled((story) => {
      story.tried('r1', 1).outcome = { kind: 'refused', reason: 'cancelled' };
    }),
    'refused without an entry': spoiled((story) => {
      story.tried('r9').outcome = { kind: 'refused', reason: 'sold_out', remaining: 0 };
    }),
    'given up, and called sold out': spoiled((story) => {
      story.tried('r8', 1).outcome = { kind: 'refused', reason: 'sold_out', remaining: 0 };
    }),
  },
  'definite-but-committed': {
    'nothing had left the kiosk': spoiled((story) => story.append(sale('r9', [6]))),
    'refused, and sold': spoiled((story) => {
      story.tried('r4').outcome = { kind: 'refused', reason: 'sold_out', remaining: 0 };
    }),
  },
  'show-sum': {
    'sold and left are not the capacity': spoiled((story) => {
      story.show(0).answer.events[0]!.remaining += 1;
    }),
  },
  'show-mismatch': {
    'a state that no prefix has': spoiled((story) => {
      const [match] = story.show(0).answer.events;
      match!.sold += 1;
      match!.remaining -= 1;
    }),
    'an unconfirmed one, too': spoiled((story) => {
      const [match] = story.show(2).answer.events;
      match!.sold += 1;
      match!.remaining -= 1;
    }),
  },
  'realtime-order': {
    'answered first, and second in the log': spoiled((story) => Object.assign(story.tried('r2'), { start: 1, end: 2 })),
  },
  'stale-read': {
    'a show of an old state': spoiled((story) => {
      story.show(2).answer.confirmed = true;
    }),
    'a repeat of a cancelled sale, answered as live': spoiled((story) => {
      story.tried('r2', 1).outcome = structuredClone(story.tried('r2').outcome);
    }),
    'a repeat of a voided sale, answered as live': spoiled((story) => {
      delete story.answer('r3', 1).voided;
    }),
  },
  'future-read': {
    'a show of what nobody has asked for': spoiled((story) => Object.assign(story.show(0).attempt, { start: 1, end: 2 })),
    'an unconfirmed one, too': spoiled((story) => Object.assign(story.show(2).attempt, { start: 1, end: 2 })),
  },
  'read-went-back': { 'a show that forgets': forgetfulShows },
  'impossible-read': {
    'a state beyond the log': spoiled((story) => {
      story.show(-1).answer.applied = 999;
    }),
  },
  'minority-sold': {
    'sold while cut off': spoiled(({ history }) => history.push({ type: 'isolation', kiosks: [2], hears: true, start: 15, end: 35 })),
    'refused for want of tickets while cut off': spoiled((story) => {
      const { start, end, kiosk } = story.tried('r6');
      story.history.push({ type: 'isolation', kiosks: [kiosk], hears: true, start: start - 1, end: end + 1 });
    }),
  },
  'minority-read': {
    'confirmed while cut off': spoiled((story) => {
      const { start, end, kiosk } = story.show(0).attempt;
      story.history.push({ type: 'isolation', kiosks: [kiosk], hears: true, start: start - 1, end: end + 1 });
    }),
  },
};
