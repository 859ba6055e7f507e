import { CircleSlash, TriangleAlert } from 'lucide-react';
import type { EventState } from '../../shared/answers';
import { eventDate } from '../format';
import { stockOf } from '../logic/stock';
import { messages } from '../messages';

interface EventTileProps {
  readonly event: EventState;
  readonly timeZone: string;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

export function EventTile({ event, timeZone, selected, onSelect }: EventTileProps) {
  const stock = stockOf(event);
  return (
    <button type="button" className={`event event-${stock}`} aria-pressed={selected} disabled={stock === 'sold_out'} onClick={onSelect}>
      <span className="event-name">{event.name}</span>
      {event.starts !== undefined && <span className="event-date">{eventDate(event.starts, timeZone)}</span>}
      <span className="event-stock">
        {stock === 'sold_out' && <CircleSlash aria-hidden="true" />}
        {stock === 'low' && <TriangleAlert aria-hidden="true" />}
        {stock === 'sold_out'
          ? messages.sell.soldOut
          : stock === 'low'
            ? messages.sell.low(event.remaining)
            : messages.sell.left(event.remaining, event.capacity)}
      </span>
      <meter className="event-meter" min={0} max={event.capacity} value={event.remaining} aria-hidden="true" />
    </button>
  );
}
