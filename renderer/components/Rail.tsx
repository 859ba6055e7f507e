import { Network, Printer, ScrollText, Terminal, Ticket } from 'lucide-react';
import { messages } from '../messages';

export const SCREENS = ['sell', 'print', 'log', 'kiosks', 'console'] as const;
export type Screen = (typeof SCREENS)[number];

const ICONS = { sell: Ticket, print: Printer, log: ScrollText, kiosks: Network, console: Terminal } as const;

interface RailProps {
  readonly kiosk: number;
  readonly screen: Screen;
  readonly onScreen: (screen: Screen) => void;
}

/** The way to each screen, always in its place. */
export function Rail({ kiosk, screen, onScreen }: RailProps) {
  return (
    <div className="rail">
      {/* The kiosk's number, as on a player's shirt. */}
      <span className="rail-number" aria-hidden="true">
        {kiosk}
      </span>
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
    </div>
  );
}
