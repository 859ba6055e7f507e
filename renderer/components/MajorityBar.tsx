import { CircleCheck, CircleSlash, Hourglass, OctagonAlert, PlugZap, Unplug } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { standingOf } from '../logic/standing';
import { messages } from '../messages';

const ICONS = {
  starting: PlugZap,
  selling: CircleCheck,
  waiting: Hourglass,
  cut_off: Unplug,
  removed: CircleSlash,
  faulty: OctagonAlert,
} as const;

/** Whether this kiosk can sell, in a word, a colour and a sign; who leads; how many it reaches. */
export function MajorityBar({ view }: { view: KioskView }) {
  const standing = standingOf(view);
  const Icon = ICONS[standing];
  return (
    <div className={`majority majority-${standing}`} role="status" data-testid="majority-bar" data-connection={view.connection}>
      <Icon aria-hidden="true" className="majority-icon" />
      <div>
        <strong className="majority-word">{messages.majority[standing]}</strong>
        <span className="majority-detail">{detailOf(view)}</span>
      </div>
    </div>
  );
}

function detailOf(view: KioskView): string {
  if (view.role === 'removed') return messages.majority.notMember;
  if (view.role === 'faulty') return messages.majority.startAgain;
  if (view.connection === 'starting') return messages.majority.connecting;
  const leader = view.leader === null ? messages.majority.noLeader : messages.majority.leader(view.leader);
  return `${messages.majority.reached(view.reached, view.memberCount)} · ${leader}`;
}
