import { useEffect, useState } from 'react';
import type { EventState } from '../../shared/answers';
import type { CategorySpec } from '../../shared/site';
import { type Cart, countOfLine, withLine } from '../logic/cart';
import type { Quantity } from '../logic/quantity';
import { canBeSold } from '../logic/stock';
import { EXACT_CASH, type Tender } from '../logic/tender';
import { keepTill, rememberedTill } from '../tillMemory';

/** What the customer is about to buy, and the line of it that the next touch changes. */
export interface OrderDesk {
  /** Null while there are no events. */
  readonly event: EventState | null;
  readonly category: CategorySpec | null;
  /** Of the chosen category. */
  readonly quantity: Quantity;
  readonly cart: Cart;
  chooseEvent(id: string): void;
  chooseCategory(id: string): void;
  chooseLine(event: string, category: string): void;
  setQuantity(change: (old: Quantity) => Quantity): void;
  /** How the customer is about to pay. */
  readonly tender: Tender;
  setTender(tender: Tender): void;
  /** Takes a whole cart, for example one that was refused; none to begin anew. */
  setCart(cart: Cart): void;
}

interface Chosen {
  readonly event: string;
  /** Null: the event's first. */
  readonly category: string | null;
}

/** Kept while other screens are looked at, and by main while the page is loaded anew. */
export function useOrder(events: readonly EventState[]): OrderDesk {
  const [cart, setCart] = useState<Cart>(() => rememberedTill().cart);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [typing, setTyping] = useState(false);
  const [tender, setTender] = useState<Tender>(EXACT_CASH);
  useEffect(() => keepTill({ cart: [...cart] }), [cart]);

  const preset = events.find(canBeSold) ?? events[0];
  // Chosen once and then left alone: an event that sells out must not turn into another one under the clerk's finger.
  if (chosen === null && preset !== undefined) setChosen({ event: preset.id, category: null });
  const event = events.find(({ id }) => id === chosen?.event) ?? preset ?? null;
  const category = event?.categories.find(({ id }) => id === chosen?.category) ?? event?.categories[0] ?? null;

  const choose = (next: Chosen) => {
    setChosen(next);
    setTyping(false);
  };
  const quantity: Quantity =
    event === null || category === null ? { value: 0, typing } : { value: countOfLine(cart, event.id, category.id), typing };
  return {
    event,
    category,
    quantity,
    cart,
    tender,
    setTender,
    chooseEvent: (id) => choose({ event: id, category: null }),
    chooseCategory: (id) => event !== null && choose({ event: event.id, category: id }),
    chooseLine: (line, of) => choose({ event: line, category: of }),
    setQuantity: (change) => {
      if (event === null || category === null) return;
      const next = change(quantity);
      setTyping(next.typing);
      setCart(withLine(cart, event.id, category.id, next.value));
    },
    setCart: (next) => {
      setTyping(false);
      setCart(next);
    },
  };
}
