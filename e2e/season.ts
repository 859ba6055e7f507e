import path from 'node:path';
import { loadSite } from '../main/site/load';
import { type ArchiveEntry, Store } from '../main/storage';
import { Tickets } from '../main/tickets';
import type { KioskId } from '../shared/ballot';
import type { Founding, Value } from '../shared/values';
import type { Cluster } from './cluster';

/** As many entries as a kiosk that serves hands to its archive in a while. */
const AT_ONCE = 1_000;
/** A sale every five seconds. */
const BETWEEN_MS = 5_000;
const BEGAN = Date.UTC(2026, 8, 1);

/**
 * Writes the data folder that the only kiosk of a site has after so many slots, each of them a sale of one ticket: by the
 * application and by the store that a kiosk has, only without a sync for each slot, which would be most of a minute.
 */
export async function writeSeason(cluster: Cluster, kiosk: KioskId, slots: number): Promise<void> {
  const site = await loadSite(cluster.site);
  if (!site.ok) throw new Error(site.sentence);
  const { uid, events, kiosks } = site.value;
  const self = kiosks.find(({ id }) => id === kiosk)!;
  const store = await Store.open({ folder: path.resolve(cluster.dataFolder(kiosk)), kiosk, uid });
  try {
    const { id: _, ...address } = self;
    const founding: Founding = { kind: 'founding', uid, members: [{ kiosk, incarnation: store.incarnation, ...address }], events };
    const founded = { round: 0, priority: 0, kiosk, incarnation: store.incarnation };
    const ballot = { ...founded, round: 1, priority: self.priority };
    await store.append([
      { t: 'sign', founding },
      { t: 'learn', slot: 1, ballot: founded, value: founding },
      { t: 'promise', ballot },
    ]);
    const tickets = new Tickets();
    let entries: ArchiveEntry[] = [];
    const [{ id: event, categories }] = events as [(typeof events)[number]];
    for (let slot = 1; slot <= slots; slot += 1) {
      const value: Value = slot === 1 ? founding : sale(slot, kiosk, event, categories[0]!.id);
      const results = tickets.apply(slot, value);
      entries.push({ slot, ballot: slot === 1 ? founded : ballot, value, results, hash: tickets.hash });
      if (entries.length < AT_ONCE && slot < slots) continue;
      await store.archive.append(entries);
      entries = [];
    }
    await store.saveSnapshot(tickets.snapshot());
    await store.checkpoint([{ t: 'chosen', slot: slots }]);
  } finally {
    await store.close();
  }
}

function sale(slot: number, kiosk: KioskId, event: string, category: string): Value {
  const at = BEGAN + slot * BETWEEN_MS;
  const items = [{ event, category, n: 1 }];
  return { kind: 'batch', commands: [{ op: 'buy', requestId: `season-${slot}`, kiosk, clerk: 'operator', issued: slot - 1, at, items }] };
}
