import { useEffect, useRef, useState } from 'react';
import type { Slot } from '../../shared/ballot';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';
import { afterRange, nextRange, type Scan, startScan } from '../logic/logFilter';

/** Most entries that main gives at once. */
const PAGE = 500;

export interface LogFilter {
  readonly scan: Scan | null;
  readonly error: Fault | null;
  /** Whether there is more to read before `rows` matches and slot `until` are reached. */
  readonly searching: boolean;
  retry(): void;
}

/** Finds an event's entries in the committed log, newest first, reading no further than is looked at. */
export function useLogFilter(event: string | null, applied: Slot, firstSlot: Slot, rows: number, until: Slot): LogFilter {
  const [scan, setScan] = useState<Scan | null>(null);
  const [failed, setFailed] = useState<{ readonly event: string; readonly fault: Fault } | null>(null);
  const current = scan !== null && scan.event === event ? scan : null;
  const error = failed !== null && failed.event === event ? failed.fault : null;
  const next = event === null ? null : nextRange(current ?? startScan(event, applied), applied, firstSlot, PAGE, rows, until);
  const from = next?.from;
  const to = next?.to;

  const latest = useRef(event);
  const [tries, setTries] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try reads the same range again
  useEffect(() => {
    latest.current = event;
    if (event === null || from === undefined || to === undefined) return;
    const range = { from, to };
    unwrap(bridge.log({ from, limit: to - from + 1 })).then(
      ({ entries }) => {
        if (latest.current !== event) return;
        setScan((old) => afterRange(old !== null && old.event === event ? old : startScan(event, to), range, entries));
        setFailed(null);
      },
      (cause: unknown) => setFailed({ event, fault: faultOf(cause) }),
    );
  }, [event, from, to, tries]);
  const retry = () => {
    setFailed(null);
    setTries((n) => n + 1);
  };
  return { scan: current, error, searching: next !== null && error === null, retry };
}
