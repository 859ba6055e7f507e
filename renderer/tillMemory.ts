import { EMPTY_TILL } from '../shared/constants';
import type { Till } from '../shared/till';
import { bridge, unwrap } from './bridge';

/** What lies on the counter, as main remembers it: this page writes it with every change, and a new page begins with it. */
let till: Till = EMPTY_TILL;

export async function loadTill(): Promise<void> {
  till = await unwrap(bridge.till()).catch(() => EMPTY_TILL);
}

export function rememberedTill(): Till {
  return till;
}

/** Main takes requests in the order in which they were sent: what is kept before a buy is asked for is kept if it is sold. */
export function keepTill(part: Partial<Till>): void {
  till = { ...till, ...part };
  void bridge.keepTill(till);
}
