import { useCallback, useRef, useState } from 'react';
import type { LogEntryView } from '../../shared/answers';
import { bridge, unwrap } from '../bridge';

/** Entries come from main in pages of this size; committed entries never change, so a page that is full is kept. */
const PAGE = 100;
/** Pages kept at most; older ones are fetched again when they are looked at again. */
const PAGES_MAX = 60;

/** The committed log, read by page as it is looked at. */
export function useLog(): (slot: number, applied: number) => LogEntryView | null {
  const pages = useRef(new Map<number, readonly LogEntryView[]>());
  const asked = useRef(new Set<number>());
  const [, setLoaded] = useState(0);

  return useCallback((slot: number, applied: number) => {
    const page = Math.floor((slot - 1) / PAGE);
    const first = page * PAGE + 1;
    const held = pages.current.get(page) ?? [];
    const wanted = Math.min(PAGE, applied - first + 1);
    if (held.length < wanted && !asked.current.has(page)) {
      asked.current.add(page);
      unwrap(bridge.log({ from: first, limit: PAGE }))
        .then(({ entries }) => {
          pages.current.set(page, entries);
          if (pages.current.size > PAGES_MAX) pages.current.delete(pages.current.keys().next().value!);
        })
        .catch(() => undefined)
        .finally(() => {
          asked.current.delete(page);
          setLoaded((n) => n + 1);
        });
    }
    return held[slot - first] ?? null;
  }, []);
}
