import { readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type FoundFile, PROVISIONING_MAX_LENGTH } from '../../shared/assistant';
import { Told } from '../../shared/said';
import { PROVISIONING_EXTENSION, readProvisioningHeader } from '../site/provisioning';

/** Files of one stick that are looked at; whoever has more chooses in the system's dialog. */
const FILES_MAX = 300;

/** Folders that hold the roots of sticks that are plugged in. */
export function mediaFolders(platform: NodeJS.Platform = process.platform, user: string = os.userInfo().username): readonly string[] {
  if (platform === 'darwin') return ['/Volumes'];
  if (platform === 'win32') return [];
  return [`/media/${user}`, `/run/media/${user}`, '/media', '/mnt'];
}

/** Roots of drives on Windows, where each is a letter. */
function driveRoots(platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform === 'win32' ? [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`) : [];
}

/** The provisioning files at the top of each stick, or in a folder `provisioning` there. What can't be read is passed over. */
export async function findProvisioningFiles(folders: readonly string[] = mediaFolders()): Promise<readonly FoundFile[]> {
  const below = await Promise.all(folders.map(async (folder) => (await names(folder)).map((name) => path.join(folder, name))));
  const roots = [...folders, ...below.flat(), ...driveRoots()];
  const found = await Promise.all(roots.flatMap((root) => [filesIn(root), filesIn(path.join(root, 'provisioning'))]));
  const distinct = new Map(found.flat().map((file) => [file.text, file]));
  return [...distinct.values()].sort((a, b) => a.site.localeCompare(b.site) || a.kiosk - b.kiosk);
}

/** Whose a provisioning file is. @throws Told if it is none */
export function foundFile(text: string): FoundFile {
  const header = readProvisioningHeader(text);
  if (!header.ok) throw new Told(header.said);
  const { site, kiosk, name } = header.value;
  return { site, kiosk, name, text };
}

async function filesIn(folder: string): Promise<FoundFile[]> {
  const files = (await names(folder)).filter((name) => name.endsWith(PROVISIONING_EXTENSION)).slice(0, FILES_MAX);
  const read = await Promise.all(
    files.map(async (name) => {
      const file = path.join(folder, name);
      try {
        const { size } = await stat(file);
        return size > PROVISIONING_MAX_LENGTH ? [] : [foundFile(await readFile(file, 'utf8'))];
      } catch {
        return [];
      }
    }),
  );
  return read.flat();
}

function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
