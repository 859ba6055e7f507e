import type { CommandResult } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import { InTransit } from '../../shared/inTransit';
import type { ChangeCommand, Command, RequestId } from '../../shared/values';

/** How a request ended for its client. */
export type Outcome =
  | {
      readonly kind: 'applied';
      readonly result: CommandResult;
      readonly slot: Slot | null;
      /** It was this very request that was carried out, and only after it was given. Else the answer is a read of what was before. */
      readonly own: boolean;
    }
  | { readonly kind: 'no_majority' | 'timeout' | 'faulty' };

interface Session {
  readonly command: Command;
  /** No earlier try of its id is known here. */
  readonly first: boolean;
  readonly resolve: (outcome: Outcome) => void;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** change: what was decided at a slot, until it is so. */
  awaits: Awaited | null;
}

/** A change was voted on at a slot, and waits until its members decide, or until its leader leads. */
interface Awaited {
  readonly slot: Slot;
  readonly leader: KioskId | null;
}

export interface SessionPorts {
  readonly now: () => number;
  readonly propose: (command: Command) => void;
  readonly withdraw: (id: RequestId) => void;
  /** The definite answer that the applied log gives to the command, or null. */
  readonly known: (command: Command) => CommandResult | null;
  /** A leader can be reached from here. */
  readonly selling: () => boolean;
}

/**
 * The requests of this kiosk's clients between their being given and their answer. A buy has one of three
 * ends: what the log says; `no_majority`, if nothing of it ever left; `timeout`, if that is not known.
 */
export class Sessions {
  /** By their request's id. */
  private readonly open = new InTransit<RequestId, readonly Session[]>();
  /** Those that wait for a change that was voted on. */
  private readonly awaiting = new Set<Session>();
  /** Ids that have left this kiosk and are not answered: an earlier try, whose end is not known. */
  private readonly departed = new InTransit<RequestId, Command>();

  constructor(
    private readonly ports: SessionPorts,
    private readonly noMajorityMs: number,
  ) {}

  /** Requests of an earlier life whose end is not known. */
  remember(pending: readonly Command[]): void {
    for (const command of pending) this.departed.set(command.requestId, command);
  }

  /** The applied slot at which an unanswered request was first issued here; null for a new one (rule 9: kept over retries). */
  issued(id: RequestId): Slot | null {
    return this.departed.get(id)?.issued ?? null;
  }

  start(command: Command, timeoutMs: number): Promise<Outcome> {
    const known = this.ports.known(command);
    if (known !== null && !(command.op === 'change' && known.ok))
      return Promise.resolve({ kind: 'applied', result: known, slot: null, own: false });
    const startedAt = this.ports.now();
    const first = !this.departed.has(command.requestId) && !this.open.has(command.requestId);
    return new Promise((resolve) => {
      this.add({ command, first, resolve, startedAt, deadlineAt: startedAt + timeoutMs, awaits: null });
      // Giving up stands in the journal from its first moment: from here on it is under way (rule 10).
      if (command.op === 'cancel') this.departed.set(command.requestId, command);
      this.ports.propose(command);
    });
  }

  onDeparted(id: RequestId): void {
    for (const { command } of this.open.get(id) ?? []) this.departed.set(id, command);
  }

  /** The commands of a slot were applied, with these results. */
  onBatch(commands: readonly Command[], results: readonly CommandResult[], slot: Slot): void {
    // Where all of them buy, none has undone what another one sold: the results are still what the log says.
    const final = commands.every(({ op }) => op === 'buy');
    for (const [index, command] of commands.entries()) this.onApplied(command, slot, false, final ? results[index] : undefined);
  }

  /**
   * A command stands in the applied log.
   * @param configuration it is a configuration entry of its own
   * @param result what the log says to this very try, where that is at hand
   */
  onApplied(command: Command, slot: Slot, configuration: boolean, result?: CommandResult): void {
    this.settle(command.requestId, command, slot, configuration, result);
    // Whoever waits for what was given up has his answer, too; not of a cancel that was refused unheard.
    if (command.op === 'cancel' && !isUnheard(this.ports.known(command))) this.settle(command.target, command, slot, false);
  }

  /** The state of another kiosk took the place of this one's: what it has an answer for has its end, though nothing of it was applied here. */
  onInstalled(): void {
    const commands = [...this.departed.values(), ...[...this.sessions()].map(({ command }) => command)];
    for (const command of commands) if (this.ports.known(command) !== null) this.settle(command.requestId, null, null, false);
  }

  /** @param applied the command that gave the sessions of this id their answer, at a slot; null where that is not known */
  private settle(id: RequestId, applied: Command | null, slot: Slot | null, configuration: boolean, own?: CommandResult): void {
    this.departed.delete(id);
    for (const session of this.open.get(id) ?? []) {
      const { command } = session;
      // A later session of the same moment may ask for something else under this id.
      const isOwn = applied !== null && session.first && isSameTry(command, applied);
      const result = own !== undefined && own.duplicate === undefined && isOwn ? own : this.ports.known(command);
      if (result === null) continue;
      const leader = command.op === 'change' && command.change.kind === 'leader' ? command.change.kiosk : null;
      // A repeat of a change stands in the log beside it; it is no sooner in force for that.
      const repeated = result.ok && result.op === 'change' && (slot === null || result.slot < slot);
      if (result.ok && result.op === 'change' && (configuration || repeated || leader !== null)) {
        session.awaits ??= { slot: result.slot, leader };
        this.awaiting.add(session);
      } else this.end(session, { kind: 'applied', result, slot, own: isOwn });
    }
  }

  /** A change was voted on and is not yet so. */
  get awaitsChange(): boolean {
    return this.awaiting.size > 0;
  }

  /** Whether all that was voted on is in force, and which kiosk leads: only now is a change answered (rules 3, 5). */
  onChanged(inForce: boolean, leader: KioskId | null): void {
    for (const session of this.awaiting) {
      const { awaits } = session;
      if (awaits === null) continue;
      const { slot } = awaits;
      const done = awaits.leader === null ? inForce : awaits.leader === leader;
      if (done) this.end(session, { kind: 'applied', result: { ok: true, op: 'change', slot }, slot, own: true });
    }
  }

  /** Ends what has waited too long. To be called every now and then. */
  review(): void {
    const now = this.ports.now();
    const selling = this.ports.selling();
    for (const session of this.sessions()) {
      const { command, startedAt, deadlineAt } = session;
      const late = now >= deadlineAt;
      const cutOff = !selling && now - startedAt >= this.noMajorityMs;
      // So is an addition that waits at the leader until the newcomer is there, though no slot holds it.
      const underWay = this.isUnderWay(command) || (selling && isAddition(command));
      if (underWay) {
        if (late) this.giveUp(session, { kind: 'timeout' });
      } else if (late || cutOff) this.giveUp(session, { kind: 'no_majority' });
    }
  }

  /** The disk failed: nobody is left waiting. */
  fail(): void {
    for (const session of this.sessions()) this.end(session, { kind: this.isUnderWay(session.command) ? 'timeout' : 'faulty' });
  }

  /** It has left this kiosk, or is a change that stands in the log and is not yet so: it may still be carried out, or has been. */
  private isUnderWay(command: Command): boolean {
    return this.departed.has(command.requestId) || this.ports.known(command) !== null;
  }

  /** Where a change stands: not yet voted on, or voted in at a slot. */
  votedAt(command: ChangeCommand): Slot | null {
    for (const { awaits } of this.open.get(command.requestId) ?? []) if (awaits !== null) return awaits.slot;
    return null;
  }

  /** A request that is being given up here, whether anybody waits for that or not, and the log has not said what became of it. */
  isGivenUp(id: RequestId): boolean {
    for (const command of this.departed.values()) if (command.op === 'cancel' && command.target === id) return true;
    return false;
  }

  /**
   * An addition and a giving up go on by themselves after their client stopped waiting; a buy is no longer
   * passed on, though what has left may still be sold.
   */
  private giveUp(session: Session, outcome: Outcome): void {
    const { command } = session;
    const goesOn = isAddition(command) && outcome.kind === 'timeout';
    const others = (this.open.get(command.requestId)?.length ?? 0) > 1;
    if (!goesOn && !others && command.op !== 'cancel') this.ports.withdraw(command.requestId);
    this.end(session, outcome);
  }

  private *sessions(): Generator<Session> {
    for (const same of this.open.values()) yield* same;
  }

  private add(session: Session): void {
    const { requestId } = session.command;
    this.open.set(requestId, [...(this.open.get(requestId) ?? []), session]);
  }

  private end(session: Session, outcome: Outcome): void {
    const { requestId } = session.command;
    const others = this.open.get(requestId)?.filter((other) => other !== session) ?? [];
    if (others.length === 0) this.open.delete(requestId);
    else this.open.set(requestId, others);
    this.awaiting.delete(session);
    session.resolve(outcome);
  }
}

function isAddition(command: Command): command is ChangeCommand {
  return command.op === 'change' && command.change.kind === 'add';
}

/** The log looked at the command's id or age alone: it says nothing of what the command is about. */
function isUnheard(result: CommandResult | null): boolean {
  return result !== null && !result.ok && (result.reason === 'id_reused' || result.reason === 'expired');
}

/** Where the log has a request as it was given here, and not as an earlier life of this kiosk, or another kiosk, gave it. */
function isSameTry(given: Command, applied: Command): boolean {
  return given.kiosk === applied.kiosk && given.at === applied.at && given.issued === applied.issued;
}
