import { useEffect, useState } from 'react';
import type { KioskView } from '../../shared/service';
import { useChange } from '../hooks/useChange';
import { useChoice } from '../hooks/useChoice';
import { useConsole } from '../hooks/useConsole';
import { useKioskView } from '../hooks/useKioskView';
import { useSale } from '../hooks/useSale';
import { useTouchManners } from '../hooks/useTouchManners';
import { messages } from '../messages';
import { ConsoleScreen } from './ConsoleScreen';
import { Header, type Screen } from './Header';
import { KiosksScreen } from './KiosksScreen';
import { LogScreen } from './LogScreen';
import { Notice } from './Notice';
import { PrintDialog } from './PrintDialog';
import { SellScreen } from './SellScreen';

export function App() {
  const { view, error } = useKioskView();
  if (view !== null) return <Kiosk view={view} />;
  if (error !== null) return <Notice kind="waiting" page title={messages.state.loadError} text={error} />;
  return <Notice kind="loading" page title={messages.state.loading} />;
}

/** The one window: what is under way on any screen lives here and goes on while another one is looked at. */
function Kiosk({ view }: { view: KioskView }) {
  const [screen, setScreen] = useState<Screen>('sell');
  const [printing, setPrinting] = useState<string | null>(null);
  const sale = useSale(view.kiosk.id);
  const choice = useChoice(view.events);
  const change = useChange();
  const consoleLog = useConsole();
  useTouchManners();
  const soldNow = sale.state.kind === 'sold' ? sale.state.answer.sale : null;
  useEffect(() => {
    if (soldNow !== null) setPrinting(soldNow);
  }, [soldNow]);
  return (
    <div className="frame">
      <Header view={view} screen={screen} onScreen={setScreen} />
      <StateBanner view={view} />
      <main className="screen">
        {screen === 'sell' && <SellScreen view={view} choice={choice} sale={sale} onPrint={setPrinting} blocked={printing !== null} />}
        {screen === 'log' && <LogScreen view={view} onPrint={setPrinting} />}
        {screen === 'kiosks' && <KiosksScreen view={view} change={change} />}
        {screen === 'console' && <ConsoleScreen log={consoleLog} />}
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
  if (view.reason === null) return null;
  const title = view.role === 'learner' ? messages.state.learner : messages.majority[view.connection];
  return <Notice kind="waiting" title={title} text={view.reason} />;
}
