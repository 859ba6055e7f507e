import { CircleCheck, Hourglass, Unplug } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { messages } from '../messages';

const ICONS = { selling: CircleCheck, waiting: Hourglass, cut_off: Unplug } as const;

/** Whether this kiosk can sell, in a word, a colour and a sign; who leads; how many it reaches. */
export function MajorityBar({ view }: { view: KioskView }) {
  const Icon = ICONS[view.connection];
  const leader = view.leader === null ? messages.majority.noLeader : messages.majority.leader(view.leader);
  return (
    <div className={`majority majority-${view.connection}`} role="status" data-testid="majority-bar" data-connection={view.connection}>
      <Icon aria-hidden="true" className="majority-icon" />
      <div>
        <strong className="majority-word">{messages.majority[view.connection]}</strong>
        <span className="majority-detail">
          {messages.majority.reached(view.reached, view.memberCount)} · {leader}
        </span>
      </div>
    </div>
  );
}
