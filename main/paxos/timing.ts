import type { Millis } from './inputs';

/** The driver gives a tick at least this often. */
export const TICK_MS: Millis = 25;
/** Time between two heartbeat rounds. */
export const HEARTBEAT_MS: Millis = 75;
/** A peer that has not answered a round for this long does not count as reached. */
export const REACH_MS: Millis = 450;
/** A leader that has not answered one for this long is missed: eight times the worst stall measured on a loaded machine, 28 ms, and three rounds. */
export const SUSPECT_MS: Millis = 240;
/** A kiosk whose ticks come further apart than this stood still itself, and that says nothing of its peers. */
export const STALL_MS: Millis = 2 * TICK_MS;
/** Nobody is given more time than so often, or a kiosk that always stands still would never miss its leader. */
export const GRACES_MAX = 3;
/** Each worse-ranked kiosk waits this much longer before it takes over, so that two do not duel. */
export const DEFER_MS: Millis = 100;
/** An accept or prepare that was not answered is sent again after this. */
export const RESEND_MS: Millis = 150;
/** A log page that did not come is asked for elsewhere after this. */
export const LOG_REQUEST_MS: Millis = 300;
/** A command that was passed on and is not yet applied is passed on again after this. */
export const FORWARD_RETRY_MS: Millis = 500;
/** Commands that are passed on in one message: the longest ones stay far below a page. */
export const FORWARD_COMMANDS_MAX = 16;
/** Parts of a snapshot that are on their way at a time. */
export const SNAPSHOT_WINDOW = 4;
/** A snapshot that nobody has asked for for so long is let go when there is a newer one. */
export const SNAPSHOT_PINNED_MS: Millis = 5_000;
/** What was heard of peers is written down this often. */
export const MEMORY_MS: Millis = 1_000;
/** A leader whose disk takes longer than this for one write gives way (S30). */
export const SLOW_DISK_MS: Millis = 1_000;
/** A hand-over that was not taken up within this is off, and the leader goes on. */
export const HAND_OVER_MS: Millis = 300;
/** A campaign that got nowhere for this long starts over with a higher round. */
export const CAMPAIGN_MS: Millis = 1_500;
/** A newcomer is voted in only when it is at most this many slots behind (rule 6). */
export const CLOSE_SLOTS = 64;
/** Commands in one batch, and their estimated size in bytes. */
export const BATCH_COMMANDS_MAX = 256;
export const BATCH_BYTES_MAX = 64 * 1024;
/** Log entries in one page, beside the limit in bytes. */
export const PAGE_ENTRIES_MAX = 512;
/** Heartbeat rounds that a contradiction of state hashes may last before a kiosk without a majority behind it stops. */
export const CONTRADICTION_ROUNDS = 3;
