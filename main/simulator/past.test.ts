import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../shared/constants';
import type { Rules } from '../paxos';
import type { Tickets } from '../tickets';
import type { DriverVariant } from './kiosk';
import { type RunOptions, randomRun } from './run';

interface Past {
  /** What went wrong, as it was first seen. */
  readonly bug: string;
  /** The mistake, made again. */
  readonly rules?: Partial<Rules>;
  readonly variant?: DriverVariant;
  /** Where it shows more often than one time in a thousand. */
  readonly site?: RunOptions['site'];
  readonly caughtBy: RegExp;
}

/** Mistakes that this project has made, found by the simulator and mended: each must be found again. */
const PAST: readonly Past[] = [
  {
    bug: 'a leader went on choosing slots while a snapshot took the place of its log, and the snapshot was then below it',
    rules: { mayChoose: () => true },
    site: { snapshotEvery: 5, keptSlots: 0, batchesInFlight: ALPHA },
    caughtBy: /is installed over slot|is not between|order:/,
  },
  {
    bug: 'a change of the members that was chosen out of turn hid from the rule of one change at a time',
    rules: { mayChange: () => true },
    caughtBy: /one change at a time/,
  },
  {
    bug: 'a request that gave itself up took effect twice, and stopped every kiosk',
    variant: {
      spoil: (tickets: Tickets) => {
        const inner = tickets as unknown as {
          cancel(slot: number, index: number, command: { requestId: string; target: string }): unknown;
        };
        const { cancel } = inner;
        // The guard looked for nothing: the command under another name is not itself.
        inner.cancel = (slot, index, command) => cancel.call(inner, slot, index, { ...command, requestId: `${command.requestId}-` });
      },
    },
    caughtBy: /takes effect a second time/,
  },
];

const SEEDS = 400;
const SIZES = [3, 5, 4, 7];

describe('past bugs', () => {
  it.each(PAST)('$bug: found again', { timeout: 300_000 }, ({ rules, variant, site, caughtBy }) => {
    let message = 'nothing';
    let seed = 0;
    while (!caughtBy.test(message) && seed < SEEDS) {
      seed += 1;
      try {
        randomRun({
          seed,
          kiosks: SIZES[seed % SIZES.length]!,
          ...(rules === undefined ? {} : { rules }),
          ...(variant === undefined ? {} : { variant }),
          ...(site === undefined ? {} : { site }),
        });
      } catch (error) {
        ({ message } = error as Error);
      }
    }
    expect(message).toMatch(caughtBy);
    console.log(`found with seed ${seed}: ${message.slice(0, 140)}`);
  });
});
