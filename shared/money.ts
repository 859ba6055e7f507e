/** How a customer pays: into the drawer, on a card terminal that this app knows nothing of, or not at all. */
export const PAYMENT_KINDS = ['cash', 'card', 'free'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

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
