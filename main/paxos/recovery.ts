import { invariant } from '../../shared/invariant';
import { type HeldBack, NO_OP, type Recovery } from '../../shared/values';
import type { Core } from './core';

/**
 * Rule 8, deliberate and at one kiosk: a majority is lost for good, so this kiosk calls chosen whatever it
 * holds, and begins a new generation in which it alone decides. What others chose without it is lost to the
 * site; what they still sell belongs to a generation that nobody counts.
 */
export function recovered(core: Core, at: number, heldBack: HeldBack | undefined): void {
  invariant(core.founded, 'a site that was never opened has nothing to recover');
  const { log, config } = core;
  const ballot = core.nextBallot();
  core.promise(ballot);
  core.followed = null;
  const learn = (slot: number, value: Parameters<typeof log.hold>[2]) => {
    log.hold(slot, ballot, value);
    core.write({ t: 'learn', slot, ballot, value });
    log.choose(slot);
  };
  const { last } = log;
  for (let slot = log.chosen + 1; slot <= last; slot += 1) {
    const held = log.get(slot)?.value ?? NO_OP;
    // A change of the members that was not decided is not made.
    learn(slot, held.kind === 'configuration' && !log.isChosen(slot) ? NO_OP : held);
  }
  const recovery: Recovery = {
    kind: 'recovery',
    generation: log.configurations.generation + 1,
    members: [config.self],
    at,
    ...(heldBack === undefined ? {} : { heldBack }),
  };
  learn(last + 1, recovery);
}
