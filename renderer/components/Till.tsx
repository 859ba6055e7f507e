import { TriangleAlert } from 'lucide-react';
import type { EventState } from '../../shared/answers';
import { money } from '../format';
import type { OrderDesk } from '../hooks/useOrder';
import { countOf, countsByEvent } from '../logic/cart';
import type { Obstacle } from '../logic/sellCheck';
import { changeDue } from '../logic/tender';
import { messages } from '../messages';
import { PaymentPanel } from './PaymentPanel';

/** An amount with more letters than these is set smaller. */
const AMOUNT_LETTERS = 10;

interface TillProps {
  readonly order: OrderDesk;
  readonly events: readonly EventState[];
  readonly currency: string;
  /** Cents. */
  readonly total: number;
  readonly obstacle: Obstacle | null;
  readonly onSell: () => void;
  readonly onShift: () => void;
}

/** The order as the tear-off part of a ticket: how much, and the one button that sells it. */
export function Till({
  order: { cart, event, category, tender, setTender },
  events,
  currency,
  total,
  obstacle,
  onSell,
  onShift,
}: TillProps) {
  const n = countOf(cart);
  const amount = money(total, currency);
  const change = changeDue(tender, total);
  const short = obstacle === null ? shortOf(cart, events) : null;
  return (
    <section className="till" aria-label={messages.sell.title}>
      <p className="till-total" data-long={amount.length > AMOUNT_LETTERS}>
        <span className="till-order">
          {n === 0 ? (
            <>
              <strong>{event?.name}</strong>
              <span>{category?.name}</span>
            </>
          ) : (
            <>
              <span className="label">{messages.sell.total}</span>
              <span>{messages.cart.count(n)}</span>
            </>
          )}
        </span>
        <output className="till-amount">{amount}</output>
      </p>
      {total > 0 && <PaymentPanel tender={tender} total={total} currency={currency} onTender={setTender} />}
      {obstacle === 'no_shift' ? (
        <button type="button" className="sell-button" onClick={onShift}>
          {messages.shift.open}
        </button>
      ) : (
        <button type="button" className="sell-button" disabled={obstacle !== null} aria-describedby="sell-why" onClick={onSell}>
          {messages.sell.sell}
        </button>
      )}
      <p className={`why ${short === null ? '' : 'why-short'}`} id="sell-why">
        {short !== null && <TriangleAlert aria-hidden="true" />}
        {obstacle !== null && messages.sell.obstacles[obstacle]}
        {short !== null && messages.sell.onlyLeft(short.remaining)}
        {obstacle === null && short === null && change !== null && (
          <span className="till-change">{messages.payment.change(money(change, currency))}</span>
        )}
      </p>
    </section>
  );
}

/** An event of which fewer are left, as far as this kiosk knows, than the cart holds. */
function shortOf(cart: OrderDesk['cart'], events: readonly EventState[]): EventState | null {
  for (const [id, n] of countsByEvent(cart)) {
    const event = events.find((other) => other.id === id);
    if (event !== undefined && n > event.remaining) return event;
  }
  return null;
}
