import type { Envelope, Lsn, Ready, WriteRequest } from './inputs';
import type { JournalRecord, KioskId, Message, RequestId, Slot } from './types';

/** Collects what the driver has to carry out until it takes it. */
export class Outbox {
  private writes: WriteRequest[] = [];
  private messages: Envelope[] = [];
  private reads: { id: RequestId; index: Slot }[] = [];
  private departed: RequestId[] = [];
  private fatalReason: string | null = null;
  private last: Lsn = 0;
  private durableTo: Lsn = 0;

  /** The newest record that was asked to be written. */
  get lastLsn(): Lsn {
    return this.last;
  }

  get durable(): Lsn {
    return this.durableTo;
  }

  isDurable(lsn: Lsn): boolean {
    return lsn <= this.durableTo;
  }

  setDurable(lsn: Lsn): void {
    if (lsn > this.durableTo) this.durableTo = lsn;
  }

  write(record: JournalRecord): Lsn {
    this.last += 1;
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

  fail(reason: string): void {
    this.fatalReason ??= reason;
  }

  take(committed: Ready['committed']): Ready {
    const ready: Ready = {
      writes: this.writes,
      messages: this.messages,
      committed,
      reads: this.reads,
      departed: this.departed,
      fatal: this.fatalReason,
    };
    this.writes = [];
    this.messages = [];
    this.reads = [];
    this.departed = [];
    return ready;
  }
}
