import type { PageSize } from '../printing';

/** Pages of SVG, one behind the other, with the style that gives each of them a page of that size. */
export function pagesHtml(pages: readonly string[], { widthMm, heightMm }: PageSize): string {
  return `<style>@page{size:${widthMm}mm ${heightMm}mm;margin:0}html,body{margin:0}svg{display:block;width:${widthMm}mm;height:${heightMm}mm;break-after:page}svg:last-child{break-after:auto}</style><body>${pages.join('')}</body>`;
}

/** A document with that content. @param title what a system's queue calls it when it is printed; letters and digits */
export function documentHtml(content: string, title = ''): string {
  return `<!doctype html><meta charset="utf-8"><title>${title}</title>${content}`;
}

/** The address of such a document. */
export function documentUrl(content: string, title = ''): string {
  return `data:text/html;base64,${Buffer.from(documentHtml(content, title)).toString('base64')}`;
}
