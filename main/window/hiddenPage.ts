import type { WebContents } from 'electron';
import { BrowserWindow } from './electron';
import { PAGE_PREFERENCES } from './security';

/** A page that nobody sees, without scripts, to print from; kept alive because its start costs more than a print. One user at a time. */
export class HiddenPage {
  private window: BrowserWindow | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves with what the work does, when its turn has come. */
  use<T>(work: (contents: WebContents) => Promise<T>): Promise<T> {
    const done = this.last.then(() => work(this.contents()));
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Somebody is about to use it: its process starts meanwhile. */
  warm(): void {
    void this.use((contents) => (contents.getURL() === '' ? contents.loadURL('about:blank') : Promise.resolve()));
  }

  /** What hangs in it goes with it; the next user gets a fresh one. */
  discard(): void {
    this.window?.destroy();
    this.window = null;
    this.last = Promise.resolve();
  }

  private contents(): WebContents {
    if (this.window === null || this.window.isDestroyed()) {
      this.window = new BrowserWindow({ show: false, webPreferences: { ...PAGE_PREFERENCES, javascript: false } });
    }
    return this.window.webContents;
  }
}
