import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { canonicalJson } from '../../shared/hash';
import { invariant } from '../../shared/invariant';
import type { BuyItem, Command, RequestId } from '../../shared/values';
import { cancelledBuy, reused, withdrawn } from './refusals';
import { type Sales, saleResult, sameItems, soldItems } from './sales';
import type { SettledTable } from './settled';

/** A refusal, and the answer to a cancel, a void, a print claim or a confirmation, is remembered for this many slots (rule 9). */
export const REFUSALS_KEPT_SLOTS = 100_000;
/** A command applied more than this many slots after it was first issued is refused as `expired`, unless its answer is still known (rule 9). */
export const EXPIRY_SLOTS = 50_000;

/**
 * The table of requests that makes each take effect once (rule 9). Part of the replicated state: it changes
 * only when a slot is applied. Sold and cancelled requests and changes of the members stay for the season,
 * everything else for REFUSALS_KEPT_SLOTS.
 */
export class Requests {
  constructor(
    private readonly sales: Sales,
    readonly lasting: SettledTable,
    readonly refusals: SettledTable,
  ) {}

  /** The answer to a request that was applied before: its first answer, what became of it since, or `id_reused` for other contents. */
  lookup(command: Command, slot: Slot): CommandResult | null {
    const { requestId } = command;
    const sale = this.sales.ofRequest(requestId);
    if (sale !== null) {
      if (sale.status === 'never') return command.op === 'change' ? withdrawn() : cancelledBuy(command);
      if (command.op !== 'buy' || !sameItems(sale, command.items)) return reused(command);
      if (sale.status === 'cancelled') return cancelledBuy(command);
      return saleResult(sale);
    }
    const settled = this.settled(requestId, slot);
    if (settled === null) return null;
    return settled.asked === contentsOf(command) ? settled.result : reused(command);
  }

  /** What a buy of this id asked for, if the log knows it. */
  itemsOf(id: RequestId, slot: Slot): readonly BuyItem[] | null {
    const sale = this.sales.ofRequest(id);
    if (sale !== null) return sale.status === 'never' ? null : soldItems(sale).map(({ event, category, n }) => ({ event, category, n }));
    const settled = this.settled(id, slot);
    if (settled?.result.op !== 'buy') return null;
    const [, items] = JSON.parse(settled.asked) as ['buy', BuyItem[]];
    return items;
  }

  /** The end of a request that is no sale. */
  settled(id: RequestId, slot: Slot) {
    return this.lasting.find(id, slot) ?? this.refusals.find(id, slot);
  }

  add(slot: Slot, command: Command, result: CommandResult): void {
    const { requestId } = command;
    invariant(
      this.sales.ofRequest(requestId) === null && this.settled(requestId, slot) === null,
      `request ${requestId} takes effect a second time`,
    );
    const table = command.op === 'change' && result.ok ? this.lasting : this.refusals;
    table.add(slot, requestId, contentsOf(command), result);
  }
}

/**
 * What a command asks for, without who asked, where and when: a retry elsewhere is the same request. So is
 * an addition with another address: a kiosk's id is its identity, and each kiosk fills in the address that it knows.
 * Nor does it make another sale of it how it is paid: the first answer says how it was.
 */
function contentsOf(command: Command): string {
  switch (command.op) {
    case 'buy':
      return canonicalJson(['buy', command.items]);
    case 'cancel':
      return canonicalJson(['cancel', command.target]);
    case 'void':
      return canonicalJson(['void', command.sale]);
    case 'print':
      return canonicalJson(['print', command.sale, command.receipt === true ? 'receipt' : command.tickets]);
    case 'confirm':
      return canonicalJson(['confirm', command.sale, command.tickets]);
    case 'admit':
      return canonicalJson(['admit', command.sale, command.event, command.number]);
    case 'event':
    case 'shift':
      return canonicalJson([command.op, command.action]);
    case 'clerk':
      // The same PIN has another salt each time.
      return canonicalJson(['clerk', { ...command.action, pin: command.action.pin !== undefined }]);
    case 'change': {
      const { change } = command;
      return canonicalJson(['change', change.kind, change.kiosk, ...(change.kind === 'address' ? [change.host, change.port] : [])]);
    }
  }
}
