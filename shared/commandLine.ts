import { kioskIdSchema } from './ballot';
import { MAX_TIMEOUT_MS, type Request, SHOW_ENTRIES_MAX } from './requests';
import { hostSchema, nameIdSchema, portSchema } from './site';
import { closest, numeral, quoted } from './typing';
import { MAX_ITEMS_PER_BUY, MAX_REASON_LETTERS, MAX_TICKETS_PER_BUY, requestIdSchema, saleIdSchema } from './values';

/** A typed line as a request, or what is wrong with it. */
export type ParsedLine =
  | { readonly ok: true; readonly request: Request }
  | {
      readonly ok: false;
      /** The first word, for the answer. */
      readonly op: string;
      readonly message: string;
      /** The id that the line gives itself, if it is a good one: the refusal is answered under it. */
      readonly id?: string;
    };

/** What a clerk or operator can type: each command with what it does. */
const COMMANDS: readonly { readonly name: string; readonly use: string; readonly does: string }[] = [
  {
    name: 'buy',
    use: 'buy <n> [event[/category]] [+ <n> event/category ...] [--id ID] [--timeout MS] [--clerk NAME]',
    does: 'buy tickets, all or none',
  },
  {
    name: 'cancel',
    use: 'cancel <requestId> [--id ID] [--timeout MS]',
    does: 'give a request up: it is never sold, or its unprinted tickets go back',
  },
  {
    name: 'void',
    use: 'void <sale> [--id ID] [--timeout MS] [--reason TEXT]',
    does: 'undo a sale, for example 12.1; TEXT takes the rest of the line',
  },
  { name: 'show', use: 'show [event] [--from SLOT] [--last N]', does: 'the state, then the committed log' },
  { name: 'status', use: 'status', does: 'this kiosk: role, leader, members, connections' },
  {
    name: 'add_kiosk',
    use: 'add_kiosk <kiosk_id> [host:port] [--id ID] [--timeout MS]',
    does: 'vote a running kiosk in, with progress; change remove takes it back',
  },
  {
    name: 'change',
    use: 'change add|remove|readmit|leader <kiosk_id> [--id ID] [--timeout MS]',
    does: 'vote a kiosk in (as add_kiosk), or out; let one that lost its data vote again; hand leadership over',
  },
  { name: 'change', use: 'change address <kiosk_id> <host:port>', does: 'where the kiosk is found from now on' },
  {
    name: 'recover',
    use: 'recover <site>',
    does: 'after a majority was lost for good: go on with this kiosk alone; what others sold without it is lost',
  },
  { name: 'stop', use: 'stop', does: 'hand leadership over and leave in order' },
  { name: 'exit', use: 'exit', does: 'a hard kill, as a power cut' },
  { name: 'help', use: 'help', does: 'this list' },
];

/** Commands of the design that this version does not know yet. */
const LATER = ['reprint', 'admit', 'verify'];
const CHANGES = ['add', 'remove', 'readmit', 'leader', 'address'] as const;
/** Options of what changes state. */
const CHANGING_OPTIONS = ['id', 'timeout', 'clerk'];
const CLERK_LETTERS_MAX = 64;
const HELP_COLUMN = 33;

/** The list that `help` prints, in the client and in the window's console. */
export const HELP_TEXT = COMMANDS.flatMap(({ use, does }) =>
  use.length < HELP_COLUMN ? [`${use.padEnd(HELP_COLUMN)}${does}`] : [use, `${' '.repeat(HELP_COLUMN)}${does}`],
).join('\n');

const CHANGING: readonly string[] = ['buy', 'cancel', 'void', 'add_kiosk', 'change'];

/** True for a command that changes the state of the site: every answer to one has a request id, refused ones too. */
export function changesState(op: string): boolean {
  return CHANGING.includes(op) || (LATER.includes(op) && op !== 'verify');
}

class Mistake extends Error {}

/** Reads one line of a clerk or operator; null for an empty one. Never throws. */
export function parseLine(line: string): ParsedLine | null {
  const words = line.split(/\s+/).filter(Boolean);
  const [op, ...rest] = words;
  if (op === undefined) return null;
  try {
    return { ok: true, request: request(op, rest) };
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const id = changesState(op) ? givenId(rest) : undefined;
    return { ok: false, op, message: error.message, ...(id === undefined ? {} : { id }) };
  }
}

function request(op: string, words: readonly string[]): Request {
  switch (op) {
    case 'buy':
      return buy(words);
    case 'show':
      return show(words);
    case 'add_kiosk': {
      const { positional, options } = split(words, CHANGING_OPTIONS);
      return { op, ...target(op, positional), ...requestOptions(options) };
    }
    case 'change':
      return change(words);
    case 'cancel':
      return cancel(words);
    case 'void':
      return undo(words);
    case 'recover': {
      const [site, ...more] = words;
      if (site === undefined || more.length > 0) throw new Mistake('say which site, to show that it is meant: recover <site>');
      return { op, site: name(site, 'site') };
    }
    case 'status':
    case 'help':
    case 'stop':
    case 'exit':
      if (words.length > 0) throw new Mistake(`${op} stands alone; what is ${quoted(words.join(' '))}?`);
      return { op };
    default:
      throw new Mistake(unknownCommand(op));
  }
}

function buy(words: readonly string[]): Request {
  const { positional, options } = split(words, CHANGING_OPTIONS);
  const lines: string[][] = [[]];
  for (const word of positional) {
    if (word === '+') lines.push([]);
    else lines.at(-1)!.push(word);
  }
  if (lines.length > MAX_ITEMS_PER_BUY) throw new Mistake(`one buy takes at most ${MAX_ITEMS_PER_BUY} lines, not ${lines.length}`);
  const items = lines.map(([n, what, ...more], index) => {
    if (n === undefined)
      throw new Mistake(
        index === 0
          ? `say how many: buy <n>, a whole number from 1 to ${MAX_TICKETS_PER_BUY}`
          : 'after + comes a number and event/category, for example + 2 match/child',
      );
    if (more.length > 0) throw new Mistake(`buy takes a number and event/category; what is ${quoted(more.join(' '))}?`);
    const count = tickets(n);
    if (index > 0 && what === undefined) throw new Mistake(`after + comes a number and event/category, for example + ${count} match/child`);
    return { n: count, ...(what === undefined ? {} : eventCategory(what)) };
  });
  const sum = items.reduce((before, { n }) => before + n, 0);
  if (sum > MAX_TICKETS_PER_BUY) throw new Mistake(tooMany(String(sum)));
  return { op: 'buy', items, ...requestOptions(options) };
}

function cancel(words: readonly string[]): Request {
  const { positional, options } = split(words, CHANGING_OPTIONS);
  const [target, ...more] = positional;
  if (target === undefined) throw new Mistake('say which request: cancel <requestId>, the id that its answer had');
  if (more.length > 0) throw new Mistake(`cancel takes one request id; what is ${quoted(more.join(' '))}?`);
  if (!requestIdSchema.safeParse(target).success) throw new Mistake(`${quoted(target)} is no request id: 1 to 64 of A-Z a-z 0-9 . _ : -`);
  const given = requestOptions(options);
  if (given.id === target) throw new Mistake('a request can not give itself up: leave out --id, or take another');
  return { op: 'cancel', target, ...given };
}

function undo(words: readonly string[]): Request {
  // A reason is free text: it takes the rest of the line.
  const at = words.findIndex((word) => word === '--reason' || word.startsWith('--reason='));
  const before = at === -1 ? words : words.slice(0, at);
  const reason =
    at === -1
      ? undefined
      : words
          .slice(at)
          .join(' ')
          .slice('--reason'.length + 1)
          .trim();
  if (reason === '') throw new Mistake('--reason needs a text');
  if (reason !== undefined && reason.length > MAX_REASON_LETTERS) throw new Mistake(`--reason takes at most ${MAX_REASON_LETTERS} letters`);
  const { positional, options } = split(before, CHANGING_OPTIONS);
  const [sale, ...more] = positional;
  if (sale === undefined) throw new Mistake('say which sale: void <sale>, for example void 12.1');
  if (more.length > 0) throw new Mistake(`void takes one sale; what is ${quoted(more.join(' '))}?`);
  if (!saleIdSchema.safeParse(sale).success) throw new Mistake(`${quoted(sale)} is no sale: it has a slot and a number, for example 12.1`);
  return { op: 'void', sale, ...(reason === undefined ? {} : { reason }), ...requestOptions(options) };
}

function show(words: readonly string[]): Request {
  const { positional, options } = split(words, ['from', 'last']);
  const [event, ...more] = positional;
  if (more.length > 0) throw new Mistake(`show takes one event; what is ${quoted(more.join(' '))}?`);
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
  const known = CHANGES.find((change) => change === kind);
  if (known === undefined) {
    const what = kind === undefined ? '' : `, not ${quoted(kind)}`;
    throw new Mistake(`say which change: change ${CHANGES.join('|')} <kiosk_id>${what}`);
  }
  const { positional, options } = split(rest, CHANGING_OPTIONS);
  const addressed = known === 'add' || known === 'address';
  if (!addressed && positional.length > 1)
    throw new Mistake(`change ${known} takes a kiosk id alone; what is ${quoted(positional.slice(1).join(' '))}?`);
  if (known === 'address' && positional.length === 1) throw new Mistake('say where: change address <kiosk_id> <host:port>');
  return { op: 'change', change: known, ...target(`change ${known}`, positional), ...requestOptions(options) };
}

function target(command: string, positional: readonly string[]): { kiosk: number; host?: string; port?: number } {
  const [id, where, ...more] = positional;
  if (id === undefined) throw new Mistake(`say which kiosk: ${command} <kiosk_id>, a whole number from 1 to 255`);
  if (more.length > 0) throw new Mistake(`${command} takes a kiosk id and host:port; what is ${quoted(more.join(' '))}?`);
  const kiosk = kioskIdSchema.safeParse(numeral(id));
  if (!kiosk.success) throw new Mistake(`a kiosk id is a whole number from 1 to 255, not ${quoted(id)}`);
  return where === undefined ? { kiosk: kiosk.data } : { kiosk: kiosk.data, ...address(where) };
}

/** host:port; an IPv6 address, which has colons of its own, stands in brackets. */
function address(text: string): { host: string; port: number } {
  const [, six, plain, digits = ''] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text) ?? [];
  const host = six ?? plain ?? '';
  const port = portSchema.safeParse(numeral(digits));
  const good = six === undefined ? hostSchema.safeParse(host).success : hostSchema.safeParse(host).success && six.includes(':');
  if (!good || !port.success)
    throw new Mistake(`an address is host:port with a port from 1 to 65535, for example 127.0.0.1:7404 or [::1]:7404, not ${quoted(text)}`);
  return { host, port: port.data };
}

function requestOptions(options: ReadonlyMap<string, string>): { id?: string; timeoutMs?: number; clerk?: string } {
  const id = options.get('id');
  const timeout = options.get('timeout');
  const clerk = options.get('clerk');
  if (id !== undefined && !requestIdSchema.safeParse(id).success)
    throw new Mistake(`--id must be 1 to 64 of A-Z a-z 0-9 . _ : -, not ${quoted(id)}`);
  if (clerk !== undefined && clerk.length > CLERK_LETTERS_MAX) throw new Mistake(`--clerk takes at most ${CLERK_LETTERS_MAX} letters`);
  return {
    ...(id === undefined ? {} : { id }),
    ...(timeout === undefined ? {} : { timeoutMs: whole(timeout, '--timeout', 1, MAX_TIMEOUT_MS, ' milliseconds') }),
    ...(clerk === undefined ? {} : { clerk }),
  };
}

/** Words that are no options, and options with their values, `--id x` and `--id=x` alike. */
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
      throw new Mistake(`there is no option ${quoted(`--${option}`)} here; options: ${known.map((other) => `--${other}`).join(' ')}`);
    if (options.has(option)) throw new Mistake(`--${option} is given twice`);
    if (inline === undefined) index += 1;
    const value = inline ?? words[index];
    if (value === undefined || value === '') throw new Mistake(`--${option} needs a value`);
    options.set(option, value);
  }
  return { positional, options };
}

/** The id in a line that is wrong elsewhere. */
function givenId(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '--id' || word.startsWith('--id='));
  if (at === -1) return undefined;
  const word = words[at]!;
  const id = requestIdSchema.safeParse(word === '--id' ? words[at + 1] : word.slice('--id='.length));
  return id.success ? id.data : undefined;
}

function tickets(text: string): number {
  const n = numeral(text);
  if (Number.isNaN(n) || n < 1)
    throw new Mistake(`the number of tickets is a whole number from 1 to ${MAX_TICKETS_PER_BUY}, not ${quoted(text)}`);
  if (n > MAX_TICKETS_PER_BUY) throw new Mistake(tooMany(text));
  return n;
}

function tooMany(asked: string): string {
  return `one buy takes at most ${MAX_TICKETS_PER_BUY} tickets, not ${asked}`;
}

function whole(text: string, option: string, min: number, max: number, unit = ''): number {
  const value = numeral(text);
  if (Number.isNaN(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}${unit}`;
    throw new Mistake(`${option} is a whole number ${range}, not ${quoted(text)}`);
  }
  return value;
}

function name(text: string, what: string): string {
  if (!nameIdSchema.safeParse(text).success)
    throw new Mistake(`${quoted(text)} is no ${what} id: 1 to 64 letters, digits, dots, dashes and underscores`);
  return text;
}

function eventCategory(text: string): { event: string; category?: string } {
  const [event = '', category, ...more] = text.split('/');
  if (more.length > 0) throw new Mistake(`say event/category, not ${quoted(text)}`);
  name(event, 'event');
  return category === undefined ? { event } : { event, category: name(category, 'category') };
}

function unknownCommand(op: string): string {
  if (LATER.includes(op)) return `${op} is not in this version yet`;
  const near = closest(
    op,
    COMMANDS.map((command) => command.name),
  );
  return `there is no command ${quoted(op)}; ${near === null ? 'try help' : `did you mean ${near}?`}`;
}
