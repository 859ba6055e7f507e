import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { say, type Words } from '../../shared/said';
import type { CategorySpec } from '../../shared/site';
import type { EventCommand } from '../../shared/values';
import { Pool } from './pool';
import { unknownCategory, unknownEvent } from './refusals';

/** Events that a site can have, those that are over counted. */
const MAX_EVENTS = 1_000;
/** Categories that an event can have had. */
const MAX_CATEGORIES = 200;

/** The events of the site, in the order in which they came; none is ever taken away, since old sales name it. */
export class Programme {
  readonly pools: Pool[];
  private readonly byId: Map<string, Pool>;

  constructor(pools: readonly Pool[] = []) {
    this.pools = [...pools];
    this.byId = new Map(pools.map((pool) => [pool.spec.id, pool]));
  }

  get(id: string): Pool | undefined {
    return this.byId.get(id);
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  /** What is sold where nobody says what: the first event that is open, or the first of all. */
  get first(): Pool | undefined {
    return this.pools.find(({ open }) => open) ?? this.pools[0];
  }

  add(pool: Pool): void {
    this.pools.push(pool);
    this.byId.set(pool.spec.id, pool);
  }

  apply(slot: Slot, { action }: EventCommand): CommandResult {
    if (action.kind === 'create') {
      const { event } = action;
      if (this.byId.has(event.id)) return refused(say('event_exists', event.id));
      if (this.pools.length >= MAX_EVENTS) return refused(say('events_full', MAX_EVENTS));
      const twice = repeated(event.categories);
      if (twice !== null) return refused(say('category_twice', twice));
      this.add(new Pool(event));
      return { ok: true, op: 'event', event: event.id, slot };
    }
    const pool = this.byId.get(action.event);
    if (pool === undefined) return { ok: false, op: 'event', reason: 'unknown_event', ...unknownEvent(action.event, this.ids) };
    switch (action.kind) {
      case 'open':
        pool.open = true;
        break;
      case 'close':
        pool.open = false;
        break;
      case 'change': {
        const refusal = change(pool, action);
        if (refusal !== null) return refusal;
        break;
      }
    }
    return { ok: true, op: 'event', event: action.event, slot };
  }
}

/** All of it or nothing. */
function change(pool: Pool, action: Extract<EventCommand['action'], { kind: 'change' }>): CommandResult | null {
  const { name, starts, capacity, categories, prices } = action;
  const { highestSold } = pool;
  if (capacity !== undefined && capacity < highestSold) return refused(say('below_sold', highestSold, pool.spec.name));
  const twice = repeated(categories ?? []);
  if (twice !== null) return refused(say('category_twice', twice));
  const known = new Set([...pool.spec.categories, ...(categories ?? [])].map(({ id }) => id));
  if (known.size > MAX_CATEGORIES) return refused(say('categories_full', pool.spec.id, MAX_CATEGORIES));
  const forSale = new Map((categories ?? pool.categories).map((category) => [category.id, category]));
  for (const { category: id, price } of prices ?? []) {
    const category = forSale.get(id);
    if (category === undefined) return { ok: false, op: 'event', reason: 'unknown_category', ...unknownCategory(pool, id) };
    forSale.set(id, { ...category, price });
  }
  if (name !== undefined || starts !== undefined) pool.rename(name ?? pool.spec.name, starts);
  if (capacity !== undefined) pool.resize(capacity);
  if (categories !== undefined || prices !== undefined) pool.price([...forSale.values()]);
  return null;
}

function repeated(categories: readonly CategorySpec[]): string | null {
  const seen = new Set<string>();
  for (const { id } of categories) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
}

function refused(words: Words): CommandResult {
  return { ok: false, op: 'event', reason: 'not_allowed', ...words };
}
