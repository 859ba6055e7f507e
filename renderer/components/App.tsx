import { UserRoundPlus } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { useAutoLock } from '../hooks/useAutoLock';
import { type ChangeWork, useChange } from '../hooks/useChange';
import { type ConsoleLog, useConsole } from '../hooks/useConsole';
import { type Freshness, useFreshness } from '../hooks/useFreshness';
import { useKioskView } from '../hooks/useKioskView';
import { type OpenSales, useOpenSales } from '../hooks/useOpenSales';
import { useOrder } from '../hooks/useOrder';
import { usePrintQueue } from '../hooks/usePrintQueue';
import { useSale } from '../hooks/useSale';
import { useSettings } from '../hooks/useSettings';
import { useTouchManners } from '../hooks/useTouchManners';
import { type Screen, screensFor } from '../logic/screens';
import { messages, useLanguage } from '../messages';
import { ClerksScreen } from './ClerksScreen';
import { ConsoleScreen } from './ConsoleScreen';
import { DoorScreen } from './DoorScreen';
import { EventsScreen } from './EventsScreen';
import { FaultCode, ThisKiosk } from './Fault';
import { Header } from './Header';
import { KiosksScreen, whyBlocked } from './KiosksScreen';
import { LeaveButton } from './LeaveButton';
import { LogScreen } from './LogScreen';
import { Notice } from './Notice';
import { OpenSalesDialog } from './OpenSalesDialog';
import { OpenStrip } from './OpenStrip';
import { PrintDialog } from './PrintDialog';
import { PrintingScreen } from './PrintingScreen';
import { Rail } from './Rail';
import { ReportsScreen } from './ReportsScreen';
import { SalesScreen } from './SalesScreen';
import { SellScreen } from './SellScreen';
import { SetUpDialog } from './SetUpDialog';
import { ShiftScreen } from './ShiftScreen';
import { SignInScreen } from './SignInScreen';
import { StateBanner } from './StateBanner';

/** @param first the kiosk's state when the page began; null where it was not to be had */
export function App({ first }: { first: KioskView | null }) {
  useLanguage();
  const { view, error } = useKioskView(first);
  if (view !== null)
    return (
      <ThisKiosk.Provider value={view.kiosk.id}>
        <Kiosk view={view} />
      </ThisKiosk.Provider>
    );
  if (error !== null)
    return (
      <Notice kind="waiting" page title={messages.state.loadError} text={error.words()}>
        {error.code !== null && <FaultCode code={error.code} />}
      </Notice>
    );
  return <Notice kind="loading" page title={messages.state.loading} />;
}

/** The one window: what is under way on any screen lives here and goes on while another one is looked at. */
function Kiosk({ view }: { view: KioskView }) {
  const [wanted, setScreen] = useState<Screen>('sell');
  const [printing, setPrinting] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);
  const [settingUp, setSettingUp] = useState(false);
  const sale = useSale(view.kiosk.id);
  const open = useOpenSales(sale.state, printing);
  const queue = usePrintQueue();
  const order = useOrder(view.events);
  const change = useChange(view.kiosk.id);
  const consoleLog = useConsole();
  const [{ lockMinutes }] = useSettings();
  const { state } = view.desk;
  // Nothing of a site without clerks, nor of a demo, is locked by itself: nobody would know a PIN.
  useAutoLock(lockMinutes, state === 'signed_in' && !view.desk.demo);
  useTouchManners();
  const soldNow = sale.state.kind === 'sold' && sale.state.fresh ? sale.state.sold.sale : null;
  // The next frame: that it is sold is to be seen first, and is not to wait until a dialog with its tickets is drawn.
  useEffect(() => {
    if (soldNow === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setPrinting(soldNow));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [soldNow]);

  const screens = screensFor(view.desk);
  const screen = screens.includes(wanted) ? wanted : 'sell';
  const fresh = useFreshness(screen === 'log' || (view.connection !== 'selling' && view.connection !== 'starting'));
  const inside = state === 'signed_in' || state === 'set_up';
  return (
    <div className="frame">
      {inside && (
        <Rail kiosk={view.kiosk.id} screens={screens} screen={screen} onScreen={setScreen}>
          <LeaveButton view={view} className="tab" />
        </Rail>
      )}
      <div className="stage">
        <Header view={view} onShift={() => setScreen('shift')} />
        <StateBanner
          view={view}
          fresh={fresh}
          blocked={whyBlocked(view, change) !== null}
          onReadmit={(kiosk) => {
            setScreen('kiosks');
            change.run({ op: 'change', change: 'readmit', kiosk });
          }}
        />
        {state === 'set_up' && view.connection === 'selling' && <SetUpStrip onSetUp={() => setSettingUp(true)} />}
        {inside && <OpenStrip open={open} onLook={() => setLooking(true)} />}
        <main className="screen">
          {inside ? (
            <Content
              screen={screen}
              view={view}
              fresh={fresh}
              queue={queue}
              open={open}
              onPrint={setPrinting}
              change={change}
              consoleLog={consoleLog}
            >
              <SellScreen view={view} order={order} sale={sale} onPrint={setPrinting} onShift={() => setScreen('shift')} />
            </Content>
          ) : (
            <SignInScreen view={view} key={state} />
          )}
        </main>
      </div>
      {settingUp && <SetUpDialog onClose={() => setSettingUp(false)} />}
      {inside && looking && <OpenSalesDialog open={open} view={view} onPrint={setPrinting} onClose={() => setLooking(false)} />}
      {inside && printing !== null && queue !== null && (
        <PrintDialog key={printing} sale={printing} queue={queue} onClose={() => setPrinting(null)} />
      )}
    </div>
  );
}

interface ContentProps {
  readonly screen: Screen;
  readonly view: KioskView;
  readonly fresh: Freshness | null;
  readonly queue: ReturnType<typeof usePrintQueue>;
  readonly open: OpenSales;
  readonly change: ChangeWork;
  readonly consoleLog: ConsoleLog;
  readonly onPrint: (sale: string) => void;
  /** The screen for selling, which holds what is on the counter. */
  readonly children: ReactNode;
}

function Content({ screen, view, fresh, queue, open, change, consoleLog, onPrint, children }: ContentProps) {
  switch (screen) {
    case 'sell':
      return children;
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

/** A site without clerks says how to get some, until it has. */
function SetUpStrip({ onSetUp }: { onSetUp: () => void }) {
  return (
    <section className="open-strip" aria-label={messages.setUp.title} data-testid="set-up-strip">
      <span className="open-count">
        <UserRoundPlus aria-hidden="true" />
        {messages.setUp.strip}
      </span>
      <button type="button" className="button" onClick={onSetUp}>
        {messages.setUp.open}
      </button>
    </section>
  );
}
