import { clerkIdSchema, pinSchema } from './clerks';
import { CODE_LETTERS_MAX, MAX_CAPACITY, MAX_REASON_LETTERS, PERMISSIONS, type Permission } from './constants';
import type { Request } from './requests';
import { eventSchema } from './site';
import { CHANGING_OPTIONS, freeText, Mistake, money, name, requestOptions, saleId, split, whole } from './typed';
import { quoted } from './typing';

const NAME_LETTERS_MAX = 120;
/** What an event costs where nobody says: one category, free. */
const FREE_ENTRY = [{ id: 'adult', name: 'Adult', price: 0 }];

/** Reads the commands of a box office's day beside selling: tickets again, the door, events, clerks and drawers. */
export function officeRequest(op: 'reprint' | 'admit' | 'verify' | 'event' | 'clerk' | 'shift', words: readonly string[]): Request {
  switch (op) {
    case 'reprint': {
      const { positional, options } = split(words, CHANGING_OPTIONS);
      return { op, sale: saleId(one(positional, 'say which sale: reprint <sale>, for example reprint 12.1')), ...requestOptions(options) };
    }
    case 'admit': {
      const { positional, options } = split(words, CHANGING_OPTIONS);
      return { op, code: code(positional, op), ...requestOptions(options) };
    }
    case 'verify':
      return { op, code: code(split(words, []).positional, op) };
    case 'event':
      return event(words);
    case 'clerk':
      return clerk(words);
    case 'shift':
      return shift(words);
  }
}

function event(words: readonly string[]): Request {
  const [kind, ...rest] = words;
  const { before, text } = freeText(rest, 'name', NAME_LETTERS_MAX);
  switch (kind) {
    case 'open':
    case 'close': {
      const { positional, options } = split(rest, CHANGING_OPTIONS);
      return { op: 'event', action: { kind, event: eventId(positional, kind) }, ...requestOptions(options) };
    }
    case 'create': {
      const { positional, options } = split(before, [...CHANGING_OPTIONS, 'capacity', 'price', 'starts']);
      const id = eventId(positional, kind);
      const capacity = options.get('capacity');
      const price = options.get('price');
      const starts = options.get('starts');
      if (capacity === undefined) throw new Mistake('say how many tickets there are: --capacity N');
      const categories =
        price === undefined ? FREE_ENTRY : prices(price).map((one) => ({ id: one.category, name: titled(one.category), price: one.price }));
      const made = {
        id,
        name: text ?? titled(id),
        capacity: whole(capacity, '--capacity', 1, MAX_CAPACITY),
        categories,
        ...(starts === undefined ? {} : { starts: time(starts) }),
      };
      return { op: 'event', action: { kind, event: made }, ...requestOptions(options) };
    }
    case 'change': {
      const { positional, options } = split(before, [...CHANGING_OPTIONS, 'capacity', 'price', 'starts']);
      const capacity = options.get('capacity');
      const price = options.get('price');
      const starts = options.get('starts');
      if (text === undefined && capacity === undefined && price === undefined && starts === undefined)
        throw new Mistake('say what is to be changed: --capacity, --price, --starts or --name');
      const action = {
        kind: 'change' as const,
        event: eventId(positional, kind),
        ...(text === undefined ? {} : { name: text }),
        ...(capacity === undefined ? {} : { capacity: whole(capacity, '--capacity', 1, MAX_CAPACITY) }),
        ...(price === undefined ? {} : { prices: prices(price) }),
        ...(starts === undefined ? {} : { starts: starts === 'none' ? null : time(starts) }),
      };
      return { op: 'event', action, ...requestOptions(options) };
    }
    default:
      throw new Mistake(`say what to do with which event: event create|open|close|change <id>${notThat(kind)}`);
  }
}

function clerk(words: readonly string[]): Request {
  const [kind, ...rest] = words;
  const { before, text } = freeText(rest, 'name', NAME_LETTERS_MAX);
  const { positional, options } = split(before, [...CHANGING_OPTIONS, 'pin', 'may']);
  const target = () => {
    const id = one(positional, `say which clerk: clerk ${kind} <id>`);
    if (!clerkIdSchema.safeParse(id).success)
      throw new Mistake(`${quoted(id)} is no clerk id: 1 to 64 letters, digits, dots, dashes and underscores, and not "operator"`);
    return id;
  };
  const pin = options.get('pin');
  const may = options.get('may');
  if (pin !== undefined && !pinSchema.safeParse(pin).success) throw new Mistake('--pin is 4 to 12 digits');
  const given = requestOptions(options);
  switch (kind) {
    case 'add': {
      const id = target();
      if (pin === undefined) throw new Mistake('say a PIN of 4 to 12 digits: --pin PIN');
      const permissions: Permission[] = may === undefined ? ['sell', 'reprint', 'admit'] : permitted(may);
      return { op: 'clerk', action: { kind, target: id, name: text ?? titled(id), permissions, pin }, ...given };
    }
    case 'change': {
      const id = target();
      if (pin === undefined && may === undefined && text === undefined)
        throw new Mistake('say what is to be changed: --pin, --may or --name');
      const changed = {
        ...(text === undefined ? {} : { name: text }),
        ...(may === undefined ? {} : { permissions: permitted(may) }),
        ...(pin === undefined ? {} : { pin }),
      };
      return { op: 'clerk', action: { kind, target: id, ...changed }, ...given };
    }
    case 'disable':
    case 'enable': {
      const id = target();
      if (pin !== undefined || may !== undefined || text !== undefined)
        throw new Mistake(`clerk ${kind} takes a clerk alone; change the rest with: clerk change ${id}`);
      return { op: 'clerk', action: { kind: 'change', target: id, active: kind === 'enable' }, ...given };
    }
    default:
      throw new Mistake(`say what to do with which clerk: clerk add|change|disable|enable <id>${notThat(kind)}`);
  }
}

function shift(words: readonly string[]): Request {
  const [kind, ...rest] = words;
  const { before, text: reason } = freeText(rest, 'reason', MAX_REASON_LETTERS);
  switch (kind) {
    case 'open': {
      const { positional, options } = split(rest, CHANGING_OPTIONS);
      return {
        op: 'shift',
        action: { kind, float: amount(positional, 'say how much cash is in the drawer: shift open <money>') },
        ...requestOptions(options),
      };
    }
    case 'close': {
      const { positional, options } = split(rest, [...CHANGING_OPTIONS, 'shift']);
      const counted = amount(positional, 'say how much cash was counted: shift close <money>');
      return { op: 'shift', action: { kind, ...shiftNumber(options), counted }, ...requestOptions(options) };
    }
    case 'in':
    case 'out': {
      const { positional, options } = split(before, [...CHANGING_OPTIONS, 'shift']);
      const cents = amount(positional, `say how much: shift ${kind} <money> --reason TEXT`);
      if (cents === 0) throw new Mistake('0 is no movement of cash');
      if (reason === undefined) throw new Mistake('say why: --reason TEXT');
      return { op: 'shift', action: { kind, ...shiftNumber(options), cents, reason }, ...requestOptions(options) };
    }
    default:
      throw new Mistake(`say what to do with the drawer: shift open|close|in|out <money>${notThat(kind)}`);
  }
}

function one(positional: readonly string[], otherwise: string): string {
  const [word, ...more] = positional;
  if (word === undefined) throw new Mistake(otherwise);
  if (more.length > 0) throw new Mistake(`${otherwise}; what is ${quoted(more.join(' '))}?`);
  return word;
}

function code(positional: readonly string[], op: string): string {
  const text = one(positional, `say which code: ${op} <code>, as it is printed on the ticket`);
  if (text.length > CODE_LETTERS_MAX) throw new Mistake(`a code has at most ${CODE_LETTERS_MAX} letters`);
  return text;
}

function eventId(positional: readonly string[], kind: string): string {
  return name(one(positional, `say which event: event ${kind} <id>`), 'event');
}

function shiftNumber(options: ReadonlyMap<string, string>): { shift?: number } {
  const shift = options.get('shift');
  return shift === undefined ? {} : { shift: whole(shift, '--shift', 1, 0xffff_ffff) };
}

function amount(positional: readonly string[], otherwise: string): number {
  return money(one(positional, otherwise), 'that');
}

function prices(text: string): { category: string; price: number }[] {
  return text.split(',').map((pair) => {
    const [category = '', price, ...more] = pair.split('=');
    if (price === undefined || more.length > 0)
      throw new Mistake(`--price is CATEGORY=MONEY, for example adult=12.50,child=5, not ${quoted(pair)}`);
    return { category: name(category, 'category'), price: money(price, `the price of ${category}`) };
  });
}

function permitted(text: string): Permission[] {
  if (text === 'all') return [...PERMISSIONS];
  return text.split(',').map((word) => {
    const permission = PERMISSIONS.find((known) => known === word);
    if (permission === undefined)
      throw new Mistake(`there is no permission ${quoted(word)}; permissions: all, or some of ${PERMISSIONS.join(',')}`);
    return permission;
  });
}

function time(text: string): string {
  const parsed = eventSchema.shape.starts.safeParse(text);
  if (!parsed.success || parsed.data === undefined)
    throw new Mistake(`--starts is a time with its offset, for example 2026-11-28T19:00:00-08:00, not ${quoted(text)}`);
  return parsed.data;
}

/** A name for what has only an id. */
function titled(id: string): string {
  const words = id.replace(/[._-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function notThat(kind: string | undefined): string {
  return kind === undefined ? '' : `, not ${quoted(kind)}`;
}
