import { sameBallot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import { Configurations } from './configurations';
import type { Ballot, Entry, Slot, Value } from './types';

export interface HeldEntry {
  readonly ballot: Ballot;
  readonly value: Value;
}

/**
 * What this kiosk holds of the log: per slot the accepted (ballot, value), and which slots are known chosen.
 * Invariant: every slot up to `chosen` is held and chosen; a chosen slot's value never changes.
 */
export class Log {
  readonly configurations = new Configurations();
  private readonly entries = new Map<Slot, HeldEntry>();
  private readonly chosenBeyond = new Set<Slot>();
  private prefix: Slot = 0;
  private highest: Slot = 0;

  /** Everything up to here is chosen. Never falls. */
  get chosen(): Slot {
    return this.prefix;
  }

  /** The highest slot that holds anything. */
  get last(): Slot {
    return this.highest;
  }

  get(slot: Slot): HeldEntry | undefined {
    return this.entries.get(slot);
  }

  isChosen(slot: Slot): boolean {
    return slot <= this.prefix || this.chosenBeyond.has(slot);
  }

  /** Stores an acceptance, or an entry received as chosen. */
  hold(slot: Slot, ballot: Ballot, value: Value): void {
    const held = this.entries.get(slot);
    if (held !== undefined && (this.isChosen(slot) || sameBallot(held.ballot, ballot))) {
      invariant(sameValue(held.value, value), `slot ${slot} would change its value: two values in one ballot, or over a chosen one`);
      if (this.isChosen(slot)) return;
    }
    this.entries.set(slot, { ballot, value });
    if (slot > this.highest) this.highest = slot;
  }

  /** Marks a held slot as chosen and moves the prefix on over all chosen slots that follow. */
  choose(slot: Slot): void {
    if (this.isChosen(slot)) return;
    invariant(this.entries.has(slot), `slot ${slot} is called chosen, but nothing is held there`);
    this.chosenBeyond.add(slot);
    while (this.chosenBeyond.delete(this.prefix + 1)) {
      this.prefix += 1;
      this.configurations.learn(this.prefix, this.entries.get(this.prefix)!.value);
    }
  }

  /** Consecutive held entries within [from, to], as they travel. */
  *range(from: Slot, to: Slot): Generator<Entry> {
    for (let slot = from; slot <= to; slot += 1) {
      const held = this.entries.get(slot);
      if (held !== undefined) yield { slot, ballot: held.ballot, value: held.value };
    }
  }
}

/** Equal contents, whatever the order of keys. */
export function sameValue(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);
}
