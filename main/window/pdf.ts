import type { WebContents } from 'electron';
import type { DocumentPrinter } from '../printing';
import { HiddenPage } from './hiddenPage';
import { documentHtml, pagesHtml } from './pageHtml';

const MM_PER_INCH = 25.4;

/** Prints pages to PDF in a hidden page, one job at a time. @param page to be warmed by whoever knows that something will be printed soon */
export function createPdfPrinter(page: HiddenPage = new HiddenPage()): DocumentPrinter {
  return (pages, size) =>
    page.use(async (contents) => {
      await write(contents, documentHtml(pagesHtml(pages, size)));
      return contents.printToPDF({
        pageSize: { width: size.widthMm / MM_PER_INCH, height: size.heightMm / MM_PER_INCH },
        margins: { top: 0, bottom: 0, left: 0, right: 0 },
        printBackground: true,
      });
    });
}

/**
 * Puts a document into the page as it stands. To load one by its address would begin a new process for each, which
 * takes twice as long as the print itself; and a page without scripts can be written to in no other way.
 */
async function write(contents: WebContents, html: string): Promise<void> {
  const tools = contents.debugger;
  if (!tools.isAttached()) {
    await contents.loadURL('about:blank');
    tools.attach();
  }
  const { frameTree } = (await tools.sendCommand('Page.getFrameTree')) as {
    readonly frameTree: { readonly frame: { readonly id: string } };
  };
  await tools.sendCommand('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
}
