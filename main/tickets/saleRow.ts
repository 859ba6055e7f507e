import type { SaleStatus } from '../../shared/service';

/** `never`: the request was cancelled before it could be sold. */
export type Status = SaleStatus | 'never';
export const STATUSES: readonly Status[] = ['live', 'cancelled', 'void', 'never'];
/** The status has the lower bits of its byte; the others count the claims of the sale's receipt, up to that many. */
const STATUS_BITS = 2;
export const RECEIPTS_MAX = 63;

export function packStatus(status: Status, receipts: number): number {
  return STATUSES.indexOf(status) | (receipts << STATUS_BITS);
}

export function statusIn(byte: number): Status {
  return STATUSES[byte & (2 ** STATUS_BITS - 1)]!;
}

export function receiptsIn(byte: number): number {
  return byte >> STATUS_BITS;
}

/**
 * Where the fields of a row stand: slot (8), index (2), kiosk (1), status and claims of the receipt (1), time (8), remaining (4), kind of
 * payment (1), cash given (4), shift (4), request id, clerk, a byte of claims a ticket, lines.
 */
export const ROW = { kiosk: 10, status: 11, at: 12, payment: 24, shift: 29, id: 33 } as const;
