import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import type { TicketKey } from '../signing/code';
import { bundleFolder, type Loaded, refused } from './load';

/**
 * The site's key for tickets: the private half in the authority and in each kiosk's bundle, since every kiosk must be
 * able to print while it is cut off from all others; the public half beside site.json, for whoever checks tickets.
 */
export const TICKET_KEY_FILE = 'tickets.key';
const TICKET_PUBLIC_FILE = 'tickets.pub';
/** For its owner alone. */
const KEY_MODE = 0o600;
const KIND = 'ed25519';

export function ticketPublicFile(siteFolder: string): string {
  return path.join(siteFolder, TICKET_PUBLIC_FILE);
}

/**
 * Makes the site's key and puts it where it belongs; a try that was cut short goes on with the key that it had.
 * @param bundles the folders of the kiosks' bundles that are there
 */
export async function makeTicketKey(siteFolder: string, authority: string, bundles: readonly string[]): Promise<void> {
  const before = await readIfThere(path.join(authority, TICKET_KEY_FILE));
  const key = before ?? generateKeyPairSync(KIND).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const folder of [authority, ...bundles]) await writeFile(path.join(folder, TICKET_KEY_FILE), key, { mode: KEY_MODE });
  const publicText = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' }).toString();
  // Last: where it is, all is there.
  await writeFile(ticketPublicFile(siteFolder), publicText);
}

/** Gives a new bundle the site's key, if the site has one yet. */
export async function copyTicketKey(authority: string, bundle: string): Promise<void> {
  const key = await readIfThere(path.join(authority, TICKET_KEY_FILE));
  if (key !== null) await writeFile(path.join(bundle, TICKET_KEY_FILE), key, { mode: KEY_MODE });
}

/** Reads a kiosk's key for signing tickets from its bundle. Without one it sells, and prints nothing. */
export async function loadTicketKey(siteFolder: string, kiosk: KioskId, uid: string): Promise<Loaded<TicketKey>> {
  const file = path.join(bundleFolder(siteFolder, kiosk), TICKET_KEY_FILE);
  const key = await read(
    file,
    `make it where the site was made, with \`npm run site -- create <folder> --site ID\` of the same site, and copy this kiosk's bundle`,
  );
  if (!key.ok) return key;
  try {
    const privateKey = createPrivateKey(key.value);
    if (privateKey.asymmetricKeyType === KIND) return { ok: true, value: { uid, privateKey, publicKey: createPublicKey(privateKey) } };
  } catch {
    // Said below.
  }
  return refused(`the key for signing tickets ${file} is no Ed25519 key in PEM: copy this kiosk's bundle from where the site was made`);
}

/** Reads the public half, for checking tickets away from any kiosk. */
export async function loadTicketPublicKey(siteFolder: string): Promise<Loaded<KeyObject>> {
  const file = ticketPublicFile(siteFolder);
  const text = await read(file, 'copy it from where the site was made, beside site.json');
  if (!text.ok) return text;
  try {
    const publicKey = createPublicKey(text.value);
    if (publicKey.asymmetricKeyType === KIND) return { ok: true, value: publicKey };
  } catch {
    // Said below.
  }
  return refused(`the key for checking tickets ${file} is no Ed25519 key in PEM: copy it from where the site was made`);
}

async function read(file: string, remedy: string): Promise<Loaded<string>> {
  try {
    return { ok: true, value: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(
      code === 'ENOENT'
        ? `there is no key for tickets ${file}; ${remedy}`
        : `the key for tickets ${file} can't be read (${code ?? String(error)})`,
    );
  }
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
