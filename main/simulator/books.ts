import type { CommandResult } from '../../shared/answers';
import type { Command, RequestId } from '../../shared/values';
import { demand } from './violation';

interface SoldSale {
  /** Each "event number". */
  readonly tickets: readonly string[];
  readonly shift: number | null;
  /** Cents that went into the drawer. */
  readonly cash: number;
  live: boolean;
}

interface Drawer {
  readonly owner: string;
  cents: number;
}

/**
 * The box office's own books, kept of what took effect in the order of the log: a sale is taken back once and not after
 * a claim, a ticket's claims count up from the original, it lets one person in, and a drawer holds what went through it.
 */
export class Books {
  private readonly sales = new Map<string, SoldSale>();
  private readonly byRequest = new Map<RequestId, string>();
  /** Claims of each ticket of each sale. */
  private readonly claims = new Map<string, number>();
  private readonly inside = new Set<string>();
  private readonly drawers = new Map<number, Drawer>();

  /** A command took effect, or was refused. */
  enter(command: Command, result: CommandResult): void {
    switch (command.op) {
      case 'buy':
        if (result.ok && result.op === 'buy') this.sold(command.requestId, result);
        return;
      case 'cancel':
        this.cancelled(command.target, result);
        return;
      case 'void':
        if (result.ok && result.op === 'void') {
          const { cash } = this.takenBack(command.sale);
          this.pay(command.shift, -cash);
        } else this.refused(command.sale, result);
        return;
      case 'print':
        if (result.ok && result.op === 'print') this.claimed(command.sale, command.tickets, result.copies);
        else this.refused(command.sale, result);
        return;
      case 'admit':
        this.admitted(command.sale, `${command.event} ${command.number}`, result);
        return;
      case 'shift':
        if (result.ok && result.op === 'shift') this.counted(command, result);
        return;
      default:
    }
  }

  private sold(requestId: RequestId, { sale, items, payment, total, shift }: Extract<CommandResult, { ok: true; op: 'buy' }>): void {
    const tickets = items.flatMap(({ event, tickets: numbers }) => numbers.map((number) => `${event} ${number}`));
    const cash = payment.kind === 'cash' ? total : 0;
    this.sales.set(sale, { tickets, shift, cash, live: true });
    this.byRequest.set(requestId, sale);
    if (shift === null) return;
    demand(this.drawers.has(shift), 'drawer', `sale ${sale} went into shift ${shift}, which is not open`);
    this.pay(shift, cash);
  }

  private cancelled(target: RequestId, result: CommandResult): void {
    const id = this.byRequest.get(target);
    const claimed = id !== undefined && this.sales.get(id)!.tickets.some((ticket) => this.claims.has(`${id} ${ticket}`));
    if (!result.ok) {
      demand(result.reason !== 'printed' || claimed, 'no ghosts', `${target} is called printed, and nothing claimed a ticket of it`);
      return;
    }
    if (result.op !== 'cancel' || result.sale === null) return;
    demand(!claimed, 'cancel after a claim', `sale ${id} is given up, and its tickets may be in a customer's hand`);
    const { shift, cash } = this.takenBack(result.sale);
    this.pay(shift ?? undefined, -cash);
  }

  private takenBack(id: string): SoldSale {
    const sale = this.sales.get(id);
    demand(sale?.live === true, 'undone once', `sale ${id} is undone, and is no live sale`);
    sale.live = false;
    return sale;
  }

  private refused(id: string, result: CommandResult): void {
    const called = !result.ok && result.reason === 'already_void';
    demand(!called || this.sales.get(id)?.live === false, 'undone once', `sale ${id} is called void, and is not undone`);
  }

  private claimed(id: string, tickets: readonly { readonly event: string; readonly number: number }[], copies: readonly number[]): void {
    const sale = this.sales.get(id);
    demand(sale?.live === true, 'print claim', `tickets of sale ${id} are claimed, and it is no live sale`);
    for (const [index, { event, number }] of tickets.entries()) {
      demand(sale.tickets.includes(`${event} ${number}`), 'print claim', `ticket ${event} ${number} is none of sale ${id}`);
      const page = `${id} ${event} ${number}`;
      const before = this.claims.get(page) ?? 0;
      demand(
        copies[index] !== 0 || before === 0,
        'two originals',
        `ticket ${event} ${number} of sale ${id} is printed as the original twice`,
      );
      demand(
        copies[index] === before,
        'print claim',
        `claim ${before + 1} of ticket ${event} ${number} of sale ${id} is told ${copies[index]}`,
      );
      this.claims.set(page, before + 1);
    }
  }

  private admitted(id: string, ticket: string, result: CommandResult): void {
    const page = `${id} ${ticket}`;
    if (!result.ok) {
      demand(
        result.reason !== 'already_used' || this.inside.has(page),
        'admitted once',
        `ticket ${page} is called used, and let nobody in`,
      );
      return;
    }
    const sale = this.sales.get(id);
    demand(sale?.live === true && sale.tickets.includes(ticket), 'admitted once', `ticket ${page} lets in, and is of no live sale`);
    demand(!this.inside.has(page), 'admitted once', `ticket ${page} lets in a second time`);
    this.inside.add(page);
  }

  private counted(
    { action, kiosk, clerk }: Extract<Command, { op: 'shift' }>,
    result: Extract<CommandResult, { ok: true; op: 'shift' }>,
  ): void {
    const { shift, expected } = result;
    if (action.kind === 'open') {
      const owner = `${kiosk} ${clerk}`;
      for (const [other, drawer] of this.drawers)
        demand(drawer.owner !== owner, 'drawer', `clerk ${clerk} has shift ${shift} beside shift ${other} at kiosk ${kiosk}`);
      this.drawers.set(shift, { owner, cents: action.float });
    }
    if (action.kind === 'in') this.pay(shift, action.cents);
    if (action.kind === 'out') this.pay(shift, -action.cents);
    const cents = this.drawers.get(shift)?.cents;
    demand(cents === expected, 'drawer', `shift ${shift} is said to hold ${expected}, and ${cents} went through it`);
    if (action.kind === 'close') this.drawers.delete(shift);
  }

  private pay(shift: number | undefined, cents: number): void {
    const drawer = shift === undefined ? undefined : this.drawers.get(shift);
    if (drawer !== undefined) drawer.cents += cents;
  }
}
