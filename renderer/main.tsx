import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './components/App';
import { CrashScreen } from './components/CrashScreen';
import { Notice } from './components/Notice';
import { loadSettings } from './hooks/useSettings';
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

async function start(): Promise<void> {
  // Without the preload script there is nothing to talk to, and nothing to sell.
  const inKiosk = 'kiosk' in window;
  if (inKiosk) await Promise.all([loadSettings(), loadTill()]);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      {inKiosk ? (
        <CrashScreen>
          <App />
        </CrashScreen>
      ) : (
        <Notice kind="problem" page title={messages.state.noBridge} />
      )}
    </StrictMode>,
  );
}

void start();
