import type { LogEntryView, LoggedCommand } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import type { Findings } from './findings';

/** The whole log of one kiosk, from slot 1, as it was read at one moment. */
export interface Dump {
  readonly kiosk: KioskId;
  /** Dumps of one kiosk in the order in which they were read, from 1. */
  readonly sequence: number;
  /** Read at the end, of a kiosk that had to have everything; of any other kiosk a prefix is enough. */
  readonly complete: boolean;
  readonly entries: readonly LogEntryView[];
}

/** A command, or an entry without commands, at its place in the log. */
export interface Placed {
  /** The state after position p is the state after the first p of these. */
  readonly position: number;
  readonly slot: Slot;
  /** Place in the batch, from 1. */
  readonly index: number;
  readonly command: LoggedCommand | null;
}

/** The agreed log, one command after the other. */
export interface Timeline {
  readonly entries: readonly LogEntryView[];
  readonly placed: readonly Placed[];
  /** By slot, the position after its last command; for slot 0 it is 0. */
  readonly endOfSlot: readonly number[];
}

export function nameOf({ kiosk, sequence }: Dump): string {
  return `kiosk ${kiosk}, reading ${sequence}`;
}

/** Holds the dumps against each other and returns the longest. */
export function compareDumps(dumps: readonly Dump[], findings: Findings): readonly LogEntryView[] {
  let longest: Dump | null = null;
  for (const dump of dumps) {
    checkSlots(dump, findings);
    if (longest === null || dump.entries.length > longest.entries.length) longest = dump;
  }
  if (longest === null) return [];
  const agreed = longest.entries.map(signature);
  for (const dump of dumps) {
    if (dump !== longest) checkSame(dump, longest, agreed, findings);
    if (dump.complete && dump.entries.length < agreed.length)
      findings.add(
        'log-behind',
        `the log of ${nameOf(dump)} ends at slot ${dump.entries.length}, that of ${nameOf(longest)} at ${agreed.length}`,
        longest.entries[dump.entries.length],
      );
  }
  checkGrowth(dumps, findings);
  return longest.entries;
}

function checkSlots(dump: Dump, findings: Findings): void {
  const wrong = dump.entries.findIndex(({ slot }, index) => slot !== index + 1);
  if (wrong < 0) return;
  const entry = dump.entries[wrong];
  findings.add('log-gap', `${nameOf(dump)}: entry ${wrong + 1} of the log has slot ${entry?.slot}`, dump.entries[wrong - 1], entry);
}

function checkSame(dump: Dump, longest: Dump, agreed: readonly string[], findings: Findings): void {
  const wrong = dump.entries.findIndex((entry, index) => signature(entry) !== agreed[index]);
  if (wrong < 0) return;
  findings.add(
    'log-diverged',
    `slot ${wrong + 1}: ${nameOf(dump)} and ${nameOf(longest)} hold different entries`,
    dump.entries[wrong],
    longest.entries[wrong],
  );
}

function checkGrowth(dumps: readonly Dump[], findings: Findings): void {
  const before = new Map<KioskId, Dump>();
  for (const dump of [...dumps].sort((a, b) => a.sequence - b.sequence)) {
    const earlier = before.get(dump.kiosk);
    if (earlier !== undefined && dump.entries.length < earlier.entries.length)
      findings.add(
        'log-shrank',
        `kiosk ${dump.kiosk} has forgotten committed entries: ${earlier.entries.length} in reading ${earlier.sequence}, ${dump.entries.length} in reading ${dump.sequence}`,
        earlier.entries[dump.entries.length],
      );
    before.set(dump.kiosk, dump);
  }
}

/** What has to be equal at every kiosk. Under which ballot it was learned is each kiosk's own. */
export function signature({ ballot: _, ...entry }: LogEntryView): string {
  return canonicalJson(entry);
}

export function timelineOf(entries: readonly LogEntryView[]): Timeline {
  const placed: Placed[] = [];
  const endOfSlot = [0];
  for (const { slot, commands } of entries) {
    for (const [index, command] of commands.entries()) placed.push({ position: placed.length + 1, slot, index: index + 1, command });
    if (commands.length === 0) placed.push({ position: placed.length + 1, slot, index: 1, command: null });
    endOfSlot.push(placed.length);
  }
  return { entries, placed, endOfSlot };
}
