import { InTransit } from '../../shared/inTransit';
import { commandsOf } from '../../shared/values';
import { batchOf } from '../../shared/valueText';
import { planChange, type WaitingChanges } from './changes';
import type { Core } from './core';
import type { Election } from './election';
import type { Leadership, WorkSource } from './leadership';
import { sameIdentity } from './quorum';
import type { Desk } from './routing';
import { BATCH_BYTES_MAX, BATCH_COMMANDS_MAX } from './timing';
import type { ChangeCommand, Command, KioskId, RequestId, Slot, Value } from './types';

/** Request ids that were lately applied are remembered, this many or twice as many, so that a repeat on its way is not logged again. */
const RECENT_MAX = 5_000;

type Try = Pick<Command, 'kiosk' | 'issued' | 'at'>;

interface WaitingRead {
  readonly id: RequestId;
  readonly from: KioskId;
  /** Confirmed by answers to this heartbeat round, or a later one, of a majority of those who decide the slot after the index; null while what was found is taken over. */
  begun: { readonly index: Slot; readonly round: number } | null;
}

/**
 * Where a leader's work waits: commands for the next batches, one configuration change at a time, and reads
 * until a majority has confirmed the ballot.
 */
export class LeaderDesk implements Desk, WorkSource, WaitingChanges {
  private readonly queue = new InTransit<RequestId, Command>();
  private readonly changes = new Map<RequestId, ChangeCommand>();
  /** In two generations: a map whose oldest entry is deleted each time is searched ever longer for it. */
  private recent = new Map<RequestId, Try>();
  private before = new Map<RequestId, Try>();
  private reads: WaitingRead[] = [];
  private leadership: Leadership | null = null;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
  ) {}

  /** A leadership begins or, with null, ends; what others asked for is theirs to ask for again. */
  lead(leadership: Leadership | null): void {
    this.leadership = leadership;
    this.queue.clear();
    this.changes.clear();
    this.reads = [];
  }

  get open(): boolean {
    return this.leadership?.serves === true && !this.core.leaving;
  }

  get hasWork(): boolean {
    return this.queue.size > 0 || this.changes.size > 0;
  }

  accept(command: Command): void {
    const applied = this.recent.get(command.requestId) ?? this.before.get(command.requestId);
    if (applied !== undefined && isSame(applied, command)) return;
    if (this.leadership?.carries(command.requestId)) return;
    if (command.op === 'change') this.changes.set(command.requestId, command);
    else this.queue.set(command.requestId, command);
  }

  forget(id: RequestId): void {
    this.queue.delete(id);
    this.changes.delete(id);
  }

  applied(command: Command): void {
    this.queue.delete(command.requestId);
    this.changes.delete(command.requestId);
    this.recent.set(command.requestId, { kiosk: command.kiosk, issued: command.issued, at: command.at });
    if (this.recent.size < RECENT_MAX) return;
    this.before = this.recent;
    this.recent = new Map();
  }

  next(): Value | null {
    const version = this.nextVersion();
    if (version !== null) return version;
    const change = this.nextChange();
    if (change?.kind === 'configuration') return change;
    const commands: Command[] = change?.kind === 'batch' ? [...change.commands] : [];
    const texts = commands.map((command) => JSON.stringify(command));
    let bytes = 0;
    for (const [id, command] of this.queue) {
      const text = JSON.stringify(command);
      bytes += text.length;
      if (commands.length > 0 && (commands.length >= BATCH_COMMANDS_MAX || bytes > BATCH_BYTES_MAX)) break;
      this.queue.delete(id);
      commands.push(command);
      texts.push(text);
    }
    return commands.length === 0 ? null : batchOf(commands, texts);
  }

  read(id: RequestId, from: KioskId): void {
    if (this.leadership === null) return;
    this.reads = this.reads.filter((waiting) => waiting.id !== id);
    this.reads.push({ id, from, begun: null });
  }

  /** Reads that a majority has confirmed since they came, and their index (rule 11). */
  confirmed(): readonly { readonly id: RequestId; readonly from: KioskId; readonly index: Slot }[] {
    const { core, election, leadership } = this;
    if (leadership === null || this.reads.length === 0) return [];
    const fresh = leadership.tookOver ? this.reads.filter(({ begun }) => begun === null) : [];
    if (fresh.length > 0) {
      // The index first, the round after it: whoever answers the round was still ours then.
      const begun = { index: core.log.chosen, round: election.startRound() };
      for (const waiting of fresh) waiting.begun = begun;
    }
    const done = this.reads.flatMap(({ id, from, begun }) => {
      if (begun === null) return [];
      const confirming = election.confirming(begun.round, leadership.ballot);
      return core.rules.quorum(core.electorate(begun.index + 1), confirming) ? [{ id, from, index: begun.index }] : [];
    });
    if (done.length > 0) this.reads = this.reads.filter((waiting) => !done.some(({ id }) => id === waiting.id));
    return done;
  }

  additionsOf(kiosk: KioskId): readonly ChangeCommand[] {
    return [...this.changes.values()].filter(({ change }) => change.kind === 'add' && change.kiosk === kiosk);
  }

  isBeingCancelled(id: RequestId): boolean {
    return this.leadership?.cancels(id) === true;
  }

  /** Commands of a new kind may be proposed once every member understands them: the log says so first (rule 13). */
  private nextVersion(): Value | null {
    const { self, supports, logVersion } = this.core.config;
    if (supports <= logVersion()) return null;
    const least = this.core.voters.reduce((version, member) => {
      const understood = sameIdentity(member, self) ? supports : (this.election.linked(member)?.peer.supports ?? 0);
      return Math.min(version, understood);
    }, supports);
    return least > logVersion() && this.leadership?.proposesVersion !== true ? { kind: 'version', version: least } : null;
  }

  private nextChange(): Value | null {
    for (const [id, command] of this.changes) {
      const plan = planChange(this.core, this.election, this.leadership!, this, command);
      if (plan === null) continue;
      this.changes.delete(id);
      for (const planned of commandsOf(plan)) {
        this.changes.delete(planned.requestId);
        if (planned.op === 'change' && planned.change.kind === 'leader' && planned.outcome === 'done')
          this.leadership!.handTo(planned.change.kiosk);
      }
      return plan;
    }
    return null;
  }
}

/** The same command sent again, as opposed to a client's second try under the same id. */
function isSame(a: Try, b: Try): boolean {
  return a.kiosk === b.kiosk && a.issued === b.issued && a.at === b.at;
}
