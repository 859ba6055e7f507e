import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { z } from 'zod';
import { type Loaded, refused } from '../site/load';
import { CIPHER, COST, COST_MAX, isLongCode, keyOf, newCode, SALT_BYTES, TAG_BYTES } from '../site/seal';

/**
 * A file that opens with a code only. Its first line says how it is sealed; then come pieces, each encrypted under a
 * nonce of its place in the file and of whether it is the last: none can be changed, moved, left out or cut off the end,
 * and nothing of a piece is used before it is proved. So it is written and read as a stream, however long.
 */
const headSchema = z.strictObject({
  sealed: z.literal('quorum-kiosk'),
  format: z.literal(1),
  cost: z.int().min(COST).max(COST_MAX),
  salt: z.string().regex(new RegExp(`^[0-9a-f]{${SALT_BYTES * 2}}$`)),
});
type Head = z.infer<typeof headSchema>;

const BEGINNING = '{"sealed":';
/** A head is shorter. */
const HEAD_MAX_BYTES = 512;
export const PIECE_BYTES = 64 * 1024;
const NONCE_BYTES = 12;
const CODE_MODE = 0o600;

/** Why a sealed file is not read, in one sentence. */
export class SealError extends Error {}

function nonceOf(place: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt8(last ? 1 : 0, 0);
  nonce.writeBigUInt64BE(BigInt(place), NONCE_BYTES - 8);
  return nonce;
}

/** Takes what is to be sealed, gives what is to be written. The key is of this file alone, so no nonce ever comes twice under it. */
export async function sealing(code: string): Promise<Transform> {
  const head: Head = { sealed: 'quorum-kiosk', format: 1, cost: COST, salt: randomBytes(SALT_BYTES).toString('hex') };
  const line = `${JSON.stringify(head)}\n`;
  const key = await keyOf(code, head.salt, head.cost);
  let held = Buffer.alloc(0);
  let place = 0;
  const sealed = (piece: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv(CIPHER, key, nonceOf(place, last)).setAAD(Buffer.from(line));
    place += 1;
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  };
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      held = Buffer.concat([held, chunk]);
      // What fills the last piece exactly is still the last.
      while (held.length > PIECE_BYTES) {
        this.push(sealed(held.subarray(0, PIECE_BYTES), false));
        held = held.subarray(PIECE_BYTES);
      }
      done();
    },
    flush(done: TransformCallback) {
      done(null, sealed(held, true));
    },
  });
  transform.push(line);
  return transform;
}

/** Whether a file is sealed. @throws the system's error */
export async function isSealed(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING.length), 0, BEGINNING.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === BEGINNING;
  } finally {
    await handle.close();
  }
}

/** What was sealed, piece by piece. @throws SealError where the code is another one or the file was changed; the system's error */
export async function* unsealed(file: string, code: string): AsyncGenerator<Buffer> {
  let key: Buffer | null = null;
  let line = '';
  let held = Buffer.alloc(0);
  let place = 0;
  const piece = (sealed: Buffer, last: boolean): Buffer => {
    const end = sealed.length - TAG_BYTES;
    if (key === null || end < 0) throw new SealError(`${file} is cut short`);
    const first = place === 0;
    try {
      const decipher = createDecipheriv(CIPHER, key, nonceOf(place, last), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(line))
        .setAuthTag(sealed.subarray(end));
      place += 1;
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    } catch {
      throw new SealError(
        first
          ? `the code does not open ${file}: name the code file that it was sealed with, or the file was changed`
          : `${file} is cut short or was changed`,
      );
    }
  };
  for await (const chunk of createReadStream(file)) {
    held = Buffer.concat([held, chunk as Buffer]);
    if (key === null) {
      const end = held.indexOf('\n') + 1;
      if (end === 0 && held.length < HEAD_MAX_BYTES) continue;
      line = held.toString('latin1', 0, end);
      const head = readHead(line);
      if (head === null) throw new SealError(`${file} is sealed in a way that this version does not know: update this program`);
      key = await keyOf(code, head.salt, head.cost);
      held = held.subarray(end);
    }
    while (held.length > PIECE_BYTES + TAG_BYTES) {
      yield piece(held.subarray(0, PIECE_BYTES + TAG_BYTES), false);
      held = held.subarray(PIECE_BYTES + TAG_BYTES);
    }
  }
  yield piece(held, true);
}

function readHead(line: string): Head | null {
  try {
    return headSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** The code in a file's first line. @param sealing one that is to seal must be long enough */
export async function readCodeFile(file: string, sealing: boolean): Promise<Loaded<string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return refused(`the code file ${file} can't be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  const code = text.split('\n')[0] ?? '';
  if (sealing && !isLongCode(code))
    return refused(
      `the code in ${file} is too short to keep anybody out: it has 20 letters and digits at least; npm run backup -- --new-code FILE makes one`,
    );
  return { ok: true, value: code };
}

/** Writes a new code into a new file, for its owner alone. Null, or why not. */
export async function writeCodeFile(file: string): Promise<string | null> {
  try {
    await writeFile(file, `${newCode()}\n`, { mode: CODE_MODE, flag: 'wx' });
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      return `there is a file ${file} already: what was sealed with its code would be lost with it; choose another name`;
    return `${file} can't be written (${code ?? String(error)}): choose a place that you may write in`;
  }
}
