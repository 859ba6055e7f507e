import { compareBallots, ZERO_BALLOT } from '../../shared/ballot';
import { Log } from './log';
import type { Ballot, Founding, JournalRecord, Slot } from './types';

/** What a replica remembers over a restart: the journal, folded. */
export interface DurableState {
  promised: Ballot;
  signed: Founding | null;
  readonly log: Log;
  /** Up to here the journal says "chosen, and held here". */
  chosenHeld: Slot;
}

/** Folds a journal's records, oldest first. An acceptance implies the promise of its ballot. */
export function restore(records: readonly JournalRecord[]): DurableState {
  const state: DurableState = { promised: ZERO_BALLOT, signed: null, log: new Log(), chosenHeld: 0 };
  let chosen: Slot = 0;
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
    }
  }
  for (let slot = state.log.chosen + 1; slot <= chosen; slot += 1) state.log.choose(slot);
  return state;
}
