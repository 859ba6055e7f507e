// No schema is made here: a page reads this as it starts.
import type { KioskId } from './ballot';
import type { Settings } from './settings';
import type { Till } from './till';

/** Kiosk ids are whole numbers from 1 to this. */
export const KIOSK_ID_MAX = 255;

/** For whoever starts without the schemas. */
export function isKioskId(value: unknown): value is KioskId {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= KIOSK_ID_MAX;
}

/** Names of sites, events and the like: they name files, so they are kept to what every file system takes. */
export const NAME_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A request id is a name, never parsed and never ordered (rule 9). */
export const REQUEST_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** A configuration chosen at slot i governs from slot i + ALPHA; also the number of slots in flight (rule 3). */
export const ALPHA = 16;

/** Largest payload of one peer message, in bytes of JSON; larger ones go in pages (rule 3). */
export const PAGE_BYTES = 256 * 1024;

/** Spoken in every handshake; kiosks of another protocol version are refused in words. */
export const PROTOCOL_VERSION = 1;

/** Version of the commands that this program understands; the log says which may be proposed (rule 13). */
export const COMMANDS_VERSION = 1;

/** Every HASH_INTERVAL-th slot's state hash is carried by heartbeats (rule 13). */
export const HASH_INTERVAL = 64;

/** A certificate's end is told of from 45 days before it. */
export const EXPIRY_WARNING_MS = 45 * 24 * 60 * 60 * 1000;

/** Most tickets of one event, and cents of one ticket. */
export const MAX_CAPACITY = 1_000_000;
export const MAX_PRICE_CENTS = 10_000_000;

/** Most tickets that one buy may ask for. */
export const MAX_TICKETS_PER_BUY = 100;
/** Most lines (event and category) in one buy. */
export const MAX_ITEMS_PER_BUY = 20;

export const MAX_REASON_LETTERS = 200;

/** Longest text that is taken for the code of a ticket. */
export const CODE_LETTERS_MAX = 512;

/** What a clerk may do at a kiosk's window. `clerks` makes a manager: whoever has it can give all others. */
export const PERMISSIONS = ['sell', 'void', 'reprint', 'admit', 'reports', 'events', 'kiosks', 'clerks'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Of a window that nobody has set yet. */
export const DEFAULT_SETTINGS: Settings = { language: null, theme: 'system', lockMinutes: 5 };

/** Nothing on the counter. */
export const EMPTY_TILL: Till = { cart: [], pending: null, last: null };
