import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesState, HELP_TEXT, parseLine } from './commandLine';
import { requestSchema } from './requests';

/** The request that a line stands for. */
function request(line: string): unknown {
  const parsed = parseLine(line);
  if (parsed?.ok !== true) throw new Error(`${line}: ${parsed?.message ?? 'empty'}`);
  return parsed.request;
}

/** What is said to a line that is wrong. */
function refusal(line: string): string {
  const parsed = parseLine(line);
  if (parsed === null || parsed.ok) throw new Error(`${line} is taken as ${JSON.stringify(parsed)}`);
  return parsed.message;
}

describe('lines that are right', () => {
  it.each([
    ['buy 2', { op: 'buy', items: [{ n: 2 }] }],
    ['  buy\t100   match ', { op: 'buy', items: [{ n: 100, event: 'match' }] }],
    ['buy 2 2026-11-28-ucla/adult', { op: 'buy', items: [{ n: 2, event: '2026-11-28-ucla', category: 'adult' }] }],
    [
      'buy 2 match/adult + 1 match/child + 3 gala --id k1-9f3a:1 --timeout 250 --clerk ann',
      {
        op: 'buy',
        items: [
          { n: 2, event: 'match', category: 'adult' },
          { n: 1, event: 'match', category: 'child' },
          { n: 3, event: 'gala' },
        ],
        id: 'k1-9f3a:1',
        timeoutMs: 250,
        clerk: 'ann',
      },
    ],
    ['buy --id=a 1', { op: 'buy', items: [{ n: 1 }], id: 'a' }],
    ['buy 1 + 1 gala', { op: 'buy', items: [{ n: 1 }, { n: 1, event: 'gala' }] }],
    ['show', { op: 'show' }],
    ['show match --from 7 --last 3', { op: 'show', event: 'match', from: 7, last: 3 }],
    ['show --last 10000', { op: 'show', last: 10_000 }],
    ['status', { op: 'status' }],
    ['status --watch', { op: 'status', watch: true }],
    ['help', { op: 'help' }],
    ['stop', { op: 'stop' }],
    ['exit', { op: 'exit' }],
    ['add_kiosk 4', { op: 'add_kiosk', kiosk: 4 }],
    [
      'add_kiosk 255 gate.example:7404 --timeout 60000',
      { op: 'add_kiosk', kiosk: 255, host: 'gate.example', port: 7404, timeoutMs: 60_000 },
    ],
    ['change add 4 [fe80::1]:65535 --id c', { op: 'change', change: 'add', kiosk: 4, host: 'fe80::1', port: 65_535, id: 'c' }],
    ['change remove 1', { op: 'change', change: 'remove', kiosk: 1 }],
    ['change readmit 2', { op: 'change', change: 'readmit', kiosk: 2 }],
    ['change leader 2 --timeout 9', { op: 'change', change: 'leader', kiosk: 2, timeoutMs: 9 }],
    ['change address 2 10.0.0.2:7402', { op: 'change', change: 'address', kiosk: 2, host: '10.0.0.2', port: 7_402 }],
    ['cancel k1-9f3a:1 --id x', { op: 'cancel', target: 'k1-9f3a:1', id: 'x' }],
    ['void 12.1', { op: 'void', sale: '12.1' }],
    [
      'void 12.1 --id v --reason wrong day, --id is part of it',
      { op: 'void', sale: '12.1', id: 'v', reason: 'wrong day, --id is part of it' },
    ],
    ['recover ucsb-soccer', { op: 'recover', site: 'ucsb-soccer' }],
    [
      'recover one a=57 b=1',
      {
        op: 'recover',
        site: 'one',
        heldBack: [
          { event: 'a', upTo: 57 },
          { event: 'b', upTo: 1 },
        ],
      },
    ],
  ])('%s', (line, expected) => {
    expect(request(line)).toEqual(expected);
    expect(requestSchema.parse(expected)).toEqual(expected);
  });

  it('an empty line is nothing', () => {
    for (const line of ['', ' ', '\t \r']) expect(parseLine(line)).toBeNull();
  });
});

describe('lines that are wrong are told what would be right', () => {
  it.each([
    ['buy', 'say how many: buy <n>, a whole number from 1 to 100'],
    ['buy match', 'the number of tickets is a whole number from 1 to 100, not "match"'],
    ...['0', '-1', '1.5', '1e9', 'two', '+1', '0x10', '１', '∞'].map((n) => [
      `buy ${n}`,
      `the number of tickets is a whole number from 1 to 100, not "${n}"`,
    ]),
    ['buy 101', 'one buy takes at most 100 tickets, not 101'],
    ['buy 999999999', 'one buy takes at most 100 tickets, not 999999999'],
    ['buy 60 match + 41 gala', 'one buy takes at most 100 tickets, not 101'],
    [`buy 1${' + 1 match'.repeat(20)}`, 'one buy takes at most 20 lines, not 21'],
    ['buy 1 match 2', 'buy takes a number and event/category; what is "2"?'],
    ['buy 1 match +', 'after + comes a number and event/category, for example + 2 match/child'],
    ['buy 1 + 3', 'after + comes a number and event/category, for example + 3 match/child'],
    ['buy 1 a/b/c', 'say event/category, not "a/b/c"'],
    ['buy 1 /adult', '"" is no event id: 1 to 64 letters, digits, dots, dashes and underscores'],
    ['buy 1 match/', '"" is no category id: 1 to 64 letters, digits, dots, dashes and underscores'],
    ['buy 1 mätch', '"mätch" is no event id: 1 to 64 letters, digits, dots, dashes and underscores'],
    ['buy 1 --id', '--id needs a value'],
    ['buy 1 --id=', '--id needs a value'],
    ['buy 1 --id a/b', '--id must be 1 to 64 of A-Z a-z 0-9 . _ : -, not "a/b"'],
    ['buy 1 --id a --id b', '--id is given twice'],
    ['buy 1 --reason x', 'there is no option "--reason" here; options: --id --timeout --clerk --pay --given --expects'],
    ['buy 1 --timeout 0', '--timeout is a whole number from 1 to 3600000 milliseconds, not "0"'],
    ['buy 1 --timeout 5s', '--timeout is a whole number from 1 to 3600000 milliseconds, not "5s"'],
    ['show match gala', 'show takes one event; what is "gala"?'],
    ['show --from 0', '--from is a whole number from 1 on, not "0"'],
    ['show --last 10001', '--last is a whole number from 1 to 10000, not "10001"'],
    ['show --id a', 'there is no option "--id" here; options: --from --last'],
    ['status now', 'status stands alone, or with --watch; what is "now"?'],
    ['add_kiosk', 'say which kiosk: add_kiosk <kiosk_id>, a whole number from 1 to 255'],
    ['add_kiosk 0', 'a kiosk id is a whole number from 1 to 255, not "0"'],
    ['add_kiosk 256', 'a kiosk id is a whole number from 1 to 255, not "256"'],
    ['add_kiosk four', 'a kiosk id is a whole number from 1 to 255, not "four"'],
    ...['here', ':7404', 'host:', 'host:0', 'host:65536', 'host:7404:1', '::1:7404', '[host]:7404', '[::1]', '-host:1'].map((where) => [
      `add_kiosk 4 ${where}`,
      `an address is host:port with a port from 1 to 65535, for example 127.0.0.1:7404 or [::1]:7404, not "${where}"`,
    ]),
    ['add_kiosk 4 host:1 more', 'add_kiosk takes a kiosk id and host:port; what is "more"?'],
    ['change', 'say which change: change add|remove|readmit|leader|address <kiosk_id>'],
    ['change drop 4', 'say which change: change add|remove|readmit|leader|address <kiosk_id>, not "drop"'],
    ['change remove', 'say which kiosk: change remove <kiosk_id>, a whole number from 1 to 255'],
    ['change remove 4 host:1', 'change remove takes a kiosk id alone; what is "host:1"?'],
    ['sell 2', 'there is no command "sell"; try help'],
    ['byu 2', 'there is no command "byu"; did you mean buy?'],
    ['bu 2', 'there is no command "bu"; did you mean buy?'],
    ['Show', 'there is no command "Show"; did you mean show?'],
    ['shwo', 'there is no command "shwo"; did you mean show?'],
    ['stpo', 'there is no command "stpo"; did you mean stop?'],
    ['add-kiosk 4', 'there is no command "add-kiosk"; did you mean add_kiosk?'],
    ['cancel', 'say which request: cancel <requestId>, the id that its answer had'],
    ['cancel a/b', '"a/b" is no request id: 1 to 64 of A-Z a-z 0-9 . _ : -'],
    ['cancel r1 r2', 'cancel takes one request id; what is "r2"?'],
    ['cancel r1 --id r1', 'a request can not give itself up: leave out --id, or take another'],
    ['void', 'say which sale: void <sale>, for example void 12.1'],
    ['void 12', '"12" is no sale: it has a slot and a number, for example 12.1'],
    ['void 12.1 --reason', '--reason needs a text'],
    ['void 12.1 13.1', 'void takes one sale; what is "13.1"?'],
    [`void 12.1 --reason ${'x'.repeat(201)}`, '--reason takes at most 200 letters'],
    ['change leader 2 host:1', 'change leader takes a kiosk id alone; what is "host:1"?'],
    ['change address 2', 'say where: change address <kiosk_id> <host:port>'],
    ['recover', 'say which site, to show that it is meant: recover <site>'],
  ])('%s', (line, message) => {
    expect(refusal(line!)).toBe(message);
  });

  it('cuts what is long and shows what a terminal would obey', () => {
    expect(refusal('x'.repeat(100_000))).toBe(`there is no command "${'x'.repeat(60)}…"; try help`);
    expect(refusal('buy 1 \u001b[31mred')).toMatch(/^"\uFFFD\[31mred" is no event id/);
  });

  it('keeps the id that the line gives itself, if it is a good one', () => {
    expect(parseLine('buy 0 --id mine')).toMatchObject({ ok: false, op: 'buy', id: 'mine' });
    expect(parseLine('add_kiosk x --id=mine')).toMatchObject({ ok: false, op: 'add_kiosk', id: 'mine' });
    expect(parseLine('cancel x/y --id mine')).toMatchObject({ ok: false, op: 'cancel', id: 'mine' });
    for (const line of ['buy 0', 'buy 0 --id', 'buy 0 --id a/b', 'show x y --id mine', 'verify x --id mine'])
      expect(parseLine(line)).not.toHaveProperty('id');
  });
});

describe('any line', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'buy',
      'show',
      'status',
      'help',
      'stop',
      'exit',
      'add_kiosk',
      'change',
      'add',
      'remove',
      '+',
      'match',
      'match/adult',
      '4',
    ),
    fc.constantFrom('--id', '--timeout', '--from', '--last', '--clerk', '--', '--id=a', '127.0.0.1:7404', '[::1]:1', '1e9', '-1', '0'),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );

  it('is nothing, a request that the contract takes, or a refusal in words: never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
        ),
        (line) => {
          const parsed = parseLine(line);
          if (parsed === null) expect(line.trim()).toBe('');
          else if (parsed.ok) expect(requestSchema.parse(parsed.request)).toEqual(parsed.request);
          else {
            expect(parsed.message.length).toBeGreaterThan(0);
            expect(line).toContain(parsed.op);
            if (parsed.id !== undefined) expect(changesState(parsed.op)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('help', () => {
  it('lists every command once, each of which is understood', () => {
    const names = [...HELP_TEXT.matchAll(/^([a-z_]+)/gm)].map(([name]) => name);
    expect([...new Set(names)]).toEqual([
      'buy',
      'cancel',
      'void',
      'reprint',
      'admit',
      'verify',
      'event',
      'clerk',
      'shift',
      'show',
      'status',
      'add_kiosk',
      'change',
      'recover',
      'stop',
      'exit',
      'help',
    ]);
    for (const name of names) expect(parseLine(name)).not.toMatchObject({ message: expect.stringContaining('there is no command') });
  });
});
