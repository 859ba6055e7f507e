import { useEffect, useState } from 'react';
import type { ReportQuery, SalesReport } from '../../shared/desk';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { hourText, money, number } from '../format';
import { type Fault, faultOf } from '../logic/fault';
import { SPANS, type SpanChoice, spanChosen, timeOf } from '../logic/span';
import { messages } from '../messages';
import { DayField } from './DayField';
import { CsvButton, PdfButton } from './ExportButton';
import { FaultLine } from './Fault';
import { HoursChart } from './HoursChart';
import { Segmented } from './Segmented';
import { ShareTable } from './ShareTable';

const ALL = '';
/** A busy site changes many times a second; so often the figures are drawn anew. */
const LIVE_MS = 1_000;

/** What was sold, drawn and in figures, straight from the committed log, and live. */
export function ReportsScreen({ view }: { view: KioskView }) {
  const [time, setTime] = useState<SpanChoice>({ span: 'today', date: '' });
  const [event, setEvent] = useState(ALL);
  const query = queryOf(time, event, view.site.timeZone);
  const { report, error } = useReport(query, view.applied);
  const { currency, timeZone } = view.site;
  return (
    <div className="page reports">
      <h2 className="unseen">{messages.reports.title}</h2>
      <div className="page-head not-printed">
        <Segmented
          label={messages.sales.when}
          value={time.span}
          options={SPANS.map((value) => ({ value, label: messages.sales.spans[value] }))}
          onChange={(span) => setTime(spanChosen(span, Date.now(), timeZone))}
        />
        {time.span === 'day' && <DayField time={time} onTime={setTime} />}
        <label className="field reports-event">
          <span>{messages.sales.event}</span>
          <select value={event} onChange={(change) => setEvent(change.target.value)}>
            <option value={ALL}>{messages.sales.all}</option>
            {view.events.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div className="page-actions">
          <CsvButton what={{ what: 'report', query }} />
          <PdfButton name={`report-${time.span === 'day' ? time.date : time.span}`} />
        </div>
      </div>
      <FaultLine fault={error} />
      {report === null && error === null && <p className="empty">{messages.state.loadingList}</p>}
      {report !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
        <section className="reports-body printable" aria-label={messages.reports.title} tabIndex={0} data-testid="report">
          <ul className="tiles">
            <Tile label={messages.reports.revenue} value={money(report.totals.cents - report.totals.backCents, currency)} />
            <Tile label={messages.reports.tickets} value={number(report.totals.tickets - report.totals.backTickets)} />
            <Tile label={messages.reports.sales} value={number(report.totals.sales)} />
            <Tile label={messages.reports.back} value={money(report.totals.backCents, currency)} />
          </ul>
          {report.totals.sales === 0 && report.totals.backSales === 0 ? (
            <div className="empty">
              <h3>{messages.reports.none}</h3>
              <p>{messages.reports.noneHint}</p>
            </div>
          ) : (
            <>
              <HoursChart hours={report.hours} timeZone={timeZone} currency={currency} />
              <div className="reports-tables">
                <ShareTable
                  title={messages.reports.perEvent}
                  currency={currency}
                  left={messages.reports.left}
                  rows={report.events
                    .filter(({ sales, backSales }) => sales > 0 || backSales > 0)
                    .map((row) => ({ ...row, key: row.event, name: row.name, left: row.remaining }))}
                />
                <ShareTable
                  title={messages.reports.perHour}
                  currency={currency}
                  rows={report.hours.map((row) => ({ ...row, key: String(row.from), name: hourText(row.from, timeZone) }))}
                />
                <ShareTable
                  title={messages.reports.perKiosk}
                  currency={currency}
                  rows={report.kiosks.map((row) => ({ ...row, key: String(row.kiosk), name: messages.reports.kiosk(row.kiosk, row.name) }))}
                />
                <ShareTable
                  title={messages.reports.perClerk}
                  currency={currency}
                  rows={report.clerks.map((row) => ({ ...row, key: row.clerk, name: row.name }))}
                />
                <ShareTable
                  title={messages.reports.perPayment}
                  currency={currency}
                  rows={report.payments.map((row) => ({ ...row, key: row.payment, name: messages.payment.kinds[row.payment] }))}
                />
              </div>
            </>
          )}
        </section>
      )}
    </div>
  );
}

function Tile({ label, value }: { label: string; value: string }) {
  return (
    <li className="card tile">
      <span className="label">{label}</span>
      <strong>{value}</strong>
    </li>
  );
}

function queryOf(time: SpanChoice, event: string, timeZone: string): ReportQuery {
  return {
    ...timeOf(time, Date.now(), timeZone),
    ...(event === ALL ? {} : { event }),
  };
}

/** The report of what is asked for, made anew when the log has grown, but not more often than can be read. */
function useReport(query: ReportQuery, applied: number): { readonly report: SalesReport | null; readonly error: Fault | null } {
  const [report, setReport] = useState<{ readonly key: string; readonly value: SalesReport } | null>(null);
  const [error, setError] = useState<Fault | null>(null);
  const key = JSON.stringify(query);
  const fresh = report !== null && report.key === key;
  const behind = !fresh || report.value.applied < applied;
  useEffect(() => {
    if (!behind) return undefined;
    let stopped = false;
    const timer = setTimeout(
      () => {
        unwrap(bridge.report(JSON.parse(key) as ReportQuery)).then(
          (value) => {
            if (stopped) return;
            setReport({ key, value });
            setError(null);
          },
          (cause: unknown) => !stopped && setError(faultOf(cause)),
        );
      },
      fresh ? LIVE_MS : 0,
    );
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key, fresh, behind]);
  return { report: report?.value ?? null, error };
}
