import type { IpcChannel, IpcReply, IpcResults, KioskBridge } from '../shared/ipc';
import { Told } from '../shared/said';

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
