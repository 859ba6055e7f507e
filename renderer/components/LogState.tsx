import type { KioskView } from '../../shared/service';
import type { Freshness } from '../hooks/useFreshness';
import { stockOf } from '../logic/stock';
import { messages } from '../messages';

/** The state that the log adds up to: who votes, who leads, how far it is applied, what is left of each event. */
export function LogState({ view, fresh }: { view: KioskView; fresh: Freshness | null }) {
  const members = view.kiosks
    .filter(({ standing }) => standing === 'member' || standing === 'joining' || standing === 'lost')
    .map(({ id }) => id);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
    <section className="log-state" aria-label={messages.log.state} tabIndex={0}>
      <span className="chip">{messages.log.members(members.join(' '))}</span>
      <span className="chip">{messages.log.leader(view.leader)}</span>
      <span className="chip">{messages.log.applied(view.applied)}</span>
      {fresh !== null && (
        <span className={`chip ${fresh.confirmed ? 'chip-member' : 'chip-low'}`}>
          {fresh.confirmed ? messages.log.confirmed : messages.log.unconfirmed(fresh.ageSeconds)}
        </span>
      )}
      {view.events.map((event) => (
        <span key={event.id} className={`chip chip-event chip-${stockOf(event)}`}>
          {messages.log.left(event.name, event.remaining, event.capacity)}
        </span>
      ))}
    </section>
  );
}
