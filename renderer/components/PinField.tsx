import { useEffect, useLayoutEffect, useRef } from 'react';
import { Keypad } from './Keypad';

export const PIN_DIGITS_MIN = 4;
export const PIN_DIGITS_MAX = 12;

interface PinFieldProps {
  readonly label: string;
  readonly pin: string;
  readonly onPin: (pin: string) => void;
  readonly disabled?: boolean;
  /** With digits to touch; a form of several PINs shows them for the one in hand only. */
  readonly keypad?: boolean;
  readonly onFocus?: () => void;
  readonly focused?: boolean;
}

/** A PIN, by touch or by keyboard; never shown. */
export function PinField({ label, pin, onPin, disabled = false, keypad = true, onFocus, focused = true }: PinFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // A dialog that opens around it gives the focus to what is marked so, or else to its first field.
  useLayoutEffect(() => {
    input.current?.toggleAttribute('autofocus', focused);
  }, [focused]);
  // A PIN that was wrong is typed again at once.
  useEffect(() => {
    if (focused && !disabled) input.current?.focus();
  }, [focused, disabled]);
  const take = (typed: string) => onPin(typed.replace(/\D/g, '').slice(0, PIN_DIGITS_MAX));
  return (
    <div className="pin">
      <label className="field">
        <span>{label}</span>
        <input
          ref={input}
          className="pin-input"
          type="password"
          inputMode="none"
          autoComplete="off"
          value={pin}
          disabled={disabled}
          onFocus={onFocus}
          onChange={(change) => take(change.target.value)}
        />
      </label>
      {keypad && <Keypad onDigit={(digit) => take(`${pin}${digit}`)} onErase={() => onPin(pin.slice(0, -1))} />}
    </div>
  );
}
