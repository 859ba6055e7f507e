import type { ReactNode } from 'react';
import { PAYMENT_KINDS } from '../../shared/money';
import type { KioskView } from '../../shared/service';
import type { ShiftView } from '../../shared/shifts';
import { logTime, money } from '../format';
import { messages } from '../messages';

interface ShiftReportProps {
  readonly shift: ShiftView;
  readonly view: KioskView;
}

/** What a drawer saw: an X report while its shift is open, a Z report once it is closed. */
export function ShiftReport({ shift, view }: ShiftReportProps) {
  const { currency, timeZone } = view.site;
  const cash = (cents: number) => money(cents, currency);
  const { sold, back, cashIn, cashOut } = shift.totals;
  return (
    <section className="shift-report" aria-label={titleOf(shift)} data-testid="shift-report">
      <header>
        <h3>{titleOf(shift)}</h3>
        <p>
          {openedText(shift, view)}
          {shift.closed !== null && ` ${messages.shift.closedAt(nameOf(shift.closed.clerk, view), logTime(shift.closed.at, timeZone))}`}
        </p>
      </header>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">{messages.shift.payment}</th>
            <th scope="col">{messages.shift.tickets}</th>
            <th scope="col">{messages.shift.sold}</th>
            <th scope="col">{messages.shift.back}</th>
          </tr>
        </thead>
        <tbody>
          {PAYMENT_KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{messages.payment.kinds[kind]}</th>
              <td>{sold[kind].tickets - back[kind].tickets}</td>
              <td>{cash(sold[kind].cents)}</td>
              <td>{cash(back[kind].cents)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="sums">
        <Sum label={messages.shift.float}>{cash(shift.float)}</Sum>
        <Sum label={messages.shift.cashSold}>{cash(sold.cash.cents)}</Sum>
        <Sum label={messages.shift.cashBack}>{cash(0 - back.cash.cents)}</Sum>
        <Sum label={messages.shift.cashIn}>{cash(cashIn)}</Sum>
        <Sum label={messages.shift.cashOut}>{cash(0 - cashOut)}</Sum>
        <Sum label={messages.shift.expected} strong>
          {cash(shift.expected)}
        </Sum>
        {shift.closed !== null && (
          <>
            <Sum label={messages.shift.counted} strong>
              {cash(shift.closed.counted)}
            </Sum>
            <Sum label={messages.shift.difference} strong tone={shift.closed.difference === 0 ? 'good' : 'bad'}>
              {cash(shift.closed.difference)}
            </Sum>
            <GivenUpSince shift={shift} cash={cash} />
          </>
        )}
      </dl>
    </section>
  );
}

/** What this report counts and no customer has: a closed report stays as it was printed, so it stands beside it. */
function GivenUpSince({ shift: { expected, closed }, cash }: { readonly shift: ShiftView; readonly cash: (cents: number) => string }) {
  const since = closed?.givenUpSince ?? null;
  if (closed === null || since === null) return null;
  return (
    <>
      {PAYMENT_KINDS.filter((kind) => since[kind].sales > 0).map((kind) => (
        <Sum key={kind} label={messages.shift.givenUpSince(since[kind].sales, messages.payment.kinds[kind])}>
          {cash(0 - since[kind].cents)}
        </Sum>
      ))}
      {since.cash.cents > 0 && (
        <>
          <Sum label={messages.shift.expectedWithout}>{cash(expected - since.cash.cents)}</Sum>
          <Sum label={messages.shift.differenceWithout} strong tone={closed.difference + since.cash.cents === 0 ? 'good' : 'bad'}>
            {cash(closed.difference + since.cash.cents)}
          </Sum>
        </>
      )}
    </>
  );
}

/** Whose drawer it is, and since when. */
export function openedText({ clerk, kiosk, openedAt }: ShiftView, view: KioskView): string {
  return messages.shift.opened(nameOf(clerk, view), kiosk, logTime(openedAt, view.site.timeZone));
}

function nameOf(id: string, { desk }: KioskView): string {
  return desk.clerks.find((clerk) => clerk.id === id)?.name ?? id;
}

function titleOf({ closed, shift }: ShiftView): string {
  return closed === null ? messages.shift.x(shift) : messages.shift.z(closed.z);
}

interface SumProps {
  readonly label: string;
  readonly strong?: boolean;
  readonly tone?: 'good' | 'bad';
  readonly children: ReactNode;
}

function Sum({ label, strong = false, tone, children }: SumProps) {
  return (
    <div className={`sum ${strong ? 'sum-strong' : ''} ${tone === undefined ? '' : `sum-${tone}`}`}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
