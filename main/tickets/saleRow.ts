import type { SaleStatus } from '../../shared/service';

/** `never`: the request was cancelled before it could be sold. */
export type Status = SaleStatus | 'never';
export const STATUSES: readonly Status[] = ['live', 'cancelled', 'void', 'never'];
/**
 * Where the fields of a row stand: slot (8), index (2), kiosk (1), status (1), time (8), remaining (4), kind of
 * payment (1), cash given (4), shift (4), request id, clerk, a byte of claims a ticket, lines.
 */
export const ROW = { kiosk: 10, status: 11, at: 12, payment: 24, shift: 29, id: 33 } as const;
