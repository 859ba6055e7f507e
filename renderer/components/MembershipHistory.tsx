import { useEffect, useState } from 'react';
import type { MembershipChange } from '../../shared/desk';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { logTime } from '../format';
import { type Fault, faultOf } from '../logic/fault';
import { messages } from '../messages';
import { FaultLine } from './Fault';

/** Who decided over whom, and when: every change of the members, newest first, out of the log. */
export function MembershipHistory({ view }: { view: KioskView }) {
  const [changes, setChanges] = useState<readonly MembershipChange[] | null>(null);
  const [error, setError] = useState<Fault | null>(null);
  const members = view.kiosks.map(({ id, standing }) => `${id}${standing}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another standing of a kiosk is another change
  useEffect(() => {
    unwrap(bridge.membershipChanges()).then(setChanges, (cause: unknown) => setError(faultOf(cause)));
  }, [members, view.generation]);
  const name = (id: string) => view.desk.clerks.find((clerk) => clerk.id === id)?.name ?? id;
  return (
    <section className="card history" aria-label={messages.history.title}>
      <h3>{messages.history.title}</h3>
      <FaultLine fault={error} />
      {changes === null && error === null && <p className="empty">{messages.state.loadingList}</p>}
      <ol>
        {changes?.map((change) => (
          <li key={change.slot} className="history-row">
            <strong>{whatOf(change)}</strong>
            <span>{messages.log.members(change.members.join(' '))}</span>
            <span className="log-quiet">
              {[
                messages.log.detailsTitle(change.slot),
                ...(change.at === null ? [] : [logTime(change.at, view.site.timeZone)]),
                ...(change.clerk === null ? [] : [name(change.clerk)]),
              ].join(' · ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function whatOf({ kind, change, generation }: MembershipChange): string {
  switch (kind) {
    case 'founding':
      return messages.history.founding;
    case 'recovery':
      return messages.kiosks.generation(generation);
    case 'configuration':
      return change === null ? messages.history.unknown : messages.log.change(change);
  }
}
