import path from 'node:path';
import { parseArgs } from 'node:util';
import { APP_VERSION } from '../../shared/version';
import { fromCaller } from '../site/folders';
import type { Output } from '../site/program';
import { loadTicketKey } from '../site/ticketKeys';
import { type ArchiveEntry, readArchive, SnapshotFolder } from '../storage';
import { writeExport } from './exportFile';
import { findPlace, kioskOf, type Place } from './place';
import { readCodeFile, writeCodeFile } from './sealedFile';
import { ownerOf } from './source';

export const BACKUP_HELP = `npm run backup -- <kiosk_id> <file> [--code-file FILE] [--site FILE] [--data DIR]
npm run backup -- --new-code FILE

  Writes everything that was sold, from the first entry of the log on, into one file: to keep, to prove
  (npm run audit), and to bring a site back from (npm run restore). The kiosk may run and sell meanwhile;
  what is sold after the backup has begun is in the next one. What is written is proved first, and signed
  with the site's key. A file of that name is replaced once the new one is whole.

  It holds none of the site's keys, but who sold what, and clerks' PINs as hashes, from which a short PIN is
  found by trying. So seal what leaves this machine:
  --code-file FILE   seals it with the code in that file; audit and restore ask for the same. Without the code
                     nobody opens it, you neither: keep a copy of the code where the backups are not
  --new-code FILE    makes such a file, with a new code


  Exit status: 0 written, 1 not written, 2 bad use.
`;

const WRITTEN = 0;
const NOT_WRITTEN = 1;
const BAD_USE = 2;

/** `npm run backup -- ...`. Returns the exit status. */
export async function runBackup(args: readonly string[], output: Output): Promise<number> {
  const fail = (status: number, sentence: string) => {
    output.error(`${sentence}\n`);
    return status;
  };
  let read: {
    values: { site?: string; data?: string; 'code-file'?: string; 'new-code'?: string; help?: boolean };
    positionals: string[];
  };
  try {
    const options = {
      site: { type: 'string' },
      data: { type: 'string' },
      'code-file': { type: 'string' },
      'new-code': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return fail(BAD_USE, `${(error as Error).message.split(/[.\n]/)[0]}; see npm run backup -- --help`);
  }
  const { values, positionals } = read;
  if (values.help) {
    output.out(BACKUP_HELP);
    return WRITTEN;
  }
  if (values['new-code'] !== undefined) {
    if (positionals.length > 0) return fail(BAD_USE, '--new-code stands alone; see npm run backup -- --help');
    const target = fromCaller(values['new-code']);
    const why = await writeCodeFile(target);
    if (why !== null) return fail(NOT_WRITTEN, why);
    output.out(`wrote a new code to ${target}: keep a copy of it where the backups are not\n`);
    return WRITTEN;
  }
  const [word, file, ...more] = positionals;
  const kiosk = kioskOf(word);
  if (kiosk === null || file === undefined || more.length > 0)
    return fail(BAD_USE, 'name a kiosk, by its number, and a file; see npm run backup -- --help');
  const place = await findPlace(kiosk, values);
  if (!place.ok) return fail(NOT_WRITTEN, place.sentence);
  const stranger = await whyNotOf(place.value);
  if (stranger !== null) return fail(NOT_WRITTEN, stranger);
  const code = values['code-file'] === undefined ? null : await readCodeFile(fromCaller(values['code-file']), true);
  if (code?.ok === false) return fail(NOT_WRITTEN, code.sentence);
  const { siteFile, site, data } = place.value;
  const key = await loadTicketKey(path.dirname(siteFile), kiosk, site.uid);
  const target = fromCaller(file);
  try {
    const head = { site: site.site, uid: site.uid, kiosk, version: APP_VERSION, at: Date.now() };
    const written = await writeExport(target, head, wholeHistory(data), key.ok ? key.value.privateKey : null, code?.value ?? null);
    if (!written.ok) return fail(NOT_WRITTEN, `no backup of kiosk ${kiosk} was written: ${written.sentence}`);
    const { slots, hash, signature } = written.tail;
    output.out(`wrote ${target}: slots 1 to ${slots}, hash ${hash}${code === null ? '' : ', sealed'}\n`);
    if (code === null)
      output.error(
        "it is not sealed: whoever gets it can find clerks' PINs from it; --code-file FILE seals it, see npm run backup -- --help\n",
      );
    if (signature === null) output.error(`it is NOT SIGNED: ${key.ok ? '' : key.sentence}\n`);
    return WRITTEN;
  } catch (error) {
    if (error instanceof NotWhole) return fail(NOT_WRITTEN, `no backup of kiosk ${kiosk} was written: ${error.message}`);
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(NOT_WRITTEN, `${target} can't be written (${code ?? message}): choose a place that you may write in, with room enough`);
  }
}

/** One sentence where the data folder is not this kiosk's; null where it is. */
async function whyNotOf({ site, spec, data }: Place): Promise<string | null> {
  const owner = await ownerOf(data);
  if (owner === null) return `${data} is no kiosk's data folder: say --data DIR if kiosk ${spec.id} keeps it elsewhere`;
  if (owner.uid === site.uid && owner.kiosk === spec.id) return null;
  return `the data folder ${data} belongs to kiosk ${owner.kiosk} of the site with uid ${owner.uid}: say --site FILE and --data DIR of one kiosk`;
}

/** A history that ends before it should; the message says what to do. */
class NotWhole extends Error {}

/** Every entry of a data folder's history, from the first on. @throws NotWhole at its end, if that is not the log's */
async function* wholeHistory(data: string): AsyncGenerator<ArchiveEntry> {
  // Before the history, which grows meanwhile: it holds all that a snapshot was taken of.
  const snapshot = await new SnapshotFolder(data).newest();
  let last = 0;
  const archive = readArchive(data);
  let next = await archive.next();
  for (; !next.done; next = await archive.next()) {
    last = next.value.slot;
    yield next.value;
  }
  const end = next.value;
  switch (end.kind) {
    case 'end':
      if (snapshot === null || last >= snapshot.slot) return;
      throw new NotWhole(
        `its history ends at slot ${last}, and a snapshot was taken of slot ${snapshot.slot}: start the kiosk, which fetches it from the others, or back up another kiosk`,
      );
    case 'gap':
      throw new NotWhole(
        `its history up to slot ${end.last} is still on its way from the other kiosks: try later, or back up another kiosk`,
      );
    case 'damaged':
      throw new NotWhole(
        `its file ${end.file} is damaged or was changed at slot ${end.slot}: start the kiosk, which fetches it from the others, or back up another kiosk`,
      );
  }
}
