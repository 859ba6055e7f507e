import { CircleCheckBig, CircleX, Hourglass, Printer, Undo2 } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { money, sentence } from '../format';
import { offerOf, type SaleState, type Wanted } from '../logic/sale';
import { messages } from '../messages';
import { PitchMark } from './PitchMark';

interface ResultPanelProps {
  readonly state: SaleState;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
  readonly onBegin: (wanted: Wanted) => void;
  readonly onGiveUp: () => void;
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

function Content({ state, view, onPrint, onBegin, onGiveUp, onDismiss }: ResultPanelProps) {
  const nameOf = (id: string) => view.events.find((event) => event.id === id)?.name ?? id;
  switch (state.kind) {
    case 'idle':
      if (view.connection !== 'selling')
        return (
          <>
            <h2>{messages.result.notNow}</h2>
            <p>{messages.result.notNowHint}</p>
          </>
        );
      return (
        <>
          <PitchMark />
          <h2>{messages.result.none}</h2>
          <p>{messages.result.noneHint}</p>
        </>
      );
    case 'selling':
      return (
        <>
          <Head icon={Hourglass} title={messages.result.selling} />
          <p>{messages.result.sellingHint}</p>
          <p className="result-quiet">{messages.result.wanted(state.pending.wanted.n, nameOf(state.pending.wanted.event))}</p>
        </>
      );
    case 'checking':
      return (
        <>
          <Head icon={Hourglass} title={messages.result.checking} />
          <p>{messages.result.checkingText}</p>
          <p className="result-quiet">{messages.result.wanted(state.pending.wanted.n, nameOf(state.pending.wanted.event))}</p>
          <p className="result-id">{messages.result.request(state.pending.id)}</p>
          <button type="button" className="button" onClick={onGiveUp}>
            {messages.result.giveUp}
          </button>
        </>
      );
    case 'giving_up':
      return (
        <>
          <Head icon={Hourglass} title={messages.result.givingUp} />
          <p>{messages.result.givingUpText}</p>
          <p className="result-quiet">{messages.result.wanted(state.pending.wanted.n, nameOf(state.pending.wanted.event))}</p>
          <p className="result-id">{messages.result.request(state.pending.id)}</p>
        </>
      );
    case 'given_up':
      return (
        <>
          <Head icon={Undo2} title={messages.result.refused} />
          <p>{messages.result.givenUpText}</p>
          <p className="result-quiet">{messages.result.wanted(state.pending.wanted.n, nameOf(state.pending.wanted.event))}</p>
          <button type="button" className="button" onClick={onDismiss}>
            {messages.result.dismiss}
          </button>
        </>
      );
    case 'sold': {
      const { answer } = state;
      const numbers = ticketRanges(answer.tickets);
      return (
        <>
          <Head icon={CircleCheckBig} title={messages.result.sold} />
          <p className="result-tickets">
            {answer.tickets.length === 1 ? messages.result.ticket(numbers) : messages.result.tickets(numbers)}
          </p>
          <p>{nameOf(answer.event)}</p>
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
          <Head icon={CircleX} title={messages.result.refused} />
          <p>{sentence(messages.refusal(state.refusal))}</p>
          {offer !== null && (
            <button type="button" className="button button-primary" disabled={view.connection !== 'selling'} onClick={() => onBegin(offer)}>
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

function Head({ icon: Icon, title }: { icon: typeof Hourglass; title: string }) {
  return (
    <h2 className="result-head">
      <Icon aria-hidden="true" className="result-icon" />
      {title}
    </h2>
  );
}
