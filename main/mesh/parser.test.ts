import { Decoder as AnyDecoder, Encoder as AnyEncoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../e2e/fuzz/messages';
import { batchOf, valueText } from '../../shared/valueText';
import { request } from './fixtures';
import { Decoder, Encoder } from './parser';
import { HELLO_EVENT, MESSAGE_EVENT } from './settings';

const event = (...data: unknown[]): Packet => ({ type: PacketType.EVENT, nsp: '/', data });
const GREETINGS: readonly Packet[] = [
  { type: PacketType.CONNECT, nsp: '/', data: { kiosk: 1 } },
  { type: PacketType.CONNECT_ERROR, nsp: '/', data: { message: 'no', data: { removedFrom: 7 } } },
  { type: PacketType.DISCONNECT, nsp: '/' },
  event(HELLO_EVENT, { kiosk: 1 }),
];
const ODD: readonly Packet[] = [
  event(MESSAGE_EVENT),
  event(MESSAGE_EVENT, null),
  event(MESSAGE_EVENT, 'x', 7),
  event(MESSAGE_EVENT, { t: 'ping' }, 7),
  event(MESSAGE_EVENT, { bytes: new Uint8Array(4) }),
  event('mm', 1),
  { ...event(MESSAGE_EVENT, request(1)), id: 12 },
  { ...event(MESSAGE_EVENT, request(1)), nsp: '/admin' },
];

/** What a decoder makes of a link's texts and buffers, or how it refuses them. */
function decoded(decoder: AnyDecoder, pieces: readonly unknown[]): unknown[] {
  const seen: unknown[] = [];
  decoder.on('decoded', (packet) => seen.push(packet));
  for (const piece of pieces) {
    try {
      decoder.add(piece);
    } catch {
      seen.push('refused');
    }
  }
  return seen;
}

describe("the mesh's parser", () => {
  it.each([...SAMPLES.map((message) => event(MESSAGE_EVENT, message)), ...GREETINGS, ...ODD])(
    'writes and reads what socket.io would: %j',
    (packet) => {
      const pieces = new Encoder().encode(packet);
      expect(pieces).toEqual(new AnyEncoder().encode(packet));
      expect(decoded(new Decoder(), pieces)).toEqual(decoded(new AnyDecoder(), pieces));
      expect(decoded(new Decoder(), pieces)).toHaveLength(1);
    },
  );

  it.each([
    ['2["m"'],
    ['2["m",'],
    ['2["m",{"t":1}'],
    ['2["m",1]x'],
    ['2["m",1][2]'],
    ['2["m",]'],
    ['2{"m":1}'],
    ['2["connect",1]'],
    ['3["m"]'],
    ['9["m"]'],
    [''],
    [Buffer.from('x')],
    // A packet with attachments is waited for, and nothing else is taken meanwhile.
    ['51-["m",{"_placeholder":true,"num":0}]', '2["m",1]', Buffer.from('x'), '2["m",2]'],
    ['52-["m",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from('x'), '2["m",1]', Buffer.from('y'), '2["m",2]'],
    ['51-["hello",{"_placeholder":true,"num":0}]', Buffer.from('x'), '2["m",2]'],
  ])('refuses what socket.io refuses, and takes what it takes: %j %j', (...pieces) => {
    expect(decoded(new Decoder(), pieces)).toEqual(decoded(new AnyDecoder(), pieces));
  });
});

describe('the text of a value', () => {
  const buy = {
    op: 'buy' as const,
    requestId: 'r',
    kiosk: 1,
    clerk: '\u5238"',
    issued: 0,
    at: 0,
    items: [{ event: 'match', category: 'adult', n: 1 }],
  };

  it("is its JSON, whatever was asked for before, and where the commands' texts were there already", () => {
    const batch = batchOf(
      [buy, { ...buy, requestId: 's' }],
      [buy, { ...buy, requestId: 's' }].map((command) => JSON.stringify(command)),
    );
    expect(valueText(batch)).toBe(JSON.stringify(batch));
    expect(valueText({ kind: 'no-op' })).toBe('{"kind":"no-op"}');
    expect(valueText(batch)).toBe(JSON.stringify(batch));
  });
});
