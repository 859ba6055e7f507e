/** Engine heartbeat: notices a link that went silent; the replica's own heartbeats, on top, judge leaders. */
export const PING_INTERVAL_MS = 1_000;
export const PING_TIMEOUT_MS = 2_000;
/** Unauthenticated sockets may not sit longer than this. */
export const CONNECT_TIMEOUT_MS = 5_000;
export const DIAL_TIMEOUT_MS = 2_000;
export const RECONNECT_MIN_MS = 200;
export const RECONNECT_MAX_MS = 2_000;
export const RECONNECT_JITTER = 0.5;
/** A refused kiosk asks again after this: the site may have changed meanwhile. */
export const REFUSED_RETRY_MS = 2_000;
/** Largest message in bytes; log pages are far below (PAGE_BYTES). A larger one closes the link. */
export const MESSAGE_BYTES_MAX = 1_000_000;
/** The same refusal is told again only after this. */
export const REPEAT_REFUSAL_MS = 60_000;
/** The two events that cross a link. */
export const HELLO_EVENT = 'hello';
export const MESSAGE_EVENT = 'm';
