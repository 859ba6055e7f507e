/** Engine heartbeat: notices a link that went silent; the replica's own heartbeats, on top, judge leaders. */
export const PING_INTERVAL_MS = 1_000;
export const PING_TIMEOUT_MS = 2_000;
/** Neither a TLS handshake nor an unauthenticated socket may take longer than this. */
export const CONNECT_TIMEOUT_MS = 5_000;
export const DIAL_TIMEOUT_MS = 2_000;
export const RECONNECT_MIN_MS = 200;
export const RECONNECT_MAX_MS = 2_000;
export const RECONNECT_JITTER = 0.5;
/** A refused kiosk asks again after this: the site may have changed meanwhile. */
export const REFUSED_RETRY_MS = 2_000;
/** A kiosk that dies while it is dialled hangs up once; one that does not take our certificate does so every time. */
export const HANG_UPS_TOLD = 3;
/** `close` lets a frozen peer's socket linger for so long (ws would wait 30 s for its goodbye). */
export const CLOSE_GRACE_MS = 500;
/** Largest message in bytes, above PAGE_BYTES letters of three bytes each. A larger one closes the link. */
export const MESSAGE_BYTES_MAX = 1_000_000;
/** The same refusal is told again only after this, and no more than so many different ones in that time. */
export const REPEAT_REFUSAL_MS = 60_000;
export const REFUSALS_MAX = 100;
/** Longest piece of a peer's own words in a sentence of ours. */
export const QUOTE_CHARS_MAX = 200;
/** The two events that cross a link. */
export const HELLO_EVENT = 'hello';
export const MESSAGE_EVENT = 'm';
/** Said to a kiosk that is not linked with, before the link is closed. */
export const TURNED_AWAY_EVENT = 'turned-away';
