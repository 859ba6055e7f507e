import type { AssistantBridge, AssistantChannel, AssistantReply, AssistantResults } from '../../../shared/assistant';
import { Told } from '../../../shared/said';

declare global {
  interface Window {
    /** Put there by the preload script of the first start's window. */
    readonly assistant: AssistantBridge;
  }
}

/** The value of a reply. @throws Told with what main says where it refused */
export async function asked<C extends AssistantChannel>(reply: Promise<AssistantReply<C>>): Promise<AssistantResults[C]> {
  const result = await reply;
  if (!result.ok) throw new Told(result.error);
  return result.value;
}
