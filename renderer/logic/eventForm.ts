import type { EventState } from '../../shared/answers';
import { MAX_CAPACITY, MAX_PRICE_CENTS } from '../../shared/constants';
import { placesOf } from '../../shared/money';
import type { SiteFile } from '../../shared/site';
import type { EventAction } from '../../shared/values';
import { isoAtSite, localInput } from './day';
import { slugOf } from './slug';

/** An event as a form has it: everything as it is typed. */
export interface EventForm {
  readonly name: string;
  /** `2026-11-28T19:00` on the site's clock, or empty for no time of its own. */
  readonly starts: string;
  readonly capacity: string;
  readonly categories: readonly CategoryForm[];
}
export interface CategoryForm {
  /** Null for one that is new. */
  readonly id: string | null;
  /** For lists: stays the same while it is typed. */
  readonly key: number;
  readonly name: string;
  /** As typed, for example 12.50 or 12,50. */
  readonly price: string;
}

export type FormMistake = 'name' | 'starts' | 'capacity' | 'categories' | 'category_name' | 'category_twice' | 'price';
export const CATEGORIES_MAX = 20;
const CENTS = 100;

/** What a form has to know of its site. */
type FormSite = Pick<SiteFile, 'timeZone' | 'currency'>;

/** An amount as people type it, with point or comma; null for anything else, and for less than a hundredth. Cents. */
export function centsOf(text: string, currency: string): number | null {
  const match = (placesOf(currency) > 2 ? /^\s*(\d{1,6})(?:[.,](\d{1,2})0?)?\s*$/ : /^\s*(\d{1,6})(?:[.,](\d{1,2}))?\s*$/).exec(text);
  if (match === null) return null;
  const cents = Number(match[1]) * CENTS + Number((match[2] ?? '').padEnd(2, '0'));
  return cents <= MAX_PRICE_CENTS ? cents : null;
}

/** The same amount as a field shows it: 1250 is 12.50, or 12,50 where that is how money is written. */
export function centsText(cents: number, currency: string, comma: boolean): string {
  const places = cents % CENTS === 0 ? placesOf(currency) : Math.max(2, placesOf(currency));
  const whole = String(Math.floor(cents / CENTS));
  return places === 0
    ? whole
    : `${whole}${comma ? ',' : '.'}${String(cents % CENTS)
        .padStart(2, '0')
        .padEnd(places, '0')}`;
}

export function formOf(event: EventState | null, { timeZone, currency }: FormSite, comma: boolean): EventForm {
  if (event === null) return { name: '', starts: '', capacity: '100', categories: [{ id: null, key: 0, name: '', price: '' }] };
  return {
    name: event.name,
    starts: event.starts === undefined ? '' : localInput(event.starts, timeZone),
    capacity: String(event.capacity),
    categories: event.categories.map(({ id, name, price }, key) => ({ id, key, name, price: centsText(price, currency, comma) })),
  };
}

export type FormResult = { readonly ok: true; readonly action: EventAction | null } | { readonly ok: false; readonly mistake: FormMistake };

/** What the log has to be told; null where nothing was changed. */
export function actionOf(
  form: EventForm,
  event: EventState | null,
  taken: readonly string[],
  { timeZone, currency }: FormSite,
): FormResult {
  const name = form.name.trim();
  if (name === '') return { ok: false, mistake: 'name' };
  const capacity = /^\d+$/.test(form.capacity.trim()) ? Number(form.capacity) : 0;
  if (capacity < 1 || capacity > MAX_CAPACITY) return { ok: false, mistake: 'capacity' };
  if (form.starts !== '' && Number.isNaN(Date.parse(`${form.starts}:00Z`))) return { ok: false, mistake: 'starts' };
  if (form.categories.length === 0 || form.categories.length > CATEGORIES_MAX) return { ok: false, mistake: 'categories' };
  const categories: { id: string; name: string; price: number }[] = [];
  for (const category of form.categories) {
    const price = centsOf(category.price, currency);
    const title = category.name.trim();
    if (title === '') return { ok: false, mistake: 'category_name' };
    if (categories.some((other) => other.name === title)) return { ok: false, mistake: 'category_twice' };
    if (price === null) return { ok: false, mistake: 'price' };
    // An id that was used before would bring a retired category back under another name.
    const ids = [...categories.map(({ id }) => id), ...form.categories.flatMap(({ id }) => id ?? [])];
    categories.push({ id: category.id ?? slugOf(title, ids, 'category'), name: title, price });
  }
  const starts = form.starts === '' ? null : isoAtSite(form.starts, timeZone);
  if (event === null) {
    const made = { id: slugOf(name, taken, 'event'), name, capacity, categories, ...(starts === null ? {} : { starts }) };
    return { ok: true, action: { kind: 'create', event: made } };
  }
  const sameCategories =
    JSON.stringify(categories) === JSON.stringify(event.categories.map(({ id, name: title, price }) => ({ id, name: title, price })));
  const sameStart = form.starts === (event.starts === undefined ? '' : localInput(event.starts, timeZone));
  const changed = {
    ...(name === event.name ? {} : { name }),
    ...(sameStart ? {} : { starts }),
    ...(capacity === event.capacity ? {} : { capacity }),
    ...(sameCategories ? {} : { categories }),
  };
  return { ok: true, action: Object.keys(changed).length === 0 ? null : { kind: 'change', event: event.id, ...changed } };
}
