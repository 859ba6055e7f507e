import { z } from 'zod';
import { ballotSchema, kioskIdSchema, slotSchema } from './ballot';
import { PRINTER_STATES } from './printing';
import { SNAPSHOT_PART_BYTES, SNAPSHOT_PART_KINDS } from './snapshot';
import { commandSchema, foundingSchema, requestIdSchema, valueSchema } from './values';

/** One accepted or chosen entry as it travels. */
export const entrySchema = z.strictObject({ slot: slotSchema, ballot: ballotSchema, value: valueSchema });
export type Entry = z.infer<typeof entrySchema>;

/** Parts of a snapshot: room for some ten million sales. */
export const SNAPSHOT_PARTS_MAX = 20_000;
export const HISTORY_ENTRIES_MAX = 1_024;

/** What a kiosk says of itself in every heartbeat (rules 5, 11, 13). */
export const statusSchema = z.object({
  /** Highest ballot that this kiosk has promised. */
  promised: ballotSchema,
  /** It leads, or campaigns, in its promised ballot. */
  claims: z.boolean(),
  /** It leads and has taken over: it serves new work. */
  serves: z.boolean(),
  /** It has lately heard from a majority of its newest configuration, itself counted. */
  connected: z.boolean(),
  /** It is satisfied with the leader of its promised ballot (OmniPaxos: happy). */
  content: z.boolean(),
  /** Everything up to here is known chosen. */
  chosen: slotSchema,
  applied: slotSchema,
  /** Its history goes back to this slot without a gap (rule 12). */
  firstSlot: slotSchema,
  /** Its disk does not keep up: it should not lead (S30). */
  slow: z.boolean(),
  /** Kiosks that it hears and that hear it, for the picture of the mesh. */
  reaches: z.array(kioskIdSchema).max(255).optional(),
  /** Chained state hash at the newest multiple of HASH_INTERVAL that it has applied. */
  hash: z.strictObject({ slot: slotSchema, hash: z.string().max(64) }).optional(),
});
export type PeerStatus = z.infer<typeof statusSchema>;

/**
 * Every message between two replicas. Each is self-contained and idempotent; the sender is known from the
 * link (its certificate), never from the payload. Protocol steps after Lamport, "Paxos Made Simple", and
 * Liskov/Cowling and van Renesse/Altinbuken for the multi-decree form; heartbeats after Ng, Haridi and
 * Carbone, "Omni-Paxos" (EuroSys 23), section 5.
 */
export const messageSchema = z.discriminatedUnion('t', [
  /** Heartbeat round `round` of the sender. */
  z.object({ t: z.literal('ping'), round: z.int().min(0), status: statusSchema }),
  /** Answer to ping `round`: proof of a two-way link. */
  z.object({ t: z.literal('pong'), round: z.int().min(0), status: statusSchema }),
  /** Phase 1a for all slots >= from. */
  z.object({ t: z.literal('prepare'), ballot: ballotSchema, from: slotSchema }),
  /**
   * Phase 1b: accepted entries of slots >= from that the sender does not know chosen. All up to `chosen`
   * is chosen and can be asked for as log pages. `more`: ask again from this slot, the page was full.
   */
  z.object({
    t: z.literal('promise'),
    ballot: ballotSchema,
    from: slotSchema,
    chosen: slotSchema,
    entries: z.array(entrySchema),
    more: slotSchema.optional(),
  }),
  /** Phase 2a for one or more slots; `chosen` as in commit. */
  z.object({
    t: z.literal('accept'),
    ballot: ballotSchema,
    chosen: slotSchema,
    entries: z.array(z.strictObject({ slot: slotSchema, value: valueSchema })).min(1),
  }),
  /** Phase 2b: durable at the sender. */
  z.object({ t: z.literal('accepted'), ballot: ballotSchema, slots: z.array(slotSchema).min(1) }),
  /** The sender has promised a higher ballot than the one it was asked for. */
  z.object({ t: z.literal('reject'), ballot: ballotSchema, promised: ballotSchema }),
  /** The leader of `ballot` knows everything up to `chosen` to be chosen. */
  z.object({ t: z.literal('commit'), ballot: ballotSchema, chosen: slotSchema }),
  /** Rule 3: hold everything up to `slot` durably, as chosen, and say so. */
  z.object({ t: z.literal('hold'), ballot: ballotSchema, slot: slotSchema }),
  z.object({ t: z.literal('held'), ballot: ballotSchema, slot: slotSchema }),
  /** Send me chosen entries from this slot on. */
  z.object({ t: z.literal('log-request'), from: slotSchema }),
  /** Consecutive chosen entries; `chosen` is the sender's own mark. None, and `base`: what was asked for is in a snapshot only. */
  z.object({
    t: z.literal('log-page'),
    entries: z.array(entrySchema),
    chosen: slotSchema,
    base: slotSchema.optional(),
    /** Of which generation of the site the sender's log is, and which recovery began that (rule 8); older versions don't say. */
    generation: z.int().min(1).optional(),
    recovery: z.string().max(80).optional(),
  }),
  /** Send me a part of the snapshot of this slot, or of the newest one (slot 0); parts count from 0. */
  z.object({ t: z.literal('snapshot-request'), slot: slotSchema, part: z.int().min(0) }),
  /** One part of a snapshot. */
  z.object({
    t: z.literal('snapshot-page'),
    slot: slotSchema,
    hash: z.string().max(64),
    part: z.int().min(0),
    parts: z.int().min(1).max(SNAPSHOT_PARTS_MAX),
    kind: z.enum(SNAPSHOT_PART_KINDS),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= SNAPSHOT_PART_BYTES),
  }),
  /** Send me history that ends with this slot (rule 12); answered by the kiosk's archive, not by its replica. */
  z.object({ t: z.literal('history-request'), to: slotSchema }),
  /** Applied entries, consecutive, up to the slot asked for; `before` is the state hash in front of the first. */
  z.object({
    t: z.literal('history-page'),
    to: slotSchema,
    before: z.string().max(64),
    entries: z.array(z.unknown()).max(HISTORY_ENTRIES_MAX),
  }),
  /** Commands for the leader; hops counts the kiosks that passed them on. */
  z.object({ t: z.literal('forward'), commands: z.array(commandSchema).min(1), hops: z.int().min(0).max(2) }),
  /** Ask the leader for a read index (rule 11). */
  z.object({ t: z.literal('read'), id: requestIdSchema, hops: z.int().min(0).max(2) }),
  /** A read may be answered once `index` is applied. */
  z.object({ t: z.literal('read-index'), id: requestIdSchema, index: slotSchema }),
  /** The sender has durably signed this founding (rule 7). */
  z.object({ t: z.literal('sign'), founding: foundingSchema }),
  /** The leader of `ballot` has stopped proposing, and all up to `chosen` is chosen: take over now (rules 5, 6). */
  z.object({ t: z.literal('hand-over'), ballot: ballotSchema, chosen: slotSchema }),
  /** Where the sender prints and how that printer is, for the screens of others; no part of the consensus. */
  z.object({ t: z.literal('printer'), label: z.string().max(200).nullable(), state: z.enum(PRINTER_STATES) }),
]);
export type Message = z.infer<typeof messageSchema>;
export type MessageType = Message['t'];

/** Incarnations of one kiosk that a peer tells of. */
export const REMEMBERED_MAX = 1_000;

/** What a kiosk presents when a link is made; the certificate proves the id. */
export const helloSchema = z.object({
  site: z.string().max(64),
  uid: z.string().max(64),
  protocol: z.int(),
  kiosk: kioskIdSchema,
  incarnation: z.string().max(32),
  /** Where this kiosk listens, as its site file says. */
  host: z.string().max(253),
  port: z.int(),
  name: z.string().max(80),
  priority: z.int().min(0).max(255),
  version: z.string().max(40),
  /** The site's generation, 0 for a kiosk that knows of no log yet (rule 8). */
  generation: z.int().min(0),
  /** Which recovery began that generation: slot, kiosk and incarnation of its entry; empty for the first generation. */
  recovery: z.string().max(80).default(''),
  /** Version of the commands that it understands (rule 13). */
  supports: z.int().min(1),
  /** The most that the sender has heard incarnations of the addressee vouch for (rule 8). */
  remembers: z
    .array(z.object({ kiosk: kioskIdSchema, incarnation: z.string().max(32), ballot: ballotSchema, slot: slotSchema }))
    .max(REMEMBERED_MAX),
});
export type Hello = z.infer<typeof helloSchema>;
