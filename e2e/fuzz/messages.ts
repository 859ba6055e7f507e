import type { Random } from '../../main/simulator/random';
import { type Message, messageSchema } from '../../shared/messages';

/** Protocol messages that are wrong in one way or in many; a right one is never among them. */

const BALLOT = { round: 3, priority: 0, kiosk: 2, incarnation: '0123456789abcdef' };
const STATUS = {
  promised: BALLOT,
  claims: false,
  serves: false,
  connected: true,
  content: true,
  chosen: 4,
  applied: 4,
  firstSlot: 1,
  slow: false,
};
const MEMBER = { kiosk: 2, incarnation: '0123456789abcdef', name: 'Two', host: '127.0.0.1', port: 7402, priority: 0 };
const EVENT = { id: 'match', name: 'Match', capacity: 10, categories: [{ id: 'adult', name: 'Adult', price: 1 }] };
const COMMAND = {
  op: 'buy',
  requestId: 'r',
  kiosk: 1,
  clerk: 'x',
  issued: 0,
  at: 0,
  items: [{ event: 'match', category: 'adult', n: 1 }],
} as const;
const NO_OP = { kind: 'no-op' } as const;

/** One of each type that is as it should be, to begin with. */
export const SAMPLES: readonly Message[] = [
  { t: 'ping', round: 1, status: STATUS },
  { t: 'pong', round: 1, status: STATUS },
  { t: 'prepare', ballot: BALLOT, from: 1 },
  { t: 'promise', ballot: BALLOT, from: 1, chosen: 4, entries: [{ slot: 5, ballot: BALLOT, value: NO_OP }] },
  {
    t: 'accept',
    ballot: BALLOT,
    chosen: 4,
    entries: [{ slot: 5, value: { kind: 'batch', commands: [{ ...COMMAND, items: [...COMMAND.items] }] } }],
  },
  { t: 'accepted', ballot: BALLOT, slots: [5] },
  { t: 'reject', ballot: BALLOT, promised: BALLOT },
  { t: 'commit', ballot: BALLOT, chosen: 4 },
  { t: 'hold', ballot: BALLOT, slot: 4 },
  { t: 'held', ballot: BALLOT, slot: 4 },
  { t: 'log-request', from: 1 },
  { t: 'log-page', entries: [{ slot: 5, ballot: BALLOT, value: NO_OP }], chosen: 5 },
  { t: 'snapshot-request', slot: 0, part: 0 },
  { t: 'snapshot-page', slot: 4, hash: 'a'.repeat(64), part: 0, parts: 1, kind: 'head', bytes: new Uint8Array(4) },
  { t: 'history-request', to: 4 },
  { t: 'history-page', to: 4, before: 'a'.repeat(64), entries: [] },
  { t: 'forward', commands: [{ ...COMMAND, items: [...COMMAND.items] }], hops: 0 },
  { t: 'read', id: 'r', hops: 0 },
  { t: 'read-index', id: 'r', index: 4 },
  { t: 'sign', founding: { kind: 'founding', uid: 'uid00000', members: [MEMBER], events: [EVENT] } },
  { t: 'hand-over', ballot: BALLOT, chosen: 4 },
  { t: 'printer', label: 'Office', state: 'ready' },
];

const ODD_TEXTS = [
  '',
  '__proto__',
  'constructor',
  '\u0000',
  '\u2028',
  '\ud800',
  '%s%n',
  '../../etc/passwd',
  '9'.repeat(400),
  'x'.repeat(5_000),
];
const LONG = 100_000;
const DEEP = 2_000;
const PLACES_DEPTH = 6;

/** Any value that JSON can carry. */
function anything(random: Random, depth = 3): unknown {
  switch (random.int(0, depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([-1, 0.5, 2 ** 53, -(2 ** 53), 1e308, 256, 2 ** 31, 2 ** 32]);
    case 3:
      return random.int(-10, 1_000_000);
    case 4:
      return random.pick(ODD_TEXTS);
    case 5:
      return String.fromCodePoint(...Array.from({ length: random.int(1, 20) }, () => random.int(1, 0xd7ff)));
    case 6:
      return random.chance(0.02) ? 'x'.repeat(random.int(1, LONG)) : random.pick(SAMPLES).t;
    case 7:
      return Array.from({ length: random.int(0, 5) }, () => anything(random, depth - 1));
    case 8:
      return Object.fromEntries(
        Array.from({ length: random.int(0, 4) }, () => [random.pick([...ODD_TEXTS, 't', 'ballot', 'slot']), anything(random, depth - 1)]),
      );
    default:
      return nested(random.chance(0.05) ? DEEP : random.int(1, 40));
  }
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The places in a value, as paths, down to a message's own depth. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null || path.length >= PLACES_DEPTH) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => places((value as Record<string | number, unknown>)[key], [...path, key]))];
}

/** A copy with something else at that place; with `undefined` the member is left out. */
function replaced(value: unknown, [step, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, by) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [step]: replaced(object[step], rest, by) };
}

/** A value that is no message of the protocol. */
export function malformed(random: Random): unknown {
  for (;;) {
    const value = random.chance(0.15) ? anything(random) : mutated(random);
    if (!messageSchema.safeParse(value).success) return value;
  }
}

function mutated(random: Random): unknown {
  let value: unknown = random.pick(SAMPLES);
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    const place = random.pick(places(value).slice(1));
    if (place === undefined) break;
    value = replaced(value, place, random.chance(0.3) ? undefined : anything(random));
  }
  return value;
}
