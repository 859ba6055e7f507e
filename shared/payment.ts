import { z } from 'zod';
import type { PaymentKind } from './money';

/** Most money that one amount may name, in cents. */
export const MAX_AMOUNT_CENTS = 2_000_000_000;
/** An amount of money in cents of the site's currency. */
export const centsSchema = z.int().min(0).max(MAX_AMOUNT_CENTS);

/** What a clerk says of the payment. `given`: the cash that the customer put down; left out, it is exactly the total. */
export const paymentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), given: centsSchema.optional() }),
  z.strictObject({ kind: z.literal('card') }),
  z.strictObject({ kind: z.literal('free') }),
]);
export type Payment = z.infer<typeof paymentSchema>;

/** How a sale was paid, as the log has it. Cents. */
export interface Paid {
  readonly kind: PaymentKind;
  readonly given: number;
  /** Given back from the drawer. */
  readonly change: number;
}
