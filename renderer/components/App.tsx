import { UserRoundPlus } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { useAutoLock } from '../hooks/useAutoLock';
import { useChange } from '../hooks/useChange';
import { useConsole } from '../hooks/useConsole';
import { useFreshness } from '../hooks/useFreshness';
import { useKioskView } from '../hooks/useKioskView';
import { useOpenSales } from '../hooks/useOpenSales';
import { useOrder } from '../hooks/useOrder';
import { usePrintQueue } from '../hooks/usePrintQueue';
import { useSale } from '../hooks/useSale';
import { useSettings } from '../hooks/useSettings';
import { useTouchManners } from '../hooks/useTouchManners';
import { type Screen, screensFor } from '../logic/screens';
import { whyBlocked } from '../logic/whyBlocked';
import { messages, useLanguage } from '../messages';
import { FaultCode, ThisKiosk } from './Fault';
import { Header } from './Header';
import { LeaveButton } from './LeaveButton';
import { Notice } from './Notice';
import { OpenSalesDialog } from './OpenSalesDialog';
import { OpenStrip } from './OpenStrip';
import { PrintDialog } from './PrintDialog';
import { Rail } from './Rail';
import { SellScreen } from './SellScreen';
import { SetUpDialog } from './SetUpDialog';
import { SignInScreen } from './SignInScreen';
import { StateBanner } from './StateBanner';

const loadOtherScreens = () => import('./OtherScreen');
/** All screens but the one that a page begins with. */
const OtherScreen = lazy(async () => ({ default: (await loadOtherScreens()).OtherScreen }));

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

  const selling = view.connection === 'selling';
  // Once it sells and has nothing to do: whoever touches another screen first finds it there.
  useEffect(() => {
    if (!selling) return undefined;
    const idle = requestIdleCallback(() => void loadOtherScreens());
    return () => cancelIdleCallback(idle);
  }, [selling]);

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
            <Suspense>
              {screen === 'sell' ? (
                <SellScreen view={view} order={order} sale={sale} onPrint={setPrinting} onShift={() => setScreen('shift')} />
              ) : (
                <OtherScreen
                  screen={screen}
                  view={view}
                  fresh={fresh}
                  queue={queue}
                  open={open}
                  onPrint={setPrinting}
                  change={change}
                  consoleLog={consoleLog}
                />
              )}
            </Suspense>
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
