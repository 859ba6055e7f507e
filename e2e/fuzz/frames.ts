import { randomBytes } from 'node:crypto';

/** WebSocket frames (RFC 6455), as a client sends them: whole ones, and ones that no client should send. */

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const SHORT_MAX = 125;
const WORD_MAX = 0xffff;
const MASK_BYTES = 4;

export interface FrameShape {
  readonly fin: boolean;
  /** The three reserved bits, 0 in a frame that is right. */
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** What the head says; the payload's own length in a frame that is right. */
  readonly length: number;
}

/** A frame of any shape. */
export function frame(payload: Buffer, shape: Partial<FrameShape> = {}): Buffer {
  const { fin = true, reserved = 0, opcode = OPCODES.text, masked = true, length = payload.length } = shape;
  const size = length <= SHORT_MAX ? 0 : length <= WORD_MAX ? 2 : 8;
  const head = Buffer.alloc(2 + size);
  head[0] = (fin ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15);
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(MASK_BYTES);
  const body = Buffer.from(payload);
  for (let index = 0; index < body.length; index += 1) body[index]! ^= mask[index % MASK_BYTES]!;
  return Buffer.concat([head, mask, body]);
}

export function textFrame(text: string): Buffer {
  return frame(Buffer.from(text));
}

/** Reads the frames of a server, which are not masked; gives the text of each text frame. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly onText: (text: string) => void) {}

  add(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (;;) {
      const { rest } = this;
      if (rest.length < 2) return;
      const short = rest[1]! & 0x7f;
      const size = short === 126 ? 2 : short === 127 ? 8 : 0;
      if (rest.length < 2 + size) return;
      const length = size === 0 ? short : size === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < 2 + size + length) return;
      if ((rest[0]! & 15) === OPCODES.text) this.onText(rest.toString('utf8', 2 + size, 2 + size + length));
      this.rest = rest.subarray(2 + size + length);
    }
  }
}
