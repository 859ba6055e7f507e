import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCode } from '../site/seal';
import type { ArchiveEntry } from '../storage';
import { audit } from './audit';
import { writeExport } from './exportFile';
import { PIECE_BYTES, readCodeFile, sealing, unsealed, writeCodeFile } from './sealedFile';
import { openSource } from './source';
import { sold, UID } from './testing/sold';

const CODE = newCode();
const TAG_BYTES = 16;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-sealed-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function seal(bytes: Buffer, chunk: number, code = CODE): Promise<string> {
  const file = path.join(root, 'sealed');
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, at) => bytes.subarray(at * chunk, (at + 1) * chunk));
  await pipeline(Readable.from(chunks), await sealing(code), createWriteStream(file));
  return file;
}

async function open(file: string, code = CODE): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of unsealed(file, code)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a sealed file', () => {
  it('gives back what was sealed, of every length around a piece, in whatever chunks it came', async () => {
    for (const length of [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 200_001]) {
      const bytes = randomBytes(length);
      const file = await seal(bytes, 70_001);
      expect((await open(file)).equals(bytes), `${length} bytes`).toBe(true);
    }
  });

  it('opens with its code however that is typed, and with no other', async () => {
    const file = await seal(Buffer.from('what was sold'), 5);
    expect(String(await open(file, CODE.toLowerCase().replaceAll('-', ' ')))).toBe('what was sold');
    await expect(open(file, newCode())).rejects.toThrow('the code does not open');
    expect((await readFile(file)).includes('what')).toBe(false);
  });

  it('is noticed to be changed, cut short at any piece, or put together anew', async () => {
    const whole = await readFile(await seal(randomBytes(3 * PIECE_BYTES + 10), 1_000_000));
    const head = whole.indexOf('\n') + 1;
    const stride = PIECE_BYTES + TAG_BYTES;
    const pieces = [0, 1, 2].map((place) => whole.subarray(head + place * stride, head + (place + 1) * stride));
    const last = whole.subarray(head + 3 * stride);
    const flipped = Buffer.from(whole);
    flipped[head + 2 * stride + 5]! ^= 1;
    const relabelled = Buffer.concat([
      Buffer.from(whole.toString('latin1', 0, head).replace('"cost":15', '"cost":16'), 'latin1'),
      whole.subarray(head),
    ]);
    const file = path.join(root, 'forged');
    for (const [what, bytes] of [
      ['a flipped bit', flipped],
      ['another head', relabelled],
      ['no end', whole.subarray(0, whole.length - 1)],
      ['no last piece', whole.subarray(0, head + 3 * stride)],
      ['no pieces', whole.subarray(0, head)],
      ['two pieces exchanged', Buffer.concat([whole.subarray(0, head), pieces[1]!, pieces[0]!, pieces[2]!, last])],
      ['a piece left out', Buffer.concat([whole.subarray(0, head), pieces[0]!, pieces[2]!, last])],
      ['something behind the end', Buffer.concat([whole, Buffer.from('x')])],
    ] as const) {
      await writeFile(file, bytes);
      await expect(open(file), what).rejects.toThrow(/cut short or was changed|does not open|is cut short/);
    }
    await writeFile(file, '{"sealed":"quorum-kiosk","format":2}\n');
    await expect(open(file)).rejects.toThrow('update this program');
    await writeFile(file, '{"sealed":');
    await expect(open(file)).rejects.toThrow('is cut short');
  });
});

describe('a sealed backup', () => {
  it('is proved with its code alone, is for its owner alone, and shows nothing of what was sold', async () => {
    const file = path.join(root, 'season.backup');
    const { entries } = sold(60);
    async function* all(): AsyncGenerator<ArchiveEntry> {
      yield* entries;
    }
    // Left behind by a try of somebody with other habits.
    await writeFile(`${file}.new`, 'x', { mode: 0o666 });
    expect(await writeExport(file, { site: 'one', uid: UID, kiosk: 1, version: '0.1.0', at: 1 }, all(), null, CODE)).toMatchObject({
      ok: true,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const bytes = await readFile(file);
    expect(() => gunzipSync(bytes)).toThrow();
    expect(await openSource(file)).toContain('is sealed: say --code-file FILE');
    expect(await openSource(file, newCode())).toContain('the code does not open');
    const source = await openSource(file, CODE);
    if (typeof source === 'string') throw new Error(source);
    const [result] = await audit([source], null);
    expect(result).toMatchObject({ finding: null, totals: { slots: 60 } });
    await writeFile(file, bytes.subarray(0, bytes.length - 3));
    expect(await openSource(file, CODE)).toMatch(/does not open|cut short/);
  });
});

describe('a code file', () => {
  it('is made once, for its owner alone; one that is too short seals nothing', async () => {
    const file = path.join(root, 'code');
    expect(await writeCodeFile(file)).toBeNull();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await writeCodeFile(file)).toContain('already');
    expect(await readCodeFile(file, true)).toMatchObject({ ok: true, value: expect.stringMatching(/^(\w{5}-){3}\w{5}$/) });
    await writeFile(file, 'season 2026\n');
    expect(await readCodeFile(file, true)).toMatchObject({ ok: false, sentence: expect.stringContaining('too short') });
    expect(await readCodeFile(file, false)).toMatchObject({ ok: true });
    expect(await readCodeFile(`${file}.gone`, false)).toMatchObject({ ok: false, sentence: expect.stringContaining('ENOENT') });
  });
});
