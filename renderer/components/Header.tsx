import { Network, ScrollText, Settings2, Terminal, Ticket } from 'lucide-react';
import { useState } from 'react';
import type { KioskView } from '../../shared/service';
import { clockTime } from '../format';
import { useNow } from '../hooks/useNow';
import { messages } from '../messages';
import { MajorityBar } from './MajorityBar';
import { SettingsDialog } from './SettingsDialog';

export const SCREENS = ['sell', 'log', 'kiosks', 'console'] as const;
export type Screen = (typeof SCREENS)[number];

const ICONS = { sell: Ticket, log: ScrollText, kiosks: Network, console: Terminal } as const;
/** Minutes are shown; so often they are looked at. */
const CLOCK_MS = 5_000;

interface HeaderProps {
  readonly view: KioskView;
  readonly screen: Screen;
  readonly onScreen: (screen: Screen) => void;
}

/** Permanent: where this is, whether it can sell, and the way to each screen. */
export function Header({ view, screen, onScreen }: HeaderProps) {
  const [settings, setSettings] = useState(false);
  return (
    <header className="header">
      <div className="identity">
        {/* The kiosk's number, as on a player's shirt. */}
        <span className="identity-number" aria-hidden="true">
          {view.kiosk.id}
        </span>
        <div>
          <h1 className="identity-name">
            <span className="unseen">{messages.header.kiosk(view.kiosk.id)}, </span>
            {view.kiosk.name}
          </h1>
          <p className="identity-place">{view.site.place || view.site.id}</p>
        </div>
      </div>
      <nav className="tabs" aria-label={messages.nav.label}>
        {SCREENS.map((name) => {
          const Icon = ICONS[name];
          return (
            <button
              key={name}
              type="button"
              className="tab"
              aria-current={name === screen ? 'page' : undefined}
              onClick={() => onScreen(name)}
            >
              <Icon aria-hidden="true" />
              <span>{messages.nav[name]}</span>
            </button>
          );
        })}
      </nav>
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
