import { z } from 'zod';

/** How a customer pays: into the drawer, on a card terminal that this app knows nothing of, or not at all. */
export const PAYMENT_KINDS = ['cash', 'card', 'free'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

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

const places = new Map<string, number>();

/** Places that amounts of a currency are written with: two of most, none of yen, three of dinars. */
export function placesOf(currency: string): number {
  const known = places.get(currency);
  if (known !== undefined) return known;
  const { minimumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  places.set(currency, minimumFractionDigits);
  return minimumFractionDigits;
}

/** How Intl is to write an amount: every currency counts in hundredths here, and no part of one is rounded away. */
export function fractionOf(cents: number, currency: string): Intl.NumberFormatOptions {
  return cents % 100 === 0 ? {} : { minimumFractionDigits: Math.max(2, placesOf(currency)) };
}

/** Money in plain figures, for text that knows no currency: 1250 is 12.50. */
export function plainMoney(cents: number): string {
  const whole = Math.floor(Math.abs(cents) / 100);
  return `${cents < 0 ? '-' : ''}${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}
