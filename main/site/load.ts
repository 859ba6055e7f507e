import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { englishOf, type Said, saidOf } from '../../shared/said';
import { certificateName, type KioskSpec, parseSite, type SiteFile } from '../../shared/site';

/** A value, or one sentence on why there is none. */
export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string; readonly said: Said };

/** What one kiosk needs to link to the others: its key, its certificate and the site's authority, as PEM texts. */
export interface Bundle {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

/** A bundle's files in its folder. */
export const BUNDLE_FILES = { key: 'kiosk.key', cert: 'kiosk.crt', ca: 'ca.crt' } as const;

export function refused(why: string | Said): { readonly ok: false; readonly sentence: string; readonly said: Said } {
  const said = typeof why === 'string' ? saidOf(why) : why;
  return { ok: false, sentence: englishOf(said), said };
}

export function siteFileIn(folder: string): string {
  return path.join(folder, 'site.json');
}

/** Apart from the kiosks' data folders, which may lie beside the site file and are named like the kiosks too. */
export function bundleFolder(siteFolder: string, kiosk: KioskId): string {
  return path.join(siteFolder, 'certificates', certificateName(kiosk));
}

/** Reads and checks a site file; a refusal names the file and the place in it. */
export async function loadSite(file: string): Promise<Loaded<SiteFile>> {
  const text = readText(
    file,
    'site file',
    'make one with `npm run site -- create <folder> --site ID`, or run `npm start` for the demo site',
  );
  if (!text.ok) return text;
  // Some editors begin a file with a byte order mark.
  const parsed = parseSite(text.value.replace(/^\uFEFF/, ''));
  return parsed.ok ? { ok: true, value: parsed.site } : refused(`the site file ${file} is not right: ${parsed.message}`);
}

/** The kiosk's own lines of the site file. */
export function findKiosk(site: SiteFile, file: string, kiosk: KioskId): Loaded<KioskSpec> {
  const spec = site.kiosks.find(({ id }) => id === kiosk);
  if (spec !== undefined) return { ok: true, value: spec };
  const known = site.kiosks.map(({ id }) => id).join(', ');
  return refused(`kiosk ${kiosk} is not in the site file ${file}; it names kiosks ${known}`);
}

/** Reads and checks a kiosk's bundle beside the site file. With `uid`, the bundle must be of that site, too. */
export async function loadBundle(siteFolder: string, kiosk: KioskId, uid?: string): Promise<Loaded<Bundle>> {
  const folder = bundleFolder(siteFolder, kiosk);
  const remedy = `make it with \`npm run site -- add ${siteFolder} --kiosk ${kiosk}\`, or copy it from where the site was made`;
  const read = (part: keyof Bundle, what: string) => readText(path.join(folder, BUNDLE_FILES[part]), what, remedy);
  const [key, cert, ca] = [read('key', 'key'), read('cert', 'certificate'), read('ca', "authority's certificate")];
  if (!key.ok) return key;
  if (!cert.ok) return cert;
  if (!ca.ok) return ca;
  const bundle = { key: key.value, cert: cert.value, ca: ca.value };
  const problem = checkBundle(folder, kiosk, bundle, new Date(), uid);
  return problem === null ? { ok: true, value: bundle } : refused(problem);
}

/** What is wrong with a bundle, in one sentence; null if nothing is. */
export function checkBundle(folder: string, kiosk: KioskId, bundle: Bundle, now: Date, uid?: string): string | null {
  const certificate = readCertificate(bundle.cert);
  if (certificate === null) return `the certificate ${path.join(folder, BUNDLE_FILES.cert)} can't be read: it is no PEM certificate`;
  const authority = readCertificate(bundle.ca);
  if (authority === null) return `the certificate ${path.join(folder, BUNDLE_FILES.ca)} can't be read: it is no PEM certificate`;
  const name = subjectPart(certificate, 'CN');
  if (name !== certificateName(kiosk)) {
    return `the certificate in ${folder} is that of ${name ?? 'nobody'}, not of ${certificateName(kiosk)}: each kiosk has its own bundle`;
  }
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    return `the certificate in ${folder} was not made by the authority in its ${BUNDLE_FILES.ca}: copy the whole bundle from where the site was made`;
  }
  const of = subjectPart(authority, 'OU');
  if (uid !== undefined && of !== uid) {
    return `the bundle in ${folder} is of another site (uid ${of ?? 'unknown'}), not of this one (uid ${uid}): copy this kiosk's bundle from where the site was made`;
  }
  for (const { validFrom, validTo } of [certificate, authority]) {
    if (now < new Date(validFrom) || now > new Date(validTo)) {
      return `the certificates in ${folder} are good from ${validFrom} to ${validTo}, and now is ${now.toUTCString()}: set the clock, or renew them where the site was made: npm run site -- renew <folder> --kiosk ${kiosk}`;
    }
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(bundle.key))) return null;
    return `the key in ${folder} does not belong to its certificate: copy the whole bundle from where the site was made`;
  } catch {
    return `the key ${path.join(folder, BUNDLE_FILES.key)} can't be read: it is no PEM key`;
  }
}

/** When a bundle can no longer be linked with, in ms since 1970: its certificate's end, or its authority's. */
export function expiryOf(bundle: Bundle): number {
  return Math.min(...[bundle.cert, bundle.ca].map((text) => Date.parse(new X509Certificate(text).validTo)));
}

/** How a certificate is named in the site file's list of revoked ones. */
export function serialOf(certificate: string): string {
  return new X509Certificate(certificate).serialNumber.toUpperCase();
}

/** At once: in a process that starts, each turn of another thread for a small file is waited for longer than the disk. */
function readText(file: string, what: string, remedy: string): Loaded<string> {
  try {
    return { ok: true, value: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refused(`there is no ${what} ${file}; ${remedy}`);
    if (code === 'EISDIR') return refused(`the ${what} ${file} is a folder; name the file in it`);
    return refused(`the ${what} ${file} can't be read (${code ?? String(error)})`);
  }
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** One part of a certificate's subject, which Node gives as lines like CN=kiosk-2. */
function subjectPart(certificate: X509Certificate, part: 'CN' | 'OU'): string | null {
  const line = certificate.subject.split('\n').find((other) => other.startsWith(`${part}=`));
  return line === undefined ? null : line.slice(part.length + 1);
}
