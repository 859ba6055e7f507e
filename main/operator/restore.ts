import { parseArgs } from 'node:util';
import type { Ballot } from '../../shared/ballot';
import type { Member, Recovery } from '../../shared/values';
import { fromCaller } from '../site/folders';
import type { Output } from '../site/program';
import { type ArchiveEntry, StorageError, Store } from '../storage';
import { Tickets } from '../tickets';
import { type Audited, audit, auditedSite, reportText } from './audit';
import { findPlace, kioskOf } from './place';
import { readCodeFile } from './sealedFile';
import { openSource, ownerOf } from './source';

export const RESTORE_HELP = `npm run restore -- <backup> <kiosk_id> (--sold-up-to EVENT=N ... | --nothing-since)
                              [--code-file FILE] [--site FILE] [--data DIR]

  Brings a site back from one backup (or from the data folder of one kiosk), when the kiosks that knew more
  are lost for good. It makes a new data folder for one kiosk, with everything that the backup holds and a
  new generation of the site after it: start that kiosk, then the others with empty data folders, and add
  them again. Whatever of the old kiosks turns up later is of the old generation, is turned away, and stops: so never
  start it to try a backup in the network of a site that sells; npm run audit proves a backup.

  WHAT WAS SOLD AFTER THE BACKUP IS NOT IN IT. So that it is not sold twice, say for each event the highest
  ticket number that anybody has seen since: on a ticket, on a screen, in the printer. Numbers are sold
  lowest first, so all that was lost lies below it; those numbers stay out of sale. Their holders can't be
  told by a scanner: let them in by the ticket in their hand, and note the number.
  --sold-up-to EVENT=N   numbers up to N of the event are not sold again; 0 where none was seen
  --nothing-since        nothing at all was sold after the backup, for example because all kiosks were stopped

  --code-file FILE       the code that the backup was sealed with

  Exit status: 0 restored, 1 not restored, 2 bad use.
`;

const RESTORED = 0;
const NOT_RESTORED = 1;
const BAD_USE = 2;
const BATCH = 1_000;

/** `npm run restore -- ...`. Returns the exit status. */
export async function runRestore(args: readonly string[], output: Output): Promise<number> {
  const fail = (status: number, sentence: string) => {
    output.error(`${sentence}\n`);
    return status;
  };
  let read: {
    values: { site?: string; data?: string; 'code-file'?: string; help?: boolean; 'sold-up-to'?: string[]; 'nothing-since'?: boolean };
    positionals: string[];
  };
  try {
    const options = {
      site: { type: 'string' },
      data: { type: 'string' },
      'code-file': { type: 'string' },
      'sold-up-to': { type: 'string', multiple: true },
      'nothing-since': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return fail(BAD_USE, `${(error as Error).message.split(/[.\n]/)[0]}; see npm run restore -- --help`);
  }
  const { values, positionals } = read;
  if (values.help) {
    output.out(RESTORE_HELP);
    return RESTORED;
  }
  const [backup, word, ...more] = positionals;
  const kiosk = kioskOf(word);
  if (backup === undefined || kiosk === null || more.length > 0)
    return fail(BAD_USE, 'name a backup, and the kiosk that is to hold it first, by its number; see npm run restore -- --help');
  const soldUpTo = new Map<string, number>();
  for (const text of values['sold-up-to'] ?? []) {
    const [, event, number] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
    if (event === undefined) return fail(BAD_USE, `--sold-up-to is EVENT=N, for example match=57, not "${text}"`);
    soldUpTo.set(event, Number(number));
  }
  const place = await findPlace(kiosk, values);
  if (!place.ok) return fail(NOT_RESTORED, place.sentence);
  const { siteFile, site, spec, data } = place.value;
  if ((await ownerOf(data)) !== null)
    return fail(NOT_RESTORED, `${data} holds data already: move that folder away (it may be needed yet), or name another with --data DIR`);

  const code = values['code-file'] === undefined ? null : await readCodeFile(fromCaller(values['code-file']), false);
  if (code?.ok === false) return fail(NOT_RESTORED, code.sentence);
  const source = await openSource(fromCaller(backup), code?.value ?? null);
  if (typeof source === 'string') return fail(NOT_RESTORED, source);
  const [proved] = await audit([source], await auditedSite(siteFile, site.uid));
  if (proved!.finding !== null || proved!.problems.length > 0)
    return fail(NOT_RESTORED, `${reportText(proved!)}nothing was restored: only what is proved is; take another backup`);
  const open = unanswered(proved!, soldUpTo, values['nothing-since'] === true);
  if (open !== null) return fail(NOT_RESTORED, open);

  const heldBack = [...soldUpTo].filter(([, upTo]) => upTo > 0).map(([event, upTo]) => ({ event, upTo }));
  const again = await openSource(fromCaller(backup), code?.value ?? null);
  if (typeof again === 'string') return fail(NOT_RESTORED, again);
  const { id, name, host, port, priority } = spec;
  try {
    const { generation, slots } = await write({
      data,
      uid: site.uid,
      self: { kiosk: id, name, host, port, priority },
      entries: again.entries as AsyncIterable<ArchiveEntry>,
      heldBack,
    });
    const others = site.kiosks.filter((other) => other.id !== id).map((other) => other.id);
    output.out(
      `restored ${data}: all that was sold up to slot ${slots - 1}, and generation ${generation} of the site from slot ${slots} on\n` +
        heldBack.map(({ event, upTo }) => `numbers up to ${upTo} of ${event} that were free are out of sale from now on\n`).join('') +
        `next: start kiosk ${id}; then each of kiosks ${others.join(', ')} with an empty data folder (or --rejoin), and add_kiosk for each\n`,
    );
    return RESTORED;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return fail(NOT_RESTORED, error.message);
  }
}

/** What the operator has not said yet, and has to know; null if all is said. */
function unanswered({ totals }: Audited, soldUpTo: ReadonlyMap<string, number>, nothingSince: boolean): string | null {
  const unknown = [...soldUpTo.keys()].find((event) => !totals.events.some(({ id }) => id === event));
  if (unknown !== undefined)
    return `there is no event "${unknown}" in the backup; its events are ${totals.events.map(({ id }) => id).join(', ')}`;
  const silent = totals.events.filter(({ id, remaining }) => remaining > 0 && !soldUpTo.has(id));
  if (nothingSince || silent.length === 0) return null;
  return `tickets that were sold after this backup would be sold AGAIN: say for each event the highest number that anybody has seen since, or --nothing-since.
The backup ends at slot ${totals.slots}; left in it are ${silent.map(({ id, remaining, sold }) => `${remaining} of ${id} (${sold} sold)`).join(', ')}.
For example: ${silent.map(({ id, sold }) => `--sold-up-to ${id}=${sold}`).join(' ')}; see npm run restore -- --help`;
}

interface Restoration {
  readonly data: string;
  readonly uid: string;
  readonly self: Omit<Member, 'incarnation'>;
  /** Proved already. */
  readonly entries: AsyncIterable<ArchiveEntry>;
  readonly heldBack: NonNullable<Recovery['heldBack']>;
}

/** A data folder that a kiosk can go on from: history, state, and a recovery that makes this kiosk, in a new incarnation, the only member (rule 8). */
async function write({ data, uid, self, entries, heldBack }: Restoration): Promise<{ generation: number; slots: number }> {
  const store = await Store.open({ folder: data, kiosk: self.kiosk, uid });
  try {
    const tickets = new Tickets();
    let round = 0;
    let batch: ArchiveEntry[] = [];
    for await (const entry of entries) {
      tickets.apply(entry.slot, entry.value);
      round = Math.max(round, entry.ballot.round);
      batch.push(entry);
      if (batch.length < BATCH) continue;
      await store.archive.append(batch);
      batch = [];
    }
    const slot = tickets.applied + 1;
    const generation = (tickets.memberships.at(-1)?.generation ?? 0) + 1;
    const { incarnation } = store;
    const value: Recovery = {
      kind: 'recovery',
      generation,
      members: [{ ...self, incarnation }],
      at: Date.now(),
      ...(heldBack.length === 0 ? {} : { heldBack }),
    };
    const ballot: Ballot = { round: round + 1, priority: self.priority, kiosk: self.kiosk, incarnation };
    const results = tickets.apply(slot, value);
    await store.archive.append([...batch, { slot, ballot, value, results, hash: tickets.hash }]);
    await store.saveSnapshot(tickets.snapshot());
    // The journal begins above the snapshot, and this kiosk's first ballot above all that were.
    await store.checkpoint([{ t: 'promise', ballot }]);
    return { generation, slots: slot };
  } finally {
    await store.close();
  }
}
