import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { type Said, said } from '../../shared/said';
import type { TicketKey } from '../signing/code';
import { readIfThere, replaceFile } from './files';
import { bundleFolder, type Loaded, refused } from './load';

/**
 * The site's key for tickets: the private half in the authority and in each kiosk's bundle, since every kiosk must be
 * able to print while it is cut off from all others; the public half beside site.json, for whoever checks tickets. Where
 * the key was changed, the older public halves stand behind the newest: what they signed is good until they are dropped.
 */
export const TICKET_KEY_FILE = 'tickets.key';
const TICKET_PUBLIC_FILE = 'tickets.pub';
/** Public halves that were dropped: good for no ticket, and still for exports of their time. */
const DROPPED_FILE = 'tickets.old.pub';
/** For its owner alone. */
const KEY_MODE = 0o600;
const FILE_MODE = 0o644;
const KIND = 'ed25519';
const PUBLIC_KEYS = /-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g;
/** Each is tried for a forged code. */
const PUBLIC_KEYS_MAX = 16;

export function ticketPublicFile(siteFolder: string): string {
  return path.join(siteFolder, TICKET_PUBLIC_FILE);
}

/** All that a kiosk signs and checks tickets with. */
export function ticketKeyFiles(siteFolder: string, kiosk: KioskId): readonly string[] {
  return [path.join(bundleFolder(siteFolder, kiosk), TICKET_KEY_FILE), ticketPublicFile(siteFolder)];
}

/**
 * Makes the site's key and puts it where it belongs; a try that was cut short goes on with the key that it had.
 * @param bundles the folders of the kiosks' bundles that are there
 */
export async function makeTicketKey(siteFolder: string, authority: string, bundles: readonly string[]): Promise<void> {
  const key = (await readIfThere(path.join(authority, TICKET_KEY_FILE))) ?? newKey();
  await spread(key, authority, bundles);
  // Last: where it is, all is there.
  await replaceFile(ticketPublicFile(siteFolder), publicText(createPublicKey(createPrivateKey(key))), FILE_MODE);
}

/** Makes a new key to sign with. What was signed with those before stays good. @returns how many are good now */
export async function rotateTicketKey(siteFolder: string, authority: string, bundles: readonly string[]): Promise<Loaded<number>> {
  const before = await loadTicketPublicKeys(siteFolder);
  if (!before.ok) return before;
  if (before.value.length >= PUBLIC_KEYS_MAX)
    return refused(
      `${before.value.length} keys for tickets are good already: take the old ones off with npm run site -- drop-old-keys first`,
    );
  const key = newKey();
  const good = [createPublicKey(createPrivateKey(key)), ...before.value];
  // First: nothing is to be signed with a key that nobody knows.
  await replaceFile(ticketPublicFile(siteFolder), good.map(publicText).join(''), FILE_MODE);
  await spread(key, authority, bundles);
  return { ok: true, value: good.length };
}

/** Only what the newest key has signed is good from now on. @returns how many are good now, which is one */
export async function dropOldTicketKeys(siteFolder: string, authority: string, bundles: readonly string[]): Promise<Loaded<number>> {
  const key = await readIfThere(path.join(authority, TICKET_KEY_FILE));
  if (key === null) return refused(`there is no key for tickets in ${authority}; make one with npm run site -- create of the same site`);
  const before = await loadTicketPublicKeys(siteFolder);
  if (!before.ok) return before;
  const own = createPublicKey(createPrivateKey(key));
  const dropped = before.value.filter((other) => !other.equals(own)).map(publicText);
  const file = path.join(siteFolder, DROPPED_FILE);
  if (dropped.length > 0) await replaceFile(file, dropped.join('') + ((await readIfThere(file)) ?? ''), FILE_MODE);
  await makeTicketKey(siteFolder, authority, bundles);
  return { ok: true, value: 1 };
}

function newKey(): string {
  return generateKeyPairSync(KIND).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function publicText(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

async function spread(key: string, authority: string, bundles: readonly string[]): Promise<void> {
  for (const folder of [authority, ...bundles]) await replaceFile(path.join(folder, TICKET_KEY_FILE), key, KEY_MODE);
}

/** Gives a new bundle the site's key, if the site has one yet. */
export async function copyTicketKey(authority: string, bundle: string): Promise<void> {
  const key = await readIfThere(path.join(authority, TICKET_KEY_FILE));
  if (key !== null) await replaceFile(path.join(bundle, TICKET_KEY_FILE), key, KEY_MODE);
}

/** Reads a kiosk's key for signing tickets from its bundle, and which keys are good beside it. Without one it sells, and prints nothing. */
export async function loadTicketKey(siteFolder: string, kiosk: KioskId, uid: string): Promise<Loaded<TicketKey>> {
  const file = path.join(bundleFolder(siteFolder, kiosk), TICKET_KEY_FILE);
  const key = read(file, said('ticket_key_missing', file));
  if (!key.ok) return key;
  try {
    const privateKey = createPrivateKey(key.value);
    if (privateKey.asymmetricKeyType === KIND) {
      const own = createPublicKey(privateKey);
      const known = await loadTicketPublicKeys(siteFolder);
      const others = known.ok ? known.value.filter((other) => !other.equals(own)) : [];
      return { ok: true, value: { uid, privateKey, publicKeys: [own, ...others] } };
    }
  } catch {
    // Said below.
  }
  return refused(said('ticket_key_wrong', file));
}

/** Reads the public halves of all keys whose tickets are good, the newest first: for checking tickets away from any kiosk. */
export async function loadTicketPublicKeys(siteFolder: string): Promise<Loaded<readonly KeyObject[]>> {
  const file = ticketPublicFile(siteFolder);
  const text = read(file, `there is no key for tickets ${file}; copy it from where the site was made, beside site.json`);
  if (!text.ok) return text;
  const keys = publicKeysIn(text.value);
  if (keys !== null && keys.length > 0 && keys.length <= PUBLIC_KEYS_MAX) return { ok: true, value: keys };
  return refused(`the key for checking tickets ${file} is no Ed25519 key in PEM: copy it from where the site was made`);
}

/** Reads the public halves that were dropped, where that file was kept: exports of before may be signed with them. */
export async function loadDroppedPublicKeys(siteFolder: string): Promise<readonly KeyObject[]> {
  return publicKeysIn((await readIfThere(path.join(siteFolder, DROPPED_FILE))) ?? '') ?? [];
}

function publicKeysIn(text: string): readonly KeyObject[] | null {
  try {
    const keys = (text.match(PUBLIC_KEYS) ?? []).map((pem) => createPublicKey(pem));
    return keys.every(({ asymmetricKeyType }) => asymmetricKeyType === KIND) ? keys : null;
  } catch {
    return null;
  }
}

function read(file: string, missing: string | Said): Loaded<string> {
  try {
    return { ok: true, value: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(code === 'ENOENT' ? missing : said('ticket_key_unreadable', file, code ?? String(error)));
  }
}
