import { z } from 'zod';
import type { Answer, ProgressAnswer } from './answers';
import { slotSchema } from './ballot';
import { requestSchema } from './requests';
import type { KioskView, LogPageView } from './service';

/** IPC between a kiosk's window and its main process: request channels with the schema of their one argument. */
export const ipcSchemas = {
  'kiosk:execute': requestSchema,
  /** A line typed into the console; answered as text, as the command-line client would print it. */
  'kiosk:console': z.string().max(2_000),
  'kiosk:view': z.undefined(),
  'kiosk:log': z.strictObject({ from: slotSchema, limit: z.int().min(1).max(500) }),
  /** Documents of a committed sale's tickets, to preview. */
  'kiosk:tickets': z.strictObject({ sale: z.string().max(40) }),
  'kiosk:printers': z.undefined(),
  /** Print a committed sale; printer null is "PDF to a folder". */
  'kiosk:print': z.strictObject({ sale: z.string().max(40), printer: z.string().max(200).nullable() }),
} as const;
export type IpcChannel = keyof typeof ipcSchemas;
export type IpcArgument<C extends IpcChannel> = z.infer<(typeof ipcSchemas)[C]>;

export interface TicketDocument {
  readonly event: string;
  readonly number: number;
  /** What the QR code says. */
  readonly code: string;
  /** The ticket as a self-contained SVG picture, 80 x 127 mm. */
  readonly svg: string;
}

export interface Printer {
  readonly name: string;
  readonly label: string;
  readonly isDefault: boolean;
}

export interface Printed {
  /** The PDF's path where it went to the folder, else null. */
  readonly file: string | null;
  readonly printer: string | null;
  readonly pages: number;
}

export interface ConsoleOutput {
  /** Lines as the command-line client prints them. */
  readonly text: string;
  readonly ok: boolean;
}

export interface IpcResults {
  'kiosk:execute': Answer;
  'kiosk:console': ConsoleOutput;
  'kiosk:view': KioskView;
  'kiosk:log': LogPageView;
  'kiosk:tickets': readonly TicketDocument[];
  'kiosk:printers': readonly Printer[];
  'kiosk:print': Printed;
}

/** Results cross as values: a thrown class would lose its type on the way. */
export type IpcReply<C extends IpcChannel> = { ok: true; value: IpcResults[C] } | { ok: false; error: string };

/** Events from main to the window. */
export interface IpcEvents {
  'kiosk:changed': KioskView;
  'kiosk:progress': ProgressAnswer;
}

/** What the preload script gives to the page as `window.kiosk`. */
export interface KioskBridge {
  execute(request: IpcArgument<'kiosk:execute'>): Promise<IpcReply<'kiosk:execute'>>;
  console(line: string): Promise<IpcReply<'kiosk:console'>>;
  view(): Promise<IpcReply<'kiosk:view'>>;
  log(range: IpcArgument<'kiosk:log'>): Promise<IpcReply<'kiosk:log'>>;
  tickets(sale: string): Promise<IpcReply<'kiosk:tickets'>>;
  printers(): Promise<IpcReply<'kiosk:printers'>>;
  print(job: IpcArgument<'kiosk:print'>): Promise<IpcReply<'kiosk:print'>>;
  onChanged(listener: (view: KioskView) => void): () => void;
  onProgress(listener: (progress: ProgressAnswer) => void): () => void;
}
