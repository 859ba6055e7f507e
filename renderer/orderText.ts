import type { EventState } from '../shared/answers';
import { messages } from './messages';

/** Lines of an order in words: "2 × Match, Adult + 1 × Match, Child". */
export function orderText(
  items: readonly { readonly event: string; readonly category: string; readonly n: number }[],
  events: readonly EventState[],
): string {
  return messages.open.what(
    items.map(({ event: id, category, n }) => {
      const event = events.find((other) => other.id === id);
      return messages.open.line(n, event?.name ?? id, event?.categories.find((other) => other.id === category)?.name ?? category);
    }),
  );
}
