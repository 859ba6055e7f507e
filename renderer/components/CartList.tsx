import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { EventState } from '../../shared/answers';
import { money } from '../format';
import { type Cart, priceOf, withLine } from '../logic/cart';
import { messages } from '../messages';
import { lineText, severalEvents } from '../orderText';

interface CartListProps {
  readonly cart: Cart;
  readonly events: readonly EventState[];
  readonly currency: string;
  /** The line that the next touch changes. */
  readonly chosen: { readonly event: string; readonly category: string };
  readonly onChoose: (event: string, category: string) => void;
  readonly onCart: (cart: Cart) => void;
}

/** What the customer is about to buy, line by line; a touched line is the one that is changed next. */
export function CartList({ cart, events, currency, chosen, onChoose, onCart }: CartListProps) {
  const several = severalEvents(cart);
  const list = useRef<HTMLUListElement>(null);
  // What was touched last is seen, however long the cart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new number counts as a touch
  useEffect(
    () => list.current?.querySelector('[data-chosen="true"]')?.scrollIntoView({ block: 'nearest' }),
    [cart, chosen.event, chosen.category],
  );
  return (
    <section className="cart" aria-label={messages.cart.title} data-testid="cart">
      <div className="cart-head">
        <h2 className="label">{messages.cart.title}</h2>
        <button type="button" className="button button-quiet" onClick={() => onCart([])}>
          {messages.cart.clear}
        </button>
      </div>
      <ul className="cart-lines" ref={list}>
        {cart.map(({ event: eventId, category: categoryId, n }) => {
          const event = events.find(({ id }) => id === eventId);
          const category = event?.categories.find(({ id }) => id === categoryId)?.name ?? categoryId;
          const name = event?.name ?? eventId;
          const price = priceOf({ event: eventId, category: categoryId }, events);
          const isChosen = chosen.event === eventId && chosen.category === categoryId;
          return (
            <li key={`${eventId}/${categoryId}`} className="cart-line" data-chosen={isChosen}>
              <button type="button" className="cart-text" aria-pressed={isChosen} onClick={() => onChoose(eventId, categoryId)}>
                <span className="cart-what">
                  <strong>{messages.sell.order(n, category)}</strong>
                  {several && <span className="cart-event">{name}</span>}
                </span>
                <span className="cart-price">{price === null ? messages.cart.gone : money(price * n, currency)}</span>
              </button>
              <button
                type="button"
                className="icon-button button-quiet"
                aria-label={messages.cart.remove(lineText(n, name, category))}
                onClick={() => onCart(withLine(cart, eventId, categoryId, 0))}
              >
                <X aria-hidden="true" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
