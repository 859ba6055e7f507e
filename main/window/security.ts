import type { Session, WebContents, WebPreferences } from 'electron';
import { app } from './electron';

/** Every switch of the kiosk's page, spelled out, whatever Electron's defaults become. */
export const PAGE_PREFERENCES: WebPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  // Whoever stands at a counter reads no page's memory, and changes no page, whatever key or menu may ask for it.
  devTools: false,
  // Timers of the page must not stall when another kiosk's window lies on top.
  backgroundThrottling: false,
};

/** Asks for nothing, and gets nothing: no permission, no new window, no navigation, no embedded page. */
export function setupLockdown(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
