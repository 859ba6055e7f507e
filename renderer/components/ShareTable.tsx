import type { Figures } from '../../shared/desk';
import { money, number } from '../format';
import { messages } from '../messages';

interface Row extends Figures {
  readonly key: string;
  readonly name: string;
  /** Left in the pool, where there is one. */
  readonly left?: number;
}

interface ShareTableProps {
  readonly title: string;
  readonly currency: string;
  readonly rows: readonly Row[];
  /** Head of the column of what is left, where there is one. */
  readonly left?: string;
}

/** A chart of bars that is a table: each row has its figures, and a bar as long as its share of the largest. */
export function ShareTable({ title, currency, rows, left }: ShareTableProps) {
  const most = Math.max(1, ...rows.map(({ cents, backCents }) => cents - backCents));
  const mostTickets = Math.max(1, ...rows.map(({ tickets, backTickets }) => tickets - backTickets));
  const free = rows.every(({ cents }) => cents === 0);
  return (
    <section className="card share">
      <table className="figures">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{title}</span>
            </th>
            <th scope="col">{messages.reports.tickets}</th>
            {left !== undefined && <th scope="col">{left}</th>}
            <th scope="col">{messages.reports.revenue}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const tickets = row.tickets - row.backTickets;
            const cents = row.cents - row.backCents;
            const share = free ? tickets / mostTickets : cents / most;
            return (
              <tr key={row.key}>
                <th scope="row">
                  <span className="share-name">{row.name}</span>
                  <span className="share-bar" aria-hidden="true">
                    <span style={{ width: `${Math.max(0, 100 * share)}%` }} />
                  </span>
                </th>
                <td>{number(tickets)}</td>
                {left !== undefined && <td>{number(row.left ?? 0)}</td>}
                <td>{money(cents, currency)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p className="empty">{messages.reports.none}</p>}
    </section>
  );
}
