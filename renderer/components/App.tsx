import { useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { useKioskView } from '../hooks/useKioskView';
import { useSale } from '../hooks/useSale';
import { messages } from '../messages';
import { ConsoleScreen } from './ConsoleScreen';
import { Header, type Screen } from './Header';
import { KiosksScreen } from './KiosksScreen';
import { LogScreen } from './LogScreen';
import { Notice } from './Notice';
import { PrintDialog } from './PrintDialog';
import { SellScreen } from './SellScreen';

export function App() {
  const view = useKioskView();
  if (view === null) return <Notice kind="loading" title={messages.state.loading} />;
  return <Kiosk view={view} />;
}

function Kiosk({ view }: { view: KioskView }) {
  const [screen, setScreen] = useState<Screen>('sell');
  const [printing, setPrinting] = useState<string | null>(null);
  const sale = useSale(view.kiosk.id);
  const soldNow = sale.state.kind === 'sold' ? sale.state.answer.sale : null;
  useEffect(() => {
    if (soldNow !== null) setPrinting(soldNow);
  }, [soldNow]);
  return (
    <div className="frame">
      <Header view={view} screen={screen} onScreen={setScreen} />
      <StateBanner view={view} />
      <main className="screen">
        {screen === 'sell' && <SellScreen view={view} sale={sale} onPrint={setPrinting} blocked={printing !== null} />}
        {screen === 'log' && <LogScreen view={view} onPrint={setPrinting} />}
        {screen === 'kiosks' && <KiosksScreen view={view} />}
        {screen === 'console' && <ConsoleScreen />}
      </main>
      {printing !== null && <PrintDialog sale={printing} onClose={() => setPrinting(null)} />}
    </div>
  );
}

/** What keeps this kiosk from selling, where a clerk can't miss it. */
function StateBanner({ view }: { view: KioskView }) {
  if (view.problem !== null) return <Notice kind="problem" title={messages.state.problem} text={view.problem} />;
  if (view.role === 'founding') return <Notice kind="waiting" title={messages.state.founding} text={view.reason} />;
  if (view.role === 'removed') return <Notice kind="problem" title={messages.state.removed} text={view.reason} />;
  if (view.reason !== null) return <Notice kind="waiting" title={messages.majority[view.connection]} text={view.reason} />;
  return null;
}
