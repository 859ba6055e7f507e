import { z } from 'zod';
import type { KioskId } from './ballot';
import type { PrinterView } from './printing';
import type { Said } from './said';
import { settingsSchema } from './settings';

/** The longest provisioning file that is looked at, in characters: a site file of the greatest size, twice over. */
export const PROVISIONING_MAX_LENGTH = 4 * 1024 * 1024;

const textSchema = z.string().max(PROVISIONING_MAX_LENGTH);

/** How an installed kiosk is to behave. */
export const installChoicesSchema = z.strictObject({
  /** Full screen, keys locked; a manager's PIN to leave. */
  kioskMode: z.boolean(),
  startAtLogin: z.boolean(),
  language: settingsSchema.shape.language,
  /** Null is "PDF to a folder". */
  printer: z.string().max(200).nullable(),
});
export type InstallChoices = z.infer<typeof installChoicesSchema>;

/** Requests of the first start's assistant to its main process, with the schema of their one argument. */
export const assistantSchemas = {
  'assistant:state': z.undefined(),
  /** Whose a dropped or pasted file is. */
  'assistant:read': textSchema,
  /** Lets the user choose a file in the system's own dialog. */
  'assistant:choose': z.undefined(),
  'assistant:open': z.strictObject({ text: textSchema, code: z.string().max(200) }),
  'assistant:test-print': z.strictObject({ printer: z.string().min(1).max(200) }),
  /** Sets this machine up as the kiosk of the file that was opened; the kiosk's own window follows. */
  'assistant:finish': installChoicesSchema,
} as const;
export type AssistantChannel = keyof typeof assistantSchemas;
export type AssistantArgument<C extends AssistantChannel> = z.infer<(typeof assistantSchemas)[C]>;

/** A provisioning file, and whose it says that it is. */
export interface FoundFile {
  readonly site: string;
  readonly kiosk: KioskId;
  readonly name: string;
  readonly text: string;
}

export interface AssistantState {
  /** The site that this program was packed for; null if for any. */
  readonly site: {
    readonly id: string;
    readonly place: string;
    readonly kiosks: readonly { readonly id: KioskId; readonly name: string }[];
  } | null;
  /** Files on sticks that are plugged in. */
  readonly found: readonly FoundFile[];
  readonly printers: readonly PrinterView[];
}

export interface AssistantResults {
  'assistant:state': AssistantState;
  'assistant:read': FoundFile;
  'assistant:choose': FoundFile | null;
  'assistant:open': { readonly site: string; readonly place: string; readonly kiosk: KioskId; readonly name: string };
  'assistant:test-print': null;
  'assistant:finish': null;
}

export type AssistantReply<C extends AssistantChannel> =
  | { readonly ok: true; readonly value: AssistantResults[C] }
  | { readonly ok: false; readonly error: Said };

/** What the preload script gives to the assistant's page as `window.assistant`. */
export interface AssistantBridge {
  state(): Promise<AssistantReply<'assistant:state'>>;
  read(text: string): Promise<AssistantReply<'assistant:read'>>;
  choose(): Promise<AssistantReply<'assistant:choose'>>;
  open(file: AssistantArgument<'assistant:open'>): Promise<AssistantReply<'assistant:open'>>;
  testPrint(printer: string): Promise<AssistantReply<'assistant:test-print'>>;
  finish(choices: InstallChoices): Promise<AssistantReply<'assistant:finish'>>;
}
