import { z } from 'zod';
import { incarnationSchema, kioskIdSchema, slotSchema } from './ballot';
import { clerkIdSchema, clerkNameSchema, permissionsSchema, pinHashSchema } from './clerks';
import { MAX_CAPACITY, MAX_ITEMS_PER_BUY, MAX_REASON_LETTERS, MAX_TICKETS_PER_BUY, REQUEST_ID } from './constants';
import { centsSchema, paymentSchema } from './payment';
import { categorySchema, eventSchema, hostSchema, nameIdSchema, portSchema } from './site';

export const requestIdSchema = z.string().regex(REQUEST_ID, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -');
export type RequestId = string;

/** A voting kiosk. Votes belong to (kiosk, incarnation); name and address are carried for links and screens. */
export const memberSchema = z.strictObject({
  kiosk: kioskIdSchema,
  incarnation: incarnationSchema,
  name: z.string().max(80),
  host: hostSchema,
  port: portSchema,
  priority: z.int().min(0).max(255),
});
export type Member = z.infer<typeof memberSchema>;

const commandBase = {
  requestId: requestIdSchema,
  /** Where it was issued. */
  kiosk: kioskIdSchema,
  /** Who issued it; `operator` for the local client. */
  clerk: z.string().min(1).max(64),
  /** Applied slot of the first kiosk when it was first issued; kept over retries (rule 9). */
  issued: slotSchema,
  /** Wall clock of the issuing kiosk in ms since 1970: for reports only, never read when applied. */
  at: z.int().min(0),
  /** Who allowed it with a PIN, where the clerk alone may not. */
  approver: clerkIdSchema.optional(),
};

/** Shifts are numbered from 1, in the order of the log. */
export const shiftNumberSchema = z.int().min(1).max(0xffff_ffff);

export const buyItemSchema = z.strictObject({
  event: nameIdSchema,
  category: nameIdSchema,
  n: z.int().min(1).max(MAX_TICKETS_PER_BUY),
});
export type BuyItem = z.infer<typeof buyItemSchema>;

export const buyCommandSchema = z.strictObject({
  op: z.literal('buy'),
  ...commandBase,
  items: z.array(buyItemSchema).min(1).max(MAX_ITEMS_PER_BUY),
  /** Left out: exact cash, or free where nothing is to be paid. */
  payment: paymentSchema.optional(),
  /** The total that the clerk has named to the customer: at another price nothing is sold. */
  expects: centsSchema.optional(),
  /** The drawer that the money goes into. */
  shift: shiftNumberSchema.optional(),
});
export type BuyCommand = z.infer<typeof buyCommandSchema>;

/** The name of a sale: the slot of its buy and the place in the batch, for example 12.1. */
export const saleIdSchema = z.string().regex(/^[1-9]\d{0,15}\.[1-9]\d{0,15}$/, 'must be a sale as it was answered, for example 12.1');

/** Rule 10: the request `target` never takes effect after this; if it has, its tickets go back to the pool. */
export const cancelCommandSchema = z.strictObject({ op: z.literal('cancel'), ...commandBase, target: requestIdSchema });
export type CancelCommand = z.infer<typeof cancelCommandSchema>;

/** A sale is undone, printed or not; its tickets go back to the pool. */
export const voidCommandSchema = z.strictObject({
  op: z.literal('void'),
  ...commandBase,
  sale: saleIdSchema,
  reason: z.string().max(MAX_REASON_LETTERS).optional(),
  /** The drawer that the money comes from. */
  shift: shiftNumberSchema.optional(),
});
export type VoidCommand = z.infer<typeof voidCommandSchema>;

const anyTicketsSchema = z.array(z.strictObject({ event: nameIdSchema, number: z.int().min(1) })).max(MAX_TICKETS_PER_BUY);
/** Tickets by name: at least one. */
export const ticketsSchema = anyTicketsSchema.min(1);

/** What is claimed for a printer: tickets of a sale, or its receipt and no ticket. */
export const claimedFields = { tickets: anyTicketsSchema, receipt: z.literal(true).optional() };
export const namesItsPaper = [
  ({ tickets, receipt }: { readonly tickets: readonly unknown[]; readonly receipt?: true | undefined }) =>
    (receipt === true) === (tickets.length === 0),
  'name tickets, or ask for the receipt',
] as const;

/** Rule 10: the claim that lets pages leave for a printer. The first claim of a ticket prints the original, every later one a copy. */
export const printCommandSchema = z
  .strictObject({ op: z.literal('print'), ...commandBase, sale: saleIdSchema, ...claimedFields })
  .refine(...namesItsPaper);
export type PrintCommand = z.infer<typeof printCommandSchema>;

/**
 * These tickets are on paper: the printer has finished them, or a clerk has them in hand. So no other kiosk has to
 * ask for them (S23).
 */
export const confirmCommandSchema = z.strictObject({
  op: z.literal('confirm'),
  ...commandBase,
  sale: saleIdSchema,
  tickets: ticketsSchema,
});
export type ConfirmCommand = z.infer<typeof confirmCommandSchema>;

export const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('add'),
    kiosk: kioskIdSchema,
    /** Where to find the newcomer if the site file doesn't say, or says otherwise. */
    host: hostSchema.optional(),
    port: portSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('remove'), kiosk: kioskIdSchema }),
  /** The member lost its data and came back as another incarnation: that one takes its place (rule 8). */
  z.strictObject({ kind: z.literal('readmit'), kiosk: kioskIdSchema }),
  /** Leadership is handed to this member (rule 5). */
  z.strictObject({ kind: z.literal('leader'), kiosk: kioskIdSchema }),
  /** The member is found at another address from now on. */
  z.strictObject({ kind: z.literal('address'), kiosk: kioskIdSchema, host: hostSchema, port: portSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

export const changeCommandSchema = z.strictObject({
  op: z.literal('change'),
  ...commandBase,
  change: changeSchema,
  /**
   * Set by the leader on a change that alters nothing. It then stands in a batch and is answered from
   * there, so that every kiosk gives the same answer; a change that does alter the members is a
   * configuration entry of its own.
   */
  outcome: z.enum(['already', 'done', 'change_pending', 'unknown_kiosk', 'not_allowed', 'withdrawn']).optional(),
});
export type ChangeCommand = z.infer<typeof changeCommandSchema>;

/** A ticket at the door. The first of its kind lets somebody in, every later one says when and where that was. */
export const admitCommandSchema = z.strictObject({
  op: z.literal('admit'),
  ...commandBase,
  sale: saleIdSchema,
  event: nameIdSchema,
  number: z.int().min(1),
});
export type AdmitCommand = z.infer<typeof admitCommandSchema>;

export const eventActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), event: eventSchema }),
  z.strictObject({ kind: z.literal('open'), event: nameIdSchema }),
  /** Nothing is sold any more; what was sold stays good. */
  z.strictObject({ kind: z.literal('close'), event: nameIdSchema }),
  z.strictObject({
    kind: z.literal('change'),
    event: nameIdSchema,
    name: eventSchema.shape.name.optional(),
    /** null: at no time of its own. */
    starts: eventSchema.shape.starts.unwrap().nullable().optional(),
    /** Never below a number that is sold. */
    capacity: eventSchema.shape.capacity.optional(),
    /** All that are for sale from now on, with their prices; what was sold in another stays nameable. */
    categories: eventSchema.shape.categories.optional(),
    /** New prices of categories that are for sale; the others stay as they are. */
    prices: z
      .array(z.strictObject({ category: nameIdSchema, price: categorySchema.shape.price }))
      .min(1)
      .max(20)
      .optional(),
  }),
]);
export type EventAction = z.infer<typeof eventActionSchema>;
export const eventCommandSchema = z.strictObject({ op: z.literal('event'), ...commandBase, action: eventActionSchema });
export type EventCommand = z.infer<typeof eventCommandSchema>;

const clerkFields = { target: clerkIdSchema, name: clerkNameSchema, permissions: permissionsSchema };
export const clerkActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('add'),
    ...clerkFields,
    pin: pinHashSchema,
    /** Only where the site has no clerks yet: two kiosks may be set up at the same moment. */
    first: z.literal(true).optional(),
  }),
  z.strictObject({
    kind: z.literal('change'),
    target: clerkIdSchema,
    name: clerkFields.name.optional(),
    permissions: clerkFields.permissions.optional(),
    pin: pinHashSchema.optional(),
    active: z.boolean().optional(),
  }),
]);
export type ClerkAction = z.infer<typeof clerkActionSchema>;
export const clerkCommandSchema = z.strictObject({ op: z.literal('clerk'), ...commandBase, action: clerkActionSchema });
export type ClerkCommand = z.infer<typeof clerkCommandSchema>;

export const shiftActionSchema = z.discriminatedUnion('kind', [
  /** The clerk's drawer at this kiosk begins with so much cash. */
  z.strictObject({ kind: z.literal('open'), float: centsSchema }),
  z.strictObject({ kind: z.literal('close'), shift: shiftNumberSchema, counted: centsSchema }),
  /** Cash that is put into the drawer or taken out of it, for example change from the bank. */
  z.strictObject({
    kind: z.enum(['in', 'out']),
    shift: shiftNumberSchema,
    cents: centsSchema.min(1),
    reason: z.string().trim().min(1).max(MAX_REASON_LETTERS),
  }),
]);
export type ShiftAction = z.infer<typeof shiftActionSchema>;
export const shiftCommandSchema = z.strictObject({ op: z.literal('shift'), ...commandBase, action: shiftActionSchema });
export type ShiftCommand = z.infer<typeof shiftCommandSchema>;

export const commandSchema = z.discriminatedUnion('op', [
  buyCommandSchema,
  cancelCommandSchema,
  voidCommandSchema,
  printCommandSchema,
  confirmCommandSchema,
  admitCommandSchema,
  eventCommandSchema,
  clerkCommandSchema,
  shiftCommandSchema,
  changeCommandSchema,
]);
/** One request of a client, as it stands in the log. */
export type Command = z.infer<typeof commandSchema>;

export const foundingSchema = z.strictObject({
  kind: z.literal('founding'),
  /** The site file's uid: another site's log is never mistaken for ours. */
  uid: z.string().max(64),
  members: z.array(memberSchema).min(1).max(9),
  events: z.array(eventSchema).min(1).max(200),
});
/** Slot 1: the list of founders that all of them signed, with the events (rule 7). */
export type Founding = z.infer<typeof foundingSchema>;

export const batchSchema = z.strictObject({ kind: z.literal('batch'), commands: z.array(commandSchema).min(1) });
export type Batch = z.infer<typeof batchSchema>;

export const configurationSchema = z.strictObject({
  kind: z.literal('configuration'),
  command: changeCommandSchema,
  /** All members from slot i + ALPHA on, where i is this entry's slot (rule 3). */
  members: z.array(memberSchema).min(1).max(9),
});
export type ConfigurationEntry = z.infer<typeof configurationSchema>;

/**
 * What may have been sold in the part of the log that is lost: numbers are sold lowest first, so it is every free
 * number up to the highest that anybody was seen to hold. They are out of sale from then on.
 */
export const heldBackSchema = z.array(z.strictObject({ event: nameIdSchema, upTo: z.int().min(1).max(MAX_CAPACITY) })).max(200);
export type HeldBack = z.infer<typeof heldBackSchema>;

/**
 * A new generation of the site, begun at one kiosk after a majority was lost for good (rule 8). It holds from
 * the next slot on, with these members alone; kiosks of an older generation are never counted again.
 */
export const recoverySchema = z.strictObject({
  kind: z.literal('recovery'),
  generation: z.int().min(2),
  members: z.array(memberSchema).length(1),
  heldBack: heldBackSchema.optional(),
  /** Wall clock in ms since 1970, for reports. */
  at: z.int().min(0),
});
export type Recovery = z.infer<typeof recoverySchema>;

/** From the next slot on, commands of this version may be proposed: all members understand them (rule 13). */
export const versionEntrySchema = z.strictObject({ kind: z.literal('version'), version: z.int().min(1) });

export const noOpSchema = z.strictObject({ kind: z.literal('no-op') });

export const valueSchema = z.discriminatedUnion('kind', [
  foundingSchema,
  batchSchema,
  configurationSchema,
  recoverySchema,
  versionEntrySchema,
  noOpSchema,
]);
/** What a slot of the log holds. */
export type Value = z.infer<typeof valueSchema>;

export const NO_OP: Value = { kind: 'no-op' };

/** The commands of an entry, in order; a founding and a no-op have none. */
export function commandsOf(value: Value): readonly Command[] {
  if (value.kind === 'batch') return value.commands;
  if (value.kind === 'configuration') return [value.command];
  return [];
}
