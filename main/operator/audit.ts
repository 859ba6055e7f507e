import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromCaller } from '../site/folders';
import { loadSite } from '../site/load';
import type { Output } from '../site/program';
import { loadDroppedPublicKeys, loadTicketPublicKeys } from '../site/ticketKeys';
import { isSignedBy } from './exportFile';
import { entryText, type Finding, Proof, type Totals } from './proof';
import { readCodeFile } from './sealedFile';
import { openSource, type Source, type SourceEnd } from './source';

export const AUDIT_HELP = `npm run audit -- <data folder or export> [another ...] [--site FILE] [--code-file FILE] [--json]

  Proves what was sold: that every entry of the log follows from the one before by the chain of hashes,
  and that the rules of the program give, from the first entry on, the results that stand there; then adds
  everything up anew. Shows the first entry that was tampered with. It changes nothing, needs no running
  kiosk, and may look at the folder of one that runs.

  More than one: the histories must also agree with each other. Whoever rewrites one kiosk's disk from some
  entry on, hashes and all, is found by any other kiosk's folder, or by an export that was signed before.
  --site FILE   the site's site.json, with tickets.pub beside it: checks whose history it is, and an
                export's signature. An export whose signature is not checked proves nothing of its origin.
  --code-file FILE   the code that a backup was sealed with

  Exit status: 0 proved, 1 not proved, 2 bad use.
`;

const PROVED = 0;
const NOT_PROVED = 1;
const BAD_USE = 2;

/** What was found of one history. */
export interface Audited {
  readonly source: string;
  readonly totals: Totals;
  readonly finding: Finding | null;
  /** Sentences on all else that is not as it should be. */
  readonly problems: readonly string[];
  /** Another history that goes on where this one ends, and for how many slots: a kiosk that runs may be some behind. */
  readonly behind: { readonly source: string; readonly slots: number } | null;
  /** checked: the site signed it; checked_old: with a key that was dropped since; none: a data folder is not signed. */
  readonly signature: 'checked' | 'checked_old' | 'not_checked' | 'none';
}

/** Whose history it has to be. */
export interface AuditedSite {
  readonly uid: string;
  /** Null where they are not there. */
  readonly publicKeys: readonly KeyObject[] | null;
  readonly droppedKeys: readonly KeyObject[];
}

/** What a site's folder tells of who signs for it. */
export async function auditedSite(siteFile: string, uid: string): Promise<AuditedSite> {
  const folder = path.dirname(siteFile);
  const keys = await loadTicketPublicKeys(folder);
  return { uid, publicKeys: keys.ok ? keys.value : null, droppedKeys: await loadDroppedPublicKeys(folder) };
}

/** `npm run audit -- ...`. Returns the exit status. */
export async function runAudit(args: readonly string[], output: Output): Promise<number> {
  let read: { values: { site?: string; 'code-file'?: string; json?: boolean; help?: boolean }; positionals: string[] };
  try {
    const options = {
      site: { type: 'string' },
      'code-file': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    output.error(`${(error as Error).message.split(/[.\n]/)[0]}; see npm run audit -- --help\n`);
    return BAD_USE;
  }
  const { values, positionals } = read;
  if (values.help) {
    output.out(AUDIT_HELP);
    return PROVED;
  }
  if (positionals.length === 0) {
    output.error('name a data folder or an export; see npm run audit -- --help\n');
    return BAD_USE;
  }
  const site = values.site === undefined ? null : await readSite(fromCaller(values.site));
  if (typeof site === 'string') {
    output.error(`${site}\n`);
    return BAD_USE;
  }
  const code = values['code-file'] === undefined ? null : await readCodeFile(fromCaller(values['code-file']), false);
  if (code?.ok === false) {
    output.error(`${code.sentence}\n`);
    return BAD_USE;
  }
  const sources: Source[] = [];
  for (const given of positionals) {
    const source = await openSource(fromCaller(given), code?.value ?? null);
    if (typeof source === 'string') {
      output.error(`${source}\n`);
      return BAD_USE;
    }
    sources.push(source);
  }
  const results = await audit(sources, site);
  for (const result of results) output.out(values.json ? `${JSON.stringify(result)}\n` : reportText(result));
  return results.every(({ finding, problems }) => finding === null && problems.length === 0) ? PROVED : NOT_PROVED;
}

async function readSite(file: string): Promise<AuditedSite | string> {
  const loaded = await loadSite(file);
  return loaded.ok ? auditedSite(file, loaded.value.uid) : loaded.sentence;
}

/** Reads the histories side by side, each entry of all of them before the next one. */
export async function audit(sources: readonly Source[], site: AuditedSite | null): Promise<readonly Audited[]> {
  const readers = sources.map((source) => new Reader(source, site));
  for (let slot = 1; readers.some((reader) => reader.reading); slot += 1) {
    for (const reader of readers) await reader.step(slot);
    const standing = readers.filter((reader) => reader.current !== undefined);
    if (standing.every(({ current }) => current!.hash === standing[0]!.current!.hash)) continue;
    // All are looked at before one is marked.
    const here = standing.map(({ name, current }) => ({ name, hash: current!.hash, entry: entryText(current) }));
    standing.forEach((reader, index) => {
      const own = here[index]!;
      const other = here.find(({ hash }) => hash !== own.hash)!;
      reader.part(own.entry, other, slot);
    });
  }
  const furthest = readers.reduce((one, other) => (other.slots > one.slots ? other : one));
  return readers.map((reader) => reader.result(furthest));
}

/** One history on its way through the proof. */
class Reader {
  /** The entry of the slot that all are at; undefined behind the end, and from where it parts from another history on. */
  current: { readonly hash: unknown } | undefined;
  reading = true;
  private readonly proof = new Proof();
  private finding: Finding | null = null;
  private signature: Audited['signature'];
  private readonly problems: string[] = [];

  constructor(
    private readonly source: Source,
    private readonly site: AuditedSite | null,
  ) {
    this.signature = source.head === null ? 'none' : 'not_checked';
    if (site !== null && source.uid !== site.uid)
      this.problems.push(`it belongs to another site (uid ${source.uid}), not to this one (uid ${site.uid})`);
  }

  get name(): string {
    return this.source.name;
  }

  get slots(): number {
    return this.proof.slots;
  }

  /** @param furthest of all histories */
  result(furthest: Reader): Audited {
    const { proof, finding, problems, signature } = this;
    const slots = furthest.slots - this.slots;
    const behind = finding !== null || slots === 0 ? null : { source: furthest.name, slots };
    return { source: this.name, totals: proof.totals, finding, problems, behind, signature };
  }

  async step(slot: number): Promise<void> {
    this.current = undefined;
    if (!this.reading) return;
    const next = await this.source.entries.next();
    if (next.done) {
      this.reading = false;
      this.end(next.value);
      return;
    }
    const finding = this.proof.take(next.value);
    if (finding !== null) {
      this.finding ??= finding;
      this.reading = false;
      await this.source.entries.return({ kind: 'whole', tail: null });
      return;
    }
    const entry = next.value as { readonly hash: unknown };
    if (this.finding === null) this.current = entry;
    const { snapshot } = this.source;
    if (snapshot?.slot === slot && snapshot.hash !== entry.hash) {
      this.problems.push(
        `the history gives hash ${String(entry.hash)} at slot ${slot}, and the snapshot there was taken of ${snapshot.hash}: entries up to there were rewritten, hashes and all`,
      );
    }
  }

  /** Two proved histories that part: one of them was rewritten. It is read on, for its totals and its signature. */
  part(entry: string, other: { readonly name: string; readonly entry: string }, slot: number): void {
    const what = `it parts here from ${other.name}, which holds: ${other.entry}. One of the two was rewritten, hashes and all: hold a third one, or a signed export, against them`;
    this.finding = { slot, what, entry };
    this.current = undefined;
  }

  private end(end: SourceEnd): void {
    if (end.kind === 'broken') {
      this.problems.push(end.what);
      return;
    }
    const { totals } = this.proof;
    for (const { id, capacity, sold, remaining } of totals.events)
      if (sold + remaining > capacity) this.problems.push(`${id}: ${sold} sold and ${remaining} left are more than ${capacity}`);
    if (totals.slots === 0) this.problems.push('there is no entry in it');
    const { snapshot } = this.source;
    if (snapshot !== null && snapshot.slot > totals.slots)
      this.problems.push(
        `it ends at slot ${totals.slots}, and a snapshot was taken of slot ${snapshot.slot}: what was between is missing; a running kiosk fetches what it lacks from the others, or it was taken away`,
      );
    const { tail } = end;
    if (tail === null) return;
    if (tail.slots !== totals.slots || tail.hash !== totals.hash)
      this.problems.push(
        `it says that it ends at slot ${tail.slots} with hash ${tail.hash}, and ends at slot ${totals.slots} with ${totals.hash}`,
      );
    this.checkSignature(tail);
  }

  private checkSignature(tail: NonNullable<Extract<SourceEnd, { kind: 'whole' }>['tail']>): void {
    if (tail.signature === null) this.problems.push('it is not signed: whoever wrote it had no key of the site');
    else if (this.site === null) this.problems.push('its signature is not checked: say --site FILE, with tickets.pub beside it');
    else if (this.site.publicKeys === null)
      this.problems.push(
        'its signature is not checked: there is no tickets.pub beside the site file; copy it from where the site was made',
      );
    else if (isSignedBy(this.source.uid, tail, this.site.publicKeys)) this.signature = 'checked';
    else if (isSignedBy(this.source.uid, tail, this.site.droppedKeys)) this.signature = 'checked_old';
    else this.problems.push('its signature is not by this site: it was altered, or made elsewhere');
  }
}

const SIGNED: Readonly<Record<Audited['signature'], string>> = {
  checked: '; signed by the site',
  checked_old: '; signed by the site, with a key that was dropped since: good unless that key was stolen',
  not_checked: '',
  none: '',
};

/** What an audit found, for a reader. */
export function reportText({ source, totals, finding, problems, behind, signature }: Audited): string {
  const lines = [source];
  const proved = finding === null && problems.length === 0;
  lines.push(
    totals.slots === 0
      ? '  nothing is proved'
      : `  proved: slots 1 to ${totals.slots}, generation ${totals.generation}, hash ${totals.hash}${SIGNED[signature]}`,
  );
  if (finding !== null) {
    lines.push(`  FIRST ENTRY THAT IS NOT AS IT WAS: slot ${finding.slot}: ${finding.what}`);
    lines.push(`    ${finding.entry}`);
    lines.push(
      totals.slots < finding.slot
        ? '  what follows counts only the slots before it:'
        : '  what follows counts all of it, as it stands here:',
    );
  }
  if (behind !== null) lines.push(`  ${behind.source} goes on for ${behind.slots} slots more`);
  for (const problem of problems) lines.push(`  NOT PROVED: ${problem}`);
  for (const { id, capacity, sold, remaining } of totals.events) lines.push(`  ${id}: ${sold} of ${capacity} sold, ${remaining} left`);
  const left = totals.taken - totals.givenBack;
  lines.push(
    `  ${totals.sales} sales: ${cents(totals.taken)} taken, ${cents(totals.givenBack)} given back for ${totals.returned} tickets, ${cents(left)} in all`,
  );
  lines.push(proved ? '  ALL IS AS IT WAS SOLD' : '  THIS HISTORY IS NOT PROVED');
  return `${lines.join('\n')}\n`;
}

function cents(amount: number): string {
  return `${Math.trunc(amount / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`;
}
