import { CalendarDays, CircleSlash, TriangleAlert } from 'lucide-react';
import type { EventState } from '../../shared/answers';
import { eventDate, fullDate, number } from '../format';
import { canBeSold, type Stock, stockOf } from '../logic/stock';
import { messages } from '../messages';

interface EventTileProps {
  readonly event: EventState;
  readonly timeZone: string;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** An event as a ticket: the date on its stub, the name and what is left on its body. */
export function EventTile({ event, timeZone, selected, onSelect }: EventTileProps) {
  const stock = stockOf(event);
  return (
    <button type="button" className={`event event-${stock}`} aria-pressed={selected} disabled={!canBeSold(event)} onClick={onSelect}>
      <Stub starts={event.starts} timeZone={timeZone} />
      <span className="event-body">
        <span className="event-name">{event.name}</span>
        <span className="event-stock">
          {(stock === 'sold_out' || stock === 'closed') && <CircleSlash aria-hidden="true" />}
          {stock === 'low' && <TriangleAlert aria-hidden="true" />}
          {stockText(event, stock)}
        </span>
        <meter className="event-meter" min={0} max={event.capacity} value={event.remaining} aria-hidden="true" />
      </span>
    </button>
  );
}

function Stub({ starts, timeZone }: { starts: string | undefined; timeZone: string }) {
  if (starts === undefined) {
    return (
      <span className="event-stub">
        <CalendarDays aria-hidden="true" />
        <span className="event-when">{messages.sell.open}</span>
      </span>
    );
  }
  const { month, day, when } = eventDate(starts, timeZone, new Date());
  return (
    <span className="event-stub">
      <span className="unseen">{fullDate(starts, timeZone)}</span>
      <span className="event-month" aria-hidden="true">
        {month}
      </span>
      <span className="event-day" aria-hidden="true">
        {day}
      </span>
      <span className="event-when" aria-hidden="true">
        {when}
      </span>
    </span>
  );
}

function stockText({ remaining, capacity }: EventState, stock: Stock): string {
  switch (stock) {
    case 'sold_out':
      return messages.sell.soldOut;
    case 'closed':
      return messages.sell.closed;
    case 'low':
      return messages.sell.low(number(remaining));
    case 'plenty':
      return messages.sell.left(number(remaining), number(capacity));
  }
}
