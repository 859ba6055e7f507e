import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { certificateName, type KioskSpec, parseSite, type SiteFile } from '../../shared/site';

/** A value, or one sentence on why there is none. */
export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string };

/** What one kiosk needs to link to the others: its key, its certificate and the site's authority, as PEM texts. */
export interface Bundle {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export function refused(sentence: string): { readonly ok: false; readonly sentence: string } {
  return { ok: false, sentence };
}

async function readText(file: string, what: string, remedy: string): Promise<Loaded<string>> {
  try {
    return { ok: true, value: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refused(`there is no ${what} ${file}; ${remedy}`);
    return refused(`the ${what} ${file} can't be read (${code ?? String(error)})`);
  }
}

/** Reads and checks a site file; a refusal names the file and the place in it. */
export async function loadSite(file: string): Promise<Loaded<SiteFile>> {
  const text = await readText(
    file,
    'site file',
    'make one with `npm run site -- create <folder> --site ID`, or run `npm start` for the demo site',
  );
  if (!text.ok) return text;
  const parsed = parseSite(text.value);
  return parsed.ok ? { ok: true, value: parsed.site } : refused(`the site file ${file} is not right: ${parsed.message}`);
}

/** The kiosk's own lines of the site file. */
export function findKiosk(site: SiteFile, file: string, kiosk: KioskId): Loaded<KioskSpec> {
  const spec = site.kiosks.find(({ id }) => id === kiosk);
  if (spec !== undefined) return { ok: true, value: spec };
  const known = site.kiosks.map(({ id }) => id).join(', ');
  return refused(`kiosk ${kiosk} is not in the site file ${file}; it names kiosks ${known}`);
}

export function bundleFolder(siteFolder: string, kiosk: KioskId): string {
  return path.join(siteFolder, 'certificates', certificateName(kiosk));
}

/** Reads and checks a kiosk's bundle beside the site file. */
export async function loadBundle(siteFolder: string, kiosk: KioskId): Promise<Loaded<Bundle>> {
  const folder = bundleFolder(siteFolder, kiosk);
  const remedy = `make it with \`npm run site -- add ${siteFolder} --kiosk ${kiosk}\`, or copy it from where the site was made`;
  const parts: Record<'key' | 'cert' | 'ca', string> = { key: '', cert: '', ca: '' };
  for (const [part, name] of [
    ['key', 'kiosk.key'],
    ['cert', 'kiosk.crt'],
    ['ca', 'ca.crt'],
  ] as const) {
    const text = await readText(path.join(folder, name), part === 'key' ? 'key' : 'certificate', remedy);
    if (!text.ok) return text;
    parts[part] = text.value;
  }
  const problem = checkBundle(folder, kiosk, parts);
  return problem === null ? { ok: true, value: parts } : refused(problem);
}

/** What is wrong with a bundle, in one sentence; null if nothing is. */
export function checkBundle(folder: string, kiosk: KioskId, bundle: Bundle, now = new Date()): string | null {
  let certificate: X509Certificate;
  let authority: X509Certificate;
  try {
    certificate = new X509Certificate(bundle.cert);
    authority = new X509Certificate(bundle.ca);
  } catch {
    return `the certificates in ${folder} can't be read: they are no PEM certificates`;
  }
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  if (name !== certificateName(kiosk))
    return `the certificate in ${folder} is that of ${name ?? 'nobody'}, not of ${certificateName(kiosk)}`;
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    return `the certificate in ${folder} was not made by this site's authority`;
  }
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo)) {
    return `the certificate in ${folder} is good from ${certificate.validFrom} to ${certificate.validTo}, and now is ${now.toUTCString()}: make a new one, or set the clock`;
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(bundle.key))) return `the key in ${folder} does not belong to its certificate`;
  } catch {
    return `the key in ${folder} can't be read: it is no PEM key`;
  }
  return null;
}
