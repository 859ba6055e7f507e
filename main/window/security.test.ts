import type { Session } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE_PREFERENCES, setupLockdown } from './security';

const { created } = vi.hoisted(() => ({ created: [] as ((event: unknown, contents: unknown) => void)[] }));
vi.mock('./electron', () => ({
  app: { on: (_name: 'web-contents-created', listener: (event: unknown, contents: unknown) => void) => created.push(listener) },
}));

/** What a session was told to answer, by the name of what it was told with. */
function lockedSession() {
  const handlers: Record<string, (...given: unknown[]) => unknown> = {};
  const session = new Proxy(
    {},
    { get: (_target, name: string) => (handler: () => unknown) => Object.assign(handlers, { [name]: handler }) },
  );
  setupLockdown(session as Session);
  return handlers;
}

beforeEach(() => {
  created.length = 0;
});

describe('the lockdown', () => {
  it('grants nothing: no permission that is asked for or looked up, and no device', () => {
    const handlers = lockedSession();
    const answers: unknown[] = [];
    handlers.setPermissionRequestHandler!(null, 'media', (answer: unknown) => answers.push(answer));
    answers.push(handlers.setPermissionCheckHandler!(null, 'media'), handlers.setDevicePermissionHandler!({ deviceType: 'usb' }));
    expect(answers).toEqual([false, false, false]);
  });

  it('holds every page where it is, whoever made it', () => {
    lockedSession();
    const prevented: string[] = [];
    const opened: unknown[] = [];
    const contents = {
      setWindowOpenHandler: (handler: () => unknown) => opened.push(handler()),
      on: (name: string, listener: (event: { preventDefault(): void }) => void) => {
        listener({ preventDefault: () => prevented.push(name) });
      },
    };
    expect(created).toHaveLength(1);
    created[0]!({}, contents);
    expect(opened).toEqual([{ action: 'deny' }]);
    expect(prevented.sort()).toEqual(['will-attach-webview', 'will-navigate', 'will-redirect']);
  });

  it('has every switch of a page in one place', () => {
    expect(Object.entries(PAGE_PREFERENCES).filter(([, on]) => on)).toEqual([
      ['contextIsolation', true],
      ['sandbox', true],
      ['webSecurity', true],
    ]);
    // Timers of the page must not stall when another kiosk's window lies on top.
    expect(PAGE_PREFERENCES).toMatchObject({
      backgroundThrottling: false,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: false,
    });
  });
});
