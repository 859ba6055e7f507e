import { useState } from 'react';
import type { EventState } from '../../shared/answers';
import type { CategorySpec } from '../../shared/site';
import { NO_QUANTITY, type Quantity } from '../logic/quantity';
import { canBeSold } from '../logic/stock';

export interface Choice {
  /** Null while there are no events. */
  readonly event: EventState | null;
  readonly category: CategorySpec | null;
  readonly quantity: Quantity;
  chooseEvent(id: string): void;
  chooseCategory(id: string): void;
  setQuantity(change: Quantity | ((old: Quantity) => Quantity)): void;
}

/** What the clerk is about to sell; kept while other screens are looked at. */
export function useChoice(events: readonly EventState[]): Choice {
  const [eventId, chooseEvent] = useState<string | null>(null);
  const [categoryId, chooseCategory] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<Quantity>(NO_QUANTITY);
  const preset = events.find(canBeSold) ?? events[0];
  // Chosen once and then left alone: an event that sells out must not turn into another one under the clerk's finger.
  if (eventId === null && preset !== undefined) chooseEvent(preset.id);
  const event = events.find(({ id }) => id === eventId) ?? preset ?? null;
  const category = event?.categories.find(({ id }) => id === categoryId) ?? event?.categories[0] ?? null;
  return { event, category, quantity, chooseEvent, chooseCategory, setQuantity };
}
