import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { type EventSpec, type KioskSpec, parseSite, type SiteFile } from '../../shared/site';
import { makeFolder } from '../storage/files';
import { createAuthority, createKioskCertificate, type KeyAndCertificate } from './authority';
import { replaceFile } from './files';
import { BUNDLE_FILES, bundleFolder, type Loaded, loadSite, refused, siteFileIn } from './load';
import { copyTicketKey, dropOldTicketKeys, makeTicketKey, rotateTicketKey, ticketPublicFile } from './ticketKeys';

const UID_BYTES = 12;
/** Keys are for their owner alone, everything else may be read. */
const KEY_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;
const FILE_MODE = 0o644;

/** Where the first kiosk listens unless it is told otherwise; the others follow. */
export const BASE_PORT = 7401;
export const LOCAL_HOST = '127.0.0.1';

/** The authority's files in its folder, which stays with the operator. */
export const AUTHORITY_FILES = { key: 'ca.key', cert: 'ca.crt' } as const;

export function authorityFolder(siteFolder: string): string {
  return path.join(siteFolder, 'authority');
}

export interface CreateOptions {
  readonly folder: string;
  readonly site: string;
  readonly kiosks: number;
  /** So many of the first kiosks found the site. */
  readonly members: number;
  readonly host: string;
  readonly basePort: number;
  readonly events: readonly EventSpec[];
  /** A site file to take place, currency, time zone, and names and priorities of kiosks from. */
  readonly from: SiteFile | null;
}

export interface Created {
  readonly site: SiteFile;
  /** The site was there, made before tickets were signed: it got a key for that, and nothing else was touched. */
  readonly onlyTicketKey: boolean;
}

/** Makes a site: site.json, its authority and a bundle per kiosk. Never writes over a site that is there. */
export async function createSite(options: CreateOptions): Promise<Loaded<Created>> {
  const { folder } = options;
  const file = siteFileIn(folder);
  if (await exists(file)) return addTicketKey(options);
  const draft = draftOf(options);
  const parsed = parseSite(JSON.stringify(draft));
  if (!parsed.ok) return refused(`no site can be made of this: ${parsed.message}`);
  // Left behind by a creation that was cut short, which may then begin anew.
  const unfinished = path.join(folder, '.unfinished');
  if (!(await exists(unfinished)) && ((await exists(authorityFolder(folder))) || (await exists(path.join(folder, 'certificates'))))) {
    return refused(`${folder} holds certificates of a site whose site.json is gone; bring that file back, or choose another folder`);
  }
  await makeFolder(folder);
  await writeFile(unfinished, '');
  const authority = await createAuthority(options.site, draft.uid);
  await writeAuthority(folder, authority);
  for (const { id, host } of parsed.site.kiosks) await writeBundle(folder, authority, id, host);
  await makeTicketKey(folder, authorityFolder(folder), bundlesOf(folder, parsed.site));
  // Last: a folder with a site file is complete.
  await writeSite(file, parsed.site);
  await rm(unfinished);
  return { ok: true, value: { site: parsed.site, onlyTicketKey: false } };
}

/** A site that was made before tickets were signed gets its key. */
async function addTicketKey({ folder, site: id }: CreateOptions): Promise<Loaded<Created>> {
  const loaded = await loadSite(siteFileIn(folder));
  if (!loaded.ok || loaded.value.site !== id || (await exists(ticketPublicFile(folder))))
    return refused(`there is a site in ${folder} already; choose another folder, or remove that one`);
  const authority = await readAuthority(folder);
  if (!authority.ok) return authority;
  const bundles: string[] = [];
  for (const bundle of bundlesOf(folder, loaded.value)) if (await exists(bundle)) bundles.push(bundle);
  await makeTicketKey(folder, authorityFolder(folder), bundles);
  return { ok: true, value: { site: loaded.value, onlyTicketKey: true } };
}

/** Makes a new key for signing tickets, or (`drop`) takes the old ones off the list of those that are good. @returns how many are good now */
export async function changeTicketKeys(folder: string, drop: boolean): Promise<Loaded<number>> {
  const loaded = await loadSite(siteFileIn(folder));
  if (!loaded.ok) return loaded;
  const authority = await readAuthority(folder);
  if (!authority.ok) return authority;
  const bundles: string[] = [];
  for (const bundle of bundlesOf(folder, loaded.value)) if (await exists(bundle)) bundles.push(bundle);
  return (drop ? dropOldTicketKeys : rotateTicketKey)(folder, authorityFolder(folder), bundles);
}

function bundlesOf(folder: string, site: SiteFile): string[] {
  return site.kiosks.map(({ id }) => bundleFolder(folder, id));
}

export interface AddOptions {
  readonly folder: string;
  readonly kiosk: KioskId;
  /** Null: that of the site's kiosks, if they share one. */
  readonly host: string | null;
  /** Null: the first above those of the host's other kiosks. */
  readonly port: number | null;
}

/** Adds a kiosk to the site file and makes its bundle; a kiosk that is in the file but has no bundle gets one. */
export async function addKiosk(options: AddOptions): Promise<Loaded<KioskSpec>> {
  const { folder, kiosk } = options;
  const file = siteFileIn(folder);
  const loaded = await loadSite(file);
  if (!loaded.ok) return loaded;
  const site = loaded.value;
  const authority = await readAuthority(folder);
  if (!authority.ok) return authority;
  const known = site.kiosks.find(({ id }) => id === kiosk);
  if (known !== undefined) {
    // A bundle's last file.
    if (await exists(path.join(bundleFolder(folder, kiosk), BUNDLE_FILES.ca)))
      return refused(`kiosk ${kiosk} is in the site file ${file} already`);
    if ((options.host ?? known.host) !== known.host || (options.port ?? known.port) !== known.port) {
      return refused(`kiosk ${kiosk} is in the site file ${file} at ${known.host}:${known.port}; change its address there first`);
    }
    await writeBundle(folder, authority.value, kiosk, known.host);
    return { ok: true, value: known };
  }
  const address = freeAddress(site, options);
  if (!address.ok) return address;
  const spec: KioskSpec = { id: kiosk, name: `Kiosk ${kiosk}`, ...address.value, priority: 0 };
  const kiosks = [...site.kiosks, spec].sort((a, b) => a.id - b.id);
  const parsed = parseSite(JSON.stringify({ ...site, kiosks }));
  if (!parsed.ok) return refused(`kiosk ${kiosk} can't be added: ${parsed.message}`);
  await writeBundle(folder, authority.value, kiosk, spec.host);
  await writeSite(file, parsed.site);
  return { ok: true, value: spec };
}

function draftOf(options: CreateOptions): SiteFile {
  const { from } = options;
  const kiosks = Array.from({ length: options.kiosks }, (_, index): KioskSpec => {
    const id = index + 1;
    const like = from?.kiosks.find((kiosk) => kiosk.id === id);
    return { id, name: like?.name ?? `Kiosk ${id}`, host: options.host, port: options.basePort + index, priority: like?.priority ?? 0 };
  });
  return {
    site: options.site,
    uid: randomBytes(UID_BYTES).toString('hex'),
    currency: from?.currency ?? 'USD',
    timeZone: from?.timeZone ?? 'America/Los_Angeles',
    place: from?.place ?? '',
    kiosks,
    members: kiosks.slice(0, options.members).map(({ id }) => id),
    events: [...options.events],
  };
}

function freeAddress(site: SiteFile, options: AddOptions): Loaded<{ host: string; port: number }> {
  const hosts = new Set(site.kiosks.map((kiosk) => kiosk.host));
  const [only] = hosts;
  const host = options.host ?? (hosts.size === 1 ? only : undefined);
  if (host === undefined) return refused(`the kiosks of this site have several hosts: say --host for kiosk ${options.kiosk}`);
  const ports = site.kiosks.filter((kiosk) => kiosk.host === host).map(({ port }) => port);
  return { ok: true, value: { host, port: options.port ?? (ports.length === 0 ? BASE_PORT : Math.max(...ports) + 1) } };
}

export async function readAuthority(folder: string): Promise<Loaded<KeyAndCertificate>> {
  const target = authorityFolder(folder);
  try {
    const [key, cert] = await Promise.all([
      readFile(path.join(target, AUTHORITY_FILES.key), 'utf8'),
      readFile(path.join(target, AUTHORITY_FILES.cert), 'utf8'),
    ]);
    return { ok: true, value: { key, cert } };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refused(`the site's authority is not in ${target}; certificates are made where the site was made`);
    return refused(`the site's authority in ${target} can't be read (${code ?? String(error)})`);
  }
}

/** @param days how long the certificate is good */
export async function writeBundle(
  folder: string,
  authority: KeyAndCertificate,
  kiosk: KioskId,
  host: string,
  days?: number,
): Promise<void> {
  const target = bundleFolder(folder, kiosk);
  await writePair(target, BUNDLE_FILES, await createKioskCertificate(authority, kiosk, host, days));
  await copyTicketKey(authorityFolder(folder), target);
  await replaceFile(path.join(target, BUNDLE_FILES.ca), authority.cert, FILE_MODE);
}

export async function writeAuthority(folder: string, authority: KeyAndCertificate): Promise<void> {
  await writePair(authorityFolder(folder), AUTHORITY_FILES, authority);
}

async function writePair(target: string, names: { readonly key: string; readonly cert: string }, pair: KeyAndCertificate): Promise<void> {
  await makeFolder(target, PRIVATE_FOLDER_MODE);
  await replaceFile(path.join(target, names.key), pair.key, KEY_MODE);
  await replaceFile(path.join(target, names.cert), pair.cert, FILE_MODE);
}

export function writeSite(file: string, site: SiteFile): Promise<void> {
  return replaceFile(file, `${JSON.stringify(site, null, 2)}\n`, FILE_MODE);
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
