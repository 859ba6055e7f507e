import { z } from 'zod';
import { ballotSchema, incarnationSchema, kioskIdSchema, slotSchema } from './ballot';
import { commandSchema, foundingSchema, valueSchema } from './values';

/**
 * What a replica must not forget, in the order in which it was decided. Storage appends these and never
 * changes one; a restart folds them back into the durable state.
 */
export const journalRecordSchema = z.discriminatedUnion('t', [
  /** This incarnation's one signature under a founding (rule 7). */
  z.strictObject({ t: z.literal('sign'), founding: foundingSchema }),
  /** No ballot below this one is promised or accepted from now on; also written for one's own ballot before its Prepare leaves. */
  z.strictObject({ t: z.literal('promise'), ballot: ballotSchema }),
  /** Accepted (slot, ballot, value); implies the promise of the ballot. `chosen` is what was then known chosen, for a quicker restart. */
  z.strictObject({ t: z.literal('accept'), slot: slotSchema, ballot: ballotSchema, value: valueSchema, chosen: slotSchema }),
  /** Received as chosen: not a vote. */
  z.strictObject({ t: z.literal('learn'), slot: slotSchema, ballot: ballotSchema, value: valueSchema }),
  /** Everything up to this slot is chosen, and held here (rule 3). */
  z.strictObject({ t: z.literal('chosen'), slot: slotSchema }),
  /** A command of this kiosk's clients left it, or was given up for good, and no answer is known yet (rules 9, 10). */
  z.strictObject({ t: z.literal('pending'), command: commandSchema }),
  /** What a peer was heard to vouch for, in its Prepare, Promise and Accepted messages: to be told to it, lest it forget (rule 8). */
  z.strictObject({ t: z.literal('peer'), kiosk: kioskIdSchema, incarnation: incarnationSchema, ballot: ballotSchema, slot: slotSchema }),
]);
export type JournalRecord = z.infer<typeof journalRecordSchema>;
