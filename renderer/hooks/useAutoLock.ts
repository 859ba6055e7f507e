import { useEffect } from 'react';
import { bridge } from '../bridge';
import { type Moment, stillMs } from '../logic/idle';

const MS_PER_MINUTE = 60_000;
/** A timer stands still while the machine sleeps, so the time is looked at again and again. */
const LOOK_MS = 1_000;
const TOUCHES = ['pointerdown', 'keydown', 'wheel'] as const;

/** Locks the screen when nobody has touched it for so many minutes, the machine's sleep included; the cart stays. 0 for never. */
export function useAutoLock(minutes: number, signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn || minutes === 0) return undefined;
    let touched = now();
    /** @returns whether it is too late for a touch */
    const look = () => {
      const over = stillMs(touched, now()) >= minutes * MS_PER_MINUTE;
      if (over) void bridge.lock();
      return over;
    };
    // Whoever touches a screen that should be locked gets the lock.
    const touch = () => {
      if (!look()) touched = now();
    };
    const timer = setInterval(look, LOOK_MS);
    const stop = bridge.onWoke(look);
    for (const name of TOUCHES) document.addEventListener(name, touch, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      stop();
      for (const name of TOUCHES) document.removeEventListener(name, touch, { capture: true });
    };
  }, [minutes, signedIn]);
}

function now(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}
