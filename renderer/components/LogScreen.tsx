import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogEntryView } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { KioskView } from '../../shared/service';
import type { Freshness } from '../hooks/useFreshness';
import { useLog } from '../hooks/useLog';
import { useLogFilter } from '../hooks/useLogFilter';
import { anchorFor, logWindow } from '../logic/logWindow';
import { messages } from '../messages';
import { FaultText } from './Fault';
import { LogDetails } from './LogDetails';
import { LogRow } from './LogRow';
import { LogState } from './LogState';
import { LogTools } from './LogTools';

/** Height of a row, as the style sheet has it. */
const ROW_PX = 72;
const OVERSCAN = 8;
/** A filter looks for so many matches beyond what is on the screen. */
const FILTER_AHEAD = 100;
const COLUMNS = ['slot', 'ballot', 'kiosk', 'what'] as const;

interface LogScreenProps {
  readonly view: KioskView;
  readonly fresh: Freshness | null;
  readonly onPrint: (sale: string) => void;
}

/** `show`: the state first, then the committed log, newest at the top; only the rows in sight exist. */
export function LogScreen({ view, fresh, onPrint }: LogScreenProps) {
  const list = useRef<HTMLElement>(null);
  const [event, setEvent] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<Slot | null>(null);
  const [target, setTarget] = useState<Slot | null>(null);
  /** A slot that was asked for and is not there. */
  const [missed, setMissed] = useState<Slot | null>(null);
  const [reach, setReach] = useState(FILTER_AHEAD);
  const [details, setDetails] = useState<LogEntryView | null>(null);
  const log = useLog(view.applied);
  const stretch = logWindow(log.firstSlot, view.applied, anchor);
  const filter = useLogFilter(event, view.applied, log.firstSlot, reach, target ?? view.applied);
  const matches = event === null ? null : (filter.scan?.matches ?? []);
  const count = matches?.length ?? stretch.newest - stretch.oldest + 1;
  const slotAt = (row: number): Slot => (matches === null ? stretch.newest - row : (matches[row] ?? 0));

  const rows = useVirtualizer({
    count,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const items = rows.getVirtualItems();
  const lastRow = items.at(-1)?.index ?? 0;

  // A filter reads on as its end comes near.
  useEffect(() => {
    if (matches !== null && lastRow + FILTER_AHEAD > reach) setReach(lastRow + 2 * FILTER_AHEAD);
  }, [matches, lastRow, reach]);

  // What is being read stays where it is while new entries come in above it.
  const newest = count === 0 ? 0 : slotAt(0);
  const before = useRef({ event, newest, count });
  useLayoutEffect(() => {
    const old = before.current;
    before.current = { event, newest, count };
    const element = list.current;
    if (element === null || old.event !== event || element.scrollTop < ROW_PX / 2 || newest <= old.newest) return;
    element.scrollTop += ROW_PX * (matches === null ? newest - old.newest : matches.filter((slot) => slot > old.newest).length);
  });

  // A jump waits until its row exists: the list may have to move, or the filter to read that far.
  useEffect(() => {
    if (target === null || filter.searching) return;
    const row = matches === null ? stretch.newest - target : matches.findIndex((slot) => slot <= target);
    rows.scrollToIndex(row === -1 ? Math.max(0, count - 1) : row, { align: 'start' });
    setTarget(null);
  }, [target, filter.searching, matches, stretch.newest, count, rows]);

  const jump = (slot: Slot) => {
    const inside = Math.max(log.firstSlot, Math.min(slot, view.applied));
    setMissed(inside === slot ? null : slot);
    setAnchor(anchorFor(inside, log.firstSlot, view.applied, anchor));
    setTarget(inside);
  };
  const goNewest = () => {
    setAnchor(null);
    setMissed(null);
    list.current?.scrollTo({ top: 0 });
  };
  const error = log.error ?? filter.error;

  return (
    <div className="log">
      <LogState view={view} fresh={fresh} />
      <LogTools
        events={view.events}
        event={event}
        onEvent={(next) => {
          setEvent(next);
          setReach(FILTER_AHEAD);
          goNewest();
        }}
        onNewest={goNewest}
        onOldest={() => jump(log.firstSlot)}
        onJump={jump}
      />
      {missed !== null && (
        <p className="job" role="status" data-testid="slot-missed">
          <span>{messages.log.noSlot(missed, log.firstSlot, view.applied)}</span>
        </p>
      )}
      {error !== null && (
        <p className="job job-bad" role="alert">
          <CircleAlert aria-hidden="true" />
          <FaultText fault={{ ...error, words: () => `${messages.log.failed}: ${error.words()}` }} />
          <button
            type="button"
            className="button"
            onClick={() => {
              log.retry();
              filter.retry();
            }}
          >
            {messages.log.retry}
          </button>
        </p>
      )}
      <div className="log-table">
        {/* Each row says all of it by itself; the heads are for the eye. */}
        <div className="log-head" aria-hidden="true">
          {COLUMNS.map((column) => (
            <span key={column}>{messages.log.columns[column]}</span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
        <section ref={list} className="log-list" aria-label={messages.log.title} tabIndex={0}>
          <ol className="log-rows" style={{ height: rows.getTotalSize() }}>
            {items.map((item) => {
              const slot = slotAt(item.index);
              return (
                <li
                  key={slot}
                  className="log-row"
                  aria-posinset={item.index + 1}
                  aria-setsize={count}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <LogRow slot={slot} entry={log.entryAt(slot)} terms={view.site} onPrint={onPrint} onDetails={setDetails} />
                </li>
              );
            })}
          </ol>
        </section>
        {event !== null && filter.searching && (
          <p className="log-foot" role="status">
            {messages.log.searching(filter.scan?.low ?? view.applied)}
          </p>
        )}
        {count === 0 && !filter.searching && <p className="log-foot">{event === null ? messages.log.empty : messages.log.emptyFilter}</p>}
      </div>
      {details !== null && <LogDetails entry={details} terms={view.site} onPrint={onPrint} onClose={() => setDetails(null)} />}
    </div>
  );
}
