import { z } from 'zod';
import { kioskIdSchema, slotSchema } from './ballot';
import { clerkIdSchema, clerkNameSchema, permissionsSchema, pinSchema } from './clerks';
import { CODE_LETTERS_MAX, MAX_ITEMS_PER_BUY, MAX_REASON_LETTERS, MAX_TICKETS_PER_BUY } from './constants';
import { centsSchema, paymentSchema } from './payment';
import { hostSchema, nameIdSchema, portSchema } from './site';
import {
  claimedFields,
  eventActionSchema,
  heldBackSchema,
  namesItsPaper,
  requestIdSchema,
  saleIdSchema,
  shiftNumberSchema,
  ticketsSchema,
} from './values';

export const BUY_TIMEOUT_MS = 5_000;
export const CHANGE_TIMEOUT_MS = 30_000;
export const MAX_TIMEOUT_MS = 3_600_000;
/** Most log entries in one `show` answer; it may end sooner, and names the slot from which to go on. */
export const SHOW_ENTRIES_MAX = 10_000;

const timeoutSchema = z.int().min(1).max(MAX_TIMEOUT_MS);
/** The local client is the clerk `operator` unless it names another. */
export const CLERK_MAX = 64;
const clerkSchema = z.string().min(1).max(CLERK_MAX);

export const buyRequestSchema = z.strictObject({
  op: z.literal('buy'),
  items: z
    .array(
      z.strictObject({
        n: z.int().min(1).max(MAX_TICKETS_PER_BUY),
        /** Left out: the first open event, its first category. */
        event: nameIdSchema.optional(),
        category: nameIdSchema.optional(),
      }),
    )
    .min(1)
    .max(MAX_ITEMS_PER_BUY)
    .refine(
      (items) => items.reduce((sum, { n }) => sum + n, 0) <= MAX_TICKETS_PER_BUY,
      `take at most ${MAX_TICKETS_PER_BUY} tickets in all`,
    ),
  /** Left out: exact cash, or free where nothing is to be paid. */
  payment: paymentSchema.optional(),
  /** The total that was named to the customer: at another price nothing is sold. */
  expects: centsSchema.optional(),
  id: requestIdSchema.optional(),
  timeoutMs: timeoutSchema.optional(),
  clerk: clerkSchema.optional(),
});
export type BuyRequest = z.infer<typeof buyRequestSchema>;

export const showRequestSchema = z.strictObject({
  op: z.literal('show'),
  event: nameIdSchema.optional(),
  from: slotSchema.optional(),
  last: z.int().min(1).max(SHOW_ENTRIES_MAX).optional(),
  /** Left out, a majority is asked whether this is the newest (rule 11). Pages that go on from such an answer need it no more. */
  confirm: z.literal(false).optional(),
});
export type ShowRequest = z.infer<typeof showRequestSchema>;

const statedFields = { id: requestIdSchema.optional(), timeoutMs: timeoutSchema.optional(), clerk: clerkSchema.optional() };

/** Rule 10: give a request up. */
export const cancelRequestSchema = z.strictObject({ op: z.literal('cancel'), target: requestIdSchema, ...statedFields });
export type CancelRequest = z.infer<typeof cancelRequestSchema>;

export const voidRequestSchema = z.strictObject({
  op: z.literal('void'),
  sale: saleIdSchema,
  reason: z.string().max(MAX_REASON_LETTERS).optional(),
  ...statedFields,
});
export type VoidRequest = z.infer<typeof voidRequestSchema>;

/** Rule 10: claim tickets, or a receipt, before their pages leave for a printer; given by the print queue, not typed. */
export const printRequestSchema = z
  .strictObject({ op: z.literal('print'), sale: saleIdSchema, ...claimedFields, ...statedFields })
  .refine(...namesItsPaper);
export type PrintRequest = z.infer<typeof printRequestSchema>;

/** S23: tickets that were claimed are on paper. Given by the print queue, not typed. */
export const confirmRequestSchema = z.strictObject({
  op: z.literal('confirm'),
  sale: saleIdSchema,
  tickets: ticketsSchema,
  ...statedFields,
});
export type ConfirmRequest = z.infer<typeof confirmRequestSchema>;

const codeSchema = z.string().trim().min(1).max(CODE_LETTERS_MAX);

/** Print tickets of a sale again, marked COPY n; all of them unless some are named. */
export const reprintRequestSchema = z.strictObject({
  op: z.literal('reprint'),
  sale: saleIdSchema,
  tickets: ticketsSchema.optional(),
  ...statedFields,
});
export type ReprintRequest = z.infer<typeof reprintRequestSchema>;

/** A ticket is scanned at the door. */
export const admitRequestSchema = z.strictObject({ op: z.literal('admit'), code: codeSchema, ...statedFields });
export type AdmitRequest = z.infer<typeof admitRequestSchema>;

/** Is it a good ticket? Asked without letting anybody in, and without a network. */
export const verifyRequestSchema = z.strictObject({ op: z.literal('verify'), code: codeSchema });
export type VerifyRequest = z.infer<typeof verifyRequestSchema>;

export const eventRequestSchema = z.strictObject({ op: z.literal('event'), action: eventActionSchema, ...statedFields });
export type EventRequest = z.infer<typeof eventRequestSchema>;

/** The PIN is hashed by the kiosk that is asked, and goes no further. */
export const clerkRequestSchema = z.strictObject({
  op: z.literal('clerk'),
  action: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('add'),
      target: clerkIdSchema,
      name: clerkNameSchema,
      permissions: permissionsSchema,
      pin: pinSchema,
      first: z.literal(true).optional(),
    }),
    z.strictObject({
      kind: z.literal('change'),
      target: clerkIdSchema,
      name: clerkNameSchema.optional(),
      permissions: permissionsSchema.optional(),
      pin: pinSchema.optional(),
      active: z.boolean().optional(),
    }),
  ]),
  ...statedFields,
});
export type ClerkRequest = z.infer<typeof clerkRequestSchema>;

/** `shift` left out: the open shift of the clerk at this kiosk. */
export const shiftRequestSchema = z.strictObject({
  op: z.literal('shift'),
  action: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('open'), float: centsSchema }),
    z.strictObject({ kind: z.literal('close'), shift: shiftNumberSchema.optional(), counted: centsSchema }),
    z.strictObject({
      kind: z.enum(['in', 'out']),
      shift: shiftNumberSchema.optional(),
      cents: centsSchema.min(1),
      reason: z.string().trim().min(1).max(MAX_REASON_LETTERS),
    }),
  ]),
  ...statedFields,
});
export type ShiftRequest = z.infer<typeof shiftRequestSchema>;

/** Rule 8: begin a new generation here; the site's id, typed, is the proof that it is meant. */
export const recoverRequestSchema = z.strictObject({ op: z.literal('recover'), site: nameIdSchema, heldBack: heldBackSchema.optional() });
export type RecoverRequest = z.infer<typeof recoverRequestSchema>;

const changeFields = {
  kiosk: kioskIdSchema,
  host: hostSchema.optional(),
  port: portSchema.optional(),
  id: requestIdSchema.optional(),
  timeoutMs: timeoutSchema.optional(),
  clerk: clerkSchema.optional(),
};
export const addKioskRequestSchema = z.strictObject({ op: z.literal('add_kiosk'), ...changeFields });
export const changeRequestSchema = z.strictObject({
  op: z.literal('change'),
  change: z.enum(['add', 'remove', 'readmit', 'leader', 'address']),
  ...changeFields,
});
export type ChangeRequest = z.infer<typeof addKioskRequestSchema> | z.infer<typeof changeRequestSchema>;

export const requestSchema = z.discriminatedUnion('op', [
  buyRequestSchema,
  showRequestSchema,
  z.strictObject({
    op: z.literal('status'),
    /** The client asks again and again; the kiosk answers each time as ever. */
    watch: z.literal(true).optional(),
  }),
  z.strictObject({ op: z.literal('help') }),
  cancelRequestSchema,
  voidRequestSchema,
  printRequestSchema,
  confirmRequestSchema,
  reprintRequestSchema,
  admitRequestSchema,
  verifyRequestSchema,
  eventRequestSchema,
  clerkRequestSchema,
  shiftRequestSchema,
  addKioskRequestSchema,
  changeRequestSchema,
  recoverRequestSchema,
  z.strictObject({ op: z.literal('stop') }),
  z.strictObject({ op: z.literal('exit') }),
]);
/** One command of a clerk or operator, however it was given: by button, in the console or by `npm run client`. */
export type Request = z.infer<typeof requestSchema>;
export type Operation = Request['op'];
