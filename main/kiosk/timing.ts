/** A buy that could not leave this kiosk for so long, with no leader in reach, is refused; the contract says within 1 s. */
export const NO_MAJORITY_MS = 900;
/** A `show` that can be confirmed is waited for at most this long, and one that can't for NO_MAJORITY_MS. */
export const CONFIRM_MS = 5_000;
/** How often waiting requests look again. */
export const REVIEW_MS = 100;
/** Screens get a new view at most this often. */
export const VIEW_MS = 16;
/** While a kiosk starts: what it has got to is drawn less often than what it is drawn for is waited for. */
export const STARTING_VIEW_MS = 100;
/** A snapshot is taken after so many slots, or so many commands: what a restart has to replay. */
export const SNAPSHOT_SLOTS = 4_096;
export const SNAPSHOT_COMMANDS = 16_384;
/** So many slots below it stay in memory, for kiosks that are a little behind. */
export const KEPT_SLOTS = 512;
/** One batch that the disks write, and one that lies ready for them. */
export const BATCHES_IN_FLIGHT = 2;
/** So many commands in one turn of the event loop are a crowd: more may follow in the next. */
export const CROWD = 2;
/** A crowd of so many goes into the log, whoever follows. */
export const CROWD_MAX = 256;
/** History that does not come is asked for again after this. */
export const HISTORY_RETRY_MS = 1_000;
/** `stop` waits this long for leadership to be handed over. */
export const HAND_OVER_MS = 2_000;
/** `exit` leaves its answer this long to reach the client. */
export const EXIT_MS = 20;
/** So long after its start a kiosk may be without others before it says so: links are made, and a round of heartbeats follows. */
export const STARTING_MS = 1_000;
/** A peer not heard for this long is shown as not reached. */
export const UNHEARD_MS = 600;
/** How often the site file and the kiosk's certificate are looked at for changes, and links for kiosks that were removed. */
export const UPKEEP_MS = 2_000;
/** A kiosk that starts has more urgent things to do than to look for others on the network. */
export const NEARBY_AFTER_MS = 500;
