import { useEffect } from 'react';
import type { KioskView } from '../../shared/service';
import { money } from '../format';
import type { Choice } from '../hooks/useChoice';
import type { Sale } from '../hooks/useSale';
import { eraseDigit, NO_QUANTITY, typeDigit } from '../logic/quantity';
import type { Wanted } from '../logic/sale';
import { obstacleTo } from '../logic/sellCheck';
import { standingOf } from '../logic/standing';
import { messages } from '../messages';
import { EventTile } from './EventTile';
import { QuantityPad } from './QuantityPad';
import { ResultPanel } from './ResultPanel';
import { Till } from './Till';

interface SellScreenProps {
  readonly view: KioskView;
  readonly choice: Choice;
  readonly sale: Sale;
  readonly onPrint: (sale: string) => void;
  /** A dialog lies on top: keys belong to it. */
  readonly blocked: boolean;
}

/** Event, quantity, Sell: nothing is shown as sold before the log says so. */
export function SellScreen({ view, choice, sale, onPrint, blocked }: SellScreenProps) {
  const { event, category, quantity } = choice;
  const obstacle = event === null ? 'no_quantity' : obstacleTo(standingOf(view), event, quantity.value, sale.state);
  const begin = (wanted: Wanted) => {
    sale.begin(wanted);
    // The next sale begins with a choice: a second Enter must not sell again.
    choice.setQuantity(NO_QUANTITY);
  };
  const sell = () => {
    if (obstacle === null && event !== null && category !== null) begin({ event: event.id, category: category.id, n: quantity.value });
  };

  useEffect(() => {
    if (blocked) return undefined;
    const onKey = (key: KeyboardEvent) => {
      if (key.ctrlKey || key.metaKey || key.altKey || key.defaultPrevented) return;
      if (/^\d$/.test(key.key)) choice.setQuantity((old) => typeDigit(old, Number(key.key)));
      else if (key.key === 'Backspace') choice.setQuantity(eraseDigit);
      else if (key.key === 'Enter' && !(key.target instanceof HTMLButtonElement)) sell();
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
    <div className="sell">
      <section className="events" aria-label={messages.sell.events}>
        {view.events.map((other) => (
          <EventTile
            key={other.id}
            event={other}
            timeZone={view.site.timeZone}
            selected={other.id === event.id}
            onSelect={() => choice.chooseEvent(other.id)}
          />
        ))}
      </section>
      <div className="choose">
        <fieldset className="categories">
          <legend className="label">{messages.sell.price}</legend>
          {event.categories.map((other) => (
            <button
              key={other.id}
              type="button"
              className="choice"
              aria-pressed={other.id === category.id}
              onClick={() => choice.chooseCategory(other.id)}
            >
              <span>{other.name}</span>
              <span className="choice-price">{other.price === 0 ? messages.sell.free : money(other.price, view.site.currency)}</span>
            </button>
          ))}
        </fieldset>
        <QuantityPad quantity={quantity} setQuantity={choice.setQuantity} />
      </div>
      <div className="counter">
        <ResultPanel state={sale.state} view={view} onPrint={onPrint} onBegin={begin} onGiveUp={sale.giveUp} onDismiss={sale.dismiss} />
        <Till choice={choice} currency={view.site.currency} obstacle={obstacle} onSell={sell} />
      </div>
    </div>
  );
}
