import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { ChangeCommand, Command, RequestId } from '../../shared/values';

/** How a request ended for its client. */
export type Outcome =
  | { readonly kind: 'applied'; readonly result: CommandResult; readonly slot: Slot | null }
  | { readonly kind: 'no_majority' | 'timeout' | 'withdrawn' | 'faulty' };

interface Session {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** change: the slot of its configuration entry, until that is in force. */
  votedAt: Slot | null;
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
  private readonly open = new Set<Session>();
  /** Ids that have left this kiosk and are not answered: an earlier try, whose end is not known. */
  private readonly departed = new Map<RequestId, { readonly issued: Slot }>();

  /** Additions that go on although their client no longer waits, by request id. */
  private readonly goingOn = new Map<RequestId, number>();

  constructor(
    private readonly ports: SessionPorts,
    private readonly noMajorityMs: number,
  ) {}

  /** The applied slot at which an unanswered request was first issued here; null for a new one (rule 9: kept over retries). */
  issued(id: RequestId): Slot | null {
    return this.departed.get(id)?.issued ?? null;
  }

  start(command: Command, timeoutMs: number): Promise<Outcome> {
    const known = this.ports.known(command);
    if (known !== null && !(command.op === 'change' && known.ok)) return Promise.resolve({ kind: 'applied', result: known, slot: null });
    const startedAt = this.ports.now();
    return new Promise((resolve) => {
      this.open.add({ command, resolve, startedAt, deadlineAt: startedAt + timeoutMs, votedAt: null });
      this.ports.propose(command);
    });
  }

  onDeparted(id: RequestId): void {
    for (const { command } of this.open) if (command.requestId === id) this.departed.set(id, { issued: command.issued });
  }

  /** A command stands in the applied log. @param configuration it is a configuration entry of its own */
  onApplied(command: Command, slot: Slot, configuration: boolean): void {
    this.departed.delete(command.requestId);
    this.goingOn.delete(command.requestId);
    for (const session of this.open) {
      if (session.command.requestId !== command.requestId) continue;
      const result = this.ports.known(session.command);
      if (result === null) continue;
      if (configuration && result.ok) session.votedAt = slot;
      else this.end(session, { kind: 'applied', result, slot });
    }
  }

  /** A change was voted on and waits until it is in force. */
  get awaitForce(): boolean {
    for (const { votedAt } of this.open) if (votedAt !== null) return true;
    return false;
  }

  /** The configuration of a slot is in force: only now is the change answered (rule 3). */
  onInForce(slot: Slot): void {
    for (const session of this.open) {
      if (session.votedAt === null || session.votedAt > slot) continue;
      this.end(session, { kind: 'applied', result: { ok: true, op: 'change', slot: session.votedAt }, slot: session.votedAt });
    }
  }

  /** Ends what has waited too long. To be called every now and then. */
  review(): void {
    const now = this.ports.now();
    const selling = this.ports.selling();
    for (const session of this.open) {
      const { command, startedAt, deadlineAt } = session;
      const late = now >= deadlineAt;
      const cutOff = !selling && now - startedAt >= this.noMajorityMs;
      // An addition waits at the leader until the newcomer is there: it is under way, though no slot holds it.
      const underWay = this.departed.has(command.requestId) || (selling && isAddition(command));
      if (underWay) {
        if (late) this.giveUp(session, { kind: 'timeout' });
      } else if (late || cutOff) this.giveUp(session, { kind: 'no_majority' });
    }
  }

  /** Takes back the waiting addition of a kiosk; true if there was one. */
  withdrawAddition(kiosk: number): boolean {
    let found = false;
    for (const [id, other] of this.goingOn) {
      if (other !== kiosk) continue;
      found = true;
      this.goingOn.delete(id);
      this.departed.delete(id);
      this.ports.withdraw(id);
    }
    for (const session of this.open) {
      const { command } = session;
      if (command.op !== 'change' || command.change.kind !== 'add' || command.change.kiosk !== kiosk || session.votedAt !== null) continue;
      found = true;
      this.departed.delete(command.requestId);
      this.ports.withdraw(command.requestId);
      this.end(session, { kind: 'withdrawn' });
    }
    return found;
  }

  /** The disk failed: nobody is left waiting. */
  fail(): void {
    for (const session of this.open)
      this.end(session, this.departed.has(session.command.requestId) ? { kind: 'timeout' } : { kind: 'faulty' });
  }

  /** Where a change stands: not yet voted on, or voted in at a slot. */
  votedAt(command: ChangeCommand): Slot | null {
    for (const session of this.open)
      if (session.command.requestId === command.requestId && session.votedAt !== null) return session.votedAt;
    return null;
  }

  /**
   * An addition goes on by itself after its client stopped waiting (the site goes on trying); a buy is no
   * longer passed on, though what has left may still be sold.
   */
  private giveUp(session: Session, outcome: Outcome): void {
    const { command } = session;
    const goesOn = isAddition(command) && outcome.kind === 'timeout';
    const others = [...this.open].some((other) => other !== session && other.command.requestId === command.requestId);
    if (goesOn) this.goingOn.set(command.requestId, command.change.kiosk);
    else if (!others) this.ports.withdraw(command.requestId);
    this.end(session, outcome);
  }

  private end(session: Session, outcome: Outcome): void {
    this.open.delete(session);
    session.resolve(outcome);
  }
}

function isAddition(command: Command): command is ChangeCommand {
  return command.op === 'change' && command.change.kind === 'add';
}
