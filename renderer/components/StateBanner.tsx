import type { KioskView } from '../../shared/service';
import { dayText } from '../format';
import type { Freshness } from '../hooks/useFreshness';
import { messages } from '../messages';
import { FaultCode } from './Fault';
import { Notice } from './Notice';

interface StateBannerProps {
  readonly view: KioskView;
  readonly fresh: Freshness | null;
  /** A change of the members is under way, or none can be made now. */
  readonly blocked: boolean;
  readonly onReadmit: (kiosk: number) => void;
}

/** What keeps this kiosk from selling or voting, where a clerk can't miss it. */
export function StateBanner({ view, fresh, blocked, onReadmit }: StateBannerProps) {
  const why = view.why === null ? null : messages.why(view.why, view.kiosk.id);
  if (view.problem !== null) {
    return (
      <Notice kind="problem" title={messages.state.problem} text={why}>
        {view.why?.kind === 'problem' && <FaultCode code={view.why.said.code} />}
      </Notice>
    );
  }
  const starting = view.connection === 'starting';
  if (view.role === 'founding' && !starting) return <Notice kind="waiting" title={messages.state.founding} text={why} />;
  if (view.role === 'removed') return <Notice kind="problem" title={messages.state.removed} text={why} />;
  return (
    <>
      {why !== null && !starting && (
        <Notice
          kind="waiting"
          title={view.role === 'learner' && !view.estranged ? messages.state.learner : messages.majority[view.connection]}
          text={fresh?.confirmed === false ? `${why}. ${messages.state.lastKnown(fresh.ageSeconds)}` : why}
        />
      )}
      {view.certificate.state !== 'good' && (
        <Notice
          kind="waiting"
          title={messages.state.certificate[view.certificate.state](dayText(view.certificate.expiresAt, view.site.timeZone))}
          text={messages.state.certificateText}
        />
      )}
      {view.kiosks
        .filter(({ standing }) => standing === 'lost')
        .map(({ id, self }) => (
          <Notice
            key={id}
            kind="waiting"
            title={self ? messages.state.estranged : messages.state.lost(id)}
            text={self ? messages.state.estrangedText : messages.state.lostText}
          >
            <button type="button" className="button" disabled={blocked} onClick={() => onReadmit(id)}>
              {messages.kiosks.readmitThis(id)}
            </button>
          </Notice>
        ))}
    </>
  );
}
