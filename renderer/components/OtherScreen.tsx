import { lazy } from 'react';
import type { KioskView } from '../../shared/service';
import type { ChangeWork } from '../hooks/useChange';
import type { ConsoleLog } from '../hooks/useConsole';
import type { Freshness } from '../hooks/useFreshness';
import type { OpenSales } from '../hooks/useOpenSales';
import type { usePrintQueue } from '../hooks/usePrintQueue';
import type { Screen } from '../logic/screens';
import { ClerksScreen } from './ClerksScreen';
import { DoorScreen } from './DoorScreen';
import { EventsScreen } from './EventsScreen';
import { KiosksScreen } from './KiosksScreen';
import { LogScreen } from './LogScreen';
import { PrintingScreen } from './PrintingScreen';
import { ReportsScreen } from './ReportsScreen';
import { SalesScreen } from './SalesScreen';
import { ShiftScreen } from './ShiftScreen';

/** With the commands' schemas, which no other screen needs. */
const ConsoleScreen = lazy(async () => ({ default: (await import('./ConsoleScreen')).ConsoleScreen }));

interface OtherScreenProps {
  readonly screen: Exclude<Screen, 'sell'>;
  readonly view: KioskView;
  readonly fresh: Freshness | null;
  readonly queue: ReturnType<typeof usePrintQueue>;
  readonly open: OpenSales;
  readonly change: ChangeWork;
  readonly consoleLog: ConsoleLog;
  readonly onPrint: (sale: string) => void;
}

export function OtherScreen({ screen, view, fresh, queue, open, change, consoleLog, onPrint }: OtherScreenProps) {
  switch (screen) {
    case 'sales':
      return <SalesScreen view={view} onPrint={onPrint} />;
    case 'print':
      return queue === null ? null : <PrintingScreen view={view} queue={queue} open={open} onPrint={onPrint} />;
    case 'door':
      return <DoorScreen view={view} />;
    case 'shift':
      return <ShiftScreen view={view} />;
    case 'reports':
      return <ReportsScreen view={view} />;
    case 'events':
      return <EventsScreen view={view} />;
    case 'clerks':
      return <ClerksScreen view={view} />;
    case 'kiosks':
      return <KiosksScreen view={view} change={change} />;
    case 'log':
      return <LogScreen view={view} fresh={fresh} onPrint={onPrint} />;
    case 'console':
      return <ConsoleScreen log={consoleLog} view={view} />;
  }
}
