import type { LogEntryView } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';

/** A search through the committed log for one event's entries: what of it was read, and what was found. */
export interface Scan {
  readonly event: string;
  /** Slots that matched, newest first. */
  readonly matches: readonly Slot[];
  /** All of [low, high] has been read; nothing while low > high. */
  readonly low: Slot;
  readonly high: Slot;
}

/** Slots to read next, both ends included. */
export interface Range {
  readonly from: Slot;
  readonly to: Slot;
}

/** Begins at the newest entry. */
export function startScan(event: string, applied: Slot): Scan {
  return { event, matches: [], low: applied + 1, high: applied };
}

/**
 * What to read next, at most `page` slots: what is new at the head first, then further down until at least
 * `rows` matches are known and slot `until` is reached. Null when there is enough.
 */
export function nextRange(scan: Scan, applied: Slot, firstSlot: Slot, page: number, rows: number, until: Slot): Range | null {
  if (applied > scan.high) return { from: scan.high + 1, to: Math.min(applied, scan.high + page) };
  const enough = scan.matches.length >= rows && scan.low <= until;
  if (enough || scan.low <= firstSlot) return null;
  return { from: Math.max(firstSlot, scan.low - page), to: scan.low - 1 };
}

/** Takes the entries that were read for `range`, oldest first. */
export function afterRange(scan: Scan, range: Range, entries: readonly LogEntryView[]): Scan {
  const found = entries
    .filter((entry) => concerns(entry, scan.event))
    .map(({ slot }) => slot)
    .reverse();
  if (range.from === scan.high + 1)
    return { ...scan, matches: [...found, ...scan.matches], high: range.to, low: Math.min(scan.low, range.from) };
  if (range.to === scan.low - 1) return { ...scan, matches: [...scan.matches, ...found], low: range.from };
  // Read twice at once, by a page that was redrawn: the first one counts.
  return scan;
}

/** Whether an entry says something of an event: it was opened there, bought, or given back. */
export function concerns(entry: LogEntryView, event: string): boolean {
  if (entry.events?.some(({ id }) => id === event)) return true;
  const named = (items: readonly { readonly event: string }[] = []) => items.some((item) => item.event === event);
  return entry.commands.some((command) => command.event === event || named(command.items) || named(command.result.items));
}
