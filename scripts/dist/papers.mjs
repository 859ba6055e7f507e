import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../setup/paths.mjs';
import { makeIcons } from './icons.mjs';

/**
 * Makes what packages hold beside the app: icons, man page, copyright, and the licences of the libraries in it.
 * @param {string} folder @param {string} version
 */
export async function makePapers(folder, version) {
  mkdirSync(folder, { recursive: true });
  await makeIcons(path.join(folder, 'icons'));
  const page = readFileSync(path.join(import.meta.dirname, 'resources', 'quorum-kiosk.1'), 'utf8').replaceAll('@VERSION@', version);
  // Without a time in it, so that the same sources give the same file.
  writeFileSync(path.join(folder, 'quorum-kiosk.1.gz'), gzipSync(page, { level: 9 }));
  const bundled = licencesOf(['main', 'renderer'].map((part) => readFileSync(path.join(ROOT, 'out', part, 'licences.md'), 'utf8')));
  writeFileSync(path.join(folder, 'licences.md'), `# Libraries in Quorum Kiosk\n\n${bundled.map(({ text }) => text).join('\n')}`);
  const names = bundled.map(({ name }) => name);
  writeFileSync(path.join(folder, 'copyright'), copyright(readFileSync(path.join(ROOT, 'LICENSE'), 'utf8'), names));
}

/**
 * Each library once, by name. @param {string[]} lists as the build writes them, a heading "## name - version (SPDX)" each
 * @returns {{ name: string, text: string }[]}
 */
export function licencesOf(lists) {
  const all = new Map();
  for (const list of lists)
    for (const text of list.split(/^(?=## )/m).slice(1)) all.set(text.slice('## '.length, text.indexOf('\n')).trim(), text);
  return [...all].map(([name, text]) => ({ name, text })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function copyright(license, libraries) {
  const indented = license
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line}`))
    .join('\n');
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Quorum Kiosk
Comment: The package holds the Electron runtime and Chromium. Their licences are beside the program, in
 /opt/Quorum Kiosk/LICENSE.electron.txt and LICENSES.chromium.html. The app holds these libraries, whose licences are in
 /opt/Quorum Kiosk/licences.md:
${libraries.map((name) => `  ${name}`).join('\n')}

Files: *
Copyright: The Quorum Kiosk founders
License: Expat
${indented}
`;
}
