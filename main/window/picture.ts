import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import type { KioskService } from '../../shared/service';

/** The first picture is taken when the kiosk sells, or after this. */
const FIRST_MS = 10_000;
/** Later ones at most so often; a frame is given time to be drawn. */
const EVERY_MS = 2_000;
const DRAW_MS = 400;

/** Keeps a PNG of the window in a file: where there is no screen, that is how to see it. */
export function setupPicture(window: BrowserWindow, service: KioskService, file: string, log: (line: string) => void): void {
  let scheduled = false;
  let first = true;
  const take = async () => {
    scheduled = false;
    if (window.isDestroyed()) return;
    try {
      const image = await window.webContents.capturePage();
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(`${file}.new`, image.toPNG());
      await rename(`${file}.new`, file);
    } catch (error) {
      log(`no picture could be written to ${file}: ${(error as Error).message}`);
    }
  };
  const schedule = (delayMs: number) => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => void take(), delayMs);
  };
  const latest = setTimeout(() => schedule(0), FIRST_MS);
  const onView = () => {
    if (first && service.view().connection !== 'selling') return;
    schedule(first ? DRAW_MS : EVERY_MS);
    if (first) clearTimeout(latest);
    first = false;
  };
  service.subscribe(onView);
  window.webContents.once('did-finish-load', onView);
}
