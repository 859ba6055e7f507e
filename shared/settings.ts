import { z } from 'zod';

export const MAX_LOCK_MINUTES = 120;

/** How one kiosk's window looks and speaks; kept beside the kiosk's data, and no part of the site. */
export const settingsSchema = z.strictObject({
  /** Null: the system's language, English where there are no texts for it. */
  language: z.enum(['en', 'de']).nullable(),
  /** `system` follows the desktop's light or dark, and its wish for more contrast. */
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  /** Minutes without a touch or key after which the screen is locked; 0 for never. */
  lockMinutes: z.int().min(0).max(MAX_LOCK_MINUTES),
});
export type Settings = z.infer<typeof settingsSchema>;
