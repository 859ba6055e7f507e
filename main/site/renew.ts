import type { KioskId } from '../../shared/ballot';
import { AUTHORITY_DAYS, KIOSK_DAYS, renewAuthority } from './authority';
import { readAuthority, writeAuthority, writeBundle, writeSite } from './create';
import { expiryOf, findKiosk, type Loaded, loadBundle, loadSite, refused, serialOf, siteFileIn } from './load';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface RenewOptions {
  readonly folder: string;
  /** Null: all kiosks of the site file. */
  readonly kiosk: KioskId | null;
  /** Null: KIOSK_DAYS. */
  readonly days: number | null;
}

export interface Renewed {
  readonly kiosks: readonly KioskId[];
  readonly until: Date;
}

/**
 * Makes new keys and certificates for kiosks of a site. Where they would outlive the authority's own certificate,
 * that is made anew first, under its old key: bundles that are still on their way go on linking with the new ones.
 */
export async function renewSite({ folder, kiosk, days }: RenewOptions): Promise<Loaded<Renewed>> {
  const file = siteFileIn(folder);
  const site = await loadSite(file);
  if (!site.ok) return site;
  const read = await readAuthority(folder);
  if (!read.ok) return read;
  const known = kiosk === null ? null : findKiosk(site.value, file, kiosk);
  if (known?.ok === false) return known;
  const lifetime = days ?? KIOSK_DAYS;
  let authority = read.value;
  if (expiryOf({ key: '', cert: authority.cert, ca: authority.cert }) < Date.now() + Math.min(lifetime, AUTHORITY_DAYS) * DAY_MS) {
    authority = await renewAuthority(authority, site.value.site, site.value.uid);
    await writeAuthority(folder, authority);
  }
  const specs = known === null ? site.value.kiosks : [known.value];
  for (const { id, host } of specs) await writeBundle(folder, authority, id, host, lifetime);
  return { ok: true, value: { kiosks: specs.map(({ id }) => id), until: new Date(Date.now() + lifetime * DAY_MS) } };
}

/** Puts the certificate in a kiosk's bundle on the site file's list of revoked ones; gives its serial number. */
export async function revokeKiosk({ folder, kiosk }: { readonly folder: string; readonly kiosk: KioskId }): Promise<Loaded<string>> {
  const file = siteFileIn(folder);
  const site = await loadSite(file);
  if (!site.ok) return site;
  const bundle = await loadBundle(folder, kiosk, site.value.uid);
  if (!bundle.ok) return bundle;
  const serial = serialOf(bundle.value.cert);
  const revoked = site.value.revoked ?? [];
  if (revoked.includes(serial)) return refused(`the certificate of kiosk ${kiosk} (${serial}) is revoked already`);
  await writeSite(file, { ...site.value, revoked: [...revoked, serial] });
  return { ok: true, value: serial };
}
