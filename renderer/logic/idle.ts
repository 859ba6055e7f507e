/** A moment by two clocks, ms: the machine's, which counts its sleep, and the page's, which nobody can set. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** How long it was still, by the clock that says more: a machine's sleep stops the page's clock, and a hand may set the other one back. */
export function stillMs(since: Moment, now: Moment): number {
  return Math.max(now.wall - since.wall, now.steady - since.steady);
}
