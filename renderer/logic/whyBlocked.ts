import type { KioskView } from '../../shared/service';
import type { ChangeWork } from '../hooks/useChange';
import { messages } from '../messages';

/** Why no member can be added or removed now; null if one can. */
export function whyBlocked(view: KioskView, change: ChangeWork): string | null {
  if (view.connection !== 'selling') return messages.kiosks.blockedMajority;
  return change.state.kind === 'working' ? messages.kiosks.blockedWorking : null;
}
