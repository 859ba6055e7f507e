import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { EXPIRY_WARNING_MS } from '../../shared/constants';
import type { CertificateView } from '../../shared/service';
import { BUNDLE_FILES, type Bundle, bundleFolder, expiryOf, loadBundle } from '../site/load';
import { Watched } from './watched';

/** A certificate that is about to expire is told of in the log once in this time. */
const TOLD_AGAIN_MS = 24 * 60 * 60 * 1000;

export interface CredentialsOptions {
  readonly sitePath: string;
  readonly kiosk: KioskId;
  readonly uid: string;
  /** Wall clock, ms since 1970: certificates are good by the calendar. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** The kiosk's key and certificate: how long they are good, and whether new ones lie in their place. */
export class Credentials {
  private toldAt = Number.NEGATIVE_INFINITY;

  private readonly files: Watched;
  private expiresAt: number;

  constructor(
    private readonly options: CredentialsOptions,
    private current: Bundle,
  ) {
    this.expiresAt = expiryOf(current);
    const folder = bundleFolder(path.dirname(options.sitePath), options.kiosk);
    this.files = new Watched(Object.values(BUNDLE_FILES).map((name) => path.join(folder, name)));
  }

  get bundle(): Bundle {
    return this.current;
  }

  get view(): CertificateView {
    const { expiresAt } = this;
    const left = expiresAt - this.options.now();
    return { expiresAt, state: left <= 0 ? 'expired' : left < EXPIRY_WARNING_MS ? 'soon' : 'good' };
  }

  /** Looks for a renewed bundle; gives it if there is one, whole and right. What is wrong or half copied is left alone. */
  async renewed(): Promise<Bundle | null> {
    const { sitePath, kiosk, uid, log } = this.options;
    this.warn();
    if (!(await this.files.changed())) return null;
    const loaded = await loadBundle(path.dirname(sitePath), kiosk, uid);
    if (loaded.ok && (loaded.value.cert !== this.current.cert || loaded.value.ca !== this.current.ca)) {
      this.current = loaded.value;
      this.expiresAt = expiryOf(loaded.value);
      this.toldAt = Number.NEGATIVE_INFINITY;
      log(`the certificate of kiosk ${kiosk} was renewed: it is good until ${new Date(this.view.expiresAt).toISOString()}`);
      return loaded.value;
    }
    return null;
  }

  private warn(): void {
    const { kiosk, now, log } = this.options;
    const { state, expiresAt } = this.view;
    if (state === 'good' || now() - this.toldAt < TOLD_AGAIN_MS) return;
    this.toldAt = now();
    log(
      `the certificate of kiosk ${kiosk} ${state === 'soon' ? 'expires' : 'expired'} on ${new Date(expiresAt).toISOString().slice(0, 10)}, and no kiosk links with it after that: renew it where the site was made (npm run site -- renew <folder> --kiosk ${kiosk}) and copy the bundle here`,
    );
  }
}
