import { kioskIdSchema } from './ballot';
import { MAX_TIMEOUT_MS, type Request, SHOW_ENTRIES_MAX } from './requests';
import { hostSchema, nameIdSchema, portSchema } from './site';
import { MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY, requestIdSchema } from './values';

/** A typed line as a request, or what is wrong with it. `op` is the first word, for the answer. */
export type ParsedLine =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly op: string; readonly message: string };

export const HELP_TEXT = `buy <n> [event[/category]] [+ <n> event/category ...] [--id ID] [--timeout MS] [--clerk NAME]
                                 buy tickets, all or none
show [event] [--from SLOT] [--last N]
                                 the state, then the committed log
status                           this kiosk: role, leader, members, connections
add_kiosk <kiosk_id> [host:port] [--id ID] [--timeout MS]
                                 vote a running kiosk in, with progress
change add|remove <kiosk_id>     vote a kiosk in, or out
stop                             hand leadership over and leave in order
exit                             a hard kill, as a power cut
help                             this list`;

/** Commands of the design that this version does not know yet. */
const LATER = ['cancel', 'void', 'reprint', 'admit', 'verify'];
const KNOWN = ['buy', 'show', 'status', 'add_kiosk', 'change', 'stop', 'exit', 'help'];

class Mistake extends Error {}

/** Reads one line of a clerk or operator; null for an empty one. Never throws. */
export function parseLine(line: string): ParsedLine | null {
  const words = line.trim().split(/\s+/).filter(Boolean);
  const [op, ...rest] = words;
  if (op === undefined) return null;
  try {
    return { ok: true, request: request(op, rest) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return { ok: false, op, message: error.message };
  }
}

function request(op: string, words: readonly string[]): Request {
  switch (op) {
    case 'buy':
      return buy(words);
    case 'show':
      return show(words);
    case 'add_kiosk': {
      const { positional, options } = split(words, ['id', 'timeout', 'clerk']);
      return { op, ...target(op, positional), ...requestOptions(options) };
    }
    case 'change':
      return change(words);
    case 'status':
    case 'help':
    case 'stop':
    case 'exit':
      if (words.length > 0) throw new Mistake(`${op} stands alone; what is "${words.join(' ')}"?`);
      return { op };
    default:
      throw new Mistake(unknownCommand(op));
  }
}

function buy(words: readonly string[]): Request {
  const { positional, options } = split(words, ['id', 'timeout', 'clerk']);
  const lines: string[][] = [[]];
  for (const word of positional) {
    if (word === '+') lines.push([]);
    else lines.at(-1)!.push(word);
  }
  if (lines.length > MAX_ITEMS_PER_BUY) throw new Mistake(`one buy takes at most ${MAX_ITEMS_PER_BUY} lines`);
  const items = lines.map(([n, what, ...more], index) => {
    if (n === undefined)
      throw new Mistake(
        index === 0
          ? `say how many: buy <n>, a whole number from 1 to ${MAX_TICKETS_PER_BUY}`
          : 'after + comes a number and event/category',
      );
    if (more.length > 0) throw new Mistake(`buy takes a number and event/category; what is "${more.join(' ')}"?`);
    if (index > 0 && what === undefined) throw new Mistake(`after + comes a number and event/category, for example + ${n} match/child`);
    return { n: tickets(n), ...(what === undefined ? {} : eventCategory(what)) };
  });
  return { op: 'buy', items, ...requestOptions(options) };
}

function show(words: readonly string[]): Request {
  const { positional, options } = split(words, ['from', 'last']);
  const [event, ...more] = positional;
  if (more.length > 0) throw new Mistake(`show takes one event; what is "${more.join(' ')}"?`);
  if (event !== undefined) name(event, 'event');
  const from = options.get('from');
  const last = options.get('last');
  return {
    op: 'show',
    ...(event === undefined ? {} : { event }),
    ...(from === undefined ? {} : { from: whole(from, '--from', 1, Number.MAX_SAFE_INTEGER) }),
    ...(last === undefined ? {} : { last: whole(last, '--last', 1, SHOW_ENTRIES_MAX) }),
  };
}

function change(words: readonly string[]): Request {
  const [kind, ...rest] = words;
  if (kind === 'readmit' || kind === 'leader' || kind === 'address') throw new Mistake(`change ${kind} is not in this version yet`);
  if (kind !== 'add' && kind !== 'remove') throw new Mistake('say which change: change add <kiosk_id> or change remove <kiosk_id>');
  const { positional, options } = split(rest, ['id', 'timeout', 'clerk']);
  if (kind === 'remove' && positional.length > 1)
    throw new Mistake(`change remove takes a kiosk id; what is "${positional.slice(1).join(' ')}"?`);
  return { op: 'change', change: kind, ...target(`change ${kind}`, positional), ...requestOptions(options) };
}

function target(command: string, positional: readonly string[]): { kiosk: number; host?: string; port?: number } {
  const [id, address, ...more] = positional;
  if (id === undefined) throw new Mistake(`say which kiosk: ${command} <kiosk_id>, a whole number from 1 to 255`);
  if (more.length > 0) throw new Mistake(`${command} takes a kiosk id and host:port; what is "${more.join(' ')}"?`);
  const kiosk = kioskIdSchema.safeParse(numeral(id));
  if (!kiosk.success) throw new Mistake(`a kiosk id is a whole number from 1 to 255, not "${id}"`);
  if (address === undefined) return { kiosk: kiosk.data };
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const port = portSchema.safeParse(numeral(address.slice(at + 1)));
  if (at < 1 || !hostSchema.safeParse(host).success || !port.success) {
    throw new Mistake(`an address is host:port, for example 127.0.0.1:7404, not "${address}"`);
  }
  return { kiosk: kiosk.data, host, port: port.data };
}

function requestOptions(options: ReadonlyMap<string, string>): { id?: string; timeoutMs?: number; clerk?: string } {
  const id = options.get('id');
  const timeout = options.get('timeout');
  const clerk = options.get('clerk');
  if (id !== undefined && !requestIdSchema.safeParse(id).success)
    throw new Mistake(`--id must be 1 to 64 of A-Z a-z 0-9 . _ : -, not "${id}"`);
  if (clerk !== undefined && clerk.length > 64) throw new Mistake('--clerk takes at most 64 letters');
  return {
    ...(id === undefined ? {} : { id }),
    ...(timeout === undefined ? {} : { timeoutMs: whole(timeout, '--timeout', 1, MAX_TIMEOUT_MS) }),
    ...(clerk === undefined ? {} : { clerk }),
  };
}

function split(words: readonly string[], known: readonly string[]): { positional: string[]; options: Map<string, string> } {
  const positional: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (!word.startsWith('--')) {
      positional.push(word);
      continue;
    }
    const [option = '', inline] = word.slice(2).split(/=(.*)/s);
    if (!known.includes(option))
      throw new Mistake(`there is no option --${option} here; options: ${known.map((other) => `--${other}`).join(' ')}`);
    if (inline === undefined) index += 1;
    const value = inline ?? words[index];
    if (value === undefined || value === '') throw new Mistake(`--${option} needs a value`);
    options.set(option, value);
  }
  return { positional, options };
}

/** Digits only: "1e9", "1.5" and " 1" are no whole numbers here. */
function numeral(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
}

function tickets(text: string): number {
  const n = numeral(text);
  if (Number.isNaN(n) || n < 1)
    throw new Mistake(`the number of tickets is a whole number from 1 to ${MAX_TICKETS_PER_BUY}, not "${text}"`);
  if (n > MAX_TICKETS_PER_BUY) throw new Mistake(`one buy takes at most ${MAX_TICKETS_PER_BUY} tickets, not ${text}`);
  return n;
}

function whole(text: string, option: string, min: number, max: number): number {
  const value = numeral(text);
  if (Number.isNaN(value) || value < min || value > max) {
    throw new Mistake(
      `${option} is a whole number ${max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`}, not "${text}"`,
    );
  }
  return value;
}

function name(text: string, what: string): string {
  if (!nameIdSchema.safeParse(text).success) throw new Mistake(`"${text}" is no ${what} id: letters, digits, dots, dashes and underscores`);
  return text;
}

function eventCategory(text: string): { event: string; category?: string } {
  const [event = '', category, ...more] = text.split('/');
  if (more.length > 0) throw new Mistake(`say event/category, not "${text}"`);
  name(event, 'event');
  return category === undefined ? { event } : { event, category: name(category, 'category') };
}

function unknownCommand(op: string): string {
  if (LATER.includes(op)) return `${op} is not in this version yet`;
  const near = KNOWN.find((known) => distance(known, op.toLowerCase()) <= 2);
  return near === undefined ? `there is no command "${op}"; try help` : `there is no command "${op}"; did you mean ${near}?`;
}

/** Levenshtein distance, for a suggestion. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
