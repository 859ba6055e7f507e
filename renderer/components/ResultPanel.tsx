import { CircleCheck, CircleX, Hourglass, Printer, Ticket } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { money } from '../format';
import { offerOf, type SaleState, type Wanted } from '../logic/sale';
import { messages } from '../messages';

interface ResultPanelProps {
  readonly state: SaleState;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
  readonly onBegin: (wanted: Wanted) => void;
  readonly onDismiss: () => void;
}

/** The last sale and its numbers stay here until the next one begins. */
export function ResultPanel(props: ResultPanelProps) {
  return (
    <section
      className={`result result-${props.state.kind}`}
      aria-live="polite"
      aria-label={messages.result.title}
      data-testid="result"
      data-state={props.state.kind}
    >
      <Content {...props} />
    </section>
  );
}

function Content({ state, view, onPrint, onBegin, onDismiss }: ResultPanelProps) {
  switch (state.kind) {
    case 'idle':
      return (
        <>
          <Ticket aria-hidden="true" className="result-icon" />
          <h2>{messages.result.none}</h2>
          <p>{messages.result.noneHint}</p>
        </>
      );
    case 'selling':
      return (
        <>
          <Hourglass aria-hidden="true" className="result-icon" />
          <h2>{messages.sell.selling}</h2>
        </>
      );
    case 'checking':
      return (
        <>
          <Hourglass aria-hidden="true" className="result-icon" />
          <h2>{messages.result.checking}</h2>
          <p>{messages.result.checkingText}</p>
          <p className="result-id">{messages.result.checkingId(state.pending.id)}</p>
        </>
      );
    case 'sold': {
      const { answer } = state;
      const numbers = ticketRanges(answer.tickets);
      const event = view.events.find(({ id }) => id === answer.event);
      return (
        <>
          <CircleCheck aria-hidden="true" className="result-icon" />
          <h2>{messages.result.sold}</h2>
          <p className="result-tickets">
            {answer.tickets.length === 1 ? messages.result.ticket(numbers) : messages.result.tickets(numbers)}
          </p>
          <p>{event?.name ?? answer.event}</p>
          <p className="result-total">{money(answer.total, view.site.currency)}</p>
          <p className="result-id">{messages.result.sale(answer.sale)}</p>
          <button type="button" className="button" onClick={() => onPrint(answer.sale)}>
            <Printer aria-hidden="true" />
            {messages.result.print}
          </button>
        </>
      );
    }
    case 'refused': {
      const offer = offerOf(state);
      return (
        <>
          <CircleX aria-hidden="true" className="result-icon" />
          <h2>{messages.result.refused}</h2>
          <p>{state.refusal.message}</p>
          {offer !== null && (
            <button type="button" className="button button-primary" onClick={() => onBegin(offer)}>
              {messages.result.offer(offer.n)}
            </button>
          )}
          <button type="button" className="button" onClick={onDismiss}>
            {messages.result.dismiss}
          </button>
        </>
      );
    }
  }
}
