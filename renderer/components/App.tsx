import { useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { useChange } from '../hooks/useChange';
import { useConsole } from '../hooks/useConsole';
import { useFreshness } from '../hooks/useFreshness';
import { useKioskView } from '../hooks/useKioskView';
import { useOpenSales } from '../hooks/useOpenSales';
import { useOrder } from '../hooks/useOrder';
import { usePrintQueue } from '../hooks/usePrintQueue';
import { useSale } from '../hooks/useSale';
import { useTouchManners } from '../hooks/useTouchManners';
import { messages, useLanguage } from '../messages';
import { ConsoleScreen } from './ConsoleScreen';
import { Header } from './Header';
import { KiosksScreen, whyBlocked } from './KiosksScreen';
import { LogScreen } from './LogScreen';
import { Notice } from './Notice';
import { OpenSalesDialog } from './OpenSalesDialog';
import { OpenStrip } from './OpenStrip';
import { PrintDialog } from './PrintDialog';
import { PrintingScreen } from './PrintingScreen';
import { Rail, type Screen } from './Rail';
import { SellScreen } from './SellScreen';
import { StateBanner } from './StateBanner';

export function App() {
  useLanguage();
  const { view, error } = useKioskView();
  if (view !== null) return <Kiosk view={view} />;
  if (error !== null) return <Notice kind="waiting" page title={messages.state.loadError} text={error} />;
  return <Notice kind="loading" page title={messages.state.loading} />;
}

/** The one window: what is under way on any screen lives here and goes on while another one is looked at. */
function Kiosk({ view }: { view: KioskView }) {
  const [screen, setScreen] = useState<Screen>('sell');
  const [printing, setPrinting] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);
  const sale = useSale(view.kiosk.id);
  const open = useOpenSales(sale.state, printing);
  const fresh = useFreshness(screen === 'log' || view.connection !== 'selling');
  const queue = usePrintQueue();
  const order = useOrder(view.events);
  const change = useChange(view.kiosk.id);
  const consoleLog = useConsole();
  useTouchManners();
  const soldNow = sale.state.kind === 'sold' && sale.state.fresh ? sale.state.sold.sale : null;
  useEffect(() => {
    if (soldNow !== null) setPrinting(soldNow);
  }, [soldNow]);
  return (
    <div className="frame">
      <Rail kiosk={view.kiosk.id} screen={screen} onScreen={setScreen} />
      <div className="stage">
        <Header view={view} />
        <StateBanner
          view={view}
          fresh={fresh}
          blocked={whyBlocked(view, change) !== null}
          onReadmit={(kiosk) => {
            setScreen('kiosks');
            change.run({ op: 'change', change: 'readmit', kiosk });
          }}
        />
        <OpenStrip open={open} onLook={() => setLooking(true)} />
        <main className="screen">
          {screen === 'sell' && (
            <SellScreen view={view} order={order} sale={sale} onPrint={setPrinting} blocked={printing !== null || looking} />
          )}
          {screen === 'print' && queue !== null && <PrintingScreen queue={queue} open={open} onPrint={setPrinting} />}
          {screen === 'log' && <LogScreen view={view} fresh={fresh} onPrint={setPrinting} />}
          {screen === 'kiosks' && <KiosksScreen view={view} change={change} />}
          {screen === 'console' && <ConsoleScreen log={consoleLog} />}
        </main>
      </div>
      {looking && <OpenSalesDialog open={open} view={view} onPrint={setPrinting} onClose={() => setLooking(false)} />}
      {printing !== null && queue !== null && (
        <PrintDialog key={printing} sale={printing} queue={queue} onClose={() => setPrinting(null)} />
      )}
    </div>
  );
}
