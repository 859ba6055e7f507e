import type { RequestId } from '../../shared/values';

const CAPACITY_MIN = 1_024;
/** A fuller table would be searched too long. */
const FULL = 0.7;
/** FNV-1a, 32 bits. */
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Where the row of a request is: a hash table of row numbers in eight bytes a request, since a million ids as
 * strings in a map would take a hundred. Two ids may share a hash; the caller looks at the row.
 */
export class RequestIndex {
  /** Row number + 1, or 0; open addressing. */
  private rows = new Uint32Array(CAPACITY_MIN);
  /** Hash of the row's id, so that growing need not read the rows. */
  private hashes = new Uint32Array(CAPACITY_MIN);
  private count = 0;

  /** The row with this id for which `matches` says so, or null. */
  find(id: RequestId, matches: (row: number) => boolean): number | null {
    const hash = hashOf(id);
    const mask = this.rows.length - 1;
    for (let at = hash & mask; this.rows[at] !== 0; at = (at + 1) & mask) {
      const row = this.rows[at]! - 1;
      if (this.hashes[at] === hash && matches(row)) return row;
    }
    return null;
  }

  add(id: RequestId, row: number): void {
    if (this.count + 1 > FULL * this.rows.length) this.resize(2 * this.rows.length);
    this.put(hashOf(id), row);
  }

  /** The same for an id that lies as ASCII bytes in a table. */
  addBytes(view: DataView, at: number, length: number, row: number): void {
    let hash = FNV_START;
    for (let index = at; index < at + length; index += 1) hash = Math.imul(hash ^ view.getUint8(index), FNV_PRIME);
    if (this.count + 1 > FULL * this.rows.length) this.resize(2 * this.rows.length);
    this.put(mixed(hash), row);
  }

  /** Room for so many, so that filling it does not grow it step by step. */
  reserve(count: number): void {
    let capacity = this.rows.length;
    while (count > FULL * capacity) capacity *= 2;
    if (capacity !== this.rows.length) this.resize(capacity);
  }

  private put(hash: number, row: number): void {
    const mask = this.rows.length - 1;
    let at = hash & mask;
    while (this.rows[at] !== 0) at = (at + 1) & mask;
    this.rows[at] = row + 1;
    this.hashes[at] = hash;
    this.count += 1;
  }

  private resize(capacity: number): void {
    const { rows, hashes } = this;
    this.rows = new Uint32Array(capacity);
    this.hashes = new Uint32Array(capacity);
    this.count = 0;
    for (let at = 0; at < rows.length; at += 1) if (rows[at] !== 0) this.put(hashes[at]!, rows[at]! - 1);
  }
}

function hashOf(id: RequestId): number {
  let hash = FNV_START;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), FNV_PRIME);
  return mixed(hash);
}

/** The low bits choose the place: the high ones take part. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}
