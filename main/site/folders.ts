import os from 'node:os';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';

/** The site of `npm start`, and the default of every program. */
export const DEMO_SITE = 'demo';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where all sites of this user keep their data: QUORUM_HOME, or `quorum-kiosk` in the user's data folder. */
export function homeFolder(environment: Environment = process.env): string {
  const { QUORUM_HOME } = environment;
  if (QUORUM_HOME) return fromCaller(QUORUM_HOME, environment);
  const home = os.homedir();
  if (process.platform === 'win32') return path.join(environment.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'quorum-kiosk');
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'quorum-kiosk');
  return path.join(environment.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'quorum-kiosk');
}

/** A path as the caller meant it: npm changes the folder, and tells in INIT_CWD where it was called. */
export function fromCaller(file: string, environment: Environment = process.env): string {
  return path.resolve(environment.INIT_CWD ?? process.cwd(), file);
}

export function demoSiteFile(environment: Environment = process.env): string {
  return path.join(homeFolder(environment), DEMO_SITE, 'site.json');
}

/** A kiosk's data folder unless it is told another. */
export function dataFolder(site: string, kiosk: KioskId, environment: Environment = process.env): string {
  return path.join(homeFolder(environment), site, `kiosk-${kiosk}`);
}

/** What this user's machine was set up as. */
export function installationFile(home: string = homeFolder()): string {
  return path.join(home, 'installed.json');
}

/** The site file of an installation. */
export function installedSiteFile(site: string, home: string = homeFolder()): string {
  return path.join(home, site, 'site.json');
}
