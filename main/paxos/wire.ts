import { PAGE_BYTES } from '../../shared/constants';
import { PAGE_ENTRIES_MAX } from './timing';
import type { Entry, Value } from './types';

/** Room for slot, ballot and punctuation around a value. */
const ENVELOPE_BYTES = 160;

/** Estimated size of an entry in a message, in bytes of JSON (names beyond ASCII take up to three bytes a letter). */
export function entryBytes(value: Value): number {
  return value.kind === 'no-op' ? ENVELOPE_BYTES : ENVELOPE_BYTES + JSON.stringify(value).length;
}

/** The first entries that fit into one page, at least one if there is any; `more` is the first that doesn't. */
export function page(entries: Iterable<Entry>): { entries: Entry[]; more: Entry | null } {
  const taken: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entryBytes(entry.value);
    if (taken.length > 0 && (bytes > PAGE_BYTES || taken.length >= PAGE_ENTRIES_MAX)) return { entries: taken, more: entry };
    taken.push(entry);
  }
  return { entries: taken, more: null };
}
