import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { CONTENT_SECURITY_POLICY, pageFile, SCHEME } from './pages';

/** To be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } },
  ]);
}

/** Serves the page's files, and nothing else, under app://kiosk/. */
export function setupProtocol(session: Session, folder: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const page = request.method === 'GET' ? pageFile(request.url, folder) : null;
    if (page === null) return new Response('not found', { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(page.file)), {
        headers: { 'content-type': page.type, 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}
