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
/** Before a connection has proved to be a kiosk's: so many at once, in all and from one address ... */
export const STRANGERS_MAX = 64;
export const STRANGERS_PER_ADDRESS = 24;
/** ... and so many new ones a second from one address, after a first burst. A handshake takes about a millisecond here. */
export const HANDSHAKES_PER_SECOND = 10;
export const HANDSHAKES_BURST = 40;
/** Addresses of which the gate remembers what they did. */
export const ADDRESSES_MAX = 1_024;
/** The head of a request, in bytes: a kiosk's own has about 400. */
export const REQUEST_HEAD_BYTES = 4_096;
/** How often requests are looked over that are not finished in time. */
export const REQUEST_CHECK_MS = 1_000;
/** A kiosk that was removed hears of it on its link before that is closed. */
export const REMOVED_GRACE_MS = 3_000;
