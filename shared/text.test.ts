import { describe, expect, it } from 'vitest';
import type { Answer, LogEntryView, LoggedCommand, ShowAnswer } from './answers';
import { HELP_TEXT } from './commandLine';
import { answerText, entryLine, progressText, showLines, stateLine, ticketRanges } from './text';

const pool = { id: 'match', name: 'Match', capacity: 100, categories: [{ id: 'adult', name: 'Adult', price: 1_200 }], open: true };

function bought(over: Partial<LoggedCommand> = {}): LoggedCommand {
  return {
    requestId: 'k1-9f3a:1',
    kiosk: 1,
    op: 'buy',
    n: 4,
    event: 'match',
    items: [{ event: 'match', category: 'adult', n: 4 }],
    clerk: 'operator',
    at: 0,
    result: {
      ok: true,
      sale: '2.1',
      tickets: [1, 2, 3, 4],
      items: [{ event: 'match', category: 'adult', n: 4, tickets: [1, 2, 3, 4] }],
      total: 4_800,
    },
    ...over,
  };
}

function batch(...commands: LoggedCommand[]): LogEntryView {
  return { slot: 2, ballot: '1.0.2', kind: 'batch', commands };
}

const FOUNDING: LogEntryView = {
  slot: 1,
  ballot: '1.0.2',
  kind: 'founding',
  commands: [],
  members: [1, 2, 3],
  events: [{ id: 'match', capacity: 100 }],
  inForce: 1,
};

const SHOW: ShowAnswer = {
  ok: true,
  op: 'show',
  confirmed: true,
  state: { events: [{ ...pool, sold: 4, remaining: 96 }], members: [1, 2, 3], leader: 2, applied: 2, hash: 'abc' },
  log: [FOUNDING, batch(bought())],
  firstSlot: 1,
};

describe('show', () => {
  it('is, to the letter, what the design shows', () => {
    const text = [
      'match: 96 of 100 left | members 1 2 3, leader 2, applied 2, confirmed',
      '1  1.0.2  founding  members 1 2 3, event match (100)',
      '2  1.0.2  kiosk 1   buy 4 match -> sale 2.1, tickets 1-4 (k1-9f3a:1)',
    ];
    expect([...showLines(SHOW)]).toEqual(text);
    expect(answerText(SHOW)).toBe(text.join('\n'));
  });

  it('is made line by line', () => {
    let read = 0;
    const log = new Proxy([FOUNDING, batch(bought())], {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) read += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const lines = showLines({ ...SHOW, log });
    lines.next();
    expect(read).toBe(0);
    lines.next();
    expect(read).toBe(1);
  });

  it('says what it does not know for certain, and how old it is', () => {
    expect(stateLine({ ...SHOW, confirmed: false, ageSeconds: 12 })).toBe(
      'match: 96 of 100 left | members 1 2 3, leader 2, applied 2, last known, not confirmed, 12 seconds old',
    );
    const empty: ShowAnswer = { ...SHOW, confirmed: false, state: { events: [], members: [], leader: null, applied: 0, hash: '' } };
    expect(stateLine(empty)).toBe('no events yet | members none, leader none, applied 0, last known, not confirmed, 0 seconds old');
    const two = { ...SHOW.state, events: [...SHOW.state.events, { ...pool, id: 'gala', capacity: 5, sold: 5, remaining: 0 }] };
    expect(stateLine({ ...SHOW, state: two })).toMatch(/^match: 96 of 100 left; gala: 0 of 5 left \| /);
  });

  it.each<[string, LogEntryView]>([
    ['2  1.0.2  no-op', { slot: 2, ballot: '1.0.2', kind: 'no-op', commands: [] }],
    [
      '1  1.0.2  founding  members 1 2 3, events match (100), gala (5)',
      { ...FOUNDING, events: [...FOUNDING.events!, { id: 'gala', capacity: 5 }] },
    ],
    ['2  1.0.2  kiosk 12  buy 4 match -> sale 2.1, tickets 1-4 (k1-9f3a:1)', batch(bought({ kiosk: 12 }))],
    ['2  1.0.2  kiosk 255  buy 4 match -> sale 2.1, tickets 1-4 (k1-9f3a:1)', batch(bought({ kiosk: 255 }))],
    ['2  1.0.2  kiosk 1   buy 4 match -> sold_out (r)', batch(bought({ requestId: 'r', result: { ok: false, reason: 'sold_out' } }))],
    [
      '2  1.0.2  kiosk 1   buy 4 match -> sale 2.1, tickets 1-4 (k1-9f3a:1, duplicate)',
      batch(bought({ result: { ...bought().result, duplicate: true } })),
    ],
    [
      '2  1.0.2  kiosk 1   buy 1 match -> sale 2.1, ticket 7 (a); kiosk 2  buy 4 match -> not_enough (b)',
      batch(
        bought({ requestId: 'a', items: [{ event: 'match', category: 'adult', n: 1 }], result: { ok: true, sale: '2.1', tickets: [7] } }),
        bought({ requestId: 'b', kiosk: 2, result: { ok: false, reason: 'not_enough' } }),
      ),
    ],
    [
      '2  1.0.2  kiosk 1   buy 2 match + 1 gala -> sale 2.1, match tickets 3-4, gala ticket 1 (a)',
      batch(
        bought({
          requestId: 'a',
          n: 3,
          items: [
            { event: 'match', category: 'adult', n: 2 },
            { event: 'gala', category: 'adult', n: 1 },
          ],
          result: {
            ok: true,
            sale: '2.1',
            tickets: [3, 4, 1],
            items: [
              { event: 'match', category: 'adult', n: 2, tickets: [3, 4] },
              { event: 'gala', category: 'adult', n: 1, tickets: [1] },
            ],
          },
        }),
      ),
    ],
    [
      '5  2.0.1  kiosk 3   change add 4 -> ok (c), members 1 2 3 4, in force from slot 21',
      {
        slot: 5,
        ballot: '2.0.1',
        kind: 'configuration',
        commands: [{ requestId: 'c', kiosk: 3, op: 'change', change: 'add 4', clerk: 'operator', at: 0, result: { ok: true } }],
        members: [1, 2, 3, 4],
        inForce: 21,
      },
    ],
    [
      '2  1.0.2  kiosk 3   change remove 9 -> unknown_kiosk (c)',
      batch({
        requestId: 'c',
        kiosk: 3,
        op: 'change',
        change: 'remove 9',
        clerk: 'operator',
        at: 0,
        result: { ok: false, reason: 'unknown_kiosk' },
      }),
    ],
  ])('%s', (line, entry) => {
    expect(entryLine(entry)).toBe(line);
  });
});

describe('ticket numbers', () => {
  it.each<[string, number[]]>([
    ['', []],
    ['7', [7]],
    ['1-4', [1, 2, 3, 4]],
    ['1, 3-4', [3, 1, 4]],
    ['1-2, 4, 9-11', [9, 10, 11, 1, 2, 4]],
  ])('%s', (text, numbers) => {
    expect(ticketRanges(numbers)).toBe(text);
  });
});

describe('answers', () => {
  it.each<[string, Answer]>([
    [
      'sold tickets 1-2 match/adult + ticket 3 match/child -> sale 7.1, total 29.05, 97 of match left (a)',
      {
        ok: true,
        op: 'buy',
        requestId: 'a',
        sale: '7.1',
        event: 'match',
        tickets: [1, 2, 3],
        items: [
          { event: 'match', category: 'adult', n: 2, tickets: [1, 2] },
          { event: 'match', category: 'child', n: 1, tickets: [3] },
        ],
        total: 2_905,
        payment: { kind: 'cash', given: 2_905, change: 0 },
        shift: null,
        remaining: 97,
        slot: 7,
      },
    ],
    [
      'buy: not_enough: only 1 of Match left, 2 asked for (a)',
      { ok: false, op: 'buy', requestId: 'a', reason: 'not_enough', message: 'only 1 of Match left, 2 asked for', remaining: 1 },
    ],
    ['bu: bad_request: there is no command', { ok: false, op: 'bu', reason: 'bad_request', message: 'there is no command' }],
    [
      'kiosk 4: done, members 1 2 3 4, in force from slot 21 (c)',
      { ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, members: [1, 2, 3, 4], inForce: 21 },
    ],
    ['kiosk 4: done, members 1 2 3 (c)', { ok: true, op: 'change', requestId: 'c', kiosk: 4, members: [1, 2, 3] }],
    ['stopping: leadership is handed over, then this kiosk leaves', { ok: true, op: 'stop' }],
    ['killed, as by a power cut', { ok: true, op: 'exit' }],
    [HELP_TEXT, { ok: true, op: 'help', text: HELP_TEXT }],
  ])('%s', (text, answer) => {
    expect(answerText(answer)).toBe(text);
  });

  it('status tells role, log, links and what is wrong', () => {
    const status: Answer = {
      ok: true,
      op: 'status',
      kiosk: 3,
      incarnation: 'abcd1234',
      role: 'candidate',
      leader: null,
      ballot: '7.0.2',
      applied: 40,
      committed: 41,
      members: [1, 2, 3],
      connected: [],
      majority: false,
      pid: 4711,
      runtime: 'node 20.20.2',
      version: '0.1.0',
      problem: 'the disk is full',
      notSelling: 'the disk is full',
    };
    expect(answerText(status).split('\n')).toEqual([
      'kiosk 3 is candidate, without a majority; leader none, ballot 7.0.2',
      'applied 40, committed 41; members 1 2 3; connected to nobody',
      'pid 4711, node 20.20.2, version 0.1.0, incarnation abcd1234',
      'problem: the disk is full',
    ]);
    expect(answerText({ ...status, problem: null, notSelling: 'waiting for kiosk 2' })).toMatch(/\nnot selling: waiting for kiosk 2$/);
    const selling = { role: 'leader', leader: 3, majority: true, connected: [1, 2], problem: null, notSelling: null } as const;
    expect(answerText({ ...status, ...selling })).toMatch(/^kiosk 3 is leader; leader 3, ballot 7.0.2\n.*connected to 1 2\n[^\n]*$/);
  });

  it('progress is one line', () => {
    expect(progressText({ ok: true, op: 'add_kiosk', requestId: 'c', kiosk: 4, progress: 'catching_up', percent: 80 })).toBe(
      'kiosk 4: catching up 80 %',
    );
  });
});
