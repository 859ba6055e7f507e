import type { Slot } from '../../shared/ballot';
import type { Clerk } from '../../shared/clerks';
import { InvariantError, invariant } from '../../shared/invariant';
import { describeIssue } from '../../shared/site';
import {
  type MembershipEntry,
  type OpenShift,
  SNAPSHOT_PART_BYTES,
  type Snapshot,
  type SnapshotPart,
  type SnapshotPartKind,
  snapshotHeadSchema,
} from '../../shared/snapshot';
import type { PoolState } from './pool';

/** Version of the commands that the first release puts into a log. */
export const FIRST_VERSION = 1;
/** Version of the snapshot's format. */
const SNAPSHOT_VERSION = 1;

export interface Head {
  readonly slot: Slot;
  readonly hash: string;
  /** Version of the commands that may stand in the log. */
  readonly version: number;
  readonly pools: readonly PoolState[];
  readonly membership: readonly MembershipEntry[];
  readonly clerks: readonly Clerk[];
  readonly openShifts: readonly OpenShift[];
  /** Number of the newest shift. */
  readonly lastShift: number;
  /** Number of the oldest row of each table. */
  readonly firstRows: Readonly<Record<TableKind, number>>;
}

/** A table whose rows are parts of a snapshot. */
export type TableKind = Exclude<SnapshotPartKind, 'head'>;

export function packHead(head: Head): SnapshotPart[] {
  const bytes = new TextEncoder().encode(JSON.stringify({ format: SNAPSHOT_VERSION, ...head }));
  const parts: SnapshotPart[] = [];
  for (let at = 0; at < bytes.length; at += SNAPSHOT_PART_BYTES)
    parts.push({ kind: 'head', bytes: bytes.slice(at, at + SNAPSHOT_PART_BYTES) });
  return parts;
}

/** @throws InvariantError in words */
export function unpackHead(snapshot: Snapshot): Head {
  const pieces = snapshot.parts.filter(({ kind }) => kind === 'head').map(({ bytes }) => bytes);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const { format, ...head } = parse(new TextDecoder().decode(bytes));
  invariant(format === SNAPSHOT_VERSION, `the snapshot of slot ${head.slot} has format ${format}: update this kiosk`);
  invariant(
    head.slot === snapshot.slot && head.hash === snapshot.hash,
    `the snapshot of slot ${snapshot.slot} says that it is of slot ${head.slot}`,
  );
  return head;
}

function parse(text: string): Head & { readonly format: number } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvariantError('the head of a snapshot is not JSON');
  }
  const parsed = snapshotHeadSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvariantError(`the head of a snapshot is not as it should be: ${parsed.error.issues.map(describeIssue).join('; ')}`);
}
