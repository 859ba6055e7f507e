import { useEffect, useState } from 'react';
import { bridge, unwrap } from '../bridge';

const ASK_AGAIN_MS = 1_000;

/** Whether a majority confirmed what this kiosk knows; if not, how many seconds old it is. */
export type Freshness = { readonly confirmed: true } | { readonly confirmed: false; readonly ageSeconds: number };

/** Asked again and again while somebody looks; null until the first answer. */
export function useFreshness(looking: boolean): Freshness | null {
  const [fresh, setFresh] = useState<Freshness | null>(null);
  useEffect(() => {
    if (!looking) {
      setFresh(null);
      return undefined;
    }
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await unwrap(bridge.execute({ op: 'show', last: 1 })).catch(() => null);
      if (stopped) return;
      if (answer?.ok === true && answer.op === 'show')
        setFresh(answer.confirmed ? { confirmed: true } : { confirmed: false, ageSeconds: answer.ageSeconds ?? 0 });
      timer = setTimeout(() => void ask(), ASK_AGAIN_MS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [looking]);
  return fresh;
}
