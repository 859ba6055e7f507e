import type { BrowserWindow, WebFrameMain } from 'electron';
import { IPC_CHANNELS, type IpcChannel } from '../../shared/channels';
import type { IpcReply, IpcResults } from '../../shared/ipc';
import { ipcMain } from './electron';
import { isOwnPage } from './pages';

/** Answers one question of the page. */
export type Answerer = <C extends IpcChannel>(channel: C, argument: unknown) => Promise<IpcReply<C>>;

/** What the page needs for its first picture: questions that change nothing. */
export type FirstAnswers = {
  readonly [C in 'kiosk:view' | 'kiosk:settings' | 'kiosk:till' | 'kiosk:locked-to-counter']: () => IpcResults[C];
};

/** Takes the page's questions from its first moment on; they wait until there is a kiosk that answers them. */
export class Gate {
  private readonly answerer: Promise<Answerer>;
  private readonly first: Promise<FirstAnswers | null>;
  /** From here on these answer. */
  open: (answerer: Answerer) => void = () => undefined;
  /** From here on the page can draw what there is; all that does anything waits until the gate is open. */
  show: (answers: FirstAnswers) => void = () => undefined;

  constructor(window: BrowserWindow) {
    this.answerer = new Promise((resolve) => {
      this.open = resolve;
    });
    this.first = new Promise((resolve) => {
      this.show = resolve;
      void this.answerer.then(() => resolve(null));
    });
    let isOpen = false;
    void this.answerer.then(() => {
      isOpen = true;
    });
    for (const channel of IPC_CHANNELS) {
      ipcMain.handle(channel, async (event, argument: unknown) => {
        if (isOwnFrame(event.senderFrame, window)) {
          const first = isOpen ? null : await this.first;
          // An argument is checked where the schemas are: these have none.
          if (!isOpen && argument === undefined && first !== null && isFirst(channel, first)) return { ok: true, value: first[channel]() };
          return (await this.answerer)(channel, argument);
        }
        // The sentences come with the kiosk's code, which is not loaded yet when the window opens.
        const { said } = await import('../../shared/said');
        return { ok: false, error: said('foreign_page') };
      });
    }
  }
}

function isFirst(channel: IpcChannel, first: FirstAnswers): channel is keyof FirstAnswers {
  return Object.hasOwn(first, channel);
}

/** Whether a request comes from the window's own page itself: not from a frame in it, and from no other window. */
export function isOwnFrame(frame: WebFrameMain | null, window: BrowserWindow): boolean {
  return frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame && isOwnPage(frame.url);
}
