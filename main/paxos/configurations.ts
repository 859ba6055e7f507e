import { invariant } from '../../shared/invariant';
import { governsFrom, type MembershipEntry } from '../../shared/snapshot';
import type { Identity } from './inputs';
import { isMember, voterKey } from './quorum';
import type { KioskId, Member, Slot } from './types';

export interface Configuration {
  /** The slot that holds it. */
  readonly slot: Slot;
  /** The first slot that its members decide. */
  readonly from: Slot;
  readonly members: readonly Member[];
  readonly generation: number;
  /** The recovery that began the generation, as a name that no other one has; empty for the first generation. */
  readonly recovery: string;
}

/** All chosen configurations, oldest first. `chosen prefix >= slot` holds for each of them. */
export class Configurations {
  private list: Configuration[] = [];

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

  /** The site's generation, 0 while this kiosk knows of no founding. */
  get generation(): number {
    return this.newest?.generation ?? 0;
  }

  /** Two kiosks may each have begun the same generation: their logs are not one (rule 8). */
  get recovery(): string {
    return this.newest?.recovery ?? '';
  }

  /** Every configuration that governs the slot or one after it. */
  governingFrom(slot: Slot): readonly Configuration[] {
    const first = this.governing(slot);
    return this.list.filter((configuration) => configuration === first || configuration.from > slot);
  }

  /** Takes note of who decides from some slot on, as the chosen prefix reaches the entry that says so. */
  learn({ slot, kind, members, generation }: MembershipEntry): void {
    const before = this.newest;
    const from = governsFrom({ slot, kind });
    if (kind === 'founding') {
      invariant(slot === 1 && before === null, `a founding in slot ${slot}: only slot 1 may hold one`);
      this.list.push({ slot, from, members, generation, recovery: '' });
      return;
    }
    invariant(before !== null && before.slot < slot, `a ${kind} in slot ${slot} before the founding, or out of turn`);
    if (kind === 'recovery') {
      invariant(generation === before.generation + 1, `slot ${slot} begins generation ${generation} after ${before.generation}`);
      // A change that was on its way is void: its members are the ones that were lost.
      this.list = this.list.filter((configuration) => configuration.from <= slot);
      this.list.push({ slot, from, members, generation, recovery: `${slot}.${members.map(voterKey).join()}` });
      return;
    }
    invariant(before.from <= slot, `a configuration in slot ${slot} while that of slot ${before.slot} is not yet in force (rule 3)`);
    this.list.push({ slot, from, members, generation, recovery: before.recovery });
  }

  /** All that a snapshot says of the log below it, in place of what was known. */
  replace(entries: readonly MembershipEntry[]): void {
    this.list = [];
    for (const entry of entries) this.learn(entry);
  }

  /**
   * The slot from which a kiosk is shut out of the site: it was a member once, and its id is none now. Its data do not
   * matter: a stolen kiosk that was wiped is a new incarnation, and has its certificate still. Null where it is not.
   */
  shutOutFrom(kiosk: KioskId): Slot | null {
    const has = ({ members }: Configuration) => members.some((member) => member.kiosk === kiosk);
    const last = this.list.findLastIndex(has);
    if (last === -1 || last === this.list.length - 1) return null;
    return this.list[last + 1]!.from;
  }

  /** The slot from which the kiosk, in this incarnation, is no longer a member; null if it is one now, or never was. */
  removedFrom(identity: Identity): Slot | null {
    const last = this.list.findLastIndex((configuration) => isMember(configuration.members, identity));
    if (last === -1 || last === this.list.length - 1) return null;
    return this.list[last + 1]!.from;
  }
}
