import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, isOwnPage, pageFile } from './pages';

const FOLDER = path.resolve('/srv/renderer');

describe('app:// addresses', () => {
  it('stand for page files inside the folder', () => {
    expect(pageFile('app://kiosk/index.html', FOLDER)).toEqual({ file: path.join(FOLDER, 'index.html'), type: 'text/html; charset=utf-8' });
    expect(pageFile('app://kiosk/assets/index.js?x#y', FOLDER)?.file).toBe(path.join(FOLDER, 'assets/index.js'));
  });

  it.each([
    'app://kiosk/../secret.html',
    'app://kiosk/%2e%2e/secret.html',
    'app://kiosk/..%2fsecret.html',
    'app://kiosk/..%2frenderer-other/index.html',
    'app://kiosk/..%5csecret.html',
    'app://kiosk/%00index.html',
    'app://kiosk/%zz.html',
    'app://kiosk/',
    'app://kiosk/journal.db',
    'app://other/index.html',
    'https://kiosk/index.html',
    'file:///srv/renderer/index.html',
    'nonsense',
  ])('lead nowhere else: %s', (address) => {
    const page = pageFile(address, FOLDER);
    // The URL parser itself folds plain dots; what is left must lie inside.
    if (page !== null) expect(page.file.startsWith(FOLDER + path.sep)).toBe(true);
    else expect(page).toBeNull();
    if (/%2f|%5c|%00|other|https?:|file:|nonsense|journal/.test(address)) expect(page).toBeNull();
  });

  it('tell the own page from any other', () => {
    expect(isOwnPage('app://kiosk/index.html')).toBe(true);
    for (const other of ['app://evil/index.html', 'https://kiosk/index.html', 'about:blank', '']) expect(isOwnPage(other)).toBe(false);
  });

  it('allow no script, style or connection from elsewhere', () => {
    // Each word of it is decided here as well: what is not named takes the first, and the last three do not fall back to it.
    expect(CONTENT_SECURITY_POLICY.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });
});
