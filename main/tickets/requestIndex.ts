import type { RequestId } from '../../shared/values';

/** As many tables share the ids, by the high bits of their hashes: each grows by itself, and a 256th is moved at a time. */
const TABLES_BITS = 8;
const TABLES = 1 << TABLES_BITS;
const CAPACITY_MIN = 16;
/** A fuller table would be searched too long. */
const FULL = 0.7;
/** FNV-1a, 32 bits. */
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Where the row of a request is: hash tables of row numbers in eight bytes a request, since a million ids as
 * strings in a map would take a hundred. Two ids may share a hash; the caller looks at the row. No single sale pays
 * for the growth of the whole: one table of three million ids stood still for longer than an election takes.
 */
export class RequestIndex {
  private readonly tables = Array.from({ length: TABLES }, () => new Table());

  /** The row with this id for which `matches` says so, or null. */
  find(id: RequestId, matches: (row: number) => boolean): number | null {
    const hash = hashOf(id);
    return this.tableOf(hash).find(hash, matches);
  }

  add(id: RequestId, row: number): void {
    const hash = hashOf(id);
    this.tableOf(hash).add(hash, row);
  }

  /** The same for an id that lies as ASCII bytes in a table. */
  addBytes(view: DataView, at: number, length: number, row: number): void {
    let hash = FNV_START;
    for (let index = at; index < at + length; index += 1) hash = Math.imul(hash ^ view.getUint8(index), FNV_PRIME);
    hash = mixed(hash);
    this.tableOf(hash).add(hash, row);
  }

  private tableOf(hash: number): Table {
    return this.tables[hash >>> (32 - TABLES_BITS)]!;
  }
}

/** Open addressing, a power of two long. */
class Table {
  /** Row number + 1, or 0. */
  private rows = new Uint32Array(CAPACITY_MIN);
  /** Hash of the row's id, so that growing need not read the rows. */
  private hashes = new Uint32Array(CAPACITY_MIN);
  private count = 0;

  find(hash: number, matches: (row: number) => boolean): number | null {
    const mask = this.rows.length - 1;
    for (let at = hash & mask; this.rows[at] !== 0; at = (at + 1) & mask) {
      const row = this.rows[at]! - 1;
      if (this.hashes[at] === hash && matches(row)) return row;
    }
    return null;
  }

  add(hash: number, row: number): void {
    if (this.count + 1 > FULL * this.rows.length) this.grow();
    this.put(hash, row);
  }

  private put(hash: number, row: number): void {
    const mask = this.rows.length - 1;
    let at = hash & mask;
    while (this.rows[at] !== 0) at = (at + 1) & mask;
    this.rows[at] = row + 1;
    this.hashes[at] = hash;
    this.count += 1;
  }

  private grow(): void {
    const { rows, hashes } = this;
    this.rows = new Uint32Array(2 * rows.length);
    this.hashes = new Uint32Array(2 * rows.length);
    this.count = 0;
    for (let at = 0; at < rows.length; at += 1) if (rows[at] !== 0) this.put(hashes[at]!, rows[at]! - 1);
  }
}

function hashOf(id: RequestId): number {
  let hash = FNV_START;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), FNV_PRIME);
  return mixed(hash);
}

/** The low bits choose the place, the high ones the table: both take part in both. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}
