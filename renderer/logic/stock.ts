import type { EventState } from '../../shared/answers';

/** Below this many, or this share of the pool, a clerk is told. */
const LOW_COUNT = 10;
const LOW_SHARE = 0.1;

export type Stock = 'plenty' | 'low' | 'sold_out';

export function stockOf({ remaining, capacity }: Pick<EventState, 'remaining' | 'capacity'>): Stock {
  if (remaining === 0) return 'sold_out';
  return remaining < LOW_COUNT || remaining < capacity * LOW_SHARE ? 'low' : 'plenty';
}
