import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../setup/paths.mjs';

/** How to run the unpacked app: Chromium refuses to run as root with its sandbox. */
export function electronCommand() {
  const folder = path.join(ROOT, 'node_modules', 'electron');
  const command = path.join(folder, 'dist', readFileSync(path.join(folder, 'path.txt'), 'utf8').trim());
  return { command, args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT] };
}
