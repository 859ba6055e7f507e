import { Delete, Grid3x3, LayoutGrid } from 'lucide-react';
import { useState } from 'react';
import { MAX_TICKETS_PER_BUY } from '../../shared/constants';
import type { OrderDesk } from '../hooks/useOrder';
import { eraseDigit, QUICK_QUANTITIES, quickQuantity, typeDigit } from '../logic/quantity';
import { messages } from '../messages';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** How many: by one touch for the common numbers, by keypad for the rest, by the keyboard's digits for either. */
export function QuantityPad({ quantity, setQuantity }: Pick<OrderDesk, 'quantity' | 'setQuantity'>) {
  const [keypad, setKeypad] = useState(false);
  const type = (digit: number) => setQuantity((old) => typeDigit(old, digit));
  return (
    <section className="quantity" aria-label={messages.sell.quantity}>
      <div className="quantity-head">
        <h2 className="label">{messages.sell.quantity}</h2>
        <span className="quantity-range">{messages.sell.range(MAX_TICKETS_PER_BUY)}</span>
        <output className="quantity-value" data-testid="quantity" data-none={quantity.value === 0}>
          {quantity.value === 0 ? messages.sell.none : quantity.value}
        </output>
      </div>
      {keypad ? (
        <div className="keys keys-pad">
          {DIGITS.map((digit) => (
            <button key={digit} type="button" className="key" onClick={() => type(digit)}>
              {digit}
            </button>
          ))}
          <button type="button" className="key key-quiet" aria-label={messages.sell.quick} onClick={() => setKeypad(false)}>
            <LayoutGrid aria-hidden="true" />
          </button>
          <button type="button" className="key" onClick={() => type(0)}>
            0
          </button>
          <button type="button" className="key key-quiet" aria-label={messages.sell.erase} onClick={() => setQuantity(eraseDigit)}>
            <Delete aria-hidden="true" />
          </button>
        </div>
      ) : (
        <div className="keys">
          {QUICK_QUANTITIES.map((n) => (
            <button
              key={n}
              type="button"
              className="key"
              aria-pressed={n === quantity.value}
              onClick={() => setQuantity(() => quickQuantity(n))}
            >
              {n}
            </button>
          ))}
          <button type="button" className="key key-quiet" onClick={() => setKeypad(true)}>
            <Grid3x3 aria-hidden="true" />
            {messages.sell.keypad}
          </button>
        </div>
      )}
    </section>
  );
}
