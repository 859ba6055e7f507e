import { useEffect, useState } from 'react';

/** The wall clock in ms since 1970, looked at again every so many ms: for what is shown by its age. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
