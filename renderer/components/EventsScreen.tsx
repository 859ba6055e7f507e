import { CalendarPlus, CircleSlash, Pencil, Play } from 'lucide-react';
import { useState } from 'react';
import type { EventState } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import type { EventAction } from '../../shared/values';
import { fullDate, money, number } from '../format';
import { useApproved } from '../hooks/useApproved';
import { type Fault, refusalFault } from '../logic/fault';
import { stockOf } from '../logic/stock';
import { messages } from '../messages';
import { Dialog } from './Dialog';
import { EventDialog } from './EventDialog';
import { FaultText } from './Fault';

/** What is on sale: made, changed, closed and opened by a manager, through the log. */
export function EventsScreen({ view }: { view: KioskView }) {
  const [editing, setEditing] = useState<EventState | 'new' | null>(null);
  const [closing, setClosing] = useState<EventState | null>(null);
  const [said, setSaid] = useState<string | Fault | null>(null);
  const approved = useApproved(view);
  const run = async (action: EventAction, done: string): Promise<Fault | 'nobody' | null> => {
    const answer = await approved.run({ op: 'event', action });
    if (answer === null) return 'nobody';
    if (answer.ok) {
      setSaid(done);
      return null;
    }
    return refusalFault(answer);
  };
  const open = async (event: EventState) => {
    const failure = await run({ kind: 'open', event: event.id }, messages.events.opened(event.name));
    if (failure !== null && failure !== 'nobody') setSaid(failure);
  };
  return (
    <div className="page events-page">
      <div className="page-head">
        <h2>{messages.events.title}</h2>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setEditing('new')}>
            <CalendarPlus aria-hidden="true" />
            {messages.events.create}
          </button>
        </div>
      </div>
      {said !== null && (
        <p
          className={`job ${typeof said === 'string' ? 'job-good' : 'job-bad'}`}
          role={typeof said === 'string' ? 'status' : 'alert'}
          data-testid="event-result"
        >
          {typeof said === 'string' ? <span>{said}</span> : <FaultText fault={said} />}
        </p>
      )}
      {view.events.length === 0 && (
        <div className="empty">
          <h3>{messages.sell.noEvents}</h3>
          <p>{messages.events.noneHint}</p>
        </div>
      )}
      <ul className="event-cards">
        {view.events.map((event) => (
          <EventCard
            key={event.id}
            event={event}
            view={view}
            onEdit={() => setEditing(event)}
            onClose={() => setClosing(event)}
            onOpen={() => void open(event)}
          />
        ))}
      </ul>
      {editing !== null && (
        <EventDialog event={editing === 'new' ? null : editing} view={view} onRun={run} onClose={() => setEditing(null)} />
      )}
      {closing !== null && (
        <Dialog title={messages.events.closeTitle(closing.name)} onClose={() => setClosing(null)}>
          <p>{messages.events.closeText}</p>
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setClosing(null)}>
              {messages.events.cancel}
            </button>
            <button
              type="button"
              className="button button-danger"
              onClick={() => {
                const event = closing;
                setClosing(null);
                void run({ kind: 'close', event: event.id }, messages.events.closed(event.name)).then((failure) => {
                  if (failure !== null && failure !== 'nobody') setSaid(failure);
                });
              }}
            >
              {messages.events.close}
            </button>
          </div>
        </Dialog>
      )}
      {approved.dialog}
    </div>
  );
}

interface EventCardProps {
  readonly event: EventState;
  readonly view: KioskView;
  readonly onEdit: () => void;
  readonly onClose: () => void;
  readonly onOpen: () => void;
}

function EventCard({ event, view: { site }, onEdit, onClose, onOpen }: EventCardProps) {
  const stock = stockOf(event);
  return (
    <li className={`card event-card ${stock === 'closed' ? 'card-quiet' : ''}`} data-testid={`event-${event.id}`} data-open={event.open}>
      <header>
        <h3>{event.name}</h3>
        <span className={`chip ${stock === 'closed' ? 'chip-closed' : stock === 'plenty' ? 'chip-member' : 'chip-low'}`}>
          {messages.events.stocks[stock]}
        </span>
      </header>
      <p className="event-card-when">{event.starts === undefined ? messages.sell.open : fullDate(event.starts, site.timeZone)}</p>
      <p className="event-card-count">
        <strong>{messages.events.sold(number(event.sold), number(event.capacity))}</strong>
        <span>{messages.events.left(number(event.remaining))}</span>
      </p>
      <meter
        className="event-meter"
        min={0}
        max={event.capacity}
        value={event.sold}
        aria-label={messages.events.sold(number(event.sold), number(event.capacity))}
      />
      <ul className="event-card-prices">
        {event.categories.map(({ id, name, price }) => (
          <li key={id} className="chip">
            {name} <strong>{price === 0 ? messages.sell.free : money(price, site.currency)}</strong>
          </li>
        ))}
      </ul>
      <div className="event-card-actions">
        <button type="button" className="button" aria-label={messages.events.changeThis(event.name)} onClick={onEdit}>
          <Pencil aria-hidden="true" />
          {messages.events.change}
        </button>
        {event.open ? (
          <button type="button" className="button" aria-label={messages.events.closeThis(event.name)} onClick={onClose}>
            <CircleSlash aria-hidden="true" />
            {messages.events.close}
          </button>
        ) : (
          <button type="button" className="button button-primary" aria-label={messages.events.openThis(event.name)} onClick={onOpen}>
            <Play aria-hidden="true" />
            {messages.events.open}
          </button>
        )}
      </div>
    </li>
  );
}
