import type { IpcChannel, IpcReply, IpcResults, KioskBridge } from '../shared/ipc';
import { saidOf, Told } from '../shared/said';
import { messages } from './messages';

declare global {
  interface Window {
    /** Put there by the preload script; the page's only way out. */
    readonly kiosk: KioskBridge;
  }
}

export const bridge: KioskBridge = window.kiosk;

/** The value of a reply. @throws Told with what main says where it refused */
export async function unwrap<C extends IpcChannel>(reply: Promise<IpcReply<C>>): Promise<IpcResults[C]> {
  const result = await reply;
  if (!result.ok) throw new Told(result.error);
  return result.value;
}

/** What went wrong, in words of the screen's language. */
export function errorText(error: unknown): string {
  return messages.said(saidOf(error));
}
