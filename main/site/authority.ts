import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import net from 'node:net';
import * as x509 from '@peculiar/x509';
import type { KioskId } from '../../shared/ballot';
import { certificateName } from '../../shared/site';

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Long enough for two seasons and a forgotten winter; `renew` makes new ones. */
export const KIOSK_DAYS = 800;
/** The authority's own certificate is renewed, under the same key, before a kiosk's would outlive it. */
export const AUTHORITY_DAYS = 3_650;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of kiosks may differ: certificates are good from a day before they are made. */
const BACKDATED_MS = DAY_MS;
const SERIAL_BYTES = 16;

/** A private key and its certificate, as PEM texts. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** @param days from now on; 0 or less for one that has expired already */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const notAfter = new Date(now + days * DAY_MS);
  return { notBefore: new Date(Math.min(now, notAfter.getTime()) - BACKDATED_MS), notAfter };
}

function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  // Positive, without a leading zero byte.
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function pem(keys: CryptoKeyPair, certificate: x509.X509Certificate): Promise<KeyAndCertificate> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey as webcrypto.CryptoKey);
  return { key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, cert: `${certificate.toString('pem')}\n` };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
}

/** Makes a site's certificate authority. */
export async function createAuthority(site: string, uid: string, days = AUTHORITY_DAYS): Promise<KeyAndCertificate> {
  return selfSigned(await newKeys(), site, uid, days);
}

/** A new certificate for the authority's own key: what was signed under the old one stays good. */
export async function renewAuthority(authority: KeyAndCertificate, site: string, uid: string): Promise<KeyAndCertificate> {
  const der = x509.PemConverter.decodeFirst(authority.key);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  const publicKey = await new x509.X509Certificate(authority.cert).publicKey.export(ALGORITHM, ['verify']);
  return selfSigned({ privateKey, publicKey } as unknown as CryptoKeyPair, site, uid, AUTHORITY_DAYS);
}

async function selfSigned(keys: CryptoKeyPair, site: string, uid: string, days: number): Promise<KeyAndCertificate> {
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Quorum Kiosk site ${site}`] }, { OU: [uid] }],
    ...validity(days),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pem(keys, certificate);
}

/** Makes one kiosk's key and certificate, good for both ends of a link. */
export async function createKioskCertificate(
  authority: KeyAndCertificate,
  kiosk: KioskId,
  host: string,
  days = KIOSK_DAYS,
): Promise<KeyAndCertificate> {
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(authority.key), ALGORITHM, false, ['sign']);
  const keys = await newKeys();
  const names: x509.JsonGeneralNames = [
    { type: 'dns', value: certificateName(kiosk) },
    net.isIP(host) === 0 ? { type: 'dns', value: host } : { type: 'ip', value: host },
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [certificateName(kiosk)] }],
    issuer: issuer.subject,
    ...validity(days),
    signingAlgorithm: ALGORITHM,
    signingKey: signingKey as unknown as CryptoKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return pem(keys, certificate);
}
