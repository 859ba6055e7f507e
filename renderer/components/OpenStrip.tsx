import { CircleCheckBig, Hourglass, Printer } from 'lucide-react';
import type { OpenSales } from '../hooks/useOpenSales';
import { messages } from '../messages';

interface OpenStripProps {
  readonly open: OpenSales;
  readonly onLook: () => void;
}

/** One line on every screen while a sale is not finished; nothing while all are. */
export function OpenStrip({ open: { asked, unprinted, elsewhere }, onLook }: OpenStripProps) {
  const away = elsewhere.filter((sale) => sale.away).length;
  if (asked.length + unprinted.length + away === 0) return null;
  const checking = asked.filter(({ state }) => state.kind === 'checking' || state.kind === 'giving_up').length;
  const answered = asked.length - checking;
  return (
    <section
      className={`open-strip ${checking > 0 ? 'open-strip-checking' : ''}`}
      aria-label={messages.open.strip}
      aria-live="polite"
      data-testid="open-strip"
    >
      {checking > 0 && (
        <span className="open-count open-count-checking">
          <Hourglass aria-hidden="true" />
          {messages.open.checking(checking)}
        </span>
      )}
      {answered > 0 && (
        <span className="open-count">
          <CircleCheckBig aria-hidden="true" />
          {messages.open.answered(answered)}
        </span>
      )}
      {unprinted.length > 0 && (
        <span className="open-count">
          <Printer aria-hidden="true" />
          {messages.open.unprinted(unprinted.length)}
        </span>
      )}
      {away > 0 && (
        <span className="open-count">
          <Printer aria-hidden="true" />
          {messages.open.elsewhere(away)}
        </span>
      )}
      <button type="button" className="button" onClick={onLook}>
        {messages.open.look}
      </button>
    </section>
  );
}
