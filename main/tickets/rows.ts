import type { Slot } from '../../shared/ballot';
import { invariant } from '../../shared/invariant';
import { SNAPSHOT_PART_BYTES } from '../../shared/snapshot';

/** Each row begins with its length, in this many bytes. */
const LENGTH_BYTES = 2;
const ROW_BYTES_MAX = 0xffff;

interface Chunk {
  /** Number of its first row. */
  readonly first: number;
  bytes: Uint8Array;
  view: DataView;
  used: number;
  /** Where each row's contents begin. */
  starts: Uint32Array;
  rows: number;
  /** A snapshot has these very bytes: they are copied before the next change. */
  shared: boolean;
}

/** A row as it lies in the table: read it at once, it is no copy. */
export interface Row {
  readonly view: DataView;
  readonly at: number;
  readonly length: number;
}

/**
 * A table of rows of bytes, numbered from 0 and only ever added at the end, in chunks of SNAPSHOT_PART_BYTES.
 * A site has a million sales: as bytes they take a sixth of the memory of objects, a full chunk goes to disk and
 * to other kiosks as it is, and what did not change between two snapshots is shared by them.
 */
export class Rows {
  private chunks: Chunk[] = [];
  private next = 0;

  /** Rows ever added. */
  get count(): number {
    return this.next;
  }

  /** The oldest row that is still here. */
  get first(): number {
    return this.chunks[0]?.first ?? this.next;
  }

  /** Adds a copy of the first `length` bytes and returns the row's number. */
  add(contents: Uint8Array, length: number): number {
    invariant(length <= ROW_BYTES_MAX, `a row of ${length} bytes is too long`);
    let chunk = this.chunks.at(-1);
    if (chunk === undefined || chunk.used + LENGTH_BYTES + length > chunk.bytes.length) chunk = this.open();
    chunk.view.setUint16(chunk.used, length);
    const start = chunk.used + LENGTH_BYTES;
    chunk.bytes.set(contents.subarray(0, length), start);
    noteStart(chunk, start);
    chunk.used = start + length;
    this.next += 1;
    return this.next - 1;
  }

  read(row: number): Row {
    const chunk = this.chunkOf(row);
    const at = chunk.starts[row - chunk.first]!;
    return { view: chunk.view, at, length: chunk.view.getUint16(at - LENGTH_BYTES) };
  }

  /** Changes one byte of a row. */
  set(row: number, offset: number, value: number): void {
    const chunk = this.chunkOf(row);
    if (chunk.shared) {
      chunk.bytes = chunk.bytes.slice();
      chunk.view = viewOf(chunk.bytes);
      chunk.shared = false;
    }
    chunk.bytes[chunk.starts[row - chunk.first]! + offset] = value;
  }

  /** Lets go of whole chunks whose last row is done with; returns whether any went. */
  dropWhile(done: (lastRow: number) => boolean): boolean {
    let gone = 0;
    while (gone + 1 < this.chunks.length && done(this.chunks[gone + 1]!.first - 1)) gone += 1;
    this.chunks.splice(0, gone);
    return gone > 0;
  }

  /** The chunks as they are now, oldest first. What is changed later is copied first. */
  freeze(): readonly Uint8Array[] {
    return this.chunks.map((chunk, index) => {
      // The last one still grows: it is copied, the others are shared.
      if (index === this.chunks.length - 1) return chunk.bytes.slice(0, chunk.used);
      if (chunk.bytes.length !== chunk.used) {
        chunk.bytes = chunk.bytes.slice(0, chunk.used);
        chunk.view = viewOf(chunk.bytes);
      }
      chunk.shared = true;
      return chunk.bytes;
    });
  }

  /** @param first the number of the first row in the first chunk */
  static restore(chunks: readonly Uint8Array[], first: number): Rows {
    const rows = new Rows();
    rows.next = first;
    for (const [index, bytes] of chunks.entries()) {
      const last = index === chunks.length - 1;
      // The last one goes on growing, in room of its own.
      const own = last ? enlarge(bytes) : bytes;
      const chunk: Chunk = {
        first: rows.next,
        bytes: own,
        view: viewOf(own),
        used: bytes.length,
        starts: NO_STARTS,
        rows: 0,
        shared: !last,
      };
      for (let at = 0; at < bytes.length; ) {
        const start = at + LENGTH_BYTES;
        invariant(start <= bytes.length, 'a table of the snapshot ends within a row');
        at = start + chunk.view.getUint16(at);
        invariant(at <= bytes.length, 'a table of the snapshot ends within a row');
        noteStart(chunk, start);
      }
      invariant(chunk.rows > 0, 'a table of the snapshot has an empty part');
      if (!last) chunk.starts = chunk.starts.slice(0, chunk.rows);
      rows.next += chunk.rows;
      rows.chunks.push(chunk);
    }
    return rows;
  }

  private open(): Chunk {
    const full = this.chunks.at(-1);
    if (full !== undefined) full.starts = full.starts.slice(0, full.rows);
    const bytes = new Uint8Array(SNAPSHOT_PART_BYTES);
    const chunk: Chunk = { first: this.next, bytes, view: viewOf(bytes), used: 0, starts: NO_STARTS, rows: 0, shared: false };
    this.chunks.push(chunk);
    return chunk;
  }

  private chunkOf(row: number): Chunk {
    invariant(row >= this.first && row < this.next, `there is no row ${row} between ${this.first} and ${this.next}`);
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.chunks[middle]!.first <= row) low = middle;
      else high = middle - 1;
    }
    return this.chunks[low]!;
  }
}

const NO_STARTS = new Uint32Array(0);
const STARTS_MIN = 256;

function noteStart(chunk: Chunk, start: number): void {
  if (chunk.rows === chunk.starts.length) {
    const more = new Uint32Array(Math.max(STARTS_MIN, 2 * chunk.rows));
    more.set(chunk.starts);
    chunk.starts = more;
  }
  chunk.starts[chunk.rows] = start;
  chunk.rows += 1;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function enlarge(bytes: Uint8Array): Uint8Array {
  const own = new Uint8Array(Math.max(SNAPSHOT_PART_BYTES, bytes.length));
  own.set(bytes);
  return own;
}

/** Writes a row's fields one after another into room that is used again for the next row. */
export class RowWriter {
  private readonly bytes = new Uint8Array(ROW_BYTES_MAX);
  private readonly view = viewOf(this.bytes);
  private at = 0;

  begin(): this {
    this.at = 0;
    return this;
  }

  u8(value: number): this {
    this.view.setUint8(this.at, value);
    this.at += 1;
    return this;
  }

  u16(value: number): this {
    this.view.setUint16(this.at, value);
    this.at += 2;
    return this;
  }

  u32(value: number): this {
    this.view.setUint32(this.at, value);
    this.at += 4;
    return this;
  }

  /** Whole numbers up to 2^53: slots, and milliseconds since 1970. */
  whole(value: Slot): this {
    this.view.setFloat64(this.at, value);
    this.at += 8;
    return this;
  }

  /** ASCII, at most 255 letters. */
  ascii(text: string): this {
    this.u8(text.length);
    for (let index = 0; index < text.length; index += 1) this.u8(text.charCodeAt(index));
    return this;
  }

  /** Any text; its length is counted in bytes. */
  text(text: string): this {
    const start = this.at + 2;
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(start));
    invariant(read === text.length, 'a text is too long for its row');
    this.u16(written);
    this.at = start + written;
    return this;
  }

  zeros(count: number): this {
    this.bytes.fill(0, this.at, this.at + count);
    this.at += count;
    return this;
  }

  addTo(rows: Rows): number {
    return rows.add(this.bytes, this.at);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads the fields of a row in the order in which they were written. */
export class RowReader {
  private at: number;

  constructor(private readonly row: Row) {
    this.at = row.at;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.at - this.row.at;
  }

  u8(): number {
    this.at += 1;
    return this.row.view.getUint8(this.at - 1);
  }

  u16(): number {
    this.at += 2;
    return this.row.view.getUint16(this.at - 2);
  }

  u32(): number {
    this.at += 4;
    return this.row.view.getUint32(this.at - 4);
  }

  whole(): number {
    this.at += 8;
    return this.row.view.getFloat64(this.at - 8);
  }

  ascii(): string {
    const length = this.u8();
    let text = '';
    for (let index = 0; index < length; index += 1) text += String.fromCharCode(this.row.view.getUint8(this.at + index));
    this.at += length;
    return text;
  }

  /** Whether the ASCII text here is this one; reads over it. */
  isAscii(text: string): boolean {
    const length = this.u8();
    const { at } = this;
    this.at += length;
    if (length !== text.length) return false;
    for (let index = 0; index < length; index += 1) if (this.row.view.getUint8(at + index) !== text.charCodeAt(index)) return false;
    return true;
  }

  text(): string {
    const length = this.u16();
    const { buffer, byteOffset } = this.row.view;
    this.at += length;
    return decoder.decode(new Uint8Array(buffer, byteOffset + this.at - length, length));
  }

  skip(count: number): this {
    this.at += count;
    return this;
  }
}
