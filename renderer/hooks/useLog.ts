import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogEntryView } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';

/** Entries come from main in pages of this size; committed entries never change, so a page that is full is kept. */
const PAGE = 100;
/** Pages kept at most; older ones are fetched again when they are looked at again. */
const PAGES_MAX = 60;

interface Page {
  readonly entries: readonly LogEntryView[];
  /** The applied slot when it was asked for. */
  readonly asOf: Slot;
}

export interface Log {
  /** An entry, or null while it is on its way. */
  entryAt(slot: Slot): LogEntryView | null;
  /** Where this kiosk's log begins. */
  readonly firstSlot: Slot;
  /** Why pages are missing, in words. */
  readonly error: Fault | null;
  retry(): void;
}

/** The committed log up to slot `applied`, read by page as it is looked at. */
export function useLog(applied: Slot): Log {
  const pages = useRef(new Map<number, Page>());
  const asked = useRef(new Set<number>());
  const [, setLoads] = useState(0);
  const [firstSlot, setFirstSlot] = useState<Slot>(1);
  const [error, setError] = useState<Fault | null>(null);
  const wanted = useRef(new Set<number>());

  const fetchPage = useCallback((page: number, asOf: Slot) => {
    if (asked.current.has(page)) return;
    asked.current.add(page);
    unwrap(bridge.log({ from: page * PAGE + 1, limit: PAGE }))
      .then(
        (log) => {
          // The map keeps its order, so the first page in it is the one that was fetched longest ago.
          pages.current.delete(page);
          pages.current.set(page, { entries: log.entries, asOf });
          if (pages.current.size > PAGES_MAX) pages.current.delete(pages.current.keys().next().value!);
          setFirstSlot(log.firstSlot);
          setError(null);
        },
        (cause: unknown) => setError(faultOf(cause)),
      )
      .finally(() => {
        asked.current.delete(page);
        setLoads((n) => n + 1);
      });
  }, []);

  // What the last drawing missed is fetched after it; nothing is fetched again by itself once that has failed.
  useEffect(() => {
    if (error === null) for (const page of wanted.current) fetchPage(page, applied);
  });

  wanted.current = new Set();
  const entryAt = (slot: Slot): LogEntryView | null => {
    const page = Math.floor((slot - 1) / PAGE);
    const held = pages.current.get(page);
    const entry = held?.entries[slot - (held.entries[0]?.slot ?? slot)] ?? null;
    // The newest page grows; what was not there as of this slot won't come by asking again.
    if (entry === null && (held === undefined || held.asOf < applied)) wanted.current.add(page);
    return entry;
  };
  return { entryAt, firstSlot, error, retry: () => setError(null) };
}
