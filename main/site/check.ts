import { createPrivateKey, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EXPIRY_WARNING_MS } from '../../shared/constants';
import { AUTHORITY_FILES, authorityFolder } from './create';
import { readIfThere } from './files';
import { BUNDLE_FILES, type Bundle, bundleFolder, checkBundle, expiryOf, type Loaded, loadSite, serialOf, siteFileIn } from './load';
import { loadTicketKey, loadTicketPublicKeys, TICKET_KEY_FILE, ticketPublicFile } from './ticketKeys';

/** Permissions of group and others, none of which a key should have. */
const OTHERS = 0o077;

export interface SiteCheck {
  /** A sentence each; empty if all is well. */
  readonly problems: readonly string[];
  /** How many kiosks' bundles were looked at; an installed kiosk has only its own. */
  readonly bundles: number;
}

/** Looks for all that is wrong with a site's folder. Only where the authority is must every kiosk's bundle be there. */
export async function checkSite(folder: string): Promise<Loaded<SiteCheck>> {
  const loaded = await loadSite(siteFileIn(folder));
  if (!loaded.ok) return loaded;
  const { uid, kiosks, revoked = [] } = loaded.value;
  const problems: string[] = [];
  const authority = await checkAuthority(folder, problems);
  let bundles = 0;
  for (const { id } of kiosks) {
    const bundle = await readBundle(bundleFolder(folder, id));
    if (bundle === null) {
      if (authority !== null) problems.push(`kiosk ${id} has no bundle: make it with \`npm run site -- add ${folder} --kiosk ${id}\``);
      continue;
    }
    bundles += 1;
    problems.push(...(await bundleProblems(folder, id, bundle, { uid, authority, revoked })));
  }
  if (bundles === 0 && authority === null) problems.push(`there is neither an authority nor any kiosk's bundle in ${folder}`);
  return { ok: true, value: { problems, bundles } };
}

async function bundleProblems(
  folder: string,
  kiosk: number,
  bundle: Partial<Bundle>,
  { uid, authority, revoked }: { readonly uid: string; readonly authority: string | null; readonly revoked: readonly string[] },
): Promise<string[]> {
  const target = bundleFolder(folder, kiosk);
  const { key, cert, ca } = bundle;
  if (key === undefined || cert === undefined || ca === undefined) {
    const missing = (['key', 'cert', 'ca'] as const).filter((part) => bundle[part] === undefined).map((part) => BUNDLE_FILES[part]);
    return [`the bundle in ${target} lacks ${missing.join(', ')}: copy the whole bundle from where the site was made`];
  }
  const problem = checkBundle(target, kiosk, { key, cert, ca }, new Date(), uid);
  if (problem !== null) return [problem];
  if (authority !== null && ca.trim() !== authority.trim()) {
    return [`the bundle in ${target} is of another authority than the one in ${authorityFolder(folder)}: the two can't link`];
  }
  const renewal = `npm run site -- renew ${folder} --kiosk ${kiosk}`;
  if (revoked.includes(serialOf(cert))) return [`the certificate in ${target} is revoked: make a new one with \`${renewal}\``];
  const expires = expiryOf({ key, cert, ca });
  if (expires < Date.now() + EXPIRY_WARNING_MS)
    return [`the certificate in ${target} expires on ${new Date(expires).toISOString().slice(0, 10)}: make a new one with \`${renewal}\``];
  const ticketKey = await loadTicketKey(folder, kiosk, uid);
  if (!ticketKey.ok) return [ticketKey.sentence];
  const publicKeys = await loadTicketPublicKeys(folder);
  // A kiosk signs without it: it is for whoever checks tickets.
  if (!publicKeys.ok && authority !== null) return [publicKeys.sentence];
  const [own] = ticketKey.value.publicKeys;
  const [newest] = publicKeys.ok ? publicKeys.value : [];
  if (publicKeys.ok && !publicKeys.value.some((key) => own?.equals(key)))
    return [`the key for tickets in ${target} is not that of ${ticketPublicFile(folder)}: copy both from where the site was made`];
  // A kiosk's own folder may have the new list already, and its bundle a little later.
  if (authority !== null && newest !== undefined && own?.equals(newest) === false)
    return [`the key for tickets in ${target} is an old one: run \`npm run site -- rotate ${folder}\`, which was cut short, again`];
  return [...(await isOpen(path.join(target, BUNDLE_FILES.key))), ...(await isOpen(path.join(target, TICKET_KEY_FILE)))];
}

/** The authority's certificate; null where there is no authority, as on an installed kiosk. */
async function checkAuthority(folder: string, problems: string[]): Promise<string | null> {
  const target = authorityFolder(folder);
  const [key, cert] = await Promise.all([
    readIfThere(path.join(target, AUTHORITY_FILES.key)),
    readIfThere(path.join(target, AUTHORITY_FILES.cert)),
  ]);
  if (key === null && cert === null) return null;
  if (key === null || cert === null) {
    problems.push(`the authority in ${target} lacks ${key === null ? AUTHORITY_FILES.key : AUTHORITY_FILES.cert}: no kiosk can be added`);
    return cert;
  }
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      problems.push(`the authority's key in ${target} does not belong to its certificate`);
  } catch {
    problems.push(`the authority in ${target} can't be read: it is no PEM key and certificate`);
  }
  problems.push(...(await isOpen(path.join(target, AUTHORITY_FILES.key))));
  return cert;
}

/** Null if none of the bundle is there. */
async function readBundle(folder: string): Promise<Partial<Bundle> | null> {
  const [key, cert, ca] = await Promise.all(
    (['key', 'cert', 'ca'] as const).map((part) => readIfThere(path.join(folder, BUNDLE_FILES[part]))),
  );
  if (key == null && cert == null && ca == null) return null;
  return { ...(key == null ? {} : { key }), ...(cert == null ? {} : { cert }), ...(ca == null ? {} : { ca }) };
}

async function isOpen(key: string): Promise<string[]> {
  // Windows keeps permissions elsewhere, and tells none here.
  if (process.platform === 'win32' || ((await stat(key)).mode & OTHERS) === 0) return [];
  return [`the key ${key} can be read by others: chmod 600 it`];
}
