import { z } from 'zod';
import { KIOSK_ID_MAX } from './constants';

/** Kiosk ids are whole numbers from 1 to 255; the id, never the address, is a kiosk's identity. */
export const kioskIdSchema = z.int().min(1).max(KIOSK_ID_MAX);
export type KioskId = z.infer<typeof kioskIdSchema>;

/** Random id written when a kiosk's data folder is created. A wiped kiosk is a new incarnation. */
export const incarnationSchema = z.string().regex(/^[a-z0-9]{8,32}$/);
export type Incarnation = z.infer<typeof incarnationSchema>;

/** Position in the log; slots count from 1. 0 stands for "before the log". */
export const slotSchema = z.int().min(0);
export type Slot = number;

/**
 * A ballot, totally ordered by (round, priority, kiosk, incarnation). Two kiosks, or two incarnations of
 * one kiosk, never share a ballot: each campaigns only with its own id and incarnation in it.
 */
export const ballotSchema = z.strictObject({
  round: z.int().min(0),
  priority: z.int().min(0),
  kiosk: z.int().min(0).max(255),
  incarnation: z.string().max(32),
});
export type Ballot = z.infer<typeof ballotSchema>;

/** Below every ballot that a kiosk can send. */
export const ZERO_BALLOT: Ballot = { round: 0, priority: 0, kiosk: 0, incarnation: '' };

/** Negative, zero or positive as a is below, equal to or above b. Never locale dependent. */
export function compareBallots(a: Ballot, b: Ballot): number {
  if (a.round !== b.round) return a.round - b.round;
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (a.kiosk !== b.kiosk) return a.kiosk - b.kiosk;
  if (a.incarnation === b.incarnation) return 0;
  return a.incarnation < b.incarnation ? -1 : 1;
}

export function sameBallot(a: Ballot, b: Ballot): boolean {
  return compareBallots(a, b) === 0;
}

/** As clerks and operators see it: round.priority.kiosk, for example 7.0.2. */
export function formatBallot(ballot: Ballot): string {
  return `${ballot.round}.${ballot.priority}.${ballot.kiosk}`;
}
