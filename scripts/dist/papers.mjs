import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../setup/paths.mjs';
import { makeIcons } from './icons.mjs';

/** Makes what packages hold beside the app: icons, man page and copyright. @param {string} folder @param {string} version */
export async function makePapers(folder, version) {
  mkdirSync(folder, { recursive: true });
  await makeIcons(path.join(folder, 'icons'));
  const page = readFileSync(path.join(import.meta.dirname, 'resources', 'quorum-kiosk.1'), 'utf8').replaceAll('@VERSION@', version);
  // Without a time in it, so that the same sources give the same file.
  writeFileSync(path.join(folder, 'quorum-kiosk.1.gz'), gzipSync(page, { level: 9 }));
  writeFileSync(path.join(folder, 'copyright'), copyright(readFileSync(path.join(ROOT, 'LICENSE'), 'utf8')));
}

function copyright(license) {
  const indented = license
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line}`))
    .join('\n');
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Quorum Kiosk
Comment: The package holds the Electron runtime and Chromium. Their licences are beside the program, in
 /opt/Quorum Kiosk/LICENSE.electron.txt and LICENSES.chromium.html.

Files: *
Copyright: The Quorum Kiosk founders
License: Expat
${indented}
`;
}
