import { Delete, Grid3x3, Hash } from 'lucide-react';
import { useState } from 'react';
import { eraseDigit, QUICK_QUANTITIES, typeDigit } from '../logic/quantity';
import { messages } from '../messages';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

interface QuantityPadProps {
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}

/** How many: by one touch for the common numbers, by keypad for the rest, by the keyboard's digits for either. */
export function QuantityPad({ quantity, onChange }: QuantityPadProps) {
  const [keypad, setKeypad] = useState(false);
  return (
    <section className="quantity" aria-label={messages.sell.quantity}>
      <div className="quantity-head">
        <span>{messages.sell.quantity}</span>
        <output className="quantity-value" data-testid="quantity">
          {quantity}
        </output>
        <button
          type="button"
          className="icon-button"
          aria-label={keypad ? messages.sell.quick : messages.sell.keypad}
          onClick={() => setKeypad(!keypad)}
        >
          {keypad ? <Hash aria-hidden="true" /> : <Grid3x3 aria-hidden="true" />}
        </button>
      </div>
      {keypad ? (
        <div className="keypad">
          {DIGITS.map((digit) => (
            <button key={digit} type="button" className="key" onClick={() => onChange(typeDigit(quantity, digit))}>
              {digit}
            </button>
          ))}
          <button type="button" className="key key-word" onClick={() => onChange(0)}>
            {messages.sell.clear}
          </button>
          <button type="button" className="key" onClick={() => onChange(typeDigit(quantity, 0))}>
            0
          </button>
          <button type="button" className="key" aria-label={messages.sell.erase} onClick={() => onChange(eraseDigit(quantity))}>
            <Delete aria-hidden="true" />
          </button>
        </div>
      ) : (
        <div className="quick">
          {QUICK_QUANTITIES.map((n) => (
            <button key={n} type="button" className="key" aria-pressed={n === quantity} onClick={() => onChange(n)}>
              {n}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
