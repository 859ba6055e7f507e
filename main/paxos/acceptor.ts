import { compareBallots, sameBallot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import type { Core } from './core';
import type { Identity } from './inputs';
import { sameValue } from './log';
import type { Ballot, Message, Slot } from './types';
import { page } from './wire';

/**
 * Phases 1b and 2b (Lamport, "Paxos Made Simple", section 2.2), for all slots at once. It answers whoever
 * asks: whose votes count is judged where they are counted. Invariant: promised >= every accepted ballot.
 */
export class Acceptor {
  constructor(private readonly core: Core) {}

  /** Returns true if the ballot is (now) the promised one. */
  onPrepare(from: Identity, message: Extract<Message, { t: 'prepare' }>): boolean {
    const { core } = this;
    if (!ownBallot(from, message.ballot)) return false;
    if (!core.rules.mayVote(core.promised, message.ballot)) {
      this.reject(from, message.ballot);
      return false;
    }
    if (!sameBallot(message.ballot, core.promised)) core.promise(message.ballot);
    const start = Math.max(message.from, core.log.chosen + 1);
    const { entries, more } = page(core.log.range(start, core.log.last));
    core.out.vouch(from.kiosk, {
      t: 'promise',
      ballot: message.ballot,
      from: message.from,
      chosen: core.log.chosen,
      entries,
      ...(more === null ? {} : { more: more.slot }),
    });
    return true;
  }

  /** Returns true if the ballot is (now) the promised one. */
  onAccept(from: Identity, message: Extract<Message, { t: 'accept' }>): boolean {
    const { core } = this;
    if (!ownBallot(from, message.ballot)) return false;
    if (!core.rules.mayVote(core.promised, message.ballot)) {
      this.reject(from, message.ballot);
      return false;
    }
    const slots: Slot[] = [];
    let wrote = false;
    for (const { slot, value } of message.entries) {
      slots.push(slot);
      const held = core.log.get(slot);
      if (slot <= core.log.chosen) {
        // A late Accept of a leader that was overruled, at a kiosk that has promised nothing since: it learned the slot by a page.
        if (held !== undefined && compareBallots(message.ballot, held.ballot) < 0) {
          slots.pop();
          continue;
        }
        // A chosen value is all that a ballot above the one in which it was chosen can propose.
        invariant(
          slot <= core.log.base || (held !== undefined && sameValue(held.value, value)),
          `slot ${slot} is proposed anew with another value than the chosen one`,
        );
        continue;
      }
      if (held !== undefined && sameBallot(held.ballot, message.ballot)) {
        invariant(sameValue(held.value, value), `slot ${slot} has two values in ballot ${message.ballot.round}`);
        continue;
      }
      invariant(held === undefined || compareBallots(held.ballot, message.ballot) < 0, `slot ${slot}: the accepted ballot would fall`);
      core.log.hold(slot, message.ballot, value);
      core.write({ t: 'accept', slot, ballot: message.ballot, value, chosen: core.log.chosen });
      wrote = true;
    }
    if (!sameBallot(message.ballot, core.promised)) {
      // The acceptance in the journal implies the promise; where nothing was accepted, the promise stands alone.
      if (wrote) core.raise(message.ballot);
      else core.promise(message.ballot);
    }
    if (slots.length === 0) return true;
    core.vouched = Math.max(core.vouched, ...slots);
    core.out.vouch(from.kiosk, { t: 'accepted', ballot: message.ballot, slots });
    return true;
  }

  /** Rule 3: say that everything up to a slot is held durably, as chosen; silent until it is. */
  onHold(from: Identity, message: Extract<Message, { t: 'hold' }>): void {
    const { core } = this;
    if (core.log.chosen < message.slot) return;
    if (core.chosenHeld < message.slot) {
      core.chosenHeld = core.log.chosen;
      core.write({ t: 'chosen', slot: core.log.chosen });
    }
    core.out.vouch(from.kiosk, { t: 'held', ballot: message.ballot, slot: message.slot });
  }

  private reject(from: Identity, ballot: Ballot): void {
    this.core.out.send(from.kiosk, { t: 'reject', ballot, promised: this.core.promised });
  }
}

/** A ballot is used by the one kiosk, in the one incarnation, that it names. */
function ownBallot(from: Identity, ballot: Ballot): boolean {
  return ballot.kiosk === from.kiosk && ballot.incarnation === from.incarnation;
}
