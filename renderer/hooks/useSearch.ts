import { useCallback, useEffect, useRef, useState } from 'react';
import type { SearchPage, SearchQuery } from '../../shared/desk';
import type { SaleView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';

/** A pause in typing after which the list is looked up. */
const TYPING_MS = 120;
const PAGE = 60;

export interface Search {
  /** Null before the first answer. */
  readonly sales: readonly SaleView[] | null;
  /** These are the sales that are asked for now, not those of what was asked before. */
  readonly settled: boolean;
  readonly more: boolean;
  readonly error: Fault | null;
  loadMore(): void;
}

export type SearchFilter = Omit<SearchQuery, 'before' | 'limit'>;

/** Sales that fit, newest first; looked up again when what is asked for, or the log, has changed. */
export function useSearch(filter: SearchFilter, applied: number): Search {
  const [pages, setPages] = useState<(SearchPage & { readonly of: string }) | null>(null);
  const [error, setError] = useState<Fault | null>(null);
  const latest = useRef(0);
  const asked = useRef<string | null>(null);
  const key = JSON.stringify(filter);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was applied since may fit
  useEffect(() => {
    latest.current += 1;
    const turn = latest.current;
    // What the clerk types waits for a pause; a first look, and the log, do not.
    const wait = asked.current === null || asked.current === key ? 0 : TYPING_MS;
    asked.current = key;
    const timer = setTimeout(() => {
      unwrap(bridge.search({ ...(JSON.parse(key) as SearchFilter), limit: PAGE })).then(
        (page) => {
          if (turn !== latest.current) return;
          setPages({ ...page, of: key });
          setError(null);
        },
        (cause: unknown) => turn === latest.current && setError(faultOf(cause)),
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [key, applied]);

  const loadMore = useCallback(() => {
    if (pages?.next == null) return;
    const turn = latest.current;
    unwrap(bridge.search({ ...filter, before: pages.next, limit: PAGE })).then(
      (page) => turn === latest.current && setPages({ ...page, of: pages.of, sales: [...pages.sales, ...page.sales] }),
      (cause: unknown) => setError(faultOf(cause)),
    );
  }, [filter, pages]);
  return { sales: pages?.sales ?? null, settled: pages?.of === key, more: pages?.next != null, error, loadMore };
}
