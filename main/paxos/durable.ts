import { compareBallots } from '../../shared/ballot';
import { InTransit } from '../../shared/inTransit';
import type { Identity } from './inputs';
import { Log, type LogStart } from './log';
import { type VoterKey, voterKey } from './quorum';
import type { Ballot, Command, Founding, JournalRecord, RequestId, Slot } from './types';

/** The most that an incarnation of a peer was heard to vouch for. */
export interface Remembered extends Identity {
  readonly ballot: Ballot;
  slot: Slot;
}

/** What a replica remembers over a restart: the journal, folded. */
export interface DurableState {
  promised: Ballot;
  signed: Founding | null;
  readonly log: Log;
  /** Up to here the journal says "chosen, and held here". */
  chosenHeld: Slot;
  /** Commands of this kiosk's clients whose end was not known. */
  readonly pending: InTransit<RequestId, Command>;
  readonly peers: Map<VoterKey, Remembered>;
}

/**
 * Folds a journal's records, oldest first. An acceptance implies the promise of its ballot.
 * @param start the snapshot that the journal stands on; what it says of slots up to there is done with
 * @param promised what the journal's head restates of records that are gone
 */
export function restore(records: readonly JournalRecord[], start: LogStart | null, promised: Ballot): DurableState {
  const state: DurableState = {
    promised,
    signed: null,
    log: new Log(start),
    chosenHeld: start?.slot ?? 0,
    pending: new InTransit(),
    peers: new Map(),
  };
  let chosen: Slot = start?.slot ?? 0;
  const raise = (ballot: Ballot) => {
    if (compareBallots(ballot, state.promised) > 0) state.promised = ballot;
  };
  for (const record of records) {
    switch (record.t) {
      case 'sign':
        state.signed = record.founding;
        break;
      case 'promise':
        raise(record.ballot);
        break;
      case 'accept':
        raise(record.ballot);
        state.log.hold(record.slot, record.ballot, record.value);
        chosen = Math.max(chosen, record.chosen);
        break;
      case 'learn':
        // Entries are received as chosen in order, so all below is chosen too.
        state.log.hold(record.slot, record.ballot, record.value);
        chosen = Math.max(chosen, record.slot);
        break;
      case 'chosen':
        chosen = Math.max(chosen, record.slot);
        state.chosenHeld = Math.max(state.chosenHeld, record.slot);
        break;
      case 'pending':
        state.pending.set(record.command.requestId, record.command);
        break;
      case 'peer': {
        const { t: _t, ...remembered } = record;
        state.peers.set(voterKey(record), remembered);
        break;
      }
    }
  }
  for (let slot = state.log.chosen + 1; slot <= chosen; slot += 1) state.log.choose(slot);
  return state;
}
