import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { type EventSpec, parseSite, type SiteFile } from '../../shared/site';
import { createAuthority, createKioskCertificate, type KeyAndCertificate } from './authority';
import { bundleFolder, checkBundle, type Loaded, loadSite, refused } from './load';

const UID_BYTES = 12;
const KEY_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;

export interface CreateOptions {
  readonly folder: string;
  readonly site: string;
  readonly kiosks: number;
  readonly members: number;
  readonly host: string;
  readonly basePort: number;
  readonly events: readonly EventSpec[];
  /** Another site file to take place, currency, time zone, events and names of kiosks from. */
  readonly from: SiteFile | null;
}

function siteFile(folder: string): string {
  return path.join(folder, 'site.json');
}

function authorityFolder(folder: string): string {
  return path.join(folder, 'authority');
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Makes a site: site.json, its authority and a bundle per kiosk. Never writes over a site that is there. */
export async function createSite(options: CreateOptions): Promise<Loaded<SiteFile>> {
  const { folder, from } = options;
  const file = siteFile(folder);
  if (await exists(file)) return refused(`there is a site in ${folder} already; choose another folder, or remove that one`);
  const ids = Array.from({ length: options.kiosks }, (_, index) => index + 1);
  const draft: SiteFile = {
    site: options.site,
    uid: randomBytes(UID_BYTES).toString('hex'),
    currency: from?.currency ?? 'USD',
    timeZone: from?.timeZone ?? 'America/Los_Angeles',
    place: from?.place ?? '',
    kiosks: ids.map((id) => ({
      id,
      name: from?.kiosks.find((kiosk) => kiosk.id === id)?.name ?? `Kiosk ${id}`,
      host: options.host,
      port: options.basePort + id - 1,
      priority: 0,
    })),
    members: ids.slice(0, options.members),
    events: options.events.length > 0 ? [...options.events] : (from?.events ?? []),
  };
  const parsed = parseSite(JSON.stringify(draft));
  if (!parsed.ok) return refused(`no site can be made of this: ${parsed.message}`);
  await mkdir(folder, { recursive: true });
  const authority = await createAuthority(options.site, draft.uid);
  await writeAuthority(folder, authority);
  for (const { id, host } of parsed.site.kiosks) await writeBundle(folder, authority, id, host);
  // Last: a folder with a site file is complete.
  await writeFile(file, `${JSON.stringify(parsed.site, null, 2)}\n`, { flag: 'wx' });
  return { ok: true, value: parsed.site };
}

/** Adds a kiosk to the site file and makes its bundle. */
export async function addKiosk(folder: string, kiosk: KioskId, host: string, port: number | null): Promise<Loaded<SiteFile>> {
  const file = siteFile(folder);
  const loaded = await loadSite(file);
  if (!loaded.ok) return loaded;
  const site = loaded.value;
  const known = site.kiosks.find(({ id }) => id === kiosk);
  if (known !== undefined && (await exists(bundleFolder(folder, kiosk))))
    return refused(`kiosk ${kiosk} is in the site file ${file} already`);
  const authority = await readAuthority(folder);
  if (!authority.ok) return authority;
  const nextPort = Math.max(...site.kiosks.map((other) => other.port)) + 1;
  const spec = known ?? { id: kiosk, name: `Kiosk ${kiosk}`, host, port: port ?? nextPort, priority: 0 };
  const kiosks = known === undefined ? [...site.kiosks, spec].sort((a, b) => a.id - b.id) : site.kiosks;
  const parsed = parseSite(JSON.stringify({ ...site, kiosks }));
  if (!parsed.ok) return refused(`kiosk ${kiosk} can't be added: ${parsed.message}`);
  await writeBundle(folder, authority.value, kiosk, spec.host);
  await writeFile(file, `${JSON.stringify(parsed.site, null, 2)}\n`);
  return { ok: true, value: parsed.site };
}

/** Everything that is wrong with a site's folder, a sentence each. */
export async function checkSite(folder: string): Promise<Loaded<readonly string[]>> {
  const loaded = await loadSite(siteFile(folder));
  if (!loaded.ok) return loaded;
  const problems: string[] = [];
  for (const { id } of loaded.value.kiosks) {
    const bundle = bundleFolder(folder, id);
    try {
      const [key, cert, ca] = await Promise.all(
        ['kiosk.key', 'kiosk.crt', 'ca.crt'].map((name) => readFile(path.join(bundle, name), 'utf8')),
      );
      const problem = checkBundle(bundle, id, { key: key!, cert: cert!, ca: ca! });
      if (problem !== null) problems.push(problem);
    } catch (error) {
      problems.push(`kiosk ${id} has no complete bundle in ${bundle} (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { ok: true, value: problems };
}

async function writeAuthority(folder: string, authority: KeyAndCertificate): Promise<void> {
  const target = authorityFolder(folder);
  await mkdir(target, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  await writeFile(path.join(target, 'ca.key'), authority.key, { mode: KEY_MODE });
  await writeFile(path.join(target, 'ca.crt'), authority.cert);
}

async function readAuthority(folder: string): Promise<Loaded<KeyAndCertificate>> {
  const target = authorityFolder(folder);
  try {
    const key = await readFile(path.join(target, 'ca.key'), 'utf8');
    return { ok: true, value: { key, cert: await readFile(path.join(target, 'ca.crt'), 'utf8') } };
  } catch {
    return refused(`the site's authority is not in ${target}; kiosks are added where the site was made`);
  }
}

async function writeBundle(folder: string, authority: KeyAndCertificate, kiosk: KioskId, host: string): Promise<void> {
  const target = bundleFolder(folder, kiosk);
  await mkdir(target, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  const { key, cert } = await createKioskCertificate(authority, kiosk, host);
  await writeFile(path.join(target, 'kiosk.key'), key, { mode: KEY_MODE });
  await writeFile(path.join(target, 'kiosk.crt'), cert);
  await writeFile(path.join(target, 'ca.crt'), authority.cert);
}
