import { useCallback, useRef, useState } from 'react';
import { bridge, unwrap } from '../bridge';
import { faultOf } from '../logic/fault';

/** Outputs kept on the screen. */
const OUTPUTS_MAX = 200;

/** One command and what it answered; null while it is running. */
export interface ConsoleEntry {
  readonly key: number;
  readonly line: string;
  readonly text: string | null;
  readonly ok: boolean;
}

export interface ConsoleLog {
  readonly entries: readonly ConsoleEntry[];
  run(line: string): void;
}

/** The console's commands and answers, kept while other screens are looked at. Several may be in flight. */
export function useConsole(): ConsoleLog {
  const [entries, setEntries] = useState<readonly ConsoleEntry[]>([]);
  const counter = useRef(0);
  const run = useCallback((line: string) => {
    counter.current += 1;
    const key = counter.current;
    const end = (text: string, ok: boolean) =>
      setEntries((old) => old.map((entry) => (entry.key === key ? { ...entry, text, ok } : entry)));
    setEntries((old) => [...old, { key, line, text: null, ok: true }].slice(-OUTPUTS_MAX));
    unwrap(bridge.console(line)).then(
      ({ text, ok }) => end(text, ok),
      (error: unknown) => end(faultOf(error).words(), false),
    );
  }, []);
  return { entries, run };
}
