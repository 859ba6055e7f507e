import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { PROVISIONING_MAX_LENGTH } from '../../shared/assistant';
import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import { said } from '../../shared/said';
import { siteIdSchema, siteSchema } from '../../shared/site';
import { makeFolder } from '../storage/files';
import { readIfThere, replaceFile } from './files';
import { BUNDLE_FILES, bundleFolder, checkBundle, type Loaded, loadBundle, loadSite, refused, siteFileIn } from './load';
import { CIPHER, COST, COST_MAX, keyOf, newCode, SALT_BYTES, TAG_BYTES } from './seal';
import { TICKET_KEY_FILE, ticketPublicFile } from './ticketKeys';

/**
 * A provisioning file makes one machine one kiosk: it holds the site file and that kiosk's own bundle, and neither the
 * authority's key nor another kiosk's. It is encrypted, so that a lost stick is no kiosk: the code travels apart from it.
 */

const FORMAT = 'quorum-kiosk-provisioning';
export const PROVISIONING_EXTENSION = '.provision';

const IV_BYTES = 12;
const KEY_MODE = 0o600;
const FILE_MODE = 0o644;
const PRIVATE_FOLDER_MODE = 0o700;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `must be ${bytes} bytes in hexadecimal`);
const pem = z.string().min(1).max(16_384);

/** What a provisioning file tells to whoever holds it without its code. */
const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  site: siteIdSchema,
  uid: z.string().max(64),
  kiosk: kioskIdSchema,
  name: z.string().max(80),
});
export type ProvisioningHeader = z.infer<typeof headerSchema>;

const envelopeSchema = z.strictObject({
  ...headerSchema.shape,
  cost: z.int().min(COST).max(COST_MAX),
  salt: hex(SALT_BYTES),
  iv: hex(IV_BYTES),
  tag: hex(TAG_BYTES),
  sealed: z.base64(),
});
type Envelope = z.infer<typeof envelopeSchema>;

const contentsSchema = z.strictObject({
  site: siteSchema,
  kiosk: kioskIdSchema,
  bundle: z.strictObject({ key: pem, cert: pem, ca: pem }),
  /** Keys for tickets: this kiosk's to sign with, and the public one; null where the site has none yet. */
  ticketKey: pem.nullable(),
  ticketPublicKey: pem.nullable(),
});
export type Provisioning = z.infer<typeof contentsSchema>;

/** What the seal vouches for beside the contents: nobody may relabel a file. */
function label({ format, version, site, uid, kiosk, name }: ProvisioningHeader, { cost, salt }: Pick<Envelope, 'cost' | 'salt'>): Buffer {
  return Buffer.from(JSON.stringify([format, version, site, uid, kiosk, name, cost, salt]));
}

/** Gathers what one kiosk gets, from where the site was made. */
export async function gatherProvisioning(siteFolder: string, kiosk: KioskId): Promise<Loaded<Provisioning>> {
  const site = await loadSite(siteFileIn(siteFolder));
  if (!site.ok) return site;
  if (!site.value.kiosks.some(({ id }) => id === kiosk)) {
    return refused(
      `kiosk ${kiosk} is not in ${siteFileIn(siteFolder)}: add it with \`npm run site -- add ${siteFolder} --kiosk ${kiosk}\``,
    );
  }
  const bundle = await loadBundle(siteFolder, kiosk, site.value.uid);
  if (!bundle.ok) return bundle;
  const { key, cert, ca } = bundle.value;
  return {
    ok: true,
    value: {
      site: site.value,
      kiosk,
      bundle: { key, cert, ca },
      ticketKey: await readIfThere(path.join(bundleFolder(siteFolder, kiosk), TICKET_KEY_FILE)),
      ticketPublicKey: await readIfThere(ticketPublicFile(siteFolder)),
    },
  };
}

/** The text of a provisioning file that opens with that code only. */
export async function sealProvisioning(contents: Provisioning, code: string): Promise<string> {
  const { site, kiosk } = contents;
  const header: ProvisioningHeader = {
    format: FORMAT,
    version: 1,
    site: site.site,
    uid: site.uid,
    kiosk,
    name: site.kiosks.find(({ id }) => id === kiosk)?.name ?? '',
  };
  const salt = randomBytes(SALT_BYTES).toString('hex');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, await keyOf(code, salt, COST), iv).setAAD(label(header, { cost: COST, salt }));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(contents), 'utf8'), cipher.final()]);
  const envelope: Envelope = {
    ...header,
    cost: COST,
    salt,
    iv: iv.toString('hex'),
    tag: cipher.getAuthTag().toString('hex'),
    sealed: sealed.toString('base64'),
  };
  return `${JSON.stringify(envelope, null, 1)}\n`;
}

export interface WrittenProvisioning {
  readonly kiosk: KioskId;
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

/** Writes a provisioning file, each with a code of its own, for one kiosk or (null) for all of the site. */
export async function writeProvisioning(
  siteFolder: string,
  target: string,
  only: KioskId | null,
): Promise<Loaded<readonly WrittenProvisioning[]>> {
  const site = await loadSite(siteFileIn(siteFolder));
  if (!site.ok) return site;
  const written: WrittenProvisioning[] = [];
  await makeFolder(target, PRIVATE_FOLDER_MODE);
  for (const kiosk of only === null ? site.value.kiosks.map(({ id }) => id) : [only]) {
    const contents = await gatherProvisioning(siteFolder, kiosk);
    if (!contents.ok) return contents;
    const code = newCode();
    const file = path.join(target, `${site.value.site}-kiosk-${kiosk}${PROVISIONING_EXTENSION}`);
    await replaceFile(file, await sealProvisioning(contents.value, code), KEY_MODE);
    const name = site.value.kiosks.find(({ id }) => id === kiosk)?.name ?? '';
    written.push({ kiosk, name, file, code });
  }
  return { ok: true, value: written };
}

function readEnvelope(text: string): Loaded<Envelope> {
  const no = said('no_provisioning_file');
  if (text.length > PROVISIONING_MAX_LENGTH) return refused(no);
  try {
    const parsed = envelopeSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return parsed.success ? { ok: true, value: parsed.data } : refused(no);
  } catch {
    return refused(no);
  }
}

/** What a provisioning file says without its code: whose it is. Not vouched for until it is opened. */
export function readProvisioningHeader(text: string): Loaded<ProvisioningHeader> {
  const envelope = readEnvelope(text);
  if (!envelope.ok) return envelope;
  const { format, version, site, uid, kiosk, name } = envelope.value;
  return { ok: true, value: { format, version, site, uid, kiosk, name } };
}

/** Opens a provisioning file with its code, and checks that what is in it belongs together. */
export async function openProvisioning(text: string, code: string): Promise<Loaded<Provisioning>> {
  const read = readEnvelope(text);
  if (!read.ok) return read;
  const envelope = read.value;
  let json: string;
  try {
    const key = await keyOf(code, envelope.salt, envelope.cost);
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(envelope.iv, 'hex'), { authTagLength: TAG_BYTES })
      .setAAD(label(envelope, envelope))
      .setAuthTag(Buffer.from(envelope.tag, 'hex'));
    json = decipher.update(envelope.sealed, 'base64', 'utf8') + decipher.final('utf8');
  } catch {
    return refused(said('wrong_code', envelope.kiosk));
  }
  const parsed = contentsSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return refused(said('file_of_other_version'));
  const { site, kiosk, bundle } = parsed.data;
  if (kiosk !== envelope.kiosk || site.uid !== envelope.uid || !site.kiosks.some(({ id }) => id === kiosk))
    return refused(said('file_contradicts_itself'));
  const problem = checkBundle('the provisioning file', kiosk, bundle, new Date(), site.uid);
  return problem === null ? { ok: true, value: parsed.data } : refused(said('file_unusable', problem));
}

/**
 * Puts the site file and the kiosk's bundle into a folder, as a kiosk looks for them. What is there of the same site is
 * replaced, as when certificates were renewed; another site's is left alone.
 */
export async function installProvisioning(
  { site, kiosk, bundle, ticketKey, ticketPublicKey }: Provisioning,
  folder: string,
): Promise<Loaded<string>> {
  const file = siteFileIn(folder);
  if ((await readIfThere(file)) !== null) {
    const there = await loadSite(file);
    if (!there.ok) return there;
    if (there.value.uid !== site.uid) return refused(said('site_in_the_way', site.site, folder, there.value.uid));
  }
  const target = bundleFolder(folder, kiosk);
  await makeFolder(folder, PRIVATE_FOLDER_MODE);
  await makeFolder(target, PRIVATE_FOLDER_MODE);
  await replaceFile(path.join(target, BUNDLE_FILES.key), bundle.key, KEY_MODE);
  await replaceFile(path.join(target, BUNDLE_FILES.cert), bundle.cert, FILE_MODE);
  await replaceFile(path.join(target, BUNDLE_FILES.ca), bundle.ca, FILE_MODE);
  if (ticketKey !== null) await replaceFile(path.join(target, TICKET_KEY_FILE), ticketKey, KEY_MODE);
  if (ticketPublicKey !== null) await replaceFile(ticketPublicFile(folder), ticketPublicKey, FILE_MODE);
  // Last: where it is, all is there.
  await replaceFile(file, `${JSON.stringify(site, null, 2)}\n`, FILE_MODE);
  return { ok: true, value: file };
}
