import type { Session } from 'electron';
import { built } from './built';
import { protocol, session } from './electron';
import { CONTENT_SECURITY_POLICY, pageFile, SCHEME } from './pages';
import { setupLockdown } from './security';

/** Chromium's number for a file that is not there. */
const NOT_FOUND = -6;

/** To be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } },
  ]);
}

let isSetUp = false;

/**
 * Locks the session of all windows down and gives it the page's files. Before the first window, once the app is ready
 * and knows the folder of its profile.
 */
export function setupSession(): void {
  if (isSetUp) return;
  isSetUp = true;
  setupLockdown(session.defaultSession);
  setupProtocol(session.defaultSession, built('renderer'));
}

/**
 * Serves the page's files, and nothing else, under app://kiosk/. Not by `protocol.handle`: that asks the main process for
 * every piece of a file while it starts the kiosk, and loads a client for the web, another 35 ms.
 */
function setupProtocol(session: Session, folder: string): void {
  session.protocol.registerFileProtocol(SCHEME, (request, callback) => {
    const page = request.method === 'GET' ? pageFile(request.url, folder) : null;
    if (page === null) return callback({ error: NOT_FOUND });
    callback({
      path: page.file,
      mimeType: page.type,
      headers: { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' },
    });
  });
}
