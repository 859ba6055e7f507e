import { useEffect, useState } from 'react';
import type { EventState } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import { MAX_TICKETS_PER_BUY } from '../../shared/values';
import { money } from '../format';
import type { Sale } from '../hooks/useSale';
import { eraseDigit, typeDigit } from '../logic/quantity';
import { mayBegin, type Wanted } from '../logic/sale';
import { stockOf } from '../logic/stock';
import { messages } from '../messages';
import { EventTile } from './EventTile';
import { QuantityPad } from './QuantityPad';
import { ResultPanel } from './ResultPanel';

interface SellScreenProps {
  readonly view: KioskView;
  readonly sale: Sale;
  readonly onPrint: (sale: string) => void;
  /** A dialog lies on top: keys belong to it. */
  readonly blocked: boolean;
}

/** Event, quantity, Sell: nothing is shown as sold before the log says so. */
export function SellScreen({ view, sale, onPrint, blocked }: SellScreenProps) {
  const [chosenEvent, chooseEvent] = useState<string | null>(null);
  const [chosenCategory, chooseCategory] = useState<string | null>(null);
  const [quantity, setQuantity] = useState(0);
  const event =
    view.events.find(({ id }) => id === chosenEvent) ?? view.events.find((other) => stockOf(other) !== 'sold_out') ?? view.events[0];
  const category = event?.categories.find(({ id }) => id === chosenCategory) ?? event?.categories[0];
  const why = whyNot(view, event, quantity, sale);
  const sell = () => {
    if (why !== null || event === undefined || category === undefined) return;
    begin({ event: event.id, category: category.id, n: quantity });
  };
  const begin = (wanted: Wanted) => {
    sale.begin(wanted);
    // The next sale begins with a choice: a second Enter must not sell again.
    setQuantity(0);
  };

  useEffect(() => {
    if (blocked) return undefined;
    const onKey = (key: KeyboardEvent) => {
      if (key.ctrlKey || key.metaKey || key.altKey) return;
      if (/^\d$/.test(key.key)) setQuantity((old) => typeDigit(old, Number(key.key)));
      else if (key.key === 'Backspace') setQuantity(eraseDigit);
      else if (key.key === 'Enter' && !(key.target instanceof HTMLButtonElement)) sell();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  if (event === undefined || category === undefined) {
    return (
      <div className="empty">
        <h2>{messages.sell.noEvents}</h2>
        <p>{messages.sell.noEventsHint}</p>
      </div>
    );
  }
  return (
    <div className="sell">
      <section className="events" aria-label={messages.sell.events}>
        {view.events.map((other) => (
          <EventTile
            key={other.id}
            event={other}
            timeZone={view.site.timeZone}
            selected={other.id === event.id}
            onSelect={() => chooseEvent(other.id)}
          />
        ))}
      </section>
      <section className="choose">
        <fieldset className="categories">
          <legend>{messages.sell.price}</legend>
          {event.categories.map((other) => (
            <button
              key={other.id}
              type="button"
              className="choice"
              aria-pressed={other.id === category.id}
              onClick={() => chooseCategory(other.id)}
            >
              <span>{other.name}</span>
              <span className="choice-price">{money(other.price, view.site.currency)}</span>
            </button>
          ))}
        </fieldset>
        <QuantityPad quantity={quantity} onChange={setQuantity} />
        <div className="till">
          <p className="total">
            <span>{messages.sell.total}</span>
            <output className="total-amount">{money(category.price * quantity, view.site.currency)}</output>
          </p>
          <button type="button" className="sell-button" disabled={why !== null} aria-describedby="sell-why" onClick={sell}>
            {sale.state.kind === 'selling' ? messages.sell.selling : messages.sell.sell}
          </button>
          <p className="why" id="sell-why">
            {why ?? ' '}
          </p>
        </div>
      </section>
      <ResultPanel state={sale.state} view={view} onPrint={onPrint} onBegin={begin} onDismiss={sale.dismiss} />
    </div>
  );
}

/** Why Sell can't succeed now, in words; null if it can. */
function whyNot(view: KioskView, event: EventState | undefined, quantity: number, sale: Sale): string | null {
  if (!mayBegin(sale.state)) return sale.state.kind === 'checking' ? messages.result.checking : messages.sell.selling;
  if (view.connection !== 'selling') return `${messages.sell.cannotSell}: ${messages.majority[view.connection]}`;
  if (event === undefined || stockOf(event) === 'sold_out') return messages.sell.soldOut;
  if (quantity === 0) return messages.sell.chooseQuantity;
  return quantity > MAX_TICKETS_PER_BUY ? messages.sell.tooMany(MAX_TICKETS_PER_BUY) : null;
}
