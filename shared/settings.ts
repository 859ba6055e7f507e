import { z } from 'zod';

/** How one kiosk's window looks and speaks; kept beside the kiosk's data, and no part of the site. */
export const settingsSchema = z.strictObject({
  /** Null: the system's language, English where there are no texts for it. */
  language: z.enum(['en', 'de']).nullable(),
  /** `system` follows the desktop's light or dark, and its wish for more contrast. */
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
});
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = { language: null, theme: 'system' };
