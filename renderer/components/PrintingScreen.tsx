import { FileText, Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import { asksClerk, isOnItsWay, PAPERS, type PrintQueueView } from '../../shared/printing';
import type { KioskView, SaleView } from '../../shared/service';
import { ticketRanges } from '../../shared/text';
import { bridge } from '../bridge';
import type { OpenSales } from '../hooks/useOpenSales';
import { messages } from '../messages';
import { severalEvents, soldText } from '../orderText';
import { PrintJobRow, printerName } from './PrintJobRow';
import { Segmented } from './Segmented';

interface PrintingScreenProps {
  readonly view: KioskView;
  readonly queue: PrintQueueView;
  readonly open: OpenSales;
  readonly onPrint: (sale: string) => void;
}

/** What waits for the clerk, printers and how they are, what is on its way, and what other kiosks have not printed. */
export function PrintingScreen({ view, queue, open: { elsewhere }, onPrint }: PrintingScreenProps) {
  const asks = queue.jobs.filter(asksClerk);
  const underWay = queue.jobs.filter(isOnItsWay);
  const done = queue.jobs.filter(({ state }) => state === 'done').reverse();
  const rows = (jobs: typeof queue.jobs) => jobs.map((job) => <PrintJobRow key={job.id} job={job} view={view} printers={queue.printers} />);
  return (
    <div className="printing-screen">
      <h2>{messages.print.screen}</h2>
      {asks.length > 0 && <Part title={messages.print.asks}>{rows(asks)}</Part>}
      <Printers queue={queue} />
      {asks.length + underWay.length + elsewhere.length === 0 && <p className="open-none">{messages.print.none}</p>}
      {underWay.length > 0 && <Part title={messages.print.underWay}>{rows(underWay)}</Part>}
      {elsewhere.length > 0 && (
        <Part title={messages.print.elsewhere}>
          {elsewhere.map(({ sale, away }) => (
            <li key={sale.sale} className="open-row" data-testid="elsewhere-sale">
              <div className="open-text">
                <strong>{soldText(sale.items)}</strong>
                <span>
                  {messages.print.saleOf(sale.sale, sale.kiosk)} · {numbersText(sale)}
                </span>
                {away && <span className="open-said">{messages.print.away}</span>}
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
          ))}
        </Part>
      )}
      {done.length > 0 && <Part title={messages.print.finished}>{rows(done)}</Part>}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="printing-part">
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}

function Printers({ queue: { printers, choice } }: { queue: PrintQueueView }) {
  return (
    <section className="printing-part" aria-label={messages.print.printers}>
      <ul className="printer-list">
        {printers.map((printer) => {
          const { name, state, detail } = printer;
          const used = name === choice.printer;
          const Icon = name === null ? FileText : Printer;
          const hint = name === null ? messages.print.folderHint : messages.print.remedies[state];
          return (
            <li
              key={name ?? ''}
              className={`printer printer-${state} ${used ? 'printer-used' : ''}`}
              data-testid="printer"
              data-state={state}
            >
              <Icon aria-hidden="true" />
              <div className="open-text">
                <strong>{printerName(printer)}</strong>
                <span className="printer-state">{messages.print.printerStates[state]}</span>
              </div>
              <button
                type="button"
                className="button"
                aria-pressed={used}
                onClick={() => void bridge.printChoice({ printer: name, paper: choice.paper })}
              >
                {used ? messages.print.used : messages.print.use}
              </button>
              <p className="printer-hint">
                {hint}
                {detail !== null && state !== 'ready' && <span className="log-quiet"> {messages.print.toldBySystem(detail)}</span>}
              </p>
            </li>
          );
        })}
      </ul>
      <Segmented
        label={messages.print.paper}
        value={choice.paper}
        options={PAPERS.map((value) => ({ value, label: messages.print.papers[value] }))}
        onChange={(paper) => void bridge.printChoice({ printer: choice.printer, paper })}
      />
    </section>
  );
}

/** Numbers of its tickets; of several events, each of which begins with number 1, how many. */
function numbersText({ items }: SaleView): string {
  const tickets = items.flatMap((item) => item.tickets);
  return severalEvents(items) ? messages.cart.count(tickets.length) : ticketRanges(tickets);
}
