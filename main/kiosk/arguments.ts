import type { KioskId } from '../../shared/ballot';
import { KIOSK_ID_MAX } from '../../shared/constants';
import { demoSiteFile, fromCaller } from '../site/folders';
import { type MetricsAddress, readMetricsAddress } from './metricsAddress';

export interface KioskArguments {
  readonly kiosk: KioskId;
  readonly sitePath: string;
  readonly dataPath: string | null;
  /** Put the data aside and join as a new kiosk. */
  readonly rejoin: boolean;
  /** Where metrics are served; null for nowhere. */
  readonly metrics: MetricsAddress | null;
}

export type KioskArgumentsResult =
  | { readonly ok: true; readonly value: KioskArguments }
  | {
      readonly ok: false;
      readonly sentence: string;
      /** What else was said, where nothing is wrong but that no kiosk is named: an installed one knows which it is. */
      readonly unnamed: Omit<KioskArguments, 'kiosk' | 'sitePath'> | null;
    };

export const KIOSK_USAGE = 'npm run kiosk -- <kiosk_id> [--site FILE] [--data DIR] [--headless] [--rejoin] [--metrics [HOST:]PORT]';

/** Switches that take a value; the last two are for the set-up of an installed kiosk. */
const VALUED = ['--site', '--data', '--metrics', '--provision', '--code-file'];

/** Reads `<kiosk_id> [--site FILE] [--data DIR] [--metrics [HOST:]PORT]`; other switches belong to whoever starts the kiosk and are passed over. */
export function readKioskArguments(args: readonly string[]): KioskArgumentsResult {
  let kiosk: KioskId | null = null;
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', inline] = args[index]!.split(/=(.*)/s);
    if (VALUED.includes(word)) {
      if (inline === undefined) index += 1;
      const value = inline ?? args[index];
      if (value === undefined || value === '') return { ok: false, sentence: `${word} needs a value; use: ${KIOSK_USAGE}`, unnamed: null };
      values.set(word, word === '--metrics' ? value : fromCaller(value));
    } else if (!word.startsWith('-')) {
      const id = /^\d+$/.test(word) ? Number(word) : Number.NaN;
      if (!(id >= 1 && id <= KIOSK_ID_MAX) || kiosk !== null)
        return {
          ok: false,
          sentence: `a kiosk id is a whole number from 1 to ${KIOSK_ID_MAX}, not "${word}"; use: ${KIOSK_USAGE}`,
          unnamed: null,
        };
      kiosk = id;
    }
  }
  const served = values.get('--metrics');
  const metrics = served === undefined ? null : readMetricsAddress(served);
  if (served !== undefined && metrics === null)
    return { ok: false, sentence: `--metrics is a port, or HOST:PORT, not "${served}"; use: ${KIOSK_USAGE}`, unnamed: null };
  const others = { dataPath: values.get('--data') ?? null, rejoin: args.includes('--rejoin'), metrics };
  if (kiosk === null) return { ok: false, sentence: `name the kiosk; use: ${KIOSK_USAGE}`, unnamed: others };
  return { ok: true, value: { kiosk, sitePath: values.get('--site') ?? demoSiteFile(), ...others } };
}
