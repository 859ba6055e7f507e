import { compareBallots as compare, sameBallot } from '../../shared/ballot';
import type { Configurations } from './configurations';
import { isMajority, type VoterKey } from './quorum';
import type { Ballot, Member, Slot, Value } from './types';

/** An acceptor's answer to Prepare, as far as it has come in. */
export interface PromiseState {
  readonly voter: VoterKey;
  /** All its accepted entries have arrived (the last page too). */
  readonly complete: boolean;
  /** What it knew to be chosen: entries up to here are not in its answer. */
  readonly chosen: Slot;
}

/**
 * The decisions on which safety rests, in one place. The replica calls them and nothing else decides these
 * questions; the suite swaps one at a time for a wrong ("red") one and must catch it.
 */
export interface Rules {
  /** Whether an acceptor may promise, or accept in, a ballot: never below its promise. */
  mayVote(promised: Ballot, ballot: Ballot): boolean;
  /** Whether a leader's own vote counts: only once it is durable (rule 1). */
  ownVoteCounts(durable: boolean): boolean;
  /** Whether an answer to one heartbeat round confirms a read that began another (rule 11): not one that was begun before it. */
  confirms(answered: number, begun: number): boolean;
  /** Whether the site is open with so many founders' signatures under one list (rule 7): all of them. */
  isFounded(signatures: number, founders: number): boolean;
  /** Whether a change of the members may be proposed beside another that is not yet in force (rule 3): no. */
  mayChange(pending: boolean): boolean;
  /** Whether a slot may be chosen while a snapshot takes the place of the log (rule 12): no. */
  mayChoose(installing: boolean): boolean;
  /** Whether an acceptance in one ballot counts for a leader of another (S7): only within one ballot. */
  acceptanceCounts(leading: Ballot, accepted: Ballot): boolean;
  /**
   * Whether a promise may be counted. The promiser leaves out what it knows chosen, so until the candidate
   * knows that too, the promise says nothing of those slots (rule 2: chosen slots are taken over first; S1).
   */
  promiseCounts(promise: PromiseState, chosenHere: Slot): boolean;
  /** Which of two accepted values of one slot a new leader proposes again: that of the higher ballot (S2). True if `b` replaces `a`. */
  replaces(a: { readonly ballot: Ballot }, b: { readonly ballot: Ballot }): boolean;
  /** What a new leader proposes in a slot of the log that it takes over: the value found, or a no-op in a hole (S5). */
  takenOver(adopted: Value | undefined, noOp: Value): Value;
  /** The members whose majority decides a slot (rule 3), null before the founding. */
  electorate(configurations: Configurations, slot: Slot): readonly Member[] | null;
  /** Whether a majority of the members is among the voters. */
  quorum(members: readonly Member[], voters: ReadonlySet<VoterKey>): boolean;
  /** Whether a follower may apply what it holds in a slot that its leader calls chosen: only what was accepted in that leader's ballot (rule 4, S6). */
  mayApply(held: Ballot, leading: Ballot): boolean;
  /** Whether a slot may be proposed while `applied` is the last applied one (rule 3, S4). */
  withinWindow(slot: Slot, applied: Slot, alpha: number): boolean;
  /** The round of a new campaign: above every round that was ever sent or seen (S8). */
  nextRound(highestSeen: number): number;
  /** Whether the first slot of a new configuration may be proposed (rule 3): everything before it is applied here and held by a majority of the new members. */
  gateOpen(appliedBelow: boolean, held: boolean): boolean;
}

export const RULES: Rules = {
  mayVote: (promised, ballot) => compare(ballot, promised) >= 0,
  ownVoteCounts: (durable) => durable,
  confirms: (answered, begun) => answered >= begun,
  isFounded: (signatures, founders) => signatures === founders,
  mayChange: (pending) => !pending,
  mayChoose: (installing) => !installing,
  acceptanceCounts: (leading, accepted) => sameBallot(leading, accepted),
  promiseCounts: (promise, chosenHere) => promise.complete && promise.chosen <= chosenHere,
  replaces: (a, b) => compare(a.ballot, b.ballot) < 0,
  takenOver: (adopted, noOp) => adopted ?? noOp,
  electorate: (configurations, slot) => configurations.governing(slot)?.members ?? null,
  quorum: isMajority,
  mayApply: (held, leading) => sameBallot(held, leading),
  withinWindow: (slot, applied, alpha) => slot <= applied + alpha,
  nextRound: (highestSeen) => highestSeen + 1,
  gateOpen: (appliedBelow, held) => appliedBelow && held,
};
