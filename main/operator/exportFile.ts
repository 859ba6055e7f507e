import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { kioskIdSchema } from '../../shared/ballot';
import type { ArchiveEntry } from '../storage';
import { syncFile } from '../storage/files';
import { Proof } from './proof';
import { isSealed, SealError, sealing, unsealed } from './sealedFile';

/**
 * A site's history in one file, to keep and to prove: gzip over lines of JSON, sealed with a code or not. The first says whose it is, then comes
 * one entry a line, as the archive has them, and the last says how many and is signed by the site.
 */
const FORMAT = 1;
/** The site's key signs tickets too, in words of their own: neither can be taken for the other. */
const CONTEXT = 'quorum-kiosk export 1';
const FILE_MODE = 0o600;

const headSchema = z.strictObject({
  export: z.literal('quorum-kiosk'),
  format: z.int(),
  site: z.string(),
  uid: z.string(),
  /** The kiosk whose history it is, and the app's version there. */
  kiosk: kioskIdSchema,
  version: z.string(),
  /** ms since 1970, by that machine's clock. */
  at: z.int(),
});
export type ExportHead = z.infer<typeof headSchema>;

const tailSchema = z.strictObject({
  slots: z.int().min(1),
  /** Chained hash at the last slot. */
  hash: z.string().length(64),
  /** SHA-256 of all lines before this one, in hexadecimal. */
  digest: z.string().length(64),
  /** Ed25519 in base64, of the site and the fields above; null where the kiosk had no key. */
  signature: z.string().nullable(),
});
export type ExportTail = z.infer<typeof tailSchema>;

export type ExportEnd =
  | { readonly kind: 'whole'; readonly tail: ExportTail }
  /** One sentence. */
  | { readonly kind: 'broken'; readonly what: string };

function signedText(uid: string, { slots, hash, digest }: Omit<ExportTail, 'signature'>): Buffer {
  return Buffer.from(`${CONTEXT}\0${uid}\0${slots}\0${hash}\0${digest}`);
}

/**
 * Writes an export, whole or not at all. What it is made from is proved on the way. @returns what was written, or why not
 * @param code seals it; null for a file that everybody may read who has it
 */
export async function writeExport(
  file: string,
  head: Omit<ExportHead, 'export' | 'format'>,
  entries: AsyncIterable<ArchiveEntry>,
  key: KeyObject | null,
  code: string | null = null,
): Promise<{ readonly ok: true; readonly tail: ExportTail } | { readonly ok: false; readonly sentence: string }> {
  const draft = `${file}.new`;
  const digest = createHash('sha256');
  const proof = new Proof();
  let tail: ExportTail | null = null;
  let fault: string | null = null;
  const line = (value: unknown) => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  async function* lines(): AsyncGenerator<string> {
    yield line({ export: 'quorum-kiosk', format: FORMAT, ...head });
    for await (const entry of entries) {
      const finding = proof.take(entry);
      if (finding !== null) {
        fault = `slot ${finding.slot}: ${finding.what}`;
        return;
      }
      yield line(entry);
    }
    const { slots, hash } = proof.totals;
    const unsigned = { slots, hash, digest: digest.digest('hex') };
    const signature = key === null ? null : sign(null, signedText(head.uid, unsigned), key).toString('base64');
    tail = { ...unsigned, signature };
    yield `${JSON.stringify(tail)}\n`;
  }
  try {
    // Left behind by another try, perhaps readable for others.
    await rm(draft, { force: true });
    const target = createWriteStream(draft, { mode: FILE_MODE, flags: 'wx' });
    if (code === null) await pipeline(lines, createGzip(), target);
    else await pipeline(lines, createGzip(), await sealing(code), target);
    if (fault === null && proof.slots === 0) fault = 'no entry of the log is there yet';
    if (tail === null || fault !== null) {
      await rm(draft, { force: true });
      return { ok: false, sentence: fault ?? 'nothing was written' };
    }
    await syncFile(draft);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { ok: true, tail };
}

/** An export that is being read: its head at once, then its entries, then how it ended. */
export interface OpenExport {
  readonly head: ExportHead;
  readonly entries: AsyncGenerator<unknown, ExportEnd>;
}

/** @param code opens a sealed one @returns one sentence where the file is no export of this version */
export async function openExport(file: string, code: string | null): Promise<OpenExport | string> {
  const none = `${file} is no export of a site`;
  const sealed = await isSealed(file).catch((error: NodeJS.ErrnoException) => error);
  if (sealed instanceof Error) return `${none} (${sealed.code ?? sealed.message})`;
  if (sealed && code === null) return `${file} is sealed: say --code-file FILE with the code that it was sealed with`;
  const lines = linesOf(sealed && code !== null ? Readable.from(unsealed(file, code)) : createReadStream(file));
  const digest = createHash('sha256');
  const first = await lines.next().catch((error: NodeJS.ErrnoException) => error);
  if (first instanceof SealError) return first.message;
  if (first instanceof Error) return `${none} (${first.code ?? first.message})`;
  if (first.done) return none;
  const head = headSchema.safeParse(parse(first.value));
  if (!head.success) return none;
  if (head.data.format > FORMAT) return `${file} was written by a newer version (format ${head.data.format}): update this program`;
  digest.update(`${first.value}\n`);
  async function* entries(): AsyncGenerator<unknown, ExportEnd> {
    // The last line is no entry: each is held back until another one follows.
    let held: string | null = null;
    try {
      for await (const line of lines) {
        if (held !== null) {
          digest.update(`${held}\n`);
          yield parse(held);
        }
        held = line;
      }
    } catch (error) {
      return {
        kind: 'broken',
        what: `the file is cut short or damaged (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      };
    }
    const tail = tailSchema.safeParse(held === null ? null : parse(held));
    if (!tail.success) return { kind: 'broken', what: 'the file does not end as an export does: it is cut short, or was changed' };
    if (tail.data.digest !== digest.digest('hex')) return { kind: 'broken', what: 'the file was changed after it was written' };
    return { kind: 'whole', tail: tail.data };
  }
  return { head: head.data, entries: entries() };
}

/** Whether one of the site's keys has signed it. */
export function isSignedBy(uid: string, { signature, ...unsigned }: ExportTail, publicKeys: readonly KeyObject[]): boolean {
  return signature !== null && publicKeys.some((key) => verify(null, signedText(uid, unsigned), key, Buffer.from(signature, 'base64')));
}

/** The lines of a compressed file, of which only a piece is ever in memory. @throws the system's or zlib's error */
async function* linesOf(packed: Readable): AsyncGenerator<string> {
  const text = createGunzip();
  // What fails in front of it ends it with that error, which the loop below throws.
  void pipeline(packed, text).catch(() => undefined);
  text.setEncoding('utf8');
  let rest = '';
  for await (const chunk of text) {
    const pieces = (rest + String(chunk)).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
  if (rest !== '') yield rest;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}
