import { kioskIdSchema } from './ballot';
import { MAX_CAPACITY, MAX_ITEMS_PER_BUY, MAX_REASON_LETTERS, MAX_TICKETS_PER_BUY, PERMISSIONS } from './constants';
import { PAYMENT_KINDS } from './money';
import { officeRequest } from './officeLine';
import type { Payment } from './payment';
import { type Request, SHOW_ENTRIES_MAX } from './requests';
import { hostSchema, portSchema } from './site';
import { CHANGING_OPTIONS, freeText, Mistake, money, name, requestOptions, saleId, split, whole } from './typed';
import { closest, numeral, quoted } from './typing';
import { requestIdSchema } from './values';

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
    use: 'buy <n> [event[/category]] [+ <n> event/category ...] [--pay cash|card|free] [--given MONEY] [--expects MONEY] [--id ID] [--timeout MS] [--clerk NAME]',
    does: 'buy tickets, all or none; for exact cash, unless said otherwise',
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
  { name: 'reprint', use: 'reprint <sale> [--id ID] [--timeout MS]', does: 'print its tickets again, marked COPY n' },
  { name: 'admit', use: 'admit <code> [--id ID] [--timeout MS]', does: 'let somebody in with a ticket, once' },
  { name: 'verify', use: 'verify <code>', does: 'is it a good ticket? needs no network' },
  {
    name: 'event',
    use: 'event create <id> --capacity N [--price CATEGORY=MONEY,...] [--starts TIME] [--name TEXT]',
    does: 'a new event; TEXT takes the rest of the line',
  },
  { name: 'event', use: 'event open|close <id>', does: 'sell it, or stop selling it' },
  {
    name: 'event',
    use: 'event change <id> [--capacity N] [--price CATEGORY=MONEY,...] [--starts TIME|none] [--name TEXT]',
    does: 'never below what is sold',
  },
  {
    name: 'clerk',
    use: `clerk add <id> --pin PIN [--may all|PERMISSION,...] [--name TEXT]`,
    does: `somebody who sells at the windows; permissions: ${PERMISSIONS.join(', ')}`,
  },
  { name: 'clerk', use: 'clerk change <id> [--pin PIN] [--may ...] [--name TEXT]', does: 'a new PIN, permissions or name' },
  { name: 'clerk', use: 'clerk disable|enable <id>', does: 'can not, or can, sign in' },
  { name: 'shift', use: 'shift open <money> [--clerk NAME]', does: 'a drawer with so much cash in it' },
  { name: 'shift', use: 'shift close <money> [--shift N] [--clerk NAME]', does: 'the cash was counted: the Z report' },
  { name: 'shift', use: 'shift in|out <money> [--shift N] --reason TEXT', does: 'cash put into the drawer, or taken out' },
  { name: 'show', use: 'show [event] [--from SLOT] [--last N]', does: 'the state, then the committed log' },
  { name: 'status', use: 'status [--watch]', does: 'this kiosk: role, leader, members, connections; --watch: again whenever that changes' },
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
    use: 'recover <site> [event=N ...]',
    does: 'after a majority was lost for good: go on with this kiosk alone; what others sold without it is lost, and numbers up to N are not sold again',
  },
  { name: 'stop', use: 'stop', does: 'hand leadership over and leave in order' },
  { name: 'exit', use: 'exit', does: 'a hard kill, as a power cut' },
  { name: 'help', use: 'help', does: 'this list' },
];

const CHANGES = ['add', 'remove', 'readmit', 'leader', 'address'] as const;
const HELP_COLUMN = 33;

/** The list that `help` prints, in the client and in the window's console. */
export const HELP_TEXT = COMMANDS.flatMap(({ use, does }) =>
  use.length < HELP_COLUMN ? [`${use.padEnd(HELP_COLUMN)}${does}`] : [use, `${' '.repeat(HELP_COLUMN)}${does}`],
).join('\n');

/** First words of a line, each once. */
export const COMMAND_NAMES: readonly string[] = [...new Set(COMMANDS.map(({ name }) => name))];

const CHANGING: readonly string[] = ['buy', 'cancel', 'void', 'reprint', 'admit', 'event', 'clerk', 'shift', 'add_kiosk', 'change'];

/** The options of each command, as its use names them, each once. */
export const COMMAND_OPTIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  COMMAND_NAMES.map((name) => {
    const uses = COMMANDS.filter((command) => command.name === name).flatMap(({ use }) => use.match(/--[a-z]+/g) ?? []);
    return [name, [...new Set([...uses, ...(CHANGING.includes(name) ? CHANGING_OPTIONS.map((option) => `--${option}`) : [])])]];
  }),
);

/** True for a command that changes the state of the site: every answer to one has a request id, refused ones too. */
export function changesState(op: string): boolean {
  return CHANGING.includes(op);
}

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

/** `match=57`: numbers up to 57 of the event may have been sold in what is lost. */
function heldBackOf(word: string): { event: string; upTo: number } {
  const [event = '', upTo = ''] = word.split(/=(.*)/s);
  return { event: name(event, 'event'), upTo: whole(upTo, `${event}=N`, 1, MAX_CAPACITY) };
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
      if (site === undefined) throw new Mistake('say which site, to show that it is meant: recover <site>');
      const heldBack = more.map(heldBackOf);
      return { op, site: name(site, 'site'), ...(heldBack.length === 0 ? {} : { heldBack }) };
    }
    case 'reprint':
    case 'admit':
    case 'verify':
    case 'event':
    case 'clerk':
    case 'shift':
      return officeRequest(op, words);
    case 'status': {
      if (words.length === 1 && words[0] === '--watch') return { op, watch: true };
      if (words.length > 0) throw new Mistake(`status stands alone, or with --watch; what is ${quoted(words.join(' '))}?`);
      return { op };
    }
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
  const { positional, options } = split(words, [...CHANGING_OPTIONS, 'pay', 'given', 'expects']);
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
  return { op: 'buy', items, ...payment(options), ...requestOptions(options) };
}

function payment(options: ReadonlyMap<string, string>): { payment?: Payment; expects?: number } {
  const kind = options.get('pay');
  const given = options.get('given');
  const expects = options.get('expects');
  const known = PAYMENT_KINDS.find((other) => other === (kind ?? 'cash'));
  if (known === undefined) throw new Mistake(`--pay is ${PAYMENT_KINDS.join(', ')}, not ${quoted(kind ?? '')}`);
  if (given !== undefined && known !== 'cash') throw new Mistake(`--given is for cash; leave it out, or --pay ${known}`);
  const cash = given === undefined ? {} : { given: money(given, '--given') };
  return {
    ...(kind === undefined && given === undefined ? {} : { payment: known === 'cash' ? { kind: known, ...cash } : { kind: known } }),
    ...(expects === undefined ? {} : { expects: money(expects, '--expects') }),
  };
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
  const { before, text: reason } = freeText(words, 'reason', MAX_REASON_LETTERS);
  const { positional, options } = split(before, CHANGING_OPTIONS);
  const [sale, ...more] = positional;
  if (sale === undefined) throw new Mistake('say which sale: void <sale>, for example void 12.1');
  if (more.length > 0) throw new Mistake(`void takes one sale; what is ${quoted(more.join(' '))}?`);
  return { op: 'void', sale: saleId(sale), ...(reason === undefined ? {} : { reason }), ...requestOptions(options) };
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

function eventCategory(text: string): { event: string; category?: string } {
  const [event = '', category, ...more] = text.split('/');
  if (more.length > 0) throw new Mistake(`say event/category, not ${quoted(text)}`);
  name(event, 'event');
  return category === undefined ? { event } : { event, category: name(category, 'category') };
}

function unknownCommand(op: string): string {
  const near = closest(
    op,
    COMMANDS.map((command) => command.name),
  );
  return `there is no command ${quoted(op)}; ${near === null ? 'try help' : `did you mean ${near}?`}`;
}
