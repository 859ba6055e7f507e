import { TriangleAlert } from 'lucide-react';
import { money } from '../format';
import type { Choice } from '../hooks/useChoice';
import type { Obstacle } from '../logic/sellCheck';
import { messages } from '../messages';

interface TillProps {
  readonly choice: Choice;
  readonly currency: string;
  readonly obstacle: Obstacle | null;
  readonly onSell: () => void;
}

/** The order as the tear-off part of a ticket: what, how much, and the one button that sells it. */
export function Till({ choice: { event, category, quantity }, currency, obstacle, onSell }: TillProps) {
  const n = quantity.value;
  const short = obstacle === null && event !== null && n > event.remaining;
  return (
    <section className="till" aria-label={messages.sell.title}>
      <p className="till-order">
        <strong>{event?.name}</strong>
        <span>{n === 0 || category === null ? messages.sell.orderNone : messages.sell.order(n, category.name)}</span>
      </p>
      <p className="till-total">
        <span className="label">{messages.sell.total}</span>
        <output className="till-amount">{money((category?.price ?? 0) * n, currency)}</output>
      </p>
      <button type="button" className="sell-button" disabled={obstacle !== null} aria-describedby="sell-why" onClick={onSell}>
        {messages.sell.sell}
      </button>
      <p className={`why ${short ? 'why-short' : ''}`} id="sell-why">
        {short && <TriangleAlert aria-hidden="true" />}
        {obstacle !== null && messages.sell.obstacles[obstacle]}
        {short && messages.sell.onlyLeft(event.remaining)}
      </p>
    </section>
  );
}
