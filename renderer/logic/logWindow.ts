import type { Slot } from '../../shared/ballot';

/** Browsers end a scrolling area at 2^25 px; a longer log is shown by stretches of so many rows. */
export const ROWS_MAX = 400_000;

/** The slots that one scrolling list holds, newest first: from `newest` down to `oldest`. */
export interface LogWindow {
  readonly newest: Slot;
  readonly oldest: Slot;
}

/**
 * The stretch of the log to list. `anchor` is the slot that an earlier jump put at the head of the list;
 * null follows the newest entry. An empty log gives newest 0, oldest 1.
 */
export function logWindow(firstSlot: Slot, applied: Slot, anchor: Slot | null): LogWindow {
  const newest = Math.min(anchor ?? applied, applied);
  return { newest, oldest: Math.max(firstSlot, newest - ROWS_MAX + 1) };
}

/** The anchor from which `slot` can be scrolled to; the present one where it already can. */
export function anchorFor(slot: Slot, firstSlot: Slot, applied: Slot, anchor: Slot | null): Slot | null {
  const { newest, oldest } = logWindow(firstSlot, applied, anchor);
  if (slot >= oldest && slot <= newest) return anchor;
  const next = slot + ROWS_MAX / 2;
  return next >= applied ? null : next;
}
