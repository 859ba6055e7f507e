import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import type { Command, RequestId } from '../../shared/values';

/** A refusal is remembered for this many slots (rule 9). */
export const REFUSALS_KEPT_SLOTS = 100_000;
/** A command applied more than this many slots after it was first issued is refused as `expired`, unless its answer is still known (rule 9). */
export const EXPIRY_SLOTS = 50_000;

interface Known {
  readonly contents: string;
  readonly result: CommandResult;
}

/** What a command asks for, without who asked, where and when: a retry elsewhere is the same request. */
function contentsOf(command: Command): string {
  return command.op === 'buy'
    ? canonicalJson(['buy', command.items])
    : canonicalJson(['change', command.change.kind, command.change.kiosk]);
}

/** The table of requests that makes each take effect once (rule 9). Part of the replicated state: changes only when a slot is applied. */
export class Requests {
  private readonly known = new Map<RequestId, Known>();
  /** Refused requests, oldest first, to be forgotten after REFUSALS_KEPT_SLOTS. */
  private readonly refusals = new Map<RequestId, Slot>();

  /** The answer to a request that was applied before: its first answer, or `id_reused` for other contents. */
  lookup(command: Command): CommandResult | null {
    const known = this.known.get(command.requestId);
    if (known === undefined) return null;
    if (known.contents === contentsOf(command)) return known.result;
    return {
      ok: false,
      op: command.op,
      reason: 'id_reused',
      message: `request id ${command.requestId} was used before for something else; give this request an id of its own`,
    };
  }

  remember(slot: Slot, command: Command, result: CommandResult): void {
    this.known.set(command.requestId, { contents: contentsOf(command), result });
    if (!result.ok) this.refusals.set(command.requestId, slot);
  }

  /** Forgets refusals that are older than the table keeps. To be called once a slot. */
  expire(slot: Slot): void {
    for (const [id, at] of this.refusals) {
      if (at + REFUSALS_KEPT_SLOTS >= slot) return;
      this.refusals.delete(id);
      this.known.delete(id);
    }
  }
}
