import type { BrowserWindow, WebFrameMain } from 'electron';
import { IPC_CHANNELS, type IpcChannel } from '../../shared/channels';
import type { IpcReply } from '../../shared/ipc';
import { ipcMain } from './electron';
import { isOwnPage } from './pages';

/** Answers one question of the page. */
export type Answerer = <C extends IpcChannel>(channel: C, argument: unknown) => Promise<IpcReply<C>>;

/** Takes the page's questions from its first moment on; they wait until there is a kiosk that answers them. */
export class Gate {
  private readonly answerer: Promise<Answerer>;
  /** From here on these answer. */
  open: (answerer: Answerer) => void = () => undefined;

  constructor(window: BrowserWindow) {
    this.answerer = new Promise((resolve) => {
      this.open = resolve;
    });
    for (const channel of IPC_CHANNELS) {
      ipcMain.handle(channel, async (event, argument: unknown) => {
        if (isOwnFrame(event.senderFrame, window)) return (await this.answerer)(channel, argument);
        // The sentences come with the kiosk's code, which is not loaded yet when the window opens.
        const { said } = await import('../../shared/said');
        return { ok: false, error: said('foreign_page') };
      });
    }
  }
}

/** Whether a request comes from the window's own page itself: not from a frame in it, and from no other window. */
export function isOwnFrame(frame: WebFrameMain | null, window: BrowserWindow): boolean {
  return frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame && isOwnPage(frame.url);
}
