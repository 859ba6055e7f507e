import path from 'node:path';

export const SCHEME = 'app';
export const HOST = 'kiosk';
export const PAGE_URL = `${SCHEME}://${HOST}/index.html`;
/** What a machine shows that was not set up yet. */
export const ASSISTANT_URL = `${SCHEME}://${HOST}/assistant.html`;

/** The page has no network, no inline script and no inline style; whatever it needs it asks of its own process. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file that an address of ours stands for, and its type; null for anything that is not a page file inside the folder. */
export function pageFile(address: string, folder: string): { readonly file: string; readonly type: string } | null {
  let url: URL;
  let name: string;
  try {
    url = new URL(address);
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (url.protocol !== `${SCHEME}:` || url.host !== HOST || name.includes('\0') || name.includes('\\')) return null;
  const file = path.resolve(folder, `.${name}`);
  const type = TYPES[path.extname(file)];
  if (type === undefined || !file.startsWith(path.resolve(folder) + path.sep)) return null;
  return { file, type };
}

/** Whether a frame's address is that of the kiosk's own page (`origin` of such an address is the text "null" in Node). */
export function isOwnPage(address: string): boolean {
  try {
    const { protocol, host } = new URL(address);
    return protocol === `${SCHEME}:` && host === HOST;
  } catch {
    return false;
  }
}
