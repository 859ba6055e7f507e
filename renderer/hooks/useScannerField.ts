import { type RefObject, useEffect } from 'react';
import { isTextField } from '../logic/keys';

/**
 * A scanner types wherever the focus is: what it types belongs to this field, unless somebody types into another. After
 * a touch on nothing, or on a list of filters, its letters would be lost, and its Enter would press whatever had the focus.
 */
export function useScannerField(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    field.current?.focus();
    const onKey = (key: KeyboardEvent) => {
      if (key.key.length !== 1 || key.key === ' ' || key.ctrlKey || key.metaKey || key.altKey) return;
      if (document.querySelector('dialog[open]') !== null || isTextField(key.target)) return;
      // In time: the browser puts the letter where the focus is after this.
      field.current?.focus();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [field]);
}
