import type { Said } from '../../shared/said';
import type { Envelope, Lsn, Millis, Ready, WriteRequest } from './inputs';
import type { JournalRecord, KioskId, Message, RequestId, Slot, Snapshot } from './types';

/** Most inputs lead to something, and each time it is asked again whether there is more. */
const NOTHING: Ready = { writes: [], messages: [], committed: [], reads: [], departed: [], install: null, amnesia: null, fatal: null };

/** Collects what the driver has to carry out until it takes it. */
export class Outbox {
  private writes: WriteRequest[] = [];
  private unhurried: JournalRecord[] = [];
  private messages: Envelope[] = [];
  private reads: { id: RequestId; index: Slot }[] = [];
  private departed: RequestId[] = [];
  private snapshot: Snapshot | null = null;
  private forgot: Said | null = null;
  private fatalReason: string | null = null;
  /** For each time at which writes were asked for, the last of them. */
  private readonly asked: { lsn: Lsn; readonly at: Millis }[] = [];
  private last: Lsn = 0;
  private durableTo: Lsn = 0;

  /** The newest record that was asked to be written. */
  get lastLsn(): Lsn {
    return this.last;
  }

  isDurable(lsn: Lsn): boolean {
    return lsn <= this.durableTo;
  }

  setDurable(lsn: Lsn): void {
    if (lsn <= this.durableTo) return;
    this.durableTo = lsn;
    while (this.asked.length > 0 && this.asked[0]!.lsn <= lsn) this.asked.shift();
  }

  /** How long the disk has kept the oldest write waiting. */
  waitingFor(now: Millis): Millis {
    const [oldest] = this.asked;
    return oldest === undefined ? 0 : now - oldest.at;
  }

  /** Has no sync of its own: it shares that of the next write, or of `writeUnhurried`. Nothing may vouch for it. */
  writeSoon(record: JournalRecord): void {
    this.unhurried.push(record);
  }

  /** To be called at least at every tick. */
  writeUnhurried(now: Millis): void {
    const records = this.unhurried;
    this.unhurried = [];
    for (const record of records) this.write(record, now);
  }

  write(record: JournalRecord, now: Millis): Lsn {
    if (this.unhurried.length > 0) this.writeUnhurried(now);
    this.last += 1;
    const newest = this.asked.at(-1);
    if (newest?.at === now) newest.lsn = this.last;
    else this.asked.push({ lsn: this.last, at: now });
    this.writes.push({ lsn: this.last, record });
    return this.last;
  }

  /** Leaves at once: Accepts, heartbeats, chosen entries, requests. */
  send(to: KioskId, message: Message): void {
    this.messages.push({ to, message, after: 0 });
  }

  /** Vouches for all that was written so far, so it waits for the disk (rule 1). */
  vouch(to: KioskId, message: Message): void {
    this.messages.push({ to, message, after: this.last });
  }

  /** Leaves once all up to this record is durable. */
  sendAfter(lsn: Lsn, to: KioskId, message: Message): void {
    this.messages.push({ to, message, after: lsn });
  }

  readReady(id: RequestId, index: Slot): void {
    this.reads.push({ id, index });
  }

  depart(id: RequestId): void {
    this.departed.push(id);
  }

  install(snapshot: Snapshot): void {
    this.snapshot = snapshot;
  }

  forget(reason: Said): void {
    this.forgot ??= reason;
  }

  fail(reason: string): void {
    this.fatalReason ??= reason;
  }

  private get isEmpty(): boolean {
    const { writes, messages, reads, departed, snapshot, forgot, fatalReason } = this;
    const nothing = writes.length + messages.length + reads.length + departed.length === 0;
    return nothing && snapshot === null && forgot === null && fatalReason === null;
  }

  take(committed: Ready['committed']): Ready {
    if (committed.length === 0 && this.isEmpty) return NOTHING;
    const ready: Ready = {
      writes: this.writes,
      messages: this.messages,
      committed,
      reads: this.reads,
      departed: this.departed,
      install: this.snapshot,
      amnesia: this.forgot,
      fatal: this.fatalReason,
    };
    this.snapshot = null;
    this.writes = [];
    this.messages = [];
    this.reads = [];
    this.departed = [];
    return ready;
  }
}
