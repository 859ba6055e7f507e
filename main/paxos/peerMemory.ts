import { compareBallots, ZERO_BALLOT } from '../../shared/ballot';
import type { Remembered } from './durable';
import type { Identity } from './inputs';
import { type VoterKey, voterKey } from './quorum';
import type { Ballot, JournalRecord, KioskId, Slot } from './types';

/**
 * The highest ballot and slot that each incarnation of a peer was heard to vouch for, in its Prepare, Promise
 * and Accepted messages and nothing else (rule 8). Told to it in the handshake: less on its own disk is amnesia.
 */
export class PeerMemory {
  private readonly dirty = new Set<VoterKey>();

  constructor(private readonly known: Map<VoterKey, Remembered>) {}

  heard(from: Identity, ballot: Ballot, slot: Slot): void {
    const key = voterKey(from);
    const before = this.known.get(key);
    const higher = compareBallots(ballot, before?.ballot ?? ZERO_BALLOT) > 0;
    if (!higher && slot <= (before?.slot ?? 0)) return;
    if (before !== undefined && !higher) before.slot = slot;
    else {
      const { kiosk, incarnation } = from;
      this.known.set(key, { kiosk, incarnation, ballot: higher ? ballot : ZERO_BALLOT, slot: Math.max(slot, before?.slot ?? 0) });
    }
    this.dirty.add(key);
  }

  /** What has to be written for it to outlive a restart. An alarm, not a proof: now and then is often enough. */
  news(): JournalRecord[] {
    const records = [...this.dirty].map((key): JournalRecord => ({ t: 'peer', ...this.known.get(key)! }));
    this.dirty.clear();
    return records;
  }

  all(): readonly Remembered[] {
    return [...this.known.values()];
  }

  of(kiosk: KioskId): readonly Remembered[] {
    return this.all().flatMap((remembered) => (remembered.kiosk === kiosk ? [{ ...remembered }] : []));
  }
}
