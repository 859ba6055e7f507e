import { useEffect } from 'react';

/**
 * Keeps keys and touches apart, for the whole page. A touched button takes no focus, so that Enter after a touch
 * means the screen's own Enter (Sell) and never presses that button again; a button that Tab reached keeps Enter.
 * A held Enter counts once: it must not run on from Sell into Print.
 */
export function useTouchManners(): void {
  useEffect(() => {
    const onMouseDown = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || event.target.closest('button') === null) return;
      event.preventDefault();
      if (document.activeElement instanceof HTMLButtonElement && document.activeElement.closest('dialog') === null)
        document.activeElement.blur();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && event.repeat) event.preventDefault();
    };
    document.addEventListener('mousedown', onMouseDown, true);
    document.addEventListener('keydown', onKeyDown, true);
    return () => {
      document.removeEventListener('mousedown', onMouseDown, true);
      document.removeEventListener('keydown', onKeyDown, true);
    };
  }, []);
}
