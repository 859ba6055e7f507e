import { plainMoney } from './money';
import { centsSchema, MAX_AMOUNT_CENTS } from './payment';
import { MAX_TIMEOUT_MS } from './requests';
import { nameIdSchema } from './site';
import { numeral, quoted } from './typing';
import { requestIdSchema, saleIdSchema } from './values';

/** Options of what changes state. */
export const CHANGING_OPTIONS = ['id', 'timeout', 'clerk'];
const CLERK_LETTERS_MAX = 64;

/** What is wrong with a typed line, as a sentence; never leaves `parseLine`. */
export class Mistake extends Error {}

export function requestOptions(options: ReadonlyMap<string, string>): { id?: string; timeoutMs?: number; clerk?: string } {
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
export function split(words: readonly string[], known: readonly string[]): { positional: string[]; options: Map<string, string> } {
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

export function whole(text: string, option: string, min: number, max: number, unit = ''): number {
  const value = numeral(text);
  if (Number.isNaN(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}${unit}`;
    throw new Mistake(`${option} is a whole number ${range}, not ${quoted(text)}`);
  }
  return value;
}

export function name(text: string, what: string): string {
  if (!nameIdSchema.safeParse(text).success)
    throw new Mistake(`${quoted(text)} is no ${what} id: 1 to 64 letters, digits, dots, dashes and underscores`);
  return text;
}

export function saleId(text: string): string {
  if (!saleIdSchema.safeParse(text).success) throw new Mistake(`${quoted(text)} is no sale: it has a slot and a number, for example 12.1`);
  return text;
}

/** An amount as it is spoken, 12 or 12.50, in cents. */
export function money(text: string, what: string): number {
  const [, units = '', cents = ''] = /^(\d{1,9})(?:\.(\d\d))?$/.exec(text) ?? [];
  const amount = centsSchema.safeParse(units === '' ? Number.NaN : Number(units) * 100 + Number(cents));
  if (!amount.success)
    throw new Mistake(`${what} is an amount up to ${plainMoney(MAX_AMOUNT_CENTS)}, for example 12 or 12.50, not ${quoted(text)}`);
  return amount.data;
}

/** A text that takes the rest of the line, after an option such as `--reason`. */
export function freeText(
  words: readonly string[],
  option: string,
  lettersMax: number,
): { readonly before: readonly string[]; readonly text: string | undefined } {
  const at = words.findIndex((word) => word === `--${option}` || word.startsWith(`--${option}=`));
  if (at === -1) return { before: words, text: undefined };
  const text = words
    .slice(at)
    .join(' ')
    .slice(`--${option}`.length + 1)
    .trim();
  if (text === '') throw new Mistake(`--${option} needs a text`);
  if (text.length > lettersMax) throw new Mistake(`--${option} takes at most ${lettersMax} letters`);
  return { before: words.slice(0, at), text };
}
