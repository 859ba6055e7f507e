import { z } from 'zod';
import type { CommandResult, LogEntryView } from '../../shared/answers';
import { ballotSchema, type Slot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { entryLine } from '../../shared/text';
import { valueSchema } from '../../shared/values';
import { viewOf } from '../kiosk/logText';
import type { ArchiveEntry } from '../storage';
import { chainHash, FIRST_HASH, Tickets } from '../tickets';

/** The first thing in a history that is not as it was sold. */
export interface Finding {
  readonly slot: Slot;
  /** One sentence. */
  readonly what: string;
  /** The entry as it stands there, as `show` prints it, or as it is where that can't be. */
  readonly entry: string;
}

export interface EventTotals {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  readonly sold: number;
  readonly remaining: number;
}

/** What a history adds up to, worked out anew from its entries. */
export interface Totals {
  readonly slots: Slot;
  readonly hash: string;
  readonly generation: number;
  readonly events: readonly EventTotals[];
  readonly sales: number;
  /** Tickets that were given back, by cancel and void. */
  readonly returned: number;
  /** Cents: taken by sales, and given back by cancelled and voided ones. */
  readonly taken: number;
  readonly givenBack: number;
}

const entrySchema = z.strictObject({
  slot: z.int().min(1),
  ballot: ballotSchema,
  value: valueSchema,
  results: z.array(z.record(z.string(), z.unknown())),
  hash: z.string().length(64),
});

/**
 * Proves a history, entry by entry from slot 1 on: that each follows from the one before by the chain of hashes
 * (rule 13), and that the rules give, from the very beginning, the results that stand there. Whoever changes an entry
 * breaks the chain there, unless he makes every hash after it anew: that is what a signed export, a snapshot's hash or
 * another kiosk's history is held against.
 */
export class Proof {
  private readonly tickets = new Tickets();
  private hash = FIRST_HASH;
  private next: Slot = 1;
  private sales = 0;
  private returned = 0;
  private taken = 0;
  private givenBack = 0;

  /** The slots that are proved so far. */
  get slots(): Slot {
    return this.next - 1;
  }

  /** Takes the next entry; what is wrong with it, or null. After a finding nothing more is to be taken. */
  take(given: unknown): Finding | null {
    const parsed = entrySchema.safeParse(given);
    if (!parsed.success) return this.finding(given, 'this is no entry of a log');
    const entry = parsed.data as unknown as ArchiveEntry;
    if (entry.slot !== this.next) return this.finding(given, `slot ${entry.slot} stands where slot ${this.next} belongs`);
    const { slot, value, results } = entry;
    if (chainHash(this.hash, slot, value, results) !== entry.hash)
      return this.finding(entry, 'the chain of hashes breaks here: this entry, its results or its hash were changed');
    let computed: readonly CommandResult[];
    try {
      computed = this.tickets.apply(slot, value);
    } catch (error) {
      return this.finding(entry, `no correct log holds this: ${(error as Error).message}`);
    }
    const odd = results.findIndex((result, index) => canonicalJson(hashed(result)) !== canonicalJson(hashed(computed[index])));
    if (odd !== -1 || results.length !== computed.length)
      return this.finding(
        entry,
        `the results are not those that the rules give: command ${odd + 1} says ${canonicalJson(results[odd] ?? null)}, and should say ${canonicalJson(computed[odd] ?? null)}`,
      );
    this.hash = entry.hash;
    this.next += 1;
    for (const result of computed) this.add(result);
    return null;
  }

  get totals(): Totals {
    const { tickets, sales, returned, taken, givenBack } = this;
    return {
      slots: this.slots,
      hash: this.hash,
      generation: tickets.memberships.at(-1)?.generation ?? 0,
      events: tickets.events().map(({ id, name, capacity, sold, remaining }) => ({ id, name, capacity, sold, remaining })),
      sales,
      returned,
      taken,
      givenBack,
    };
  }

  private add(result: CommandResult): void {
    if (!result.ok || result.duplicate) return;
    if (result.op === 'buy') {
      this.sales += 1;
      this.taken += result.total;
    }
    if (result.op === 'void' || (result.op === 'cancel' && result.sale !== null)) {
      this.returned += result.items.reduce((sum, { n }) => sum + n, 0);
      this.givenBack += result.op === 'void' ? result.total : (this.tickets.sale(result.sale ?? '')?.total ?? 0);
    }
  }

  private finding(entry: unknown, what: string): Finding {
    return { slot: this.next, what, entry: entryText(entry) };
  }
}

/** As it stands in the chain: a refusal's sentence is no part of it. */
function hashed(result: CommandResult | undefined): unknown {
  if (result === undefined || result.ok) return result;
  const { said: _, ...rest } = result;
  return { ...rest, message: '' };
}

/** An entry in one line; its JSON where it is none. */
export function entryText(entry: unknown): string {
  try {
    return entryLine(viewOf(entry as ArchiveEntry) as LogEntryView);
  } catch {
    return JSON.stringify(entry)?.slice(0, 1_000) ?? String(entry);
  }
}
