import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { say, type Words } from '../../shared/said';
import { nameIdSchema } from '../../shared/site';
import { saleIdSchema } from '../../shared/values';
import { fromBase32, toBase32 } from './base32';

/** One ticket: a number of an event, and the sale that it came from, by which paper of an earlier sale is told apart (rule 10). */
export interface TicketName {
  readonly event: string;
  readonly number: number;
  /** For example 12.1. */
  readonly sale: string;
}

/** A site's key for signing tickets. Who has the private half can make tickets that look right without the log. */
export interface TicketKey {
  readonly uid: string;
  readonly privateKey: KeyObject;
  /** Its own public half, and those of other keys of the site that are good. */
  readonly publicKeys: readonly KeyObject[];
}

export type Verified =
  | { readonly ok: true; readonly ticket: TicketName }
  | ({
      readonly ok: false;
      /** unreadable: no code of a ticket; other_site: of another site; forged: not signed by this site's key. */
      readonly reason: 'unreadable' | 'other_site' | 'forged';
    } & Words);

const PREFIX = 'QK2';
/** The same key signs exports of the log too, under a context of their own: neither can be taken for the other. */
const CONTEXT = 'quorum-kiosk ticket 2';
/** Enough to say in words that a ticket is another site's; the signature is what counts. */
const SITE_BYTES = 4;
const SIGNATURE_BYTES = 64;
/** No code is as long as this; whoever types more has scanned something else. */
const LETTERS_MAX = 400;
/** 7 bits a byte: whole numbers below 2^53 take 8 bytes at most. */
const NUMBER_BYTES_MAX = 8;
const LOW_BITS = 128;

/**
 * What the QR code of a ticket says: site, event, number and sale, signed with Ed25519. About 150 letters and digits,
 * which is a QR code of 41 modules at error correction M.
 */
export function ticketCode(ticket: TicketName, { uid, privateKey }: TicketKey): string {
  const payload = pack(ticket, uid);
  return PREFIX + toBase32(Buffer.concat([payload, sign(null, signed(payload, uid), privateKey)]));
}

/** Checks a code against a site's public keys. Needs no network and no log: whether the ticket was voided or used only the log knows. */
export function verifyCode(code: string, { uid, publicKeys }: Pick<TicketKey, 'uid' | 'publicKeys'>): Verified {
  const text = code.trim().toUpperCase();
  const unreadable: Verified = {
    ok: false,
    reason: 'unreadable',
    ...say('code_unreadable'),
  };
  if (!text.startsWith(PREFIX) || text.length > LETTERS_MAX) return unreadable;
  const bytes = fromBase32(text.slice(PREFIX.length));
  if (bytes === null || bytes.length <= SITE_BYTES + SIGNATURE_BYTES) return unreadable;
  const payload = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  const ticket = unpack(payload);
  if (ticket === null) return unreadable;
  if (!Buffer.from(payload.subarray(0, SITE_BYTES)).equals(siteMark(uid)))
    return { ok: false, reason: 'other_site', ...say('code_of_other_site') };
  const signature = bytes.subarray(bytes.length - SIGNATURE_BYTES);
  if (!publicKeys.some((key) => verify(null, signed(payload, uid), key, signature)))
    return { ok: false, reason: 'forged', ...say('code_forged') };
  return { ok: true, ticket };
}

function signed(payload: Uint8Array, uid: string): Buffer {
  return Buffer.concat([Buffer.from(`${CONTEXT}\0${uid}\0`), payload]);
}

function siteMark(uid: string): Buffer {
  return createHash('sha256').update(uid).digest().subarray(0, SITE_BYTES);
}

function pack({ event, number, sale }: TicketName, uid: string): Buffer {
  const [slot = 0, index = 0] = sale.split('.').map(Number);
  return Buffer.concat([siteMark(uid), Buffer.from([event.length]), Buffer.from(event), varint(number), varint(slot), varint(index)]);
}

/** Null unless it is exactly what `pack` writes. */
function unpack(payload: Uint8Array): TicketName | null {
  const bytes = Buffer.from(payload);
  const eventEnd = SITE_BYTES + 1 + bytes[SITE_BYTES]!;
  const event = bytes.toString('latin1', SITE_BYTES + 1, eventEnd);
  let at = eventEnd;
  const numbers: number[] = [];
  while (at < bytes.length && numbers.length < 3) {
    let value = 0;
    let place = 1;
    for (let count = 0; ; count += 1) {
      const byte = bytes[at];
      if (byte === undefined || count === NUMBER_BYTES_MAX) return null;
      at += 1;
      value += (byte % LOW_BITS) * place;
      place *= LOW_BITS;
      if (byte < LOW_BITS) break;
    }
    numbers.push(value);
  }
  const [number, slot, index] = numbers;
  if (at !== bytes.length || index === undefined || !number) return null;
  const sale = `${slot}.${index}`;
  return nameIdSchema.safeParse(event).success && saleIdSchema.safeParse(sale).success ? { event, number, sale } : null;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= LOW_BITS; rest = Math.floor(rest / LOW_BITS)) bytes.push((rest % LOW_BITS) + LOW_BITS);
  return Buffer.from([...bytes, rest]);
}
