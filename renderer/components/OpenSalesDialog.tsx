import { Printer } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AskedSale } from '../../shared/ipc';
import type { KioskView, SaleView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { logTime, money } from '../format';
import type { OpenSales } from '../hooks/useOpenSales';
import { type Fault, faultOf, faultOfSaid, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { orderText, saleText, soldText } from '../orderText';
import { Dialog } from './Dialog';
import { FaultText } from './Fault';

interface OpenSalesDialogProps {
  readonly open: OpenSales;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
  readonly onClose: () => void;
}

/** Every sale of this kiosk that is not finished, with the ways to finish it. */
export function OpenSalesDialog({ open: { asked, unprinted, elsewhere }, view, onPrint, onClose }: OpenSalesDialogProps) {
  const away = elsewhere.filter((other) => other.away).map(({ sale }) => sale);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <Dialog title={messages.open.title} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
      <section className="open-list" aria-label={messages.open.title} tabIndex={0}>
        {asked.length + unprinted.length + away.length === 0 && <p className="open-none">{messages.open.none}</p>}
        {asked.length > 0 && <h3>{messages.open.askedTitle}</h3>}
        <ul>
          {asked.map((sale) => (
            <AskedRow key={sale.requestId} sale={sale} view={view} onPrint={onPrint} />
          ))}
        </ul>
        {unprinted.length > 0 && <h3>{messages.open.unprintedTitle}</h3>}
        <ul>
          {unprinted.map((sale) => (
            <UnprintedRow key={sale.sale} sale={sale} view={view} onPrint={onPrint} />
          ))}
        </ul>
        {away.length > 0 && <h3>{messages.open.elsewhereTitle}</h3>}
        <ul>
          {away.map((sale) => (
            <UnprintedRow key={sale.sale} sale={sale} view={view} onPrint={onPrint} />
          ))}
        </ul>
      </section>
      <div className="dialog-actions">
        <button ref={close} type="button" className="button" onClick={onClose}>
          {messages.open.close}
        </button>
      </div>
    </Dialog>
  );
}

interface RowProps<S> {
  readonly sale: S;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
}

function AskedRow({ sale: { requestId, at, items, state }, view, onPrint }: RowProps<AskedSale>) {
  /** What came of the last touch, in words; null for nothing to say. */
  const [said, setSaid] = useState<string | Fault | null>(null);
  const send = (request: Parameters<typeof bridge.execute>[0]) => {
    setSaid(request.op === 'buy' ? messages.open.sentAgain : null);
    // A definite answer comes with the next list, from the log; what is left is why there is none.
    unwrap(bridge.execute(request)).then(
      (answer) => setSaid(answer.ok ? null : refusalFault(answer)),
      (error: unknown) => setSaid(faultOf(error)),
    );
  };
  return (
    <li className={`open-row open-row-${state.kind}`} data-testid="asked-sale" data-state={state.kind}>
      <div className="open-text">
        <strong>
          {messages.open.states[state.kind]} · {whatOf(items, view)}
        </strong>
        <span>{stateText({ state, items })}</span>
        {said !== null && state.kind === 'checking' && (
          <span className="open-said" role="status">
            {typeof said === 'string' ? said : <FaultText fault={said} />}
          </span>
        )}
        <span className="log-quiet log-request">
          {logTime(at, view.site.timeZone)} · {requestId}
        </span>
      </div>
      <div className="open-actions">
        {state.kind === 'checking' && (
          <>
            <button
              type="button"
              className="button button-primary"
              onClick={() => send({ op: 'buy', id: requestId, items: items.map((item) => ({ ...item })) })}
            >
              {messages.open.sendAgain}
            </button>
            <button type="button" className="button" onClick={() => send({ op: 'cancel', target: requestId })}>
              {messages.open.giveUp}
            </button>
          </>
        )}
        {state.kind === 'sold' && (
          <button type="button" className="button button-primary" onClick={() => onPrint(state.sale)}>
            <Printer aria-hidden="true" />
            {messages.open.print}
          </button>
        )}
        {state.kind !== 'checking' && state.kind !== 'giving_up' && (
          <button type="button" className="button" onClick={() => void bridge.seen(requestId)}>
            {messages.open.seen}
          </button>
        )}
      </div>
    </li>
  );
}

function stateText({ state, items }: Pick<AskedSale, 'state' | 'items'>): ReactNode {
  switch (state.kind) {
    case 'checking':
      return messages.open.checkingText;
    case 'giving_up':
      return messages.open.givingUpText;
    case 'sold':
      return saleText(state.sale, items, state.tickets);
    case 'voided':
      return messages.open.voidedText(state.sale);
    case 'not_sold':
    case 'not_given_up':
      return <FaultText fault={faultOfSaid(state.said)} />;
  }
}

function whatOf(items: AskedSale['items'], view: KioskView): string {
  return items.length === 0 ? messages.open.unknown : orderText(items, view.events);
}

function UnprintedRow({ sale, view, onPrint }: RowProps<SaleView>) {
  const tickets = sale.items.flatMap((item) => item.tickets);
  const claimed = sale.items.some((item) => item.printed.some((claims) => claims > 0));
  return (
    <li className="open-row" data-testid="unprinted-sale">
      <div className="open-text">
        <strong>{soldText(sale.items)}</strong>
        <span>
          {saleText(sale.sale, sale.items, tickets)} · {money(sale.total, view.site.currency)}
        </span>
        {claimed && <span className="open-said">{messages.open.unfinished}</span>}
        <span className="log-quiet">
          {logTime(sale.at, view.site.timeZone)} · {sale.clerk}
        </span>
      </div>
      <div className="open-actions">
        <button
          type="button"
          className="button button-primary"
          aria-label={messages.open.printSale(sale.sale)}
          onClick={() => onPrint(sale.sale)}
        >
          <Printer aria-hidden="true" />
          {messages.open.print}
        </button>
      </div>
    </li>
  );
}
