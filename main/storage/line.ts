import { crc32 } from 'node:zlib';

/**
 * One record is one line of the segment's file:
 *
 *     length:8 remaining:8 payloadCrc:8 headerCrc:8 space payload newline
 *
 * in lower-case hexadecimal. `length` is that of the payload in bytes; `remaining` counts the bytes from this
 * line's first to the end of its append group. The header has a checksum of its own, so that a flipped length
 * is not mistaken for a torn tail. The payload is JSON with everything beyond ASCII escaped: NeDB takes
 * U+2028, U+2029 and U+0085 for line ends.
 */
const FIELD = 8;
const HEADER_BYTES = 4 * FIELD + 1;
const NEWLINE = 0x0a;
const NUL = 0x00;
/** Disks write whole sectors; after a power cut the ones that were not written read as zeros. */
const SECTOR_BYTES = 512;

function hex(value: number): string {
  return value.toString(16).padStart(FIELD, '0');
}

/** Bytes that a payload takes as a line, newline included. */
export function lineBytes(payload: string): number {
  return HEADER_BYTES + payload.length + 1;
}

const NOT_ASCII = /[\u007f-\uffff]/;

/** JSON text in ASCII alone; the same value when parsed. */
export function asciiJson(json: string): string {
  if (!NOT_ASCII.test(json)) return json;
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The line of a payload (without its newline). @param remaining bytes from here to the end of the append group */
export function encodeLine(payload: string, remaining: number): string {
  return headerOf(payload, remaining) + payload;
}

/** Writes the line of a payload, newline included, and returns where it ends. @param remaining bytes from here to the end of the append group */
export function writeLine(bytes: Buffer, at: number, payload: string, remaining: number): number {
  bytes.write(headerOf(payload, remaining), at, 'latin1');
  bytes.write(payload, at + HEADER_BYTES, 'latin1');
  const end = at + lineBytes(payload);
  bytes[end - 1] = NEWLINE;
  return end;
}

/** The lines of payloads, one after another. @param group they are one append group; else each is one of its own */
export function linesOf(payloads: readonly string[], group: boolean): Buffer {
  const lines = Buffer.allocUnsafe(payloads.reduce((sum, payload) => sum + lineBytes(payload), 0));
  let at = 0;
  for (const payload of payloads) at = writeLine(lines, at, payload, group ? lines.length - at : lineBytes(payload));
  return lines;
}

function headerOf(payload: string, remaining: number): string {
  const fields = hex(payload.length) + hex(remaining) + hex(crc32(payload));
  return `${fields}${hex(crc32(fields))} `;
}

/** The payload of one whole line; throws on any damage. */
export function decodeLine(line: string): string {
  const header = readHeader(line);
  if (header === null) throw new Error('damaged header');
  const payload = line.slice(HEADER_BYTES);
  if (payload.length !== header.length || hex(crc32(payload)) !== header.payloadCrc) throw new Error('damaged payload');
  return payload;
}

interface Header {
  readonly length: number;
  readonly remaining: number;
  readonly payloadCrc: string;
}

function readHeader(text: string): Header | null {
  const fields = text.slice(0, 3 * FIELD);
  if (text.length < HEADER_BYTES || text[4 * FIELD] !== ' ' || text.slice(3 * FIELD, 4 * FIELD) !== hex(crc32(fields))) return null;
  return {
    length: Number.parseInt(fields.slice(0, FIELD), 16),
    remaining: Number.parseInt(fields.slice(FIELD, 2 * FIELD), 16),
    payloadCrc: fields.slice(2 * FIELD),
  };
}

export interface Scan {
  /** Payloads of the whole lines, in order. */
  readonly payloads: readonly string[];
  /** Where the last whole line ends, its newline included if it has one. */
  readonly goodBytes: number;
  /** 'torn': the last append group was cut short and nothing else is wrong; 'damaged': anything else. */
  readonly tail: 'whole' | 'torn' | 'damaged';
  /** Byte at which the first thing that is wrong begins. */
  readonly at: number;
}

/**
 * Reads a segment's bytes. Torn is only what a crash or power cut can leave of the last append group: the
 * file ends before the announced length, or whole sectors read as zeros. A last line that lacks just its
 * newline is kept. All else is damage: it might be a vote, and is never "nothing" (rule 8).
 */
export function scan(bytes: Buffer): Scan {
  const payloads: string[] = [];
  let at = 0;
  /** End of the append group that the present position belongs to; null where a new group begins. */
  let groupEnd: number | null = null;
  const stop = (torn: boolean): Scan => ({ payloads, goodBytes: at, tail: torn ? 'torn' : 'damaged', at });
  while (at < bytes.length) {
    const header = readHeader(bytes.toString('latin1', at, at + HEADER_BYTES));
    if (header === null) return stop(isTornHeader(bytes, at, groupEnd));
    const end = at + HEADER_BYTES + header.length;
    const lastOfGroup: number = groupEnd ?? at + header.remaining;
    if (lastOfGroup !== at + header.remaining || end + 1 > lastOfGroup) return stop(false);
    if (end > bytes.length) return stop(bytes.length < lastOfGroup);
    const payload = bytes.toString('latin1', at + HEADER_BYTES, end);
    const whole = hex(crc32(payload)) === header.payloadCrc && (end === bytes.length || bytes[end] === NEWLINE);
    if (!whole) return stop(bytes.length <= lastOfGroup && hasNulSector(bytes, at, Math.min(end + 1, bytes.length)));
    payloads.push(payload);
    at = Math.min(end + 1, bytes.length);
    groupEnd = at >= lastOfGroup ? null : lastOfGroup;
  }
  return { payloads, goodBytes: at, tail: 'whole', at };
}

/** A header that can't be read, at the end of the file: cut short, or in sectors that were never written. */
function isTornHeader(bytes: Buffer, at: number, groupEnd: number | null): boolean {
  const rest = bytes.subarray(at);
  if (groupEnd !== null && bytes.length > groupEnd) return false;
  if (rest.length < HEADER_BYTES) return isHeaderPrefix(rest) || hasNulSector(bytes, at, bytes.length);
  // In a new group the announced end is not known: then nothing but zeros may follow the first of them.
  if (groupEnd === null) return zerosFromSector(bytes, at);
  return hasNulSector(bytes, at, Math.min(at + HEADER_BYTES, bytes.length));
}

function isHeaderPrefix(rest: Buffer): boolean {
  return /^[0-9a-f]*$/.test(rest.toString('latin1').slice(0, 4 * FIELD)) && rest.length < HEADER_BYTES;
}

/** Whether [from, to) touches a sector (counted from the file's start) that reads as zeros from `from`, or from its start, to its end or the file's. */
function hasNulSector(bytes: Buffer, from: number, to: number): boolean {
  for (let sector = from - (from % SECTOR_BYTES); sector < to; sector += SECTOR_BYTES) {
    const start = Math.max(sector, from);
    const end = Math.min(sector + SECTOR_BYTES, bytes.length);
    if (end > start && isZero(bytes, start, end)) return true;
  }
  return false;
}

function zerosFromSector(bytes: Buffer, at: number): boolean {
  const firstZero = bytes.indexOf(NUL, at);
  if (firstZero === -1 || !isZero(bytes, firstZero, bytes.length)) return false;
  return firstZero === at || firstZero % SECTOR_BYTES === 0;
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (bytes[index] !== NUL) return false;
  return true;
}
