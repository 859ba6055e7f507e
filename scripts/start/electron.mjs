import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../setup/paths.mjs';
import { say } from '../setup/report.mjs';

/** How to run the unpacked app: Chromium refuses to run as root with its sandbox. */
export function electronCommand() {
  const folder = path.join(ROOT, 'node_modules', 'electron');
  const command = path.join(folder, 'dist', readFileSync(path.join(folder, 'path.txt'), 'utf8').trim());
  return { command, args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT] };
}

/** Where the picture of a kiosk's window is kept up to date if nobody can see the window itself. @param {string} siteFile */
export function pictureFile(siteFile, kiosk) {
  return path.join(path.dirname(siteFile), 'pictures', `kiosk-${kiosk}.png`);
}

/** Passes on what a kiosk says on stderr, without Chromium's remarks. @param {import('node:stream').Readable} stderr */
export function passOn(stderr, prefix = '') {
  createInterface({ input: stderr }).on('line', (line) => {
    if (line.trim() !== '' && !isNoise(line)) say(`${prefix}${line}`);
  });
}

/** Chromium's own remarks on machines without a desktop bus or a graphics card; what it dies of is none. @param {string} line */
export function isNoise(line) {
  return /^\[\d+:\d{4}\/\d{6}\.\d+:(VERBOSE\d*|INFO|WARNING|ERROR):|^libva |Gtk-WARNING/.test(line);
}
