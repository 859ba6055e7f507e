import { describe, expect, it } from 'vitest';
import { malformed, SAMPLES } from '../../e2e/fuzz/messages';
import { messageSchema } from '../../shared/messages';
import { Random } from '../simulator/random';
import { isHot, readMessage } from './hotMessages';

const BUY = { op: 'buy', requestId: 'r', kiosk: 1, clerk: 'x', issued: 0, at: 0, items: [{ event: 'match', category: 'adult', n: 1 }] };
const { status: STATUS } = SAMPLES.find((message) => message.t === 'ping')!;
const COUNT = 20_000;

describe('what kiosks say all the time', () => {
  it('is known at a glance, and as the schema reads it', () => {
    const hot = SAMPLES.filter(isHot);
    expect(hot.map(({ t }) => t)).toEqual(['ping', 'pong', 'accept', 'accepted', 'commit', 'forward']);
    for (const message of hot) expect(readMessage(message)).toEqual(messageSchema.safeParse(message));
    const inShift = { t: 'forward', commands: [BUY, { ...BUY, shift: 3 }], hops: 0 };
    expect(isHot(inShift)).toBe(true);
    expect(messageSchema.parse(inShift)).toEqual(inShift);
  });

  it.each([{}, { reaches: [1, 255] }, { hash: { slot: 64, hash: 'a'.repeat(64) } }, { reaches: [3], hash: { slot: 0, hash: '' } }])(
    'is a heartbeat that says %j, too',
    (more) => {
      const ping = { t: 'ping', round: 7, status: { ...STATUS, ...more } };
      expect(isHot(ping)).toBe(true);
      expect(messageSchema.parse(ping)).toEqual(ping);
    },
  );

  it.each([
    { more: 1 },
    { reaches: [0] },
    { reaches: [256] },
    { reaches: 1 },
    { reaches: Array(256).fill(1) },
    { hash: null },
    { hash: { slot: 64 } },
    { hash: { slot: -1, hash: '' } },
    { hash: { slot: 64, hash: 'a'.repeat(65) } },
    { hash: { slot: 64, hash: '', more: 1 } },
    { promised: null },
    { claims: 1 },
    { serves: undefined },
    { connected: 'yes' },
    { content: null },
    { slow: 0 },
    { chosen: -1 },
    { applied: 0.5 },
    { firstSlot: '1' },
  ])('leaves a heartbeat to the schema that says %j', (more) => {
    expect(isHot({ t: 'pong', round: 7, status: { ...STATUS, ...more } })).toBe(false);
  });

  it.each([
    ['a payment', { ...BUY, payment: { kind: 'card' } }],
    ['another command', { ...BUY, op: 'cancel' }],
    ['a member that nobody knows', { ...BUY, more: 1 }],
    ['one that is missing', { ...BUY, at: undefined }],
    ['a prototype of its own', JSON.parse(`{"__proto__":1,${JSON.stringify(BUY).slice(1)}`)],
    ['too long a name', { ...BUY, requestId: 'r'.repeat(65) }],
    ['a line break at the end of a name', { ...BUY, requestId: 'r\n' }],
    ['no drawer', { ...BUY, shift: 0 }],
    ['too many lines', { ...BUY, items: Array(21).fill(BUY.items[0]) }],
    ['nothing bought', { ...BUY, items: [] }],
    ['half a ticket', { ...BUY, items: [{ ...BUY.items[0], n: 0.5 }] }],
  ])('is left to the schema with %s', (_, command) => {
    expect(isHot({ t: 'forward', commands: [command], hops: 0 })).toBe(false);
  });

  it(`lets nothing in that the schema turns away: ${COUNT} malformed messages`, () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = new Random(seed);
    for (let count = 0; count < COUNT; count += 1) {
      const value = malformed(random);
      expect(isHot(value), `seed ${seed}: ${JSON.stringify(value)}`).toBe(false);
    }
  });
});
