import type { KioskId } from '../../shared/ballot';
import { MESSAGE_BYTES_MAX, QUOTE_CHARS_MAX, REFUSALS_MAX, REPEAT_REFUSAL_MS } from './settings';

/** Tells each refusal once a minute: a kiosk that is refused asks again every two seconds. */
export class Refusals {
  private readonly told = new Map<string, number>();

  constructor(
    private readonly tell: (sentence: string) => void,
    private readonly now: () => number,
  ) {}

  /** `key` says which refusals are the same one; by default their whole sentence. */
  add(sentence: string, key = sentence): void {
    const now = this.now();
    for (const [other, at] of this.told) if (now - at >= REPEAT_REFUSAL_MS) this.told.delete(other);
    if (this.told.has(key) || this.told.size >= REFUSALS_MAX) return;
    this.told.set(key, now);
    this.tell(sentence);
  }
}

/** A peer's words, safe in a line of our log: short, and without control characters. */
export function quote(text: string): string {
  return text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, QUOTE_CHARS_MAX);
}

/** Certificates that OpenSSL finds to be of another authority. */
const FOREIGN = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const OUT_OF_DATE = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** What is wrong with a certificate that did not pass, by OpenSSL's code. */
export function certificateFault(code: string): string {
  if (FOREIGN.has(code)) return 'its certificate is not of this site';
  if (OUT_OF_DATE.has(code)) return 'its certificate has expired, or the clocks of the two machines differ';
  return `its certificate is not accepted (${code})`;
}

export function isCertificateFault(code: string): boolean {
  return FOREIGN.has(code) || OUT_OF_DATE.has(code);
}

interface Described {
  readonly message?: unknown;
  readonly description?: { readonly message?: unknown } | null;
}

/** Whether a link ended over a message that was too large: ws says so in words, and each engine wraps them its own way. */
export function isTooLarge(details: unknown): boolean {
  if (typeof details !== 'object' || details === null) return false;
  const { message, description } = details as Described;
  return [message, description?.message].some((text) => typeof text === 'string' && text.includes('Max payload size exceeded'));
}

export function tooLarge(kiosk: KioskId): string {
  return `closed the link with kiosk ${kiosk}: it sent a message of more than ${MESSAGE_BYTES_MAX} bytes`;
}
