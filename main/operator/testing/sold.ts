import type { Command, Value } from '../../../shared/values';
import { type ArchiveEntry, Store } from '../../storage';
import { Tickets } from '../../tickets';

/** Histories as a kiosk would have made them, without running one. */

export const UID = 'uid00000';
const AT = 1_790_000_000_000;

const FOUNDING: Value = {
  kind: 'founding',
  uid: UID,
  members: [{ kiosk: 1, incarnation: '0123456789abcdef', name: 'Kiosk 1', host: '127.0.0.1', port: 7401, priority: 0 }],
  events: [
    {
      id: 'match',
      name: 'Match',
      capacity: 500,
      categories: [
        { id: 'adult', name: 'Adult', price: 1200 },
        { id: 'child', name: 'Child', price: 500 },
      ],
    },
  ],
};

function command(slot: number, what: Record<string, unknown>): Command {
  return {
    requestId: `r-${slot}-${String(what.op)}`,
    kiosk: 1,
    clerk: 'operator',
    issued: slot - 1,
    at: AT + slot,
    ...what,
  } as unknown as Command;
}

/** What stands in a slot: mostly sales, now and then one that is given back. */
function valueAt(slot: number): Value {
  if (slot === 1) return FOUNDING;
  if (slot % 10 === 0) return { kind: 'no-op' };
  if (slot % 7 === 0) return { kind: 'batch', commands: [command(slot, { op: 'void', sale: `${slot - 2}.1` })] };
  return {
    kind: 'batch',
    commands: [command(slot, { op: 'buy', items: [{ event: 'match', category: slot % 2 === 0 ? 'adult' : 'child', n: 2 }] })],
  };
}

/** The history of slots 1 to `last`, and the state after it. */
export function sold(last: number): { readonly entries: readonly ArchiveEntry[]; readonly tickets: Tickets } {
  const tickets = new Tickets();
  const entries: ArchiveEntry[] = [];
  for (let slot = 1; slot <= last; slot += 1) {
    const value = valueAt(slot);
    const results = tickets.apply(slot, value);
    entries.push({
      slot,
      ballot: { round: 1, priority: 0, kiosk: 1, incarnation: '0123456789abcdef' },
      value,
      results,
      hash: tickets.hash,
    });
  }
  return { entries, tickets };
}

/** A data folder that holds the history; with a snapshot of its last slot if asked for. */
export async function folderOf(folder: string, entries: readonly ArchiveEntry[], tickets: Tickets | null = null): Promise<void> {
  const store = await Store.open({ folder, kiosk: 1, uid: UID });
  await store.archive.append(entries);
  if (tickets !== null) await store.saveSnapshot(tickets.snapshot());
  await store.close();
}
