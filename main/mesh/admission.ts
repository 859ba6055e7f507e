import type { PeerCertificate } from 'node:tls';
import { PROTOCOL_VERSION } from '../../shared/constants';
import { type Hello, helloSchema } from '../../shared/messages';
import { certificateName } from '../../shared/site';
import { quote } from './refusals';

export type Admission = { readonly ok: true; readonly hello: Hello } | { readonly ok: false; readonly sentence: string };

/**
 * Whether a peer's hello admits a link: same protocol version, same site and uid, and the id that its
 * certificate proves. Membership is judged where votes are counted, never here.
 */
export function admit(
  own: Pick<Hello, 'kiosk' | 'site' | 'uid'>,
  value: unknown,
  certificate: PeerCertificate,
  isRevoked: (serial: string) => boolean,
): Admission {
  const name = commonName(certificate);
  if (isRevoked(serialOf(certificate)))
    return refused(`the certificate of ${name} is revoked: give that kiosk a new one where the site was made, if it is to come back`);
  // Before all else: another version's hello may be of another shape.
  const protocol = (value as { readonly protocol?: unknown } | null)?.protocol;
  if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION) {
    return refused(
      `${name} speaks protocol version ${protocol}, ${certificateName(own.kiosk)} version ${PROTOCOL_VERSION}: update the older one`,
    );
  }
  const parsed = helloSchema.safeParse(value);
  if (!parsed.success) return refused(`the greeting of ${name} could not be read`);
  const hello = parsed.data;
  if (name !== certificateName(hello.kiosk)) return refused(`${name} says that it is kiosk ${hello.kiosk}, which its certificate denies`);
  if (hello.kiosk === own.kiosk) return refused(`kiosk ${own.kiosk} runs twice: end one of the two`);
  if (hello.uid !== own.uid || hello.site !== own.site) {
    return refused(
      `${name} belongs to site ${quote(hello.site)} (uid ${quote(hello.uid)}), ${certificateName(own.kiosk)} to site ${own.site} (uid ${own.uid}): give both the same site file`,
    );
  }
  return { ok: true, hello };
}

/** As the site file's list of revoked ones has it. */
export function serialOf(certificate: PeerCertificate): string {
  return String(certificate.serialNumber).toUpperCase();
}

/** Whom a certificate names; an empty or odd one names no kiosk. */
export function commonName(certificate: PeerCertificate): string {
  const name: unknown = certificate.subject?.CN;
  return typeof name === 'string' ? quote(name) : 'a certificate without a name';
}

function refused(sentence: string): Admission {
  return { ok: false, sentence };
}
