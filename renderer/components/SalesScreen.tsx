import { Search as SearchIcon, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { PAYMENT_KINDS, type PaymentKind } from '../../shared/money';
import type { KioskView, SaleStatus, SaleView } from '../../shared/service';
import { logTime, money } from '../format';
import { useScannerField } from '../hooks/useScannerField';
import { type SearchFilter, useSearch } from '../hooks/useSearch';
import { type Chosen, onlyOne, shownSale } from '../logic/chosen';
import { SPANS, type Span, type SpanChoice, spanChosen, timeOf } from '../logic/span';
import { messages } from '../messages';
import { saleText, soldText } from '../orderText';
import { DayField } from './DayField';
import { CsvButton } from './ExportButton';
import { FaultLine } from './Fault';
import { SaleDetails } from './SaleDetails';

const ALL = '';
const STATUSES: readonly SaleStatus[] = ['live', 'void', 'cancelled'];

interface SalesScreenProps {
  readonly view: KioskView;
  readonly onPrint: (sale: string) => void;
}

interface Filters {
  readonly text: string;
  readonly time: SpanChoice;
  readonly event: string;
  readonly clerk: string;
  readonly kiosk: string;
  readonly payment: string;
  readonly status: string;
}

const NO_FILTERS: Filters = { text: '', time: { span: 'all', date: '' }, event: ALL, clerk: ALL, kiosk: ALL, payment: ALL, status: ALL };

/** Every sale of the site, found by what is at hand: a number, a name, a time, or a ticket under the scanner. */
export function SalesScreen({ view, onPrint }: SalesScreenProps) {
  const [filters, setFilters] = useState(NO_FILTERS);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useScannerField(field);
  const filter = useMemo(() => filterOf(filters, view.site.timeZone), [filters, view.site.timeZone]);
  const search = useSearch(filter, view.applied);
  const found = search.settled ? search.sales : null;
  const shown = shownSale(chosen, found, filters.text);
  const set = (part: Partial<Filters>) => setFilters((old) => ({ ...old, ...part }));
  const only = onlyOne(found, filters.text);
  useEffect(() => {
    if (only !== null) setChosen({ sale: only, text: filters.text });
  }, [only, filters.text]);

  return (
    <div className="page sales">
      <h2 className="unseen">{messages.sales.title}</h2>
      <div className="sales-tools">
        <div className="sales-find">
          <label className="field sales-text">
            <span>{messages.sales.text}</span>
            <span className="search-box">
              <SearchIcon aria-hidden="true" />
              <input
                ref={field}
                type="text"
                autoComplete="off"
                spellCheck={false}
                value={filters.text}
                onFocus={(focus) => focus.target.select()}
                onChange={(typed) => set({ text: typed.target.value })}
                // A scanner ends with Enter: the next code begins anew.
                onKeyDown={(key) => key.key === 'Enter' && key.currentTarget.select()}
              />
            </span>
          </label>
          {filters !== NO_FILTERS && (
            <button type="button" className="icon-button" aria-label={messages.sales.reset} onClick={() => setFilters(NO_FILTERS)}>
              <X aria-hidden="true" />
            </button>
          )}
        </div>
        <Picker
          label={messages.sales.when}
          value={filters.time.span}
          onValue={(span) => set({ time: spanChosen(span as Span, Date.now(), view.site.timeZone) })}
        >
          {SPANS.map((span) => ({ value: span, label: messages.sales.spans[span] }))}
        </Picker>
        {filters.time.span === 'day' && <DayField time={filters.time} onTime={(time) => set({ time })} />}
        <Picker label={messages.sales.event} value={filters.event} onValue={(event) => set({ event })} all={messages.sales.all}>
          {view.events.map(({ id, name }) => ({ value: id, label: name }))}
        </Picker>
        <Picker label={messages.sales.clerk} value={filters.clerk} onValue={(clerk) => set({ clerk })} all={messages.sales.all}>
          {view.desk.clerks.map(({ id, name }) => ({ value: id, label: name }))}
        </Picker>
        <Picker label={messages.sales.kiosk} value={filters.kiosk} onValue={(kiosk) => set({ kiosk })} all={messages.sales.all}>
          {view.kiosks.map(({ id, name }) => ({ value: String(id), label: `${id} ${name}` }))}
        </Picker>
        <Picker label={messages.sales.payment} value={filters.payment} onValue={(payment) => set({ payment })} all={messages.sales.all}>
          {PAYMENT_KINDS.map((kind) => ({ value: kind, label: messages.payment.kinds[kind] }))}
        </Picker>
        <Picker label={messages.sales.status} value={filters.status} onValue={(status) => set({ status })} all={messages.sales.all}>
          {STATUSES.map((status) => ({ value: status, label: messages.sales.statuses[status] }))}
        </Picker>
      </div>
      <FaultLine fault={search.error} />
      <div className="sales-columns">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard */}
        <section className="sales-list" aria-label={messages.sales.title} tabIndex={0} data-testid="sales">
          {search.sales === null && search.error === null && <p className="empty">{messages.state.loadingList}</p>}
          {search.sales?.length === 0 && (
            <div className="empty">
              <h3>{messages.sales.none}</h3>
              <p>{messages.sales.noneHint}</p>
            </div>
          )}
          <ul>
            {search.sales?.map((sale) => (
              <SaleRow
                key={sale.sale}
                sale={sale}
                view={view}
                chosen={sale.sale === shown?.sale}
                onChoose={() => setChosen({ sale, text: filters.text })}
              />
            ))}
          </ul>
          {search.more && (
            <button type="button" className="button sales-more" onClick={search.loadMore}>
              {messages.sales.more}
            </button>
          )}
        </section>
        <section className="card sales-details" aria-label={messages.sales.details}>
          {shown === null ? (
            <div className="empty">
              <p>{messages.sales.choose}</p>
              <CsvButton what={{ what: 'sales', query: filter }} />
            </div>
          ) : (
            <SaleDetails sale={shown} view={view} onPrint={onPrint} />
          )}
        </section>
      </div>
    </div>
  );
}

function filterOf(filters: Filters, timeZone: string): SearchFilter {
  const { text, time, event, clerk, kiosk, payment, status } = filters;
  return {
    ...timeOf(time, Date.now(), timeZone),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(event === ALL ? {} : { event }),
    ...(clerk === ALL ? {} : { clerk }),
    ...(kiosk === ALL ? {} : { kiosk: Number(kiosk) }),
    ...(payment === ALL ? {} : { payment: payment as PaymentKind }),
    ...(status === ALL ? {} : { status: status as SaleStatus }),
  };
}

interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** The first choice, for no filter. */
  readonly all?: string;
  readonly children: readonly { readonly value: string; readonly label: string }[];
}

function Picker({ label, value, onValue, all, children }: PickerProps) {
  return (
    <label className="field sales-picker">
      <span>{label}</span>
      <select value={value} onChange={(change) => onValue(change.target.value)}>
        {all !== undefined && <option value={ALL}>{all}</option>}
        {children.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SaleRowProps {
  readonly sale: SaleView;
  readonly view: KioskView;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function SaleRow({ sale, view, chosen, onChoose }: SaleRowProps) {
  const tickets = sale.items.flatMap((item) => item.tickets);
  return (
    <li>
      <button type="button" className={`row-button row-${sale.status}`} aria-pressed={chosen} onClick={onChoose}>
        <span className="row-text">
          <strong className="row-what">{soldText(sale.items)}</strong>
          <span>
            {saleText(sale.sale, sale.items, tickets)} · {logTime(sale.at, view.site.timeZone)}
          </span>
        </span>
        <span className="row-amount">
          <span>{money(sale.total, view.site.currency)}</span>
          {sale.status === 'live' ? (
            <span className="row-kind">{messages.payment.kinds[sale.payment.kind]}</span>
          ) : (
            <span className="chip chip-removed">{messages.sales.statuses[sale.status]}</span>
          )}
        </span>
      </button>
    </li>
  );
}
