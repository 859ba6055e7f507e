import { useEffect } from 'react';
import { bridge } from '../bridge';

const MS_PER_MINUTE = 60_000;
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

/** Locks the screen when nobody has touched it for so many minutes; the cart stays. 0 for never. */
export function useAutoLock(minutes: number, signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn || minutes === 0) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void bridge.lock(), minutes * MS_PER_MINUTE);
    };
    wait();
    for (const touch of TOUCHES) document.addEventListener(touch, wait, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const touch of TOUCHES) document.removeEventListener(touch, wait, { capture: true });
    };
  }, [minutes, signedIn]);
}
