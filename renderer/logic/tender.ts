import type { Payment } from '../../shared/payment';

/** How the customer is about to pay; given null is exact cash. */
export type Tender = { readonly kind: 'cash'; readonly given: number | null } | { readonly kind: 'card' };

export const EXACT_CASH: Tender = { kind: 'cash', given: null };

/** What is due back for a total; null where nothing is, or too little was put down. Cents. */
export function changeDue(tender: Tender, total: number): number | null {
  if (tender.kind !== 'cash' || tender.given === null || tender.given <= total) return null;
  return tender.given - total;
}

/** Whether less was put down than the total, for example because the cart grew since. */
export function isShort(tender: Tender, total: number): boolean {
  return tender.kind === 'cash' && tender.given !== null && tender.given < total;
}

/** The payment as the log takes it. What costs nothing is free, whatever was chosen. */
export function paymentOf(tender: Tender, total: number): Payment {
  if (total === 0) return { kind: 'free' };
  if (tender.kind === 'card') return { kind: 'card' };
  return tender.given === null ? { kind: 'cash' } : { kind: 'cash', given: tender.given };
}
