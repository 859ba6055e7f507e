import type { IpcChannel, IpcReply, IpcResults, KioskBridge } from '../shared/ipc';

declare global {
  interface Window {
    /** Put there by the preload script; the page's only way out. */
    readonly kiosk: KioskBridge;
  }
}

export const bridge: KioskBridge = window.kiosk;

/** The value of a reply. @throws Error with main's own sentence where it refused */
export async function unwrap<C extends IpcChannel>(reply: Promise<IpcReply<C>>): Promise<IpcResults[C]> {
  const result = await reply;
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** What went wrong, in words. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
