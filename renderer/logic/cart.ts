import type { EventState } from '../../shared/answers';
import type { CartLine } from '../../shared/till';

/** What a customer is about to buy: at most one line for each category of an event, in the order of choosing. */
export type Cart = readonly CartLine[];

const isLine = (event: string, category: string) => (line: CartLine) => line.event === event && line.category === category;

/** How many of this category are in the cart. */
export function countOfLine(cart: Cart, event: string, category: string): number {
  return cart.find(isLine(event, category))?.n ?? 0;
}

/** The cart with so many of this category; 0 takes its line out. */
export function withLine(cart: Cart, event: string, category: string, n: number): Cart {
  const same = isLine(event, category);
  if (n === 0) return cart.filter((line) => !same(line));
  return cart.some(same) ? cart.map((line) => (same(line) ? { ...line, n } : line)) : [...cart, { event, category, n }];
}

/** Tickets in all. */
export function countOf(cart: Cart): number {
  return cart.reduce((sum, { n }) => sum + n, 0);
}

/** Tickets by event: categories share its pool. */
export function countsByEvent(cart: Cart): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { event, n } of cart) counts.set(event, (counts.get(event) ?? 0) + n);
  return counts;
}

/** Cents for one ticket; null where the category is not for sale any more. */
export function priceOf({ event, category }: Pick<CartLine, 'event' | 'category'>, events: readonly EventState[]): number | null {
  return events.find(({ id }) => id === event)?.categories.find(({ id }) => id === category)?.price ?? null;
}

/** Cents for all of it. */
export function totalOf(cart: Cart, events: readonly EventState[]): number {
  return cart.reduce((sum, line) => sum + line.n * (priceOf(line, events) ?? 0), 0);
}

/** The cart with no more of an event than are left; what was chosen last gives way first. */
export function cutTo(cart: Cart, event: string, left: number): Cart {
  let room = left;
  return cart.flatMap((line) => {
    if (line.event !== event) return [line];
    const n = Math.min(line.n, room);
    room -= n;
    return n === 0 ? [] : [{ ...line, n }];
  });
}
