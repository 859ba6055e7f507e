import { sameBallot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import { type MembershipEntry, membershipOf } from '../../shared/snapshot';
import { Configurations } from './configurations';
import { type HeldEntry, PackedEntries } from './packed';
import type { Ballot, Entry, Slot, Value } from './types';

/** Where a log begins that stands on a snapshot: everything up to `slot` is chosen, applied and not held here. */
export interface LogStart {
  readonly slot: Slot;
  readonly memberships: readonly MembershipEntry[];
}

/**
 * What this kiosk holds of the log: per slot the accepted (ballot, value), and which slots are known chosen.
 * Invariant: base <= chosen; every slot in (base, chosen] is held and chosen; a chosen slot's value never changes.
 */
export class Log {
  readonly configurations = new Configurations();
  /** What is held of the slots above `dropped`, in their order; nothing at those that are packed. */
  private entries: (HeldEntry | undefined)[] = [];
  private readonly packed = new PackedEntries(0);
  /** Chosen slots that others, which are not, stand before. */
  private readonly chosenBeyond = new Set<Slot>();
  private dropped: Slot = 0;
  private prefix: Slot = 0;
  private highest: Slot = 0;

  constructor(start: LogStart | null = null) {
    if (start !== null) this.install(start);
  }

  /** Entries up to here have left memory for a snapshot. */
  get base(): Slot {
    return this.dropped;
  }

  /** Everything up to here is chosen. Never falls. */
  get chosen(): Slot {
    return this.prefix;
  }

  /** The highest slot that holds anything, or stands in the snapshot. */
  get last(): Slot {
    return this.highest;
  }

  get(slot: Slot): HeldEntry | undefined {
    if (slot <= this.dropped) return undefined;
    return this.entries[slot - this.dropped - 1] ?? (slot <= this.packed.last ? this.packed.get(slot) : undefined);
  }

  isChosen(slot: Slot): boolean {
    return slot <= this.prefix || this.chosenBeyond.has(slot);
  }

  /** Stores an acceptance, or an entry received as chosen. */
  hold(slot: Slot, ballot: Ballot, value: Value): void {
    if (slot <= this.dropped) return;
    const held = this.get(slot);
    if (held !== undefined && (this.isChosen(slot) || sameBallot(held.ballot, ballot))) {
      invariant(sameValue(held.value, value), `slot ${slot} would change its value: two values in one ballot, or over a chosen one`);
      if (this.isChosen(slot)) return;
    }
    this.entries[slot - this.dropped - 1] = { ballot, value };
    if (slot > this.highest) this.highest = slot;
  }

  /** Marks a held slot as chosen and moves the prefix on over all chosen slots that follow. */
  choose(slot: Slot): void {
    if (this.isChosen(slot)) return;
    invariant(this.get(slot) !== undefined, `slot ${slot} is called chosen, but nothing is held there`);
    if (slot > this.prefix + 1) {
      this.chosenBeyond.add(slot);
      return;
    }
    do {
      this.prefix += 1;
      const membership = membershipOf(this.prefix, this.get(this.prefix)!.value, this.configurations.newest);
      if (membership !== null) this.configurations.learn(membership);
    } while (this.chosenBeyond.size > 0 && this.chosenBeyond.delete(this.prefix + 1));
  }

  /** Entries up to a slot are chosen, and handed out: from now on `get` gives copies of them. */
  packTo(slot: Slot): void {
    invariant(slot <= this.prefix, `slot ${slot} is packed and not yet chosen`);
    for (let next = this.packed.last + 1; next <= slot; next += 1) {
      const { ballot, value } = this.get(next)!;
      this.packed.add(ballot, value);
      this.entries[next - this.dropped - 1] = undefined;
    }
  }

  /** Lets go of entries up to a slot: a snapshot at or above it is on disk (rule 12). */
  dropTo(slot: Slot): void {
    invariant(slot <= this.prefix, `slot ${slot} is dropped and not yet chosen`);
    if (slot > this.dropped) this.drop(slot);
  }

  /** A snapshot takes the place of everything up to its slot. */
  install({ slot, memberships }: LogStart): void {
    invariant(slot > this.prefix, `a snapshot of slot ${slot} is installed over slot ${this.prefix}`);
    for (const chosen of this.chosenBeyond) if (chosen <= slot) this.chosenBeyond.delete(chosen);
    this.drop(slot);
    this.prefix = slot;
    this.highest = Math.max(this.highest, slot);
    this.configurations.replace(memberships);
    const next = slot + 1;
    if (this.chosenBeyond.delete(next)) this.choose(next);
  }

  private drop(slot: Slot): void {
    // Only what is kept is gone through: far ahead of what a newcomer has, an entry may stand behind millions of gaps.
    this.entries = this.entries.slice(slot - this.dropped);
    this.packed.dropTo(slot);
    this.dropped = slot;
  }

  /** Consecutive held entries within [from, to], as they travel. */
  *range(from: Slot, to: Slot): Generator<Entry> {
    for (let slot = from; slot <= to; slot += 1) {
      const held = this.get(slot);
      if (held !== undefined) yield { slot, ballot: held.ballot, value: held.value };
    }
  }
}

/** Equal contents, whatever the order of keys. */
export function sameValue(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);
}
