/** The names that the replica's files share; all of them are contracts of `shared/`. */
export type { Role } from '../../shared/answers';
export type { Ballot, Incarnation, KioskId, Slot } from '../../shared/ballot';
export type { JournalRecord } from '../../shared/journal';
export type { Entry, Message, PeerStatus } from '../../shared/messages';
export type { Snapshot, SnapshotPart } from '../../shared/snapshot';
export type { ChangeCommand, Command, Founding, Member, RequestId, Value } from '../../shared/values';
