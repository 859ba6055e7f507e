import { Delete } from 'lucide-react';
import { messages } from '../messages';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

interface KeypadProps {
  readonly onDigit: (digit: number) => void;
  readonly onErase: () => void;
  /** What stands left of the 0. */
  readonly corner?: { readonly label: string; readonly onPress: () => void };
}

/** Digits to touch; the keyboard's own go to the field that they fill. */
export function Keypad({ onDigit, onErase, corner }: KeypadProps) {
  return (
    <div className="keys keys-pad">
      {DIGITS.map((digit) => (
        <button key={digit} type="button" className="key" onClick={() => onDigit(digit)}>
          {digit}
        </button>
      ))}
      {corner === undefined ? (
        <span />
      ) : (
        <button type="button" className="key key-quiet" onClick={corner.onPress}>
          {corner.label}
        </button>
      )}
      <button type="button" className="key" onClick={() => onDigit(0)}>
        0
      </button>
      <button type="button" className="key key-quiet" aria-label={messages.keypad.erase} onClick={onErase}>
        <Delete aria-hidden="true" />
      </button>
    </div>
  );
}
