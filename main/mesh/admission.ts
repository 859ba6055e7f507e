import type { PeerCertificate } from 'node:tls';
import { PROTOCOL_VERSION } from '../../shared/constants';
import { type Hello, helloSchema } from '../../shared/messages';
import { certificateName } from '../../shared/site';

export type Admission = { readonly ok: true; readonly hello: Hello } | { readonly ok: false; readonly sentence: string };

/**
 * Whether a peer's hello admits a link: same site and uid, same protocol version, and the id that its
 * certificate proves. Membership is judged where votes are counted, never here.
 */
export function admit(own: Hello, value: unknown, certificate: PeerCertificate): Admission {
  const parsed = helloSchema.safeParse(value);
  if (!parsed.success) return { ok: false, sentence: 'its greeting could not be read' };
  const hello = parsed.data;
  const name = String(certificate.subject?.CN ?? '');
  if (name !== certificateName(hello.kiosk)) {
    return { ok: false, sentence: `it says that it is kiosk ${hello.kiosk}, but its certificate is that of ${name || 'nobody'}` };
  }
  if (hello.uid !== own.uid || hello.site !== own.site) {
    return {
      ok: false,
      sentence: `kiosk ${hello.kiosk} belongs to site ${hello.site} (${hello.uid}), this is site ${own.site} (${own.uid})`,
    };
  }
  if (hello.protocol !== PROTOCOL_VERSION) {
    return {
      ok: false,
      sentence: `kiosk ${hello.kiosk} speaks protocol version ${hello.protocol}, kiosk ${own.kiosk} version ${PROTOCOL_VERSION}: update the older one`,
    };
  }
  if (hello.kiosk === own.kiosk) return { ok: false, sentence: `kiosk ${hello.kiosk} runs twice` };
  return { ok: true, hello };
}
