import type { Connection, KioskView } from '../../shared/service';

/** How this kiosk stands to selling, in one word: its connection, unless something ended its part in the site. */
export type Standing = Connection | 'removed' | 'faulty';

export function standingOf({ role, connection }: Pick<KioskView, 'role' | 'connection'>): Standing {
  return role === 'removed' || role === 'faulty' ? role : connection;
}
