import { ALPHA } from '../../shared/constants';
import { invariant } from '../../shared/invariant';
import type { Identity } from './inputs';
import { isMember } from './quorum';
import type { Member, Slot, Value } from './types';

export interface Configuration {
  /** The slot that holds it. */
  readonly slot: Slot;
  /** The first slot that its members decide: slot + ALPHA, and 1 for the founding (rule 3). */
  readonly from: Slot;
  readonly members: readonly Member[];
}

/** All chosen configurations, oldest first. `chosen prefix >= slot` holds for each of them. */
export class Configurations {
  private readonly list: Configuration[] = [];

  /** The configuration that governs a slot; null before the founding. */
  governing(slot: Slot): Configuration | null {
    for (let index = this.list.length - 1; index >= 0; index -= 1) {
      const configuration = this.list[index]!;
      if (configuration.from <= slot) return configuration;
    }
    return null;
  }

  get newest(): Configuration | null {
    return this.list.at(-1) ?? null;
  }

  /** Every configuration that governs the slot or one after it. */
  governingFrom(slot: Slot): readonly Configuration[] {
    const first = this.governing(slot);
    return this.list.filter((configuration) => configuration === first || configuration.from > slot);
  }

  /** Takes note of a slot as the chosen prefix reaches it; slots without members change nothing. */
  learn(slot: Slot, value: Value): void {
    if (value.kind === 'founding') {
      invariant(slot === 1 && this.list.length === 0, `a founding in slot ${slot}: only slot 1 may hold one`);
      this.list.push({ slot, from: 1, members: value.members });
    } else if (value.kind === 'configuration') {
      const before = this.newest;
      invariant(before !== null, `a configuration in slot ${slot} before the founding`);
      invariant(before.from <= slot, `a configuration in slot ${slot} while that of slot ${before.slot} is not yet in force (rule 3)`);
      this.list.push({ slot, from: slot + ALPHA, members: value.members });
    }
  }

  /** Whether the kiosk, in this incarnation, was ever a member. */
  everMember(identity: Identity): boolean {
    return this.list.some((configuration) => isMember(configuration.members, identity));
  }
}
