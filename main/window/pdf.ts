import type { DocumentPrinter } from '../printing';
import { HiddenPage } from './hiddenPage';
import { documentUrl, pagesHtml } from './pageHtml';

const MM_PER_INCH = 25.4;

/** Prints pages to PDF in a hidden page, one job at a time. @param page to be warmed by whoever knows that something will be printed soon */
export function createPdfPrinter(page: HiddenPage = new HiddenPage()): DocumentPrinter {
  return (pages, size) =>
    page.use(async (contents) => {
      await contents.loadURL(documentUrl(pagesHtml(pages, size)));
      return contents.printToPDF({
        pageSize: { width: size.widthMm / MM_PER_INCH, height: size.heightMm / MM_PER_INCH },
        margins: { top: 0, bottom: 0, left: 0, right: 0 },
        printBackground: true,
      });
    });
}
