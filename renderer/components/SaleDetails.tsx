import { Ban, Printer } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { KioskView, SaleView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { logTime, money } from '../format';
import { messages } from '../messages';
import { lineText } from '../orderText';
import { VoidDialog } from './VoidDialog';

interface SaleDetailsProps {
  readonly sale: SaleView;
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
}

/** One sale, whole: what, how paid, by whom, what became of it, and what can be done with it. */
export function SaleDetails({ sale, view, onPrint }: SaleDetailsProps) {
  const [voiding, setVoiding] = useState(false);
  const { currency, timeZone } = view.site;
  const name = (id: string) => view.desk.clerks.find((clerk) => clerk.id === id)?.name ?? id;
  const { payment, undone } = sale;
  return (
    <article className="details-card" data-testid="sale-details" data-sale={sale.sale} data-status={sale.status}>
      <header className="details-head">
        <h3>{messages.result.sale(sale.sale)}</h3>
        <span className={`chip ${sale.status === 'live' ? 'chip-member' : 'chip-removed'}`}>{messages.sales.statuses[sale.status]}</span>
      </header>
      <ul className="details-items">
        {sale.items.map((item) => {
          const copies = Math.max(...item.printed);
          return (
            <li key={`${item.event}/${item.category}`}>
              <strong>{lineText(item.tickets.length, item.eventName, item.categoryName)}</strong>
              <span>
                {messages.sales.tickets(ticketRanges(item.tickets), item.tickets.length)} · {messages.sales.printed(copies)}
              </span>
              <span className="details-amount">{money(item.price * item.tickets.length, currency)}</span>
            </li>
          );
        })}
      </ul>
      <dl className="facts">
        <Fact label={messages.sell.total}>{money(sale.total, currency)}</Fact>
        <Fact label={messages.sales.payment}>
          {messages.payment.kinds[payment.kind]}
          {payment.kind === 'cash' &&
            payment.change > 0 &&
            ` · ${messages.payment.both(money(payment.given, currency), money(payment.change, currency))}`}
        </Fact>
        <Fact label={messages.sales.when}>{logTime(sale.at, timeZone)}</Fact>
        <Fact label={messages.sales.clerk}>{name(sale.clerk)}</Fact>
        <Fact label={messages.sales.kiosk}>{messages.header.kiosk(sale.kiosk)}</Fact>
        {undone !== null && (
          <Fact label={messages.sales.undone}>
            {[logTime(undone.at, timeZone), name(undone.clerk), messages.header.kiosk(undone.kiosk)].join(' · ')}
            {undone.approver !== null && ` · ${messages.sales.approver(name(undone.approver))}`}
            {undone.reason !== null && ` · ${undone.reason}`}
          </Fact>
        )}
      </dl>
      {sale.status === 'live' && (
        <div className="details-actions">
          <button type="button" className="button button-primary" onClick={() => onPrint(sale.sale)}>
            <Printer aria-hidden="true" />
            {messages.sales.print}
          </button>
          <button type="button" className="button" onClick={() => setVoiding(true)}>
            <Ban aria-hidden="true" />
            {messages.sales.void}
          </button>
        </div>
      )}
      {voiding && <VoidDialog sale={sale} view={view} onClose={() => setVoiding(false)} />}
    </article>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
