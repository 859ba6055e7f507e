import { useEffect, useRef } from 'react';
import type { EventState } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import { money, narrowMoney } from '../format';
import type { OrderDesk } from '../hooks/useOrder';
import type { Sale } from '../hooks/useSale';
import { type Cart, totalOf } from '../logic/cart';
import { eraseDigit, typeDigit } from '../logic/quantity';
import { mayBegin } from '../logic/sale';
import { NOBODY, typed } from '../logic/scanner';
import { obstacleTo } from '../logic/sellCheck';
import { standingOf } from '../logic/standing';
import { EXACT_CASH, paymentOf } from '../logic/tender';
import { messages } from '../messages';
import { CartList } from './CartList';
import { EventTile } from './EventTile';
import { QuantityPad } from './QuantityPad';
import { ResultPanel } from './ResultPanel';
import { Till } from './Till';

/** What a narrow button has room for. */
const WORD_LETTERS = 8;
const PRICE_LETTERS = 7;

interface SellScreenProps {
  readonly view: KioskView;
  readonly order: OrderDesk;
  readonly sale: Sale;
  readonly onPrint: (sale: string) => void;
  /** To the drawer, where none is open. */
  readonly onShift: () => void;
}

/** Event, quantity, Sell: nothing is shown as sold before the log says so. */
export function SellScreen({ view, order, sale, onPrint, onShift }: SellScreenProps) {
  const { event, category, quantity, cart } = order;
  const total = totalOf(cart, view.events);
  const obstacle =
    event === null
      ? 'no_quantity'
      : obstacleTo({
          standing: standingOf(view),
          events: view.events,
          event,
          cart,
          sale: sale.state,
          desk: view.desk,
          tender: order.tender,
        });
  const begin = (wanted: Cart) => {
    const expects = totalOf(wanted, view.events);
    sale.begin({ items: [...wanted], payment: paymentOf(order.tender, expects), expects });
    // The next sale begins with a choice: a second Enter must not sell again.
    order.setCart([]);
    order.setTender(EXACT_CASH);
    // Nor does it begin with a child's price because the last one ended with it.
    if (event !== null) order.chooseEvent(event.id);
  };
  const sell = () => {
    if (obstacle === null) begin(cart);
  };
  /** Nothing is on the counter but the cart: the last sale has gone. */
  const choosing = cart.length > 0 && mayBegin(sale.state);

  const screen = useRef<HTMLDivElement>(null);
  // Keys choose among more events than a low window shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is chosen
  useEffect(() => {
    for (const chosen of screen.current?.querySelectorAll('.event[aria-pressed="true"], .categories [aria-pressed="true"]') ?? [])
      chosen.scrollIntoView({ block: 'nearest' });
  }, [event?.id, category?.id]);

  const typing = useRef(NOBODY);
  /** What was ordered before the digits that are being typed. */
  const ordered = useRef(quantity);

  useEffect(() => {
    const onKey = (key: KeyboardEvent) => {
      // Keys belong to whatever dialog lies on top, wherever it was opened.
      if (document.querySelector('dialog[open]') !== null) return;
      if (key.ctrlKey || key.metaKey || key.altKey || key.defaultPrevented || isTyping(key.target)) return;
      const before = typing.current;
      typing.current = typed(before, key.key, key.timeStamp);
      // What lies under the scanner is no order: its digits and Enter would sell.
      if (typing.current.scanner) {
        if (!before.scanner && typing.current.digits > 0) order.setQuantity(() => ordered.current);
        key.preventDefault();
        return;
      }
      if (typing.current.digits === 1) ordered.current = quantity;
      if (/^\d$/.test(key.key)) order.setQuantity((old) => typeDigit(old, Number(key.key)));
      else if (key.key === 'Backspace') order.setQuantity(eraseDigit);
      else if (key.key === 'Escape') order.setCart([]);
      else if (key.key === 'ArrowDown' || key.key === 'ArrowUp') {
        const next = neighbour(view.events, event?.id, key.key === 'ArrowDown' ? 1 : -1);
        if (next !== null) order.chooseEvent(next);
        key.preventDefault();
      } else if (key.key === 'ArrowRight' || key.key === 'ArrowLeft') {
        const next = neighbour(event?.categories ?? [], category?.id, key.key === 'ArrowRight' ? 1 : -1);
        if (next !== null) order.chooseCategory(next);
        key.preventDefault();
      } else if (key.key === 'Enter' && !(key.target instanceof HTMLButtonElement)) sell();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  if (event === null || category === null) {
    return (
      <div className="empty">
        <h2>{messages.sell.noEvents}</h2>
        <p>{messages.sell.noEventsHint}</p>
      </div>
    );
  }
  return (
    <div className="sell" ref={screen}>
      <section className="events" aria-label={messages.sell.events}>
        {view.events.map((other) => (
          <EventTile
            key={other.id}
            event={other}
            timeZone={view.site.timeZone}
            selected={other.id === event.id}
            onSelect={() => order.chooseEvent(other.id)}
          />
        ))}
      </section>
      <div className="choose">
        <fieldset className="categories" data-long={isLong(event, view.site.currency)}>
          <legend className="label">{messages.sell.price}</legend>
          {event.categories.map((other) => (
            <button
              key={other.id}
              type="button"
              className="choice"
              aria-pressed={other.id === category.id}
              onClick={() => order.chooseCategory(other.id)}
            >
              <span className="choice-name">{other.name}</span>
              <span className="choice-price">{other.price === 0 ? messages.sell.free : narrowMoney(other.price, view.site.currency)}</span>
            </button>
          ))}
        </fieldset>
        <QuantityPad quantity={quantity} setQuantity={order.setQuantity} />
      </div>
      <div className="counter">
        {choosing ? (
          <CartList
            cart={cart}
            events={view.events}
            currency={view.site.currency}
            chosen={{ event: event.id, category: category.id }}
            onChoose={order.chooseLine}
            onCart={order.setCart}
          />
        ) : (
          <ResultPanel
            state={sale.state}
            view={view}
            onPrint={onPrint}
            onBegin={begin}
            onChange={(refused) => {
              sale.dismiss();
              order.setCart(refused);
            }}
            onGiveUp={sale.giveUp}
            onDismiss={sale.dismiss}
          />
        )}
        <Till
          order={order}
          events={view.events}
          currency={view.site.currency}
          total={total}
          obstacle={obstacle}
          onSell={sell}
          onShift={onShift}
        />
      </div>
    </div>
  );
}

/** Whether a name or a price needs a wider button than most do. */
function isLong({ categories }: EventState, currency: string): boolean {
  return categories.some(
    ({ name, price }) => money(price, currency).length > PRICE_LETTERS || name.split(' ').some((word) => word.length > WORD_LETTERS),
  );
}

/** Where a key belongs to a field, not to the screen. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** The next or previous of a list, or null at its end. */
function neighbour(list: readonly { readonly id: string }[], from: string | undefined, step: 1 | -1): string | null {
  return list[list.findIndex(({ id }) => id === from) + step]?.id ?? null;
}
