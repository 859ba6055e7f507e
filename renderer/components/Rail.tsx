import {
  Banknote,
  CalendarDays,
  ChartColumn,
  Network,
  Printer,
  ReceiptText,
  ScanLine,
  ScrollText,
  Terminal,
  Ticket,
  Users,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Screen } from '../logic/screens';
import { messages } from '../messages';

const ICONS: Readonly<Record<Screen, typeof Ticket>> = {
  sell: Ticket,
  sales: ReceiptText,
  print: Printer,
  door: ScanLine,
  shift: Banknote,
  reports: ChartColumn,
  events: CalendarDays,
  clerks: Users,
  kiosks: Network,
  log: ScrollText,
  console: Terminal,
};

interface RailProps {
  readonly kiosk: number;
  readonly screens: readonly Screen[];
  readonly screen: Screen;
  readonly onScreen: (screen: Screen) => void;
  /** Below the ways to the screens. */
  readonly children: ReactNode;
}

/** The way to each screen, always in its place. */
export function Rail({ kiosk, screens, screen, onScreen, children }: RailProps) {
  const tabs = useRef<HTMLElement>(null);
  // Low screens scroll the rail: where the clerk is must be in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another screen is another tab
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [screen]);
  return (
    <div className="rail">
      {/* The kiosk's number, as on a player's shirt. */}
      <span className="rail-number" aria-hidden="true">
        {kiosk}
      </span>
      <nav ref={tabs} className="tabs" aria-label={messages.nav.label}>
        {screens.map((name) => {
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
      {children}
    </div>
  );
}
