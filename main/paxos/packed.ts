import { sameBallot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import { valueText } from '../../shared/valueText';
import type { Ballot, Slot, Value } from './types';

/** Texts share pieces of memory of so many bytes; a longer text has a piece of its own. */
const PIECE_BYTES = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What is held of a slot. */
export interface HeldEntry {
  readonly ballot: Ballot;
  readonly value: Value;
}

/** Some consecutive entries: their values as JSON, one after another. */
class Piece {
  private length = 0;
  /** Where each text ends. */
  private readonly ends: number[] = [];
  private readonly ballots: Ballot[] = [];

  constructor(
    readonly first: Slot,
    private readonly bytes: Uint8Array,
  ) {}

  get last(): Slot {
    return this.first + this.ends.length - 1;
  }

  /** False if there is no room for it. */
  add(ballot: Ballot, text: string): boolean {
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(this.length));
    if (read < text.length) return false;
    this.length += written;
    this.ends.push(this.length);
    const before = this.ballots.at(-1);
    // Each message brings an object of its own for what is one ballot for hours.
    this.ballots.push(before !== undefined && sameBallot(before, ballot) ? before : ballot);
    return true;
  }

  get(slot: Slot): HeldEntry {
    const index = slot - this.first;
    const text = decoder.decode(this.bytes.subarray(this.ends[index - 1] ?? 0, this.ends[index]));
    return { ballot: this.ballots[index]!, value: JSON.parse(text) as Value };
  }
}

/**
 * Consecutive entries of the log that are seldom asked for again, as bytes outside V8's heap: a batch of one sale is a
 * dozen objects otherwise, and thousands of batches live just long enough for V8's collector of short-lived objects to copy
 * each of them twice, while a sale waits.
 */
export class PackedEntries {
  private pieces: Piece[] = [];

  /** @param newest the slot before the first that is added */
  constructor(private newest: Slot) {}

  /** The newest slot in it, or right before the one that is added next. */
  get last(): Slot {
    return this.newest;
  }

  /** Adds the entry of the next slot. */
  add(ballot: Ballot, value: Value): void {
    const text = valueText(value);
    if (!this.pieces.at(-1)?.add(ballot, text)) {
      const piece = new Piece(this.newest + 1, new Uint8Array(Math.max(encoder.encode(text).length, PIECE_BYTES)));
      piece.add(ballot, text);
      this.pieces.push(piece);
    }
    this.newest += 1;
  }

  /** The entry of a slot that was added and not dropped, as a fresh object each time. */
  get(slot: Slot): HeldEntry {
    const piece = this.pieces.findLast(({ first }) => first <= slot);
    invariant(piece !== undefined && slot <= piece.last, `slot ${slot} is not among those that were packed`);
    return piece.get(slot);
  }

  /** Lets go of entries up to a slot; of some that share memory with later ones not yet. */
  dropTo(slot: Slot): void {
    this.pieces = this.pieces.filter(({ last }) => last > slot);
    this.newest = Math.max(this.newest, slot);
  }
}
