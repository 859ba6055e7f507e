import { type KeyboardEvent, useEffect, useRef } from 'react';
import { money } from '../format';
import { eraseCents, leastOf, typeCents } from '../logic/amount';
import { messages } from '../messages';
import { Keypad } from './Keypad';

interface AmountPadProps {
  readonly label: string;
  readonly cents: number;
  readonly currency: string;
  readonly onCents: (cents: number) => void;
}

/** An amount of money, by touch or by keyboard, typed as on a till: no decimal point to look for in any language. */
export function AmountPad({ label, cents, currency, onCents }: AmountPadProps) {
  const least = leastOf(currency);
  const type = (digit: number) => onCents(typeCents(cents, digit, least));
  const erase = () => onCents(eraseCents(cents, least));
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => field.current?.focus(), []);
  const onKey = (key: KeyboardEvent<HTMLElement>) => {
    if (/^\d$/.test(key.key)) type(Number(key.key));
    else if (key.key === 'Backspace') erase();
    // As in any other field of a form.
    else if (key.key === 'Enter') key.currentTarget.closest('form')?.requestSubmit();
    else return;
    key.preventDefault();
  };
  return (
    <div className="amount">
      <div className="field">
        <span>{label}</span>
        <div
          ref={field}
          className="amount-value"
          role="spinbutton"
          aria-label={label}
          aria-valuenow={cents}
          aria-valuemin={0}
          aria-valuetext={money(cents, currency)}
          tabIndex={0}
          onKeyDown={onKey}
        >
          {money(cents, currency)}
        </div>
      </div>
      <Keypad
        onDigit={type}
        onErase={erase}
        corner={{ label: messages.keypad.hundred, onPress: () => onCents(typeCents(typeCents(cents, 0, least), 0, least)) }}
      />
    </div>
  );
}
