import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { bridge, unwrap } from './bridge';
import { App } from './components/App';
import { CrashScreen } from './components/CrashScreen';
import { ThisKiosk } from './components/Fault';
import { Notice } from './components/Notice';
import { loadSettings, speakSystemLanguage } from './hooks/useSettings';
import { messages } from './messages';
import { loadTill } from './tillMemory';
import './styles/tokens.css';
import './styles/base.css';
import './styles/fields.css';
import './styles/frame.css';
import './styles/sell.css';
import './styles/cart.css';
import './styles/event.css';
import './styles/result.css';
import './styles/log.css';
import './styles/open.css';
import './styles/printing.css';
import './styles/kiosks.css';
import './styles/console.css';
import './styles/dialog.css';
import './styles/page.css';
import './styles/desk.css';
import './styles/office.css';
import './styles/print.css';

/** The kiosk answers once its log is read: with a long one that takes a while. */
const LOADING_AFTER_MS = 400;

async function start(): Promise<void> {
  speakSystemLanguage();
  const root = createRoot(document.getElementById('root')!);
  // Without the preload script there is nothing to talk to, and nothing to sell.
  if (!('kiosk' in window)) return root.render(<Notice kind="problem" page title={messages.state.noBridge} />);
  const loading = setTimeout(() => root.render(<Notice kind="loading" page title={messages.state.loading} />), LOADING_AFTER_MS);
  const [first] = await Promise.all([unwrap(bridge.view()).catch(() => null), loadSettings(), loadTill()]);
  clearTimeout(loading);
  root.render(
    <StrictMode>
      <ThisKiosk.Provider value={first?.kiosk.id ?? null}>
        <CrashScreen>
          <App first={first} />
        </CrashScreen>
      </ThisKiosk.Provider>
    </StrictMode>,
  );
}

void start();
