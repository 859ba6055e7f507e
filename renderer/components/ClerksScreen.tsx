import { KeyRound, UserPlus, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { ClerkView } from '../../shared/clerks';
import type { ClerkRequest } from '../../shared/requests';
import type { KioskView } from '../../shared/service';
import { useApproved } from '../hooks/useApproved';
import { type Fault, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { ClerkDialog } from './ClerkDialog';

/** Who may stand at the windows of this site, and what each may do there. */
export function ClerksScreen({ view }: { view: KioskView }) {
  const [editing, setEditing] = useState<ClerkView | 'new' | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const approved = useApproved(view);
  const run = async (action: ClerkRequest['action'], name: string): Promise<Fault | 'nobody' | null> => {
    const answer = await approved.run({ op: 'clerk', action });
    if (answer === null) return 'nobody';
    if (!answer.ok) return refusalFault(answer);
    setSaid(messages.clerks.saved(name));
    return null;
  };
  return (
    <div className="page clerks">
      <div className="page-head">
        <h2>{messages.clerks.title}</h2>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setEditing('new')}>
            <UserPlus aria-hidden="true" />
            {messages.clerks.add}
          </button>
        </div>
      </div>
      {said !== null && (
        <p className="job job-good" role="status" data-testid="clerk-result">
          <span>{said}</span>
        </p>
      )}
      {view.desk.clerks.length === 0 && (
        <div className="empty">
          <h3>{messages.clerks.none}</h3>
          <p>{messages.setUp.text}</p>
        </div>
      )}
      <ul className="clerk-cards">
        {view.desk.clerks.map((clerk) => (
          <li
            key={clerk.id}
            className={`card clerk-card ${clerk.active ? '' : 'card-quiet'}`}
            data-testid={`clerk-${clerk.id}`}
            data-active={clerk.active}
          >
            <UserRound aria-hidden="true" className="clerk-card-mark" />
            <div className="clerk-card-text">
              <h3>{clerk.name}</h3>
              <p>{clerk.active ? permissionsText(clerk) : messages.clerks.inactive}</p>
            </div>
            <button type="button" className="button" aria-label={messages.clerks.changeThis(clerk.name)} onClick={() => setEditing(clerk)}>
              <KeyRound aria-hidden="true" />
              {messages.clerks.change}
            </button>
          </li>
        ))}
      </ul>
      {editing !== null && (
        <ClerkDialog clerk={editing === 'new' ? null : editing} view={view} onRun={run} onClose={() => setEditing(null)} />
      )}
      {approved.dialog}
    </div>
  );
}

function permissionsText({ permissions }: ClerkView): string {
  if (permissions.includes('clerks')) return messages.clerks.manager;
  return permissions.map((permission) => messages.clerks.permissions[permission]).join(' · ') || messages.clerks.nothing;
}
