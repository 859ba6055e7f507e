import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { isKioskId, NAME_ID } from '../../shared/constants';
import { readKioskArguments } from '../kiosk/arguments';
import { dataFolder, installationFile, installedSiteFile } from '../site/folders';

/** What a window can be opened by, before the site file has been read with care. */
export interface KnownKiosk {
  readonly kiosk: KioskId;
  /** Its data folder. */
  readonly folder: string;
  readonly title: string;
  /** It is locked to its counter. */
  readonly locked: boolean;
}

/** What asks for one of the operator's programs instead of a kiosk. */
const TOOL_SWITCH = '--tool';

/** The words for one of the operator's programs; null where a kiosk is meant. */
export function toolWords(words: readonly string[]): readonly string[] | null {
  const at = words.indexOf(TOOL_SWITCH);
  return at === -1 ? null : words.slice(at + 1);
}

export function titleOf(kiosk: KioskId, name: string, site: string): string {
  return `Kiosk ${kiosk} · ${name} · ${site}`;
}

/**
 * Which kiosk these words start, or this machine was set up as; null wherever that is not plain: whoever reads it all
 * then says what is wrong, or asks. At once, and before the app is ready: its profile lies in the kiosk's folder.
 * @param mayBeInstalled without a kiosk in the words, this machine's own is meant
 */
export function findKnown(words: readonly string[], mayBeInstalled: boolean): KnownKiosk | null {
  const args = readKioskArguments(words);
  if (args.ok) return known(args.value.kiosk, args.value.sitePath, args.value.dataPath, false);
  if (args.unnamed === null || !mayBeInstalled || words.some((word) => word.startsWith('--provision'))) return null;
  const installed = readJson(installationFile());
  const { site, kiosk, kioskMode } = installed ?? {};
  if (typeof site !== 'string' || !NAME_ID.test(site) || !isKioskId(kiosk)) return null;
  return known(kiosk, installedSiteFile(site), args.unnamed.dataPath, kioskMode === true);
}

function known(kiosk: KioskId, sitePath: string, dataPath: string | null, locked: boolean): KnownKiosk | null {
  const { site, kiosks } = readJson(sitePath) ?? {};
  if (typeof site !== 'string' || !NAME_ID.test(site) || !Array.isArray(kiosks)) return null;
  const own: unknown = kiosks.find((other: unknown) => isObject(other) && other.id === kiosk);
  if (!isObject(own) || typeof own.name !== 'string') return null;
  return { kiosk, folder: dataPath ?? dataFolder(site, kiosk), title: titleOf(kiosk, own.name, site), locked };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function readJson(file: string): Readonly<Record<string, unknown>> | null {
  try {
    // Some editors begin a file with a byte order mark.
    const value: unknown = JSON.parse(readFileSync(path.resolve(file), 'utf8').replace(/^\uFEFF/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
