import { beforeEach, describe, expect, it, vi } from 'vitest';
import { said } from '../../shared/said';
import { ASSISTANT_CASES, hostileArguments } from '../../shared/testing/ipcCases';
import { runAssistant } from './firstStart';
import { openWindow } from './firstWindow';
import { HiddenPage } from './hiddenPage';
import { startLean } from './lean';
import { setupMenu } from './menu';
import { ASSISTANT_URL, CONTENT_SECURITY_POLICY, PAGE_URL } from './pages';
import { registerScheme } from './protocol';
import { PAGE_PREFERENCES } from './security';
import { watchSleep } from './sleep';
import { type FakeWindow, type MenuEntry, reset, served, told, world } from './testing/electron';
import { createWindow } from './window';

vi.mock('./electron', async () => (await import('./testing/electron')).electron);

const KIOSK = { kiosk: 1, folder: '/data/kiosk-1', title: 'Kiosk 1', locked: false };
const REFUSED = { ok: false, error: said('foreign_page') };
type AssistantRequest = keyof typeof ASSISTANT_CASES;

beforeEach(() => {
  reset();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

/** Asks as a frame of that window does. */
function ask(channel: string, senderFrame: { readonly url: string } | null, argument?: unknown): Promise<unknown> {
  return world.handlers.get(channel)!({ senderFrame }, argument);
}

async function assistant(): Promise<FakeWindow> {
  const before = world.windows.length;
  void runAssistant(() => undefined);
  await vi.waitFor(() => expect(world.handlers.has('assistant:finish')).toBe(true));
  return world.windows[before]!;
}

// The first one here: a process has one session, and sets it up once.
it('the session of all windows grants nothing, and gives its files, with the policy, to whoever reads them', async () => {
  await openWindow(KIOSK);
  expect(Object.keys(told).sort()).toEqual([
    'app',
    'setDevicePermissionHandler',
    'setPermissionCheckHandler',
    'setPermissionRequestHandler',
  ]);
  // From here on each page that is made is held where it is.
  expect(world.app.listenerCount('web-contents-created')).toBe(1);
  expect(served('GET', PAGE_URL)).toEqual({
    path: '/app/out/renderer/index.html',
    mimeType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' },
  });
  for (const [method, url] of [
    ['POST', PAGE_URL],
    ['HEAD', PAGE_URL],
    ['GET', 'app://kiosk/..%2fmain/window.js'],
  ] as const)
    expect(served(method, url), `${method} ${url}`).toEqual({ error: -6 });
  registerScheme();
  // It passes no policy by, and no page fetches from it.
  expect(told.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } }]);
});

it('every window has the switches that all pages have, and its own preload script; a page that nobody sees runs no script', async () => {
  createWindow(
    'Kiosk 1',
    () => false,
    false,
    () => undefined,
  );
  await assistant();
  await new HiddenPage().use(async () => undefined);
  expect(world.windows.map(({ options }) => options.webPreferences)).toEqual([
    { ...PAGE_PREFERENCES, preload: '/app/out/preload/index.cjs' },
    { ...PAGE_PREFERENCES, preload: '/app/out/preload/assistant.cjs' },
    { ...PAGE_PREFERENCES, javascript: false },
  ]);
});

it('no graphics card is asked for, nor a process for the network; features that the command line names stay', () => {
  startLean();
  expect([world.asked, [...world.switches]]).toEqual([['no graphics card'], [['enable-features', 'NetworkServiceInProcess2']]]);
  world.switches.set('enable-features', 'Own');
  startLean();
  expect(world.switches.get('enable-features')).toBe('Own,NetworkServiceInProcess2');
});

describe("the kiosk's window", () => {
  it('answers its own page: no other window, no frame in it, and not what it may show instead', async () => {
    const first = await openWindow(KIOSK);
    const window = world.windows[0]!;
    const asked: string[] = [];
    first!.gate.open((async (channel: string) => {
      asked.push(channel);
      return { ok: true, value: null };
    }) as never);
    const { mainFrame } = window.webContents;
    expect(mainFrame.url).toBe(PAGE_URL);
    expect(await ask('kiosk:view', mainFrame)).toEqual({ ok: true, value: null });
    for (const frame of [null, { url: PAGE_URL }]) expect(await ask('kiosk:view', frame)).toEqual(REFUSED);
    // The preload script comes with whatever page the window shows.
    for (const url of ['about:blank', 'data:text/html,', 'https://kiosk/index.html', 'app://other/index.html']) {
      await window.loadURL(url);
      expect(await ask('kiosk:view', window.webContents.mainFrame), url).toEqual(REFUSED);
    }
    await window.loadURL(PAGE_URL);
    window.destroyed = true;
    expect(await ask('kiosk:view', window.webContents.mainFrame)).toEqual(REFUSED);
    expect(asked).toEqual(['kiosk:view']);
  });

  it('is opened once for a data folder, whose profile is asked for the lock', async () => {
    world.first = false;
    expect(await openWindow(KIOSK)).toBeNull();
    expect(world.asked).toEqual(['userData /data/kiosk-1/window', 'lock', 'exit 1']);
    expect(world.windows).toEqual([]);
  });

  it('is shown to whoever starts the kiosk once more, minimized or not, as long as it is there', async () => {
    await openWindow(KIOSK);
    // Its own menu comes with the kiosk, and Electron's never.
    expect(world.menus).toEqual([null]);
    const window = world.windows[0]!;
    world.app.emit('second-instance');
    expect(window.calls).toEqual(['focus']);
    window.minimized = true;
    world.app.emit('second-instance');
    expect(window.calls).toEqual(['focus', 'restore', 'focus']);
    window.destroyed = true;
    world.app.emit('second-instance');
    expect(window.calls).toHaveLength(3);
  });

  it('that is locked to its counter stays full screen, without a menu, and comes back when it is put away, until the kiosk leaves', async () => {
    const first = await openWindow({ ...KIOSK, locked: true });
    const window = world.windows[0]!;
    expect([window.calls, world.menus]).toEqual([['kiosk true'], [null]]);
    window.emit('leave-full-screen');
    window.emit('minimize');
    expect(window.calls).toEqual(['kiosk true', 'kiosk true', 'restore']);
    const typed = (key: string, control = false) => {
      let taken = true;
      const event = { preventDefault: () => (taken = false) };
      window.webContents.emit('before-input-event', event, { key, control, meta: false, alt: false });
      return taken;
    };
    expect([typed('F12'), typed('I', true), typed('1')]).toEqual([false, false, true]);
    const closes = () => {
      let stays = false;
      window.emit('close', { preventDefault: () => (stays = true) });
      return !stays;
    };
    expect(closes()).toBe(false);
    first!.leaving = true;
    window.emit('leave-full-screen');
    expect(window.calls).toHaveLength(3);
    expect(closes()).toBe(true);
  });
});

describe('the assistant of the first start', () => {
  it('runs once at a time', async () => {
    world.first = false;
    expect(await runAssistant(() => undefined)).toBeNull();
    expect(world.asked.at(-1)).toBe('lock');
    expect(world.windows).toEqual([]);
  });

  it('answers its own page alone, and what is not as its requests are it refuses in words', async () => {
    const window = await assistant();
    const { mainFrame } = window.webContents;
    expect(mainFrame.url).toBe(ASSISTANT_URL);
    expect([...world.handlers.keys()].sort()).toEqual(Object.keys(ASSISTANT_CASES).sort());
    expect(await ask('assistant:state', mainFrame)).toMatchObject({ ok: true, value: { site: null } });
    for (const channel of Object.keys(ASSISTANT_CASES) as AssistantRequest[]) {
      for (const frame of [null, { url: ASSISTANT_URL }]) expect(await ask(channel, frame), channel).toEqual(REFUSED);
      for (const [name, argument] of hostileArguments(ASSISTANT_CASES[channel]))
        expect(await ask(channel, mainFrame, argument), `${channel}: ${name}`).toMatchObject({
          ok: false,
          error: { code: 'misunderstood' },
        });
    }
    window.close();
    expect(world.handlers.size).toBe(0);
  });
});

it('the machine is known to have slept when it falls asleep and when it wakes up', () => {
  let slept = 0;
  watchSleep(() => {
    slept += 1;
  });
  world.power.emit('suspend');
  expect(slept).toBe(1);
  world.power.emit('resume');
  expect(slept).toBe(2);
});

it('the menu edits text and changes looks: it loads nothing anew, and opens no tools', () => {
  setupMenu('en', () => undefined);
  const roles = (entries: readonly MenuEntry[]): readonly string[] =>
    entries.flatMap(({ role, submenu = [] }) => [...(role === undefined ? [] : [role]), ...roles(submenu)]);
  expect(roles(world.menus[0]!)).toEqual(['cut', 'copy', 'paste', 'selectAll', 'zoomIn', 'zoomOut', 'resetZoom', 'togglefullscreen']);
});
