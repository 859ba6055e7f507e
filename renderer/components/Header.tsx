import { Settings2, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { KioskView } from '../../shared/service';
import { clockTime } from '../format';
import { useNow } from '../hooks/useNow';
import { messages } from '../messages';
import { ClerkMenu } from './ClerkMenu';
import { MajorityBar } from './MajorityBar';
import { SettingsDialog } from './SettingsDialog';

/** Minutes are shown; so often they are looked at. */
const CLOCK_MS = 5_000;

interface HeaderProps {
  readonly view: KioskView;
  readonly onShift: () => void;
}

/** Permanent: where this is, who stands here, and whether it can sell. */
export function Header({ view, onShift }: HeaderProps) {
  const [open, setOpen] = useState<'clerk' | 'settings' | null>(null);
  const { clerk, state, shift } = view.desk;
  const close = () => setOpen(null);
  const inside = state === 'signed_in' && clerk !== null;
  return (
    <header className="header">
      <div className="identity">
        <h1 className="identity-name">
          <span className="unseen">{messages.header.kiosk(view.kiosk.id)}, </span>
          {view.kiosk.name}
        </h1>
        <p className="identity-place">{view.site.place || view.site.id}</p>
      </div>
      <MajorityBar view={view} />
      <Clock timeZone={view.site.timeZone} />
      {inside ? (
        <button type="button" className="clerk-chip" aria-label={messages.clerkMenu.open(clerk.name)} onClick={() => setOpen('clerk')}>
          <UserRound aria-hidden="true" />
          <span className="clerk-chip-text">
            <strong>{clerk.name}</strong>
            <span>{shift === null ? messages.clerkMenu.noShift : messages.clerkMenu.shift(shift.shift)}</span>
          </span>
        </button>
      ) : (
        <button type="button" className="icon-button" aria-label={messages.settings.open} onClick={() => setOpen('settings')}>
          <Settings2 aria-hidden="true" />
        </button>
      )}
      {open === 'clerk' && inside && <ClerkMenu view={view} onShift={onShift} onSettings={() => setOpen('settings')} onClose={close} />}
      {open === 'settings' && <SettingsDialog onClose={close} />}
    </header>
  );
}

function Clock({ timeZone }: { timeZone: string }) {
  const now = new Date(useNow(CLOCK_MS));
  return (
    <time className="clock" dateTime={now.toISOString()}>
      {clockTime(now, timeZone)}
    </time>
  );
}
