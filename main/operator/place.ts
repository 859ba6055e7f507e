import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import type { KioskSpec, SiteFile } from '../../shared/site';
import { dataFolder, demoSiteFile, fromCaller } from '../site/folders';
import { findKiosk, type Loaded, loadSite } from '../site/load';

/** One kiosk of a site, as a program of the operator's was told by words and options. */
export interface Place {
  readonly siteFile: string;
  readonly site: SiteFile;
  readonly spec: KioskSpec;
  /** The kiosk's data folder; whether there is one is not looked at. */
  readonly data: string;
}

/** A kiosk's number as a word of the command line; null if it is none. */
export function kioskOf(word: string | undefined): KioskId | null {
  const kiosk = kioskIdSchema.safeParse(/^\d+$/.test(word ?? '') ? Number(word) : Number.NaN);
  return kiosk.success ? kiosk.data : null;
}

/** @param options as given: paths are the caller's, and without them it is the demo site, and the folder where its data lie */
export async function findPlace(
  kiosk: KioskId,
  options: { readonly site?: string | undefined; readonly data?: string | undefined },
): Promise<Loaded<Place>> {
  const siteFile = options.site === undefined ? demoSiteFile() : fromCaller(options.site);
  const site = await loadSite(siteFile);
  if (!site.ok) return site;
  const spec = findKiosk(site.value, siteFile, kiosk);
  if (!spec.ok) return spec;
  const data = options.data === undefined ? dataFolder(site.value.site, kiosk) : fromCaller(options.data);
  return { ok: true, value: { siteFile, site: site.value, spec: spec.value, data } };
}
