import type { EventState } from '../../shared/answers';

/** Below this many, or this share of the pool, a clerk is told. */
const LOW_COUNT = 10;
const LOW_SHARE = 0.1;

export type Stock = 'plenty' | 'low' | 'sold_out' | 'closed';

/** What a clerk must know of an event's pool before selling from it. */
export function stockOf({ remaining, capacity, open }: Pick<EventState, 'remaining' | 'capacity' | 'open'>): Stock {
  if (!open) return 'closed';
  if (remaining === 0) return 'sold_out';
  return remaining < LOW_COUNT || remaining < capacity * LOW_SHARE ? 'low' : 'plenty';
}

export function canBeSold(event: Pick<EventState, 'remaining' | 'capacity' | 'open'>): boolean {
  const stock = stockOf(event);
  return stock === 'plenty' || stock === 'low';
}
