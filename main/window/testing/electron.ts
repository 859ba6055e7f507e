import { EventEmitter } from 'node:events';

/** What the window's code asks of Electron, kept in lists: who answers whom, and how each window was made. */

export interface FakeFrame {
  readonly url: string;
}

export class FakeWindow extends EventEmitter {
  readonly webContents: EventEmitter & { mainFrame: FakeFrame };
  readonly calls: string[] = [];
  minimized = false;
  destroyed = false;

  constructor(readonly options: { readonly webPreferences: Readonly<Record<string, unknown>> }) {
    super();
    const contents = { mainFrame: { url: 'about:blank' }, getURL: () => contents.mainFrame.url, loadURL: async () => undefined };
    this.webContents = Object.assign(new EventEmitter(), contents);
    world.windows.push(this);
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url };
  }

  isDestroyed = () => this.destroyed;
  isMinimized = () => this.minimized;
  restore = () => this.calls.push('restore');
  focus = () => this.calls.push('focus');
  show = () => this.calls.push('show');
  setKiosk = (on: boolean) => this.calls.push(`kiosk ${on}`);
  setMenu = () => undefined;
  close = () => this.emit('closed');
}

type Asked = { readonly senderFrame: FakeFrame | null };
type Handler = (event: Asked, argument?: unknown) => Promise<unknown>;
export interface MenuEntry {
  readonly role?: string;
  readonly submenu?: readonly MenuEntry[];
}

export const world = {
  windows: [] as FakeWindow[],
  handlers: new Map<string, Handler>(),
  /** This start is the first one with its profile. */
  first: true,
  /** In the order in which they came. */
  asked: [] as string[],
  menus: [] as (readonly MenuEntry[] | null)[],
  /** Of the command line, with those that were added to it. */
  switches: new Map<string, string>(),
  app: new EventEmitter(),
  power: new EventEmitter(),
};

export function reset(): void {
  world.windows.length = 0;
  world.handlers.clear();
  world.first = true;
  world.asked.length = 0;
  world.menus.length = 0;
  world.switches.clear();
  world.app.removeAllListeners();
  world.power.removeAllListeners();
}

type Served = (
  request: { readonly method: string; readonly url: string },
  callback: (answer: Readonly<Record<string, unknown>>) => void,
) => void;
/** What the session of all windows was told to answer, once for the process, by the name of what it was told with. */
export const told: Record<string, unknown> = {};
const session = new Proxy(
  { protocol: { registerFileProtocol: (scheme: string, serve: Served) => Object.assign(told, { [scheme]: serve }) } },
  { get: (target, name: string) => (name === 'protocol' ? target.protocol : (answer: unknown) => Object.assign(told, { [name]: answer })) },
);

/** The answer to a page's request for a file of the app. */
export function served(method: string, url: string): Readonly<Record<string, unknown>> {
  let given: Readonly<Record<string, unknown>> = {};
  (told.app as Served)({ method, url }, (answer) => {
    given = answer;
  });
  return given;
}

/** Stands in for `main/window/electron.ts`. */
export const electron = {
  app: Object.assign(world.app, {
    isPackaged: false,
    isReady: () => true,
    whenReady: async () => undefined,
    getAppPath: () => '/app',
    commandLine: {
      getSwitchValue: (name: string) => world.switches.get(name) ?? '',
      appendSwitch: (name: string, value: string) => world.switches.set(name, value),
    },
    disableHardwareAcceleration: () => world.asked.push('no graphics card'),
    setPath: (name: string, folder: string) => world.asked.push(`${name} ${folder}`),
    requestSingleInstanceLock: () => {
      world.asked.push('lock');
      return world.first;
    },
    exit: (status: number) => world.asked.push(`exit ${status}`),
  }),
  BrowserWindow: FakeWindow,
  dialog: {},
  ipcMain: {
    handle: (channel: string, handler: Handler) => world.handlers.set(channel, handler),
    removeHandler: (channel: string) => world.handlers.delete(channel),
  },
  Menu: {
    buildFromTemplate: (entries: readonly MenuEntry[]) => entries,
    setApplicationMenu: (menu: readonly MenuEntry[] | null) => world.menus.push(menu),
  },
  nativeTheme: { themeSource: 'system' },
  powerMonitor: world.power,
  powerSaveBlocker: {},
  protocol: { registerSchemesAsPrivileged: (schemes: readonly unknown[]) => Object.assign(told, { schemes }) },
  session: { defaultSession: session },
};
