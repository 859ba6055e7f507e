import { Settings2 } from 'lucide-react';
import { useState } from 'react';
import type { KioskView } from '../../shared/service';
import { clockTime } from '../format';
import { useNow } from '../hooks/useNow';
import { messages } from '../messages';
import { MajorityBar } from './MajorityBar';
import { SettingsDialog } from './SettingsDialog';

/** Minutes are shown; so often they are looked at. */
const CLOCK_MS = 5_000;

/** Permanent: where this is, and whether it can sell. */
export function Header({ view }: { view: KioskView }) {
  const [settings, setSettings] = useState(false);
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
      <button type="button" className="icon-button" aria-label={messages.settings.open} onClick={() => setSettings(true)}>
        <Settings2 aria-hidden="true" />
      </button>
      {settings && <SettingsDialog onClose={() => setSettings(false)} />}
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
