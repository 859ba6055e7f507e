import { z } from 'zod';
import { kioskIdSchema, type Slot } from './ballot';
import { clerkNameSchema, permissionsSchema, pinHashSchema } from './clerks';
import { ALPHA } from './constants';
import { centsSchema } from './payment';
import { categorySchema, eventSchema, nameIdSchema } from './site';
import { type Member, memberSchema, type Value } from './values';

/** Most bytes of one part; a part travels as one message (rule 3). */
export const SNAPSHOT_PART_BYTES = 128 * 1024;

/** What a part holds: a piece of the head (JSON), or rows of one table. */
export const SNAPSHOT_PART_KINDS = ['head', 'sales', 'undone', 'admissions', 'shifts', 'lasting', 'refusals'] as const;
export type SnapshotPartKind = (typeof SNAPSHOT_PART_KINDS)[number];

export interface SnapshotPart {
  readonly kind: SnapshotPartKind;
  /** Never changed once it is here: two snapshots share what did not change between them. */
  readonly bytes: Uint8Array;
}

/** The application's state after a slot, as it is kept on disk and sent to a kiosk that is too far behind (rule 12). */
export interface Snapshot {
  readonly slot: Slot;
  /** Chained state hash at the slot (rule 13). */
  readonly hash: string;
  readonly parts: readonly SnapshotPart[];
}

/** An entry of the log that says who decides: what a replica has to know of the log below a snapshot. */
export interface MembershipEntry {
  readonly slot: Slot;
  readonly kind: 'founding' | 'configuration' | 'recovery';
  readonly members: readonly Member[];
  /** 1 from the founding on, one more with each recovery (rule 8). */
  readonly generation: number;
}

/** The first slot that the members decide: ALPHA after a configuration, 1 for the founding (rule 3), the next one after a recovery (rule 8). */
export function governsFrom({ slot, kind }: Pick<MembershipEntry, 'slot' | 'kind'>): Slot {
  return kind === 'founding' ? 1 : kind === 'recovery' ? slot + 1 : slot + ALPHA;
}

/**
 * The membership that an entry establishes, or null. A configuration beside one that is not yet in force changes nothing:
 * two leaders may each have proposed one, and a third has to take over both.
 * @param before the membership before it, and from which slot that governs
 */
export function membershipOf(
  slot: Slot,
  value: Value,
  before: { readonly generation: number; readonly from: Slot } | null,
): MembershipEntry | null {
  switch (value.kind) {
    case 'founding':
      return { slot, kind: 'founding', members: value.members, generation: 1 };
    case 'configuration':
      return before === null || slot < before.from
        ? null
        : { slot, kind: 'configuration', members: value.members, generation: before.generation };
    case 'recovery':
      return { slot, kind: 'recovery', members: value.members, generation: value.generation };
    case 'batch':
    case 'version':
    case 'no-op':
      return null;
  }
}

const rowSchema = z.int().min(0);
const sumsSchema = z.strictObject({ sales: z.int(), tickets: z.int(), cents: z.int() });
const byPaymentSchema = z.strictObject({ cash: sumsSchema, card: sumsSchema, free: sumsSchema });
/** A shift that is open at the snapshot. */
export const openShiftSchema = z.strictObject({
  shift: z.int().min(1),
  kiosk: kioskIdSchema,
  clerk: z.string().min(1).max(64),
  openedAt: z.int().min(0),
  openedSlot: z.int().min(1),
  float: centsSchema,
  totals: z.strictObject({ sold: byPaymentSchema, back: byPaymentSchema, cashIn: z.int().min(0), cashOut: z.int().min(0) }),
});
export type OpenShift = z.infer<typeof openShiftSchema>;
/** The head of a snapshot: everything but the tables. */
export const snapshotHeadSchema = z.strictObject({
  format: z.int(),
  slot: z.int().min(1),
  hash: z.string().length(64),
  version: z.int().min(1),
  pools: z.array(
    z.strictObject({
      spec: eventSchema.extend({
        /** In the order in which they came: rows of sales name them by their place. */
        categories: z.array(categorySchema.extend({ retired: z.literal(true).optional() })).min(1),
      }),
      open: z.boolean(),
      next: z.int().min(1),
      returned: z.array(z.tuple([z.int().min(1), z.int().min(1)])),
      heldBack: z.int().min(1).optional(),
    }),
  ),
  membership: z
    .array(
      z.strictObject({
        slot: z.int().min(1),
        kind: z.enum(['founding', 'configuration', 'recovery']),
        members: z.array(memberSchema).min(1),
        generation: z.int().min(1),
      }),
    )
    .min(1),
  clerks: z.array(
    z.strictObject({ id: nameIdSchema, name: clerkNameSchema, permissions: permissionsSchema, active: z.boolean(), pin: pinHashSchema }),
  ),
  openShifts: z.array(openShiftSchema),
  /** Number of the newest shift. */
  lastShift: rowSchema,
  firstRows: z.strictObject({
    sales: rowSchema,
    undone: rowSchema,
    admissions: rowSchema,
    shifts: rowSchema,
    lasting: rowSchema,
    refusals: rowSchema,
  }),
});
