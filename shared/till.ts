import { z } from 'zod';
import { MAX_ITEMS_PER_BUY } from './constants';
import { centsSchema, paymentSchema } from './payment';
import { nameIdSchema } from './site';
import { requestIdSchema, saleIdSchema } from './values';

/** Most that a line can say while it is being typed: above what one buy may ask for, so that the screen can name the mistake. */
export const MAX_LINE = 999;

export const cartLineSchema = z.strictObject({ event: nameIdSchema, category: nameIdSchema, n: z.int().min(1).max(MAX_LINE) });
/** So many tickets of one category of one event. */
export type CartLine = Readonly<z.infer<typeof cartLineSchema>>;

export const orderSchema = z.strictObject({
  items: z.array(cartLineSchema).min(1).max(MAX_ITEMS_PER_BUY),
  payment: paymentSchema,
  /** The total that was named to the customer, in cents. */
  expects: centsSchema,
});
/** What is bought by one command, all or nothing. */
export type Order = Readonly<z.infer<typeof orderSchema>>;

export const pendingSaleSchema = z.strictObject({
  id: requestIdSchema,
  order: orderSchema,
  /** The request that gives it up, once the clerk has done so (rule 10). */
  cancel: requestIdSchema.optional(),
});
/** A sale that was asked for; its request id stays the same however often it is asked again (rule 9). */
export type PendingSale = Readonly<z.infer<typeof pendingSaleSchema>>;

export const tillSchema = z.strictObject({
  cart: z.array(cartLineSchema).max(MAX_ITEMS_PER_BUY),
  pending: pendingSaleSchema.nullable(),
  /** The last sale of this window, which stays on the screen until the next begins. */
  last: saleIdSchema.nullable(),
});
/** What lies on the counter of one window. Main keeps it while a page is loaded anew, or has crashed. */
export type Till = Readonly<z.infer<typeof tillSchema>>;
