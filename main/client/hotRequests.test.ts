import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointRequestSchema } from '../../shared/endpoint';
import { isPlainBuy } from './hotRequests';

const BUY = { op: 'buy', items: [{ n: 1 }] };
const full = { op: 'buy', items: [{ n: 2, event: 'match', category: 'adult' }, { n: 1 }], id: 'b-1:1', timeoutMs: 5_000, clerk: 'ann' };

describe('a plain buy of a local client', () => {
  it.each([BUY, full, { ...BUY, id: 'x'.repeat(64) }, { ...BUY, items: [{ n: 100 }] }])(
    'is known at a glance, and as the schema reads it',
    (request) => {
      const value = { seq: 7, request };
      expect(isPlainBuy(value)).toBe(true);
      expect(endpointRequestSchema.parse(value)).toEqual(value);
    },
  );

  it.each([
    ['a payment', { seq: 1, request: { ...BUY, payment: { kind: 'card' } } }],
    ['a total', { seq: 1, request: { ...BUY, expects: 100 } }],
    ['another request', { seq: 1, request: { op: 'show' } }],
    ['a member that nobody knows', { seq: 1, request: { ...BUY, more: 1 } }],
    ['a member beside the request', { seq: 1, request: BUY, more: 1 }],
    ['a member of an item that nobody knows', { seq: 1, request: { ...BUY, items: [{ n: 1, more: 1 }] } }],
    ['a prototype of its own', JSON.parse('{"seq":1,"request":{"__proto__":1,"op":"buy","items":[{"n":1}]}}')],
    ['a member that says nothing', { seq: 1, request: { ...BUY, id: undefined } }],
    ['too many tickets in all', { seq: 1, request: { ...BUY, items: [{ n: 60 }, { n: 41 }] } }],
    ['too many lines', { seq: 1, request: { ...BUY, items: Array(21).fill({ n: 1 }) } }],
    ['nothing bought', { seq: 1, request: { ...BUY, items: [] } }],
    ['half a ticket', { seq: 1, request: { ...BUY, items: [{ n: 0.5 }] } }],
    ['a line break at the end of its id', { seq: 1, request: { ...BUY, id: 'r\n' } }],
    ['no patience', { seq: 1, request: { ...BUY, timeoutMs: 0 } }],
    ['a nameless clerk', { seq: 1, request: { ...BUY, clerk: '' } }],
    ['a negative number', { seq: -1, request: BUY }],
    ['no number', { request: BUY }],
    ['a list', [1, BUY]],
    ['nothing', null],
  ])('is left to the schema with %s', (_, value) => {
    expect(isPlainBuy(value)).toBe(false);
  });

  it('lets nothing in that the schema turns away', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        0,
        -1,
        1,
        0.5,
        20,
        100,
        101,
        3_600_000,
        3_600_001,
        '',
        'a',
        'a\n',
        '.a',
        ' ',
        'x'.repeat(64),
        'x'.repeat(65),
      ),
    );
    const maybe = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd });
    const name = fc.constantFrom('match', 'adult', 'x'.repeat(64));
    /** Now and then with a member that nobody knows. */
    const known = (usual: fc.Arbitrary<object>) =>
      fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: fc.tuple(usual, odd).map(([one, more]) => ({ ...one, more })) });
    const item = known(
      fc.record({ n: maybe(fc.integer({ min: 1, max: 30 })), event: maybe(name), category: maybe(name) }, { requiredKeys: ['n'] }),
    );
    const request = known(
      fc.record(
        {
          op: maybe(fc.constant('buy')),
          items: maybe(fc.array(maybe(item), { maxLength: 4 })),
          id: maybe(name),
          timeoutMs: maybe(fc.integer({ min: 1, max: 10_000 })),
          clerk: maybe(name),
        },
        { requiredKeys: ['op', 'items'] },
      ),
    );
    let hot = 0;
    fc.assert(
      fc.property(fc.record({ seq: maybe(fc.nat()), request: maybe(request) }), (value) => {
        if (!isPlainBuy(value)) return;
        hot += 1;
        expect(endpointRequestSchema.parse(value)).toEqual(value);
      }),
      { numRuns: 20_000 },
    );
    expect(hot).toBeGreaterThan(1_000);
  });
});
