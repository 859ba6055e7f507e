import { z } from 'zod';
import { PERMISSIONS, type Permission } from './constants';
import { nameIdSchema } from './site';

/** Who gives commands at the local client: the owner of the process, with all rights, no PIN and no shift. */
export const OPERATOR = 'operator';

/** Clerks that a site can have, those that have left counted. */
export const MAX_CLERKS = 1_000;

export const pinSchema = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits');
export const clerkNameSchema = z.string().trim().min(1).max(60);
export const permissionsSchema = z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length);
export const clerkIdSchema = nameIdSchema.refine((id) => id !== OPERATOR, `${OPERATOR} is whoever owns the kiosk's process, and no clerk`);

/** A PIN as the log has it: scrypt's parameters, salt and key. The PIN itself never leaves the kiosk where it is typed. */
export const pinHashSchema = z.strictObject({
  /** log2 of scrypt's cost. */
  cost: z.int().min(10).max(20),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  key: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PinHash = z.infer<typeof pinHashSchema>;

/** A clerk as the replicated state has it. */
export interface Clerk {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** A clerk who has left stays nameable, and can't sign in. */
  readonly active: boolean;
  readonly pin: PinHash;
}

/** A clerk as screens see one. */
export type ClerkView = Omit<Clerk, 'pin'>;
