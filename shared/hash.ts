import { createHash } from 'node:crypto';

/** What is known of all objects that have the same keys in the same order. */
interface Shape {
  readonly keys: readonly string[];
  /** With one key more. */
  readonly longer: Map<string, Shape>;
  /** Each key in the canonical order, and as it is written. */
  sorted: readonly (readonly [key: string, label: string])[] | null;
}

const NO_KEYS: Shape = { keys: [], longer: new Map(), sorted: null };
/** Text that stands between quotation marks as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * JSON with the keys of every object sorted: equal for equal values, whatever their making. `undefined` members are
 * left out. Every applied command passes here at every kiosk: the log has few kinds of objects, whose keys are sorted once.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      text += index === 0 ? canonicalJson(value[index]) : `,${canonicalJson(value[index])}`;
    return `[${text}]`;
  }
  const object = value as Record<string, unknown>;
  for (const [key, label] of sortedKeys(object)) {
    if (object[key] !== undefined) text += text === '' ? `${label}${canonicalJson(object[key])}` : `,${label}${canonicalJson(object[key])}`;
  }
  return `{${text}}`;
}

function sortedKeys(object: Readonly<Record<string, unknown>>): NonNullable<Shape['sorted']> {
  let shape = NO_KEYS;
  for (const key of Object.keys(object)) {
    let longer = shape.longer.get(key);
    if (longer === undefined) {
      longer = { keys: [...shape.keys, key], longer: new Map(), sorted: null };
      shape.longer.set(key, longer);
    }
    shape = longer;
  }
  shape.sorted ??= [...shape.keys].sort().map((key) => [key, `${JSON.stringify(key)}:`]);
  return shape.sorted;
}

/** SHA-256 of a text as 64 hexadecimal digits. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
