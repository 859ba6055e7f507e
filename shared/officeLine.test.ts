import { describe, expect, it } from 'vitest';
import { parseLine } from './commandLine';
import { type Request, requestSchema } from './requests';

describe('lines of a day in a box office', () => {
  it.each<[string, Request]>([
    ['buy 2 --pay card', { op: 'buy', items: [{ n: 2 }], payment: { kind: 'card' } }],
    ['buy 2 --pay free --id a', { op: 'buy', items: [{ n: 2 }], payment: { kind: 'free' }, id: 'a' }],
    ['buy 2 --given 50', { op: 'buy', items: [{ n: 2 }], payment: { kind: 'cash', given: 5_000 } }],
    [
      'buy 2 --pay cash --given 0.05 --expects 24.00',
      { op: 'buy', items: [{ n: 2 }], payment: { kind: 'cash', given: 5 }, expects: 2_400 },
    ],
    ['reprint 12.1 --id r', { op: 'reprint', sale: '12.1', id: 'r' }],
    ['admit QK1:a:b:1:2.1', { op: 'admit', code: 'QK1:a:b:1:2.1' }],
    ['verify QK1:a:b:1:2.1', { op: 'verify', code: 'QK1:a:b:1:2.1' }],
    ['event open match', { op: 'event', action: { kind: 'open', event: 'match' } }],
    ['event close match --clerk ann', { op: 'event', action: { kind: 'close', event: 'match' }, clerk: 'ann' }],
    [
      'event create winter-gala --capacity 50',
      {
        op: 'event',
        action: {
          kind: 'create',
          event: { id: 'winter-gala', name: 'Winter gala', capacity: 50, categories: [{ id: 'adult', name: 'Adult', price: 0 }] },
        },
      },
    ],
    [
      'event create gala --price adult=30,child=7.50 --starts 2026-11-28T19:00:00-08:00 --capacity 9 --name The Gala, --id is part of it',
      {
        op: 'event',
        action: {
          kind: 'create',
          event: {
            id: 'gala',
            name: 'The Gala, --id is part of it',
            starts: '2026-11-28T19:00:00-08:00',
            capacity: 9,
            categories: [
              { id: 'adult', name: 'Adult', price: 3_000 },
              { id: 'child', name: 'Child', price: 750 },
            ],
          },
        },
      },
    ],
    [
      'event change gala --capacity 12 --price child=8 --starts none',
      {
        op: 'event',
        action: { kind: 'change', event: 'gala', capacity: 12, prices: [{ category: 'child', price: 800 }], starts: null },
      },
    ],
    [
      'clerk add ann --pin 4711 --may all --name Ann of the north gate',
      {
        op: 'clerk',
        action: {
          kind: 'add',
          target: 'ann',
          name: 'Ann of the north gate',
          permissions: ['sell', 'void', 'reprint', 'admit', 'reports', 'events', 'kiosks', 'clerks'],
          pin: '4711',
        },
      },
    ],
    [
      'clerk add bob --pin 12345',
      { op: 'clerk', action: { kind: 'add', target: 'bob', name: 'Bob', permissions: ['sell', 'reprint', 'admit'], pin: '12345' } },
    ],
    [
      'clerk change ann --may sell,void --pin 0000',
      { op: 'clerk', action: { kind: 'change', target: 'ann', permissions: ['sell', 'void'], pin: '0000' } },
    ],
    ['clerk disable ann', { op: 'clerk', action: { kind: 'change', target: 'ann', active: false } }],
    ['clerk enable ann', { op: 'clerk', action: { kind: 'change', target: 'ann', active: true } }],
    ['shift open 100', { op: 'shift', action: { kind: 'open', float: 10_000 } }],
    ['shift close 350.25 --shift 3', { op: 'shift', action: { kind: 'close', shift: 3, counted: 35_025 } }],
    [
      'shift out 20 --reason stamps for the office',
      { op: 'shift', action: { kind: 'out', cents: 2_000, reason: 'stamps for the office' } },
    ],
  ])('%s', (line, request) => {
    expect(parseLine(line)).toEqual({ ok: true, request });
    expect(requestSchema.safeParse(request).success).toBe(true);
  });

  it.each<[string, string]>([
    ['buy 1 --pay cheque', '--pay is cash, card, free, not "cheque"'],
    ['buy 1 --pay card --given 5', '--given is for cash; leave it out, or --pay card'],
    ['buy 1 --given 5.5', '--given is an amount up to 20000000.00, for example 12 or 12.50, not "5.5"'],
    ['reprint', 'say which sale: reprint <sale>, for example reprint 12.1'],
    ['reprint 12', '"12" is no sale: it has a slot and a number, for example 12.1'],
    ['admit', 'say which code: admit <code>, as it is printed on the ticket'],
    ['admit a b', 'say which code: admit <code>, as it is printed on the ticket; what is "b"?'],
    ['event', 'say what to do with which event: event create|open|close|change <id>'],
    ['event burn match', 'say what to do with which event: event create|open|close|change <id>, not "burn"'],
    ['event open', 'say which event: event open <id>'],
    ['event create gala', 'say how many tickets there are: --capacity N'],
    ['event create gala --capacity 0', '--capacity is a whole number from 1 to 1000000, not "0"'],
    ['event create gala --capacity 9 --price 12', '--price is CATEGORY=MONEY, for example adult=12.50,child=5, not "12"'],
    ['event change gala', 'say what is to be changed: --capacity, --price, --starts or --name'],
    ['event change gala --starts tomorrow', '--starts is a time with its offset, for example 2026-11-28T19:00:00-08:00, not "tomorrow"'],
    ['clerk add', 'say which clerk: clerk add <id>'],
    ['clerk add ann', 'say a PIN of 4 to 12 digits: --pin PIN'],
    ['clerk add ann --pin 12', '--pin is 4 to 12 digits'],
    ['clerk add ann --pin 1234 --may fly', /^there is no permission "fly"; permissions: all, or some of sell,/.source],
    ['clerk add operator --pin 1234', /^"operator" is no clerk id/.source],
    ['clerk disable ann --pin 1234', 'clerk disable takes a clerk alone; change the rest with: clerk change ann'],
    ['shift', 'say what to do with the drawer: shift open|close|in|out <money>'],
    ['shift open', 'say how much cash is in the drawer: shift open <money>'],
    ['shift in 5', 'say why: --reason TEXT'],
    ['shift in 0 --reason x', '0 is no movement of cash'],
  ])('%s: %s', (line, message) => {
    const parsed = parseLine(line);
    expect(parsed).toMatchObject({ ok: false });
    if (message.startsWith('^')) expect(parsed).toMatchObject({ message: expect.stringMatching(new RegExp(message)) });
    else expect(parsed).toMatchObject({ message });
  });
});
