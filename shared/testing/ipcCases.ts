import type { AssistantArgument, AssistantChannel } from '../assistant';
import { EMPTY_TILL } from '../constants';
import type { IpcArgument, IpcChannel } from '../ipc';

/** What one request of a page takes; all else is refused. */
export interface IpcCase<A> {
  readonly good: A;
  /** Members of it that may be left out. */
  readonly optional?: readonly string[];
}

/** One for each request of the kiosk's page: a new request without its case does not compile, and fails its test. */
export const IPC_CASES: { readonly [C in IpcChannel]: IpcCase<IpcArgument<C>> } = {
  'kiosk:execute': { good: { op: 'reprint', sale: '2.1', id: 'r1', timeoutMs: 1_000 }, optional: ['id', 'timeoutMs'] },
  'kiosk:approve': { good: { request: { op: 'void', sale: '2.1' }, approval: { clerk: 'mia', pin: '4711' } } },
  'kiosk:sign-in': { good: { clerk: 'mia', pin: '4711' } },
  'kiosk:sign-out': { good: undefined },
  'kiosk:lock': { good: undefined },
  'kiosk:search': { good: { event: 'match', from: 0, kiosk: 1, limit: 20 }, optional: ['event', 'from', 'kiosk'] },
  'kiosk:report': { good: { event: 'match', from: 0, to: 1 }, optional: ['event', 'from', 'to'] },
  'kiosk:shifts': { good: { before: 3, limit: 10 } },
  'kiosk:export': { good: { what: 'sales', query: { event: 'match' } } },
  'kiosk:page-pdf': { good: { name: 'report' } },
  'kiosk:membership-changes': { good: undefined },
  'kiosk:console': { good: 'status' },
  'kiosk:view': { good: undefined },
  'kiosk:log': { good: { from: 1, limit: 10 } },
  'kiosk:tickets': { good: { sale: '2.1' } },
  'kiosk:print': {
    good: { sale: '2.1', tickets: [{ event: 'match', number: 1 }], receipt: false, printer: null, paper: 'ticket' },
    optional: ['tickets', 'receipt'],
  },
  'kiosk:print-queue': { good: undefined },
  'kiosk:print-answer': { good: { id: 'qk-1-a', answer: 'copy' } },
  'kiosk:print-choice': { good: { printer: 'front', paper: 'a4' } },
  'kiosk:open-sales': { good: undefined },
  'kiosk:seen': { good: { requestId: 'r1' } },
  'kiosk:settings': { good: undefined },
  'kiosk:locked-to-counter': { good: undefined },
  'kiosk:till': { good: undefined },
  'kiosk:keep-till': { good: EMPTY_TILL },
  'kiosk:sale': { good: { sale: '2.1' } },
  'kiosk:set-settings': { good: { language: 'de', theme: 'dark', lockMinutes: 5 } },
};

/** The same for the page of the first start. */
export const ASSISTANT_CASES: { readonly [C in AssistantChannel]: IpcCase<AssistantArgument<C>> } = {
  'assistant:state': { good: undefined },
  'assistant:read': { good: 'a file' },
  'assistant:choose': { good: undefined },
  'assistant:open': { good: { text: 'a file', code: 'a code' } },
  'assistant:test-print': { good: { printer: 'front' } },
  'assistant:finish': { good: { kioskMode: true, startAtLogin: true, language: 'en', printer: null } },
};

/** Longer than anything that a page has to say. */
const HUGE = 5 * 1024 * 1024;

const EMPTY: ReadonlySet<string> = new Set(['nothing in it', 'a date']);

/** What a page that is no longer ours may send instead, as far as it can cross at all: named, and none of it good for anything. */
export function hostileArguments({ good, optional = [] }: IpcCase<unknown>): readonly (readonly [name: string, argument: unknown])[] {
  const wrong: (readonly [string, unknown])[] = [
    ['null', null],
    ['a number', -1],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a huge text', 'x'.repeat(HUGE)],
    ['a truth', true],
    ['a list', []],
    ['a long list', Array.from({ length: 10_000 }, () => null)],
    ['nothing in it', {}],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(100)],
    ['prototypes', JSON.parse('{"__proto__":{"op":"show","sale":"2.1"},"constructor":{"prototype":{"ok":true}}}')],
    ['deep', JSON.parse(`${'{"items":'.repeat(500)}{}${'}'.repeat(500)}`)],
  ];
  if (good !== undefined) wrong.push(['nothing', undefined]);
  if (typeof good !== 'string') wrong.push(['a text', '../../../etc/passwd']);
  if (typeof good !== 'object' || good === null) return wrong;
  const fields = Object.entries(good);
  // Where all may be left out, nothing is something that it takes.
  if (fields.every(([field]) => optional.includes(field))) wrong.splice(0, wrong.length, ...wrong.filter(([name]) => !EMPTY.has(name)));
  for (const [field] of fields) {
    if (!optional.includes(field)) wrong.push([`without ${field}`, Object.fromEntries(fields.filter(([other]) => other !== field))]);
    for (const [name, value] of [
      ['a huge text', 'x'.repeat(HUGE)],
      ['a number that is none', Number.NaN],
      ['a part of a number', 0.5],
      ['a method', { toString: 'x', valueOf: 'x' }],
      ['lists', [[], []]],
    ] as const)
      wrong.push([`${field}: ${name}`, { ...good, [field]: value }]);
  }
  wrong.push(['one more member', { ...good, more: 1 }]);
  wrong.push(['a prototype of its own', JSON.parse(JSON.stringify(good).replace('{', '{"__proto__":{"more":1},"constructor":1,'))]);
  return wrong;
}
