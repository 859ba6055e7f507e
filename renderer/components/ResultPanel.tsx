import { CircleCheckBig, CircleX, Hourglass, Printer, Undo2 } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { money } from '../format';
import { type Cart, countOf } from '../logic/cart';
import { refusalFault } from '../logic/fault';
import { offerOf, type SaleState } from '../logic/sale';
import { messages } from '../messages';
import { orderText } from '../orderText';
import { FaultText } from './Fault';
import { PitchMark } from './PitchMark';

interface ResultPanelProps {
  readonly state: SaleState;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
  readonly onBegin: (cart: Cart) => void;
  /** Puts a refused order back into the cart. */
  readonly onChange: (cart: Cart) => void;
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

function Content({ state, view, onPrint, onBegin, onChange, onGiveUp, onDismiss }: ResultPanelProps) {
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
          <p className="result-quiet">{orderText(state.pending.order.items, view.events)}</p>
        </>
      );
    case 'checking':
      return (
        <>
          <Head icon={Hourglass} title={messages.result.checking} />
          <p>{messages.result.checkingText}</p>
          <p className="result-quiet">{orderText(state.pending.order.items, view.events)}</p>
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
          <p className="result-quiet">{orderText(state.pending.order.items, view.events)}</p>
          <p className="result-id">{messages.result.request(state.pending.id)}</p>
        </>
      );
    case 'given_up':
      return (
        <>
          <Head icon={Undo2} title={messages.result.refused} />
          <p>{messages.result.givenUpText}</p>
          <p className="result-quiet">{orderText(state.pending.order.items, view.events)}</p>
          <button type="button" className="button" onClick={onDismiss}>
            {messages.result.dismiss}
          </button>
        </>
      );
    case 'sold': {
      const { sold } = state;
      return (
        <>
          <Head icon={CircleCheckBig} title={messages.result.sold} />
          {sold.items.length === 1 && (
            <>
              <p className="result-tickets">{ticketWords(sold.tickets)}</p>
              <p>{orderText(sold.items, view.events)}</p>
            </>
          )}
          <p className="result-total">
            {money(sold.total, view.site.currency)} <span className="result-kind">{messages.payment.kinds[sold.payment.kind]}</span>
          </p>
          {sold.payment.change > 0 && (
            <p className="result-change" data-testid="change-due">
              <span>{messages.result.changeDue}</span>
              <strong>{money(sold.payment.change, view.site.currency)}</strong>
            </p>
          )}
          {sold.items.length > 1 && (
            <ul className="result-items">
              {sold.items.map((item) => (
                <li key={`${item.event}/${item.category}`}>
                  <strong>{ticketWords(item.tickets)}</strong> {orderText([item], view.events)}
                </li>
              ))}
            </ul>
          )}
          <p className="result-id">{messages.result.sale(sold.sale)}</p>
          <button type="button" className="button" onClick={() => onPrint(sold.sale)}>
            <Printer aria-hidden="true" />
            {messages.result.print}
          </button>
        </>
      );
    }
    case 'refused': {
      const offer = offerOf(state, view.events);
      return (
        <>
          <Head icon={CircleX} title={messages.result.refused} />
          <p>
            <FaultText fault={refusalFault(state.refusal)} />
          </p>
          {offer !== null && (
            <button type="button" className="button button-primary" disabled={view.connection !== 'selling'} onClick={() => onBegin(offer)}>
              {offer.length === 1 ? messages.result.offer(countOf(offer)) : messages.result.offerSeveral(countOf(offer))}
            </button>
          )}
          <button type="button" className="button" onClick={() => onChange(state.pending.order.items)}>
            {messages.result.change}
          </button>
        </>
      );
    }
  }
}

function ticketWords(tickets: readonly number[]): string {
  const numbers = ticketRanges(tickets);
  return tickets.length === 1 ? messages.result.ticket(numbers) : messages.result.tickets(numbers);
}

function Head({ icon: Icon, title }: { icon: typeof Hourglass; title: string }) {
  return (
    <h2 className="result-head">
      <Icon aria-hidden="true" className="result-icon" />
      {title}
    </h2>
  );
}
