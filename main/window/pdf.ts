import { BrowserWindow } from 'electron';
import type { PdfPrinter } from '../printing';

const MM_PER_INCH = 25.4;

/** Prints pages to PDF in one hidden window without scripts, kept alive because its start costs more than a print. One job at a time. */
export function createPdfPrinter(): PdfPrinter {
  let window: BrowserWindow | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const print: PdfPrinter = async (pages, { widthMm, heightMm }) => {
    if (window === null || window.isDestroyed()) {
      window = new BrowserWindow({
        show: false,
        webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
      });
    }
    const style = `@page{size:${widthMm}mm ${heightMm}mm;margin:0}html,body{margin:0}svg{display:block;width:${widthMm}mm;height:${heightMm}mm;break-after:page}svg:last-child{break-after:auto}`;
    const html = `<!doctype html><meta charset="utf-8"><style>${style}</style><body>${pages.join('')}</body>`;
    await window.loadURL(`data:text/html;base64,${Buffer.from(html).toString('base64')}`);
    return window.webContents.printToPDF({
      pageSize: { width: widthMm / MM_PER_INCH, height: heightMm / MM_PER_INCH },
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
      printBackground: true,
    });
  };
  return (pages, size) => {
    const job = last.then(() => print(pages, size));
    last = job.catch(() => undefined);
    return job;
  };
}
