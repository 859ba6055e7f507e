import type { KioskBridge } from '../shared/ipc';

declare global {
  interface Window {
    /** Put there by the preload script; the page's only way out. */
    readonly kiosk: KioskBridge;
  }
}

export const bridge: KioskBridge = window.kiosk;

/** The value of a reply; a refusal is thrown as an error in words. */
export async function unwrap<T>(reply: Promise<{ ok: true; value: T } | { ok: false; error: string }>): Promise<T> {
  const result = await reply;
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
