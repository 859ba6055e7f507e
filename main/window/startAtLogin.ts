import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { app } from './electron';

/** The autostart entry of a desktop on Linux, where Electron has no call for it. */
function autostartFile(): string {
  return path.join(process.env.XDG_CONFIG_HOME || path.join(os.homedir(), '.config'), 'autostart', 'quorum-kiosk.desktop');
}

/** A word of an Exec line: quoted, with what a shell would expand escaped. */
function execWord(word: string): string {
  return `"${word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}

/** Has this kiosk started when its user signs in to the machine, or no more. */
export async function setStartAtLogin(wanted: boolean): Promise<void> {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted });
    return;
  }
  const file = autostartFile();
  if (!wanted) return rm(file, { force: true });
  const entry = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Quorum Kiosk',
    `Exec=${execWord(process.env.APPIMAGE ?? process.execPath)}`,
    'Icon=quorum-kiosk',
  ];
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${entry.join('\n')}\n`);
}
